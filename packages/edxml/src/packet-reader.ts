/**
 * Reads a whole packet in one pass: its header, and each attachment as a stream of its file's bytes.
 *
 * - Parts come in the order they stand in; attachments may come before the header.
 * - Memory stays the same whatever the size of packet and files; nothing is written anywhere.
 * - An attachment that cannot be read ends its own content with ATTACHMENT_UNREADABLE; what follows is
 *   read all the same. One that nobody reads is walked over without decoding.
 * - The packet is strict XML to its last byte: more is judged than a header reader looks at.
 * - Parts and errors depend on the bytes alone, not on how they were cut into chunks.
 *
 * `text → base64 → zip → file` is in `attachment-file.ts`.
 */
import { type AttachmentPart, openAttachment } from './attachment.ts'
import { type AttachmentLimits, defaultAttachmentLimits, defaultLimits, type ReaderLimits } from './limits.ts'
import type { PacketHeader } from './packet.ts'
import { openPacketEvents } from './packet-events.ts'
import type { PacketWarning } from './warning.ts'

export interface HeaderPart {
  readonly kind: 'header'
  readonly header: PacketHeader
  readonly warnings: readonly PacketWarning[]
}

export type PacketPart = HeaderPart | AttachmentPart

/**
 * The parts of a packet given whole or as a stream. Ask for the next only when done with the one before;
 * leaving the loop leaves the source. Throws NOT_EDXML and DOCUMENT_ID_MISSING; errors of the source
 * itself pass through.
 */
export async function* readPacket(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  limits: ReaderLimits & AttachmentLimits = {},
): AsyncGenerator<PacketPart, undefined> {
  const bounds = { ...defaultLimits, ...defaultAttachmentLimits, ...limits }
  const events = openPacketEvents(source, bounds)
  let number = 0
  try {
    for (let event = await events.next(); event !== null; event = await events.next()) {
      if (event.kind === 'header') yield event
      if (event.kind !== 'attachment') continue
      const attachment = openAttachment(events, { number: ++number, claims: event.claims }, bounds)
      try {
        yield attachment.part
      } finally {
        await attachment.leave()
      }
      await attachment.pass()
    }
  } finally {
    await events.close()
  }
}
