import { createHash } from 'node:crypto'
import { base64 } from './base64.ts'
import { attachmentFrame, documentHead, documentTail } from './document-xml.ts'
import type { Attachment, DocumentPacket } from './packet-to-write.ts'
import { zipEntry } from './zip-entry.ts'

/**
 * The packet's bytes, attachments zipped and encoded while they are read: memory stays the same whatever
 * their size. The same packet gives the same bytes (on one version of Node). Throws NOT_EDXML before the
 * first byte when a field is missing, too long or out of form; an attachment's own error passes through.
 */
export async function* writeDocument(packet: DocumentPacket): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder()
  const frames = packet.attachments.map(attachmentFrame)
  yield encoder.encode(documentHead(packet))
  for (const [index, attachment] of packet.attachments.entries()) {
    const frame = frames[index]
    yield encoder.encode(frame?.head)
    yield* base64(zipEntry(entryName(packet.documentId, index, attachment), attachment.content))
    yield encoder.encode(frame?.tail)
  }
  yield encoder.encode(documentTail)
}

/** `<uuid>.<ext>`, as the Java builder calls the file inside the zip; derived, so that it can be repeated. */
function entryName(documentId: string | null, index: number, attachment: Attachment): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([documentId, index, attachment.name]))
    .digest('hex')
  const groups = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(12, 16),
    digest.slice(16, 20),
    digest.slice(20, 32),
  ]
  const extension = /\.([0-9A-Za-z]{1,8})$/.exec(attachment.name)?.[1]?.toLowerCase() ?? 'bin'
  return `${groups.join('-')}.${extension}`
}
