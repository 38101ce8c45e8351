import fc from 'fast-check'
import type { Attachment, DocumentPacket, StatusPacket } from '../src/index.ts'

/** Packets within the rules, with and without everything that may be left out. */

const vietnamese = 'ĂÂĐÊÔƠƯăâđêôơưàảãáạằẳẵắặềểễếệởỡớợừửữứự '
const markup = '&<>"\'\r\n\t\u00a0]]>&amp;<![CDATA[𝄞𐍈\u0301'
const outside = /[^\t\n\r\u0020-\u007e\u00a0-\u{10FFFF}]|[\ufffc-\uffff\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u

const unit = fc.oneof(
  fc.constantFrom(...vietnamese),
  fc.constantFrom(...markup),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter((value) => !outside.test(value)),
)

/** Text without white space at its ends: that is not part of a field. At most `maxLength` characters. */
function text(maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(unit, { maxLength: maxLength - 2 })
    .map((units) => `Đ${[...units.join('')].slice(0, maxLength - 2).join('')}.`)
}

type Model<T> = { readonly [Key in keyof T]-?: fc.Arbitrary<T[Key]> }

/** All keys of `required`, and any of `optional`: absent, or null where `T` allows it. */
function record<T>(required: Partial<Model<T>>, optional: Partial<Model<T>>): fc.Arbitrary<T> {
  return fc.record({ ...required, ...optional } as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: Object.keys(required),
    noNullPrototype: true,
  }) as fc.Arbitrary<T>
}

const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { freq: 4 })
const upTo = <T>(maxLength: number, some: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<T[]> =>
  fc.array(some, { minLength, maxLength })
const count = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max })
const padded = (value: number): string => String(value).padStart(2, '0')

const day = fc
  .date({ min: new Date('1945-09-02'), max: new Date('2100-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', '/'))
const time = fc
  .tuple(day, count(23), count(59), count(59))
  .map(([date, ...parts]) => `${date} ${parts.map(padded).join(':')}`)

const organId = fc
  .array(fc.stringMatching(/^[0-9A-Za-z]{1,5}$/), { minLength: 1, maxLength: 6 })
  .map((groups) => groups.join('.'))
  .filter((code) => code.toLowerCase() !== 'null')

const organization = record<DocumentPacket['from']>(
  { organId, organName: maybe(text(200)) },
  {
    organizationInCharge: maybe(text(200)),
    organAdd: maybe(text(250)),
    email: maybe(text(100)),
    telephone: maybe(text(20)),
    fax: maybe(text(20)),
    website: maybe(text(100)),
  },
)

type Answered = StatusPacket['responseFor'][number]
const answered = (organ: fc.Arbitrary<string | null>): fc.Arbitrary<Answered> =>
  fc.oneof(
    record<Answered>({ organId: organ, documentId: text(80) }, { code: maybe(text(60)), promulgationDate: maybe(day) }),
    record<Answered>({ organId: organ, code: text(60), promulgationDate: day }, { documentId: maybe(text(80)) }),
  )

type Staff = NonNullable<StatusPacket['staff']>[number]
const staff = record<Staff>(
  {},
  { department: maybe(text(60)), staff: maybe(text(60)), email: maybe(text(100)), mobile: maybe(text(20)) },
)

type Business = NonNullable<DocumentPacket['business']>
type Change = NonNullable<Business['changes']>[number]
const receiver = record({ organId, receiverType: count(1) }, {})
const change = fc.oneof(
  record<Change>(
    { documentReceiver: fc.constant(true), receivers: upTo(3, receiver, 1) },
    { documentInfo: maybe(fc.boolean()) },
  ),
  record<Change>(
    {},
    { documentInfo: maybe(fc.boolean()), documentReceiver: fc.constant(false), receivers: upTo(3, receiver) },
  ),
)
const replacement = record<NonNullable<Business['replacements']>[number]>(
  // No document replaces itself.
  { documentId: text(80).map((id) => `R${id}`), organIds: upTo(3, organId, 1) },
  {},
)

/** What each type of business must and may have. */
function business(type: number): fc.Arbitrary<Business> {
  const reason = text(500)
  const documentId = text(80)
  const loose = { paper: maybe(fc.boolean()), staff: upTo(2, staff) }
  switch (type) {
    case 1:
      return record<Business>({ reason }, { ...loose, documentId: maybe(documentId) })
    case 2:
      return record<Business>({ documentId, changes: upTo(2, change, 1) }, { ...loose, reason: maybe(reason) })
    case 3:
      return record<Business>({ replacements: upTo(3, replacement, 1) }, { ...loose, reason: maybe(reason) })
    default:
      return record<Business>({}, { ...loose, reason: maybe(reason), documentId: maybe(documentId) })
  }
}

const attachments = upTo(
  3,
  record<Attachment>(
    {
      name: text(60),
      contentType: fc.constantFrom('application/pdf', 'application/octet-stream'),
      content: fc.uint8Array({ maxLength: 2_000 }),
    },
    { description: maybe(text(200)) },
  ),
  1,
).chain((files) =>
  fc
    .boolean()
    .map((named) => (named ? files.map((file, index) => ({ ...file, contentId: `f-${209 + index}` })) : files)),
)

export function documentOf(businessType: number): fc.Arbitrary<DocumentPacket> {
  return record<DocumentPacket>(
    {
      from: organization,
      to: upTo(4, organization, 1),
      documentId: text(100),
      code: record({ number: text(11), notation: text(30) }, {}),
      promulgationDate: day,
      documentType: record<DocumentPacket['documentType']>(
        { type: count(999_999_999), typeName: text(100) },
        { typeDetail: maybe(count(999)) },
      ),
      subject: text(500),
      signer: record<DocumentPacket['signer']>(
        { fullName: text(50) },
        { competence: maybe(text(40)), position: maybe(text(100)) },
      ),
      attachments,
      ...(businessType === 0 ? {} : { businessType: fc.constant(businessType), business: business(businessType) }),
    },
    {
      place: maybe(text(40)),
      content: maybe(text(600)),
      dueDate: maybe(day),
      priority: count(4),
      sphereOfPromulgation: maybe(text(40)),
      typerNotation: maybe(text(40)),
      promulgationAmount: maybe(count(999)),
      pageAmount: maybe(count(999)),
      direction: maybe(fc.boolean()),
      appendixes: upTo(3, text(80)),
      responseFor: upTo(3, answered(maybe(organId))),
      steeringType: maybe(count(3)),
      toPlaces: upTo(3, text(1000)),
      taskCodes: upTo(3, text(40)),
      applicationType: maybe(text(40)),
      trace: upTo(3, record({ organId, timestamp: time }, {})),
      ...(businessType === 0 ? { businessType: fc.constant(0), business: business(0) } : {}),
    },
  )
}

/** Nobody would understand these without a word. */
const explained = [2, 13, 16]

export function statusOf(statusCode: number): fc.Arbitrary<StatusPacket> {
  const [must, may] = explained.includes(statusCode)
    ? [{ description: text(500) }, {}]
    : [{}, { description: maybe(text(500)) }]
  return record<StatusPacket>(
    { from: organization, responseFor: upTo(2, answered(organId), 1), statusCode: fc.constant(statusCode), ...must },
    { staff: upTo(2, staff), timestamp: maybe(time), ...may },
  )
}
