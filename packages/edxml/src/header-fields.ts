import { RelayError } from '@lienthong/core'
import { notEdxml } from './not-edxml.ts'
import type { OrganizationRef, PacketHeader, ResponseFor } from './packet.ts'

/** What has been read so far. undefined = not seen, null = seen and empty. */
export interface HeaderDraft {
  from: DraftOrganization
  to: DraftOrganization[]
  documentId?: string | null
  codeNumber?: string | null
  codeNotation?: string | null
  promulgationDate?: string | null
  subject?: string | null
  priority?: string | null
  responseFor: DraftResponseFor[]
  statusCode?: string | null
  description?: string | null
  businessType?: string | null
  sawMessageHeader: boolean
}

interface DraftOrganization {
  organId?: string | null
  organName?: string | null
}

interface DraftResponseFor {
  organId?: string | null
  code?: string | null
  documentId?: string | null
  promulgationDate?: string | null
}

/** What to do at one element, named by its path below `edXMLHeader`. */
export interface FieldRule {
  /** An element that decides the route may stand once in its parent: two readers could pick different ones. */
  readonly once: boolean
  readonly begin?: (draft: HeaderDraft) => void
  /** Present on fields whose text is wanted. The first of several wins. */
  readonly text?: (draft: HeaderDraft, value: string | null) => void
}

const group = (once: boolean, begin?: (draft: HeaderDraft) => void): FieldRule =>
  begin === undefined ? { once } : { once, begin }

const field = (once: boolean, text: (draft: HeaderDraft, value: string | null) => void): FieldRule => ({ once, text })

export const fieldRules: ReadonlyMap<string, FieldRule> = new Map([
  [
    'MessageHeader',
    group(true, (draft) => {
      draft.sawMessageHeader = true
    }),
  ],
  ['MessageHeader/From', group(true)],
  ['MessageHeader/From/OrganId', field(true, (draft, value) => void (draft.from.organId ??= value))],
  ['MessageHeader/From/OrganName', field(false, (draft, value) => void (draft.from.organName ??= value))],
  ['MessageHeader/To', group(false, (draft) => void draft.to.push({}))],
  ['MessageHeader/To/OrganId', field(true, (draft, value) => void (last(draft.to).organId ??= value))],
  ['MessageHeader/To/OrganName', field(false, (draft, value) => void (last(draft.to).organName ??= value))],
  ['MessageHeader/DocumentId', field(true, (draft, value) => void (draft.documentId ??= value))],
  ['MessageHeader/Code', group(true)],
  ['MessageHeader/Code/CodeNumber', field(false, (draft, value) => void (draft.codeNumber ??= value))],
  ['MessageHeader/Code/CodeNotation', field(false, (draft, value) => void (draft.codeNotation ??= value))],
  ['MessageHeader/PromulgationInfo', group(false)],
  [
    'MessageHeader/PromulgationInfo/PromulgationDate',
    field(false, (draft, value) => void (draft.promulgationDate ??= value)),
  ],
  ['MessageHeader/Subject', field(false, (draft, value) => void (draft.subject ??= value))],
  ['MessageHeader/OtherInfo', group(false)],
  ['MessageHeader/OtherInfo/Priority', field(true, (draft, value) => void (draft.priority ??= value))],
  ['MessageHeader/ResponseFor', group(false, (draft) => void draft.responseFor.push({}))],
  [
    'MessageHeader/ResponseFor/OrganId',
    field(true, (draft, value) => void (last(draft.responseFor).organId ??= value)),
  ],
  ['MessageHeader/ResponseFor/Code', field(false, (draft, value) => void (last(draft.responseFor).code ??= value))],
  [
    'MessageHeader/ResponseFor/DocumentId',
    field(true, (draft, value) => void (last(draft.responseFor).documentId ??= value)),
  ],
  [
    'MessageHeader/ResponseFor/PromulgationDate',
    field(false, (draft, value) => void (last(draft.responseFor).promulgationDate ??= value)),
  ],
  ['MessageHeader/StatusCode', field(true, (draft, value) => void (draft.statusCode ??= value))],
  ['MessageHeader/Description', field(false, (draft, value) => void (draft.description ??= value))],
  ['TraceHeaderList', group(false)],
  ['TraceHeaderList/Bussiness', group(true)],
  ['TraceHeaderList/Bussiness/BussinessDocType', field(true, (draft, value) => void (draft.businessType ??= value))],
])

export function emptyDraft(): HeaderDraft {
  return { from: {}, to: [], responseFor: [], sawMessageHeader: false }
}

/** The finished header. Throws NOT_EDXML `header-missing` and `sender-missing`, and DOCUMENT_ID_MISSING. */
export function finishHeader(draft: HeaderDraft): PacketHeader {
  if (!draft.sawMessageHeader) throw notEdxml('header-missing')
  const from = organization(draft.from)
  if (from.organId === '') throw notEdxml('sender-missing')
  const kind = isStatus(draft) ? 'status' : 'document'
  const documentId = draft.documentId ?? null
  if (kind === 'document' && documentId === null) throw new RelayError('DOCUMENT_ID_MISSING')
  return {
    kind,
    from,
    to: kind === 'status' ? [] : draft.to.map(organization),
    documentId,
    code: { number: draft.codeNumber ?? null, notation: draft.codeNotation ?? null },
    subject: draft.subject ?? null,
    promulgationDate: draft.promulgationDate ?? null,
    businessType: wholeNumber(draft.businessType) ?? 0,
    priority: wholeNumber(draft.priority) ?? 0,
    responseFor: draft.responseFor.map(responseFor),
    statusCode: wholeNumber(draft.statusCode),
    description: draft.description ?? null,
  }
}

/** A reply says so by its StatusCode; one that lost it still has no recipients and no id of its own. */
function isStatus(draft: HeaderDraft): boolean {
  if (draft.statusCode !== undefined) return true
  return draft.to.length === 0 && draft.responseFor.length > 0 && (draft.documentId ?? null) === null
}

function organization(draft: DraftOrganization): OrganizationRef {
  return { organId: draft.organId ?? '', organName: draft.organName ?? null }
}

function responseFor(draft: DraftResponseFor): ResponseFor {
  return {
    organId: draft.organId ?? null,
    code: draft.code ?? null,
    documentId: draft.documentId ?? null,
    promulgationDate: draft.promulgationDate ?? null,
  }
}

function wholeNumber(value: string | null | undefined): number | null {
  return typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) : null
}

function last<T>(list: readonly T[]): T {
  const item = list.at(-1)
  if (item === undefined) throw notEdxml('not-well-formed')
  return item
}
