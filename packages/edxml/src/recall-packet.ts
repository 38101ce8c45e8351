import { documentTypes, phrase } from '@lienthong/core'
import { replacedDocuments } from './document-targets.ts'
import { formatDate } from './field-form.ts'
import { openHeaderReader } from './header-reader.ts'
import { notEdxml } from './not-edxml.ts'
import type { PacketHeader } from './packet.ts'
import type { DocumentPacket, OrganizationToWrite } from './packet-to-write.ts'

/** What a sender keeps of a document. */
export interface SentDocumentNames {
  readonly documentId: string
  /** Number and notation in one, `123/UBND-VP`. */
  readonly number: string | null
  /** `yyyy/MM/dd`. */
  readonly date: string | null
  readonly subject: string | null
}

export interface RecallRequest {
  readonly document: SentDocumentNames
  readonly from: OrganizationToWrite & { readonly organName: string }
  /** At least one. */
  readonly to: readonly OrganizationToWrite[]
  readonly reason: string
  /** Who signs. @default the organisation */
  readonly signer?: string
  /** When it was written, ms since the epoch; the same again makes the same packet. */
  readonly sentAt: number
}

/** What a packet must have though the document it recalls came without. */
const none = '-'

/** A recall (type 1) of one document: under its id and number, as the field has it, with a notice to read as its file. */
export function recallPacket({ document, from, to, reason, signer, sentAt }: RecallRequest): DocumentPacket {
  const shown = document.number ?? document.documentId
  const [number = '', ...notation] = (document.number ?? none).split('/')
  const date = document.date ?? formatDate(sentAt)
  const subject = phrase('vi', 'recallNotice.subject', { number: shown })
  const notice = phrase('vi', 'recallNotice.text', {
    organ: from.organName,
    number: shown,
    date,
    subject: document.subject ?? none,
    reason,
  })
  return {
    from,
    to,
    documentId: document.documentId,
    code: { number, notation: notation.join('/') || none },
    promulgationDate: date,
    documentType: { type: 1, typeDetail: 0, typeName: 'Công văn' },
    subject,
    signer: { fullName: signer ?? from.organName },
    businessType: documentTypes.recall,
    business: { reason },
    sentAt,
    attachments: [{ name: 'thu-hoi.txt', contentType: 'text/plain', content: new TextEncoder().encode(notice) }],
  }
}

/**
 * The same bytes, which must be a replacement of this document: throws NOT_EDXML where the envelope ends and shows that
 * it is none.
 */
export async function* replacementOf(
  documentId: string,
  packet: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = openHeaderReader()
  let complete = false
  for await (const chunk of packet) {
    if (!complete) {
      complete = reader.write(chunk)
      if (complete) refuseOthers(documentId, reader.end())
    }
    yield chunk
  }
  if (!complete) refuseOthers(documentId, reader.end())
}

function refuseOthers(documentId: string, header: PacketHeader): void {
  const named = replacedDocuments(header).flatMap(({ targets }) => targets)
  if (!named.some((target) => target.documentId === documentId)) {
    throw notEdxml('required', { field: `ReplacementInfo/DocumentId ${documentId}` })
  }
}
