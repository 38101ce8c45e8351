/**
 * Every element a packet may carry in front of its attachments: the one table behind reader, warnings,
 * writer limits and the field matrix of the tests.
 *
 * Lengths are in characters [NĐ 30/2020, Phụ lục VI; OrganId: QCVN 102:2016 sửa đổi 1:2022].
 */

export type ElementKind = 'group' | 'text' | 'number' | 'flag' | 'date' | 'time'

/**
 * How often an element may stand in its parent. `decides`: once, and twice is refused, since two readers
 * could take different ones and the route hangs on it. `once`: the first counts, the reader warns. `many`: a list.
 */
export type Occurrence = 'decides' | 'once' | 'many'

export interface HeaderElement {
  /** `MessageHeader/From/OrganId`; '' for the envelope that holds them all. */
  readonly path: string
  readonly kind: ElementKind
  readonly occurrence: Occurrence
  /** Longest text the regulation allows; null where it says nothing. */
  readonly maxLength: number | null
  readonly children: ReadonlyMap<string, HeaderElement>
}

interface Row {
  readonly kind?: ElementKind
  readonly occurrence?: Occurrence
  readonly maxLength?: number
  readonly children?: Readonly<Record<string, Row>>
}

const text = (maxLength?: number, occurrence: Occurrence = 'once'): Row =>
  maxLength === undefined ? { occurrence } : { occurrence, maxLength }
const number = (occurrence: Occurrence = 'once', maxLength?: number): Row => ({
  kind: 'number',
  ...text(maxLength, occurrence),
})
const flag: Row = { kind: 'flag', occurrence: 'once' }
const date: Row = { kind: 'date', occurrence: 'once' }
const time: Row = { kind: 'time', occurrence: 'once' }
const group = (occurrence: Occurrence, children: Readonly<Record<string, Row>>): Row => ({
  kind: 'group',
  occurrence,
  children,
})

const organization = {
  OrganId: text(35, 'decides'),
  OrganizationInCharge: text(200),
  OrganName: text(200),
  OrganAdd: text(250),
  Email: text(100),
  Telephone: text(20),
  Fax: text(20),
  Website: text(100),
}
const staff = { Department: text(), Staff: text(), Email: text(100), Mobile: text(20) }

const rows: Readonly<Record<string, Row>> = {
  MessageHeader: group('decides', {
    From: group('decides', organization),
    To: group('many', organization),
    DocumentId: text(undefined, 'decides'),
    Code: group('decides', { CodeNumber: text(11), CodeNotation: text(30) }),
    PromulgationInfo: group('once', { Place: text(), PromulgationDate: date }),
    DocumentType: group('once', { Type: number(), TypeDetail: number(), TypeName: text(100) }),
    Subject: text(500),
    Content: text(),
    SignerInfo: group('once', { Competence: text(), Position: text(100), FullName: text(50) }),
    DueDate: date,
    OtherInfo: group('once', {
      Priority: number('decides', 1),
      SphereOfPromulgation: text(),
      TyperNotation: text(),
      PromulgationAmount: number('once', 3),
      PageAmount: number('once', 3),
      Direction: flag,
      Appendixes: group('once', { Appendix: text(undefined, 'many') }),
    }),
    ResponseFor: group('many', {
      OrganId: text(35, 'decides'),
      Code: text(),
      DocumentId: text(undefined, 'decides'),
      PromulgationDate: date,
    }),
    SteeringType: number(),
    ToPlaces: group('once', { Place: text(1000, 'many') }),
    ResponseForTask: group('many', { TaskCode: text() }),
    ApplicationType: text(),
    StatusCode: number('decides', 2),
    Description: text(500),
    StaffInfo: group('many', staff),
    Timestamp: time,
  }),
  TraceHeaderList: group('once', {
    TraceHeader: group('many', { OrganId: text(35), Timestamp: time }),
    Bussiness: group('decides', {
      DocumentId: text(undefined, 'decides'),
      BussinessDocType: number('decides'),
      BussinessDocReason: text(500),
      Paper: flag,
      BussinessDocumentInfo: group('many', {
        DocumentInfo: flag,
        DocumentReceiver: flag,
        ReceiverList: group('once', {
          Receiver: group('many', { OrganId: text(35), ReceiverType: number() }),
        }),
      }),
      ReplacementInfoList: group('once', {
        ReplacementInfo: group('many', {
          DocumentId: text(undefined, 'decides'),
          OrganIdList: group('once', { OrganId: text(35, 'many') }),
        }),
      }),
      StaffInfo: group('many', staff),
    }),
  }),
  edXMLManifest: group('once', {
    Reference: group('many', {
      ContentId: text(),
      ContentType: text(),
      Description: text(500),
      AttachmentName: text(),
    }),
  }),
}

function compile(path: string, row: Row): HeaderElement {
  const below = (name: string): string => (path === '' ? name : `${path}/${name}`)
  return {
    path,
    kind: row.kind ?? 'text',
    occurrence: row.occurrence ?? 'once',
    maxLength: row.maxLength ?? null,
    children: new Map(Object.entries(row.children ?? {}).map(([name, child]) => [name, compile(below(name), child)])),
  }
}

/** The envelope: `edXMLHeader` and `edXMLBody` are passed through, their children are its children. */
export const envelopeElement: HeaderElement = compile('', group('decides', rows))

/** Every element below `top`, parents first. */
export function elementsBelow(top: HeaderElement): readonly HeaderElement[] {
  return [...top.children.values()].flatMap((child) => [child, ...elementsBelow(child)])
}

const byPath: ReadonlyMap<string, HeaderElement> = new Map(
  elementsBelow(envelopeElement).map((element) => [element.path, element]),
)

/** The element at `path`, which is one of the table. */
export function elementAt(path: string): HeaderElement {
  const element = byPath.get(path)
  if (element === undefined) throw new RangeError(`no element ${path}`)
  return element
}
