/**
 * Reads the header of one edXML packet from its bytes, as they come.
 *
 * Where a packet breaks the rules in ways seen in the field it is read all the same (junk before the
 * XML, any order, with and without prefix, old and no namespace, numbers that are none); where two
 * readers could understand it differently, or it would cost more than a header should, it is refused.
 *
 * - Reading stops where the envelope ends; attachments behind it are not looked at.
 * - Attachments in front of it are skipped; memory stays the same whatever their size.
 * - The outcome depends on the bytes alone, not on how they were cut into chunks.
 * - Whatever the bytes, the only errors are NOT_EDXML and DOCUMENT_ID_MISSING.
 */
import { openHeaderSink } from './header-sink.ts'
import { defaultLimits, type ReaderLimits } from './limits.ts'
import type { PacketHeader } from './packet.ts'
import { openPacketFeed } from './packet-feed.ts'
import type { PacketWarning } from './warning.ts'

export interface HeaderReader {
  /**
   * Takes the next bytes; true once the header is complete and nothing more need be fed (feeding more is
   * harmless). Throws NOT_EDXML as soon as the packet cannot be one; the reader is then spent and every
   * further call throws the same error.
   */
  write(chunk: Uint8Array): boolean
  /** The header. Throws NOT_EDXML when the envelope has not ended, DOCUMENT_ID_MISSING for a document without id. */
  end(): PacketHeader
  /** What is unusual about what has been read so far; at most 100. */
  readonly warnings: readonly PacketWarning[]
}

export function openHeaderReader(limits: ReaderLimits = {}): HeaderReader {
  const bounds = { ...defaultLimits, ...limits }
  const sink = openHeaderSink(bounds)
  const feed = openPacketFeed(sink, bounds)
  return {
    write: (chunk) => sink.complete || feed.write(chunk),
    end: () =>
      feed.guarded(() => {
        if (!sink.complete) throw feed.unfinished()
        return sink.finish()
      }),
    get warnings() {
      return [...feed.warnings, ...sink.warnings]
    },
  }
}

/**
 * The header of a packet given whole or as a stream. A stream is left (and so closed) as soon as the
 * header is complete; to keep the bytes as well, feed an `openHeaderReader` on the way. Errors of the
 * stream itself pass through.
 */
export async function readHeader(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  limits: ReaderLimits = {},
): Promise<PacketHeader> {
  const reader = openHeaderReader(limits)
  if (source instanceof Uint8Array) {
    reader.write(source)
    return reader.end()
  }
  for await (const chunk of source) {
    if (reader.write(chunk)) break
  }
  return reader.end()
}
