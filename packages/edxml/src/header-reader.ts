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
 *
 * `bytes → junk skipped → strict UTF-8 → XML events → header`
 */
import { RelayError } from '@lienthong/core'
import { openHeaderSink } from './header-sink.ts'
import { defaultLimits, type ReaderLimits } from './limits.ts'
import { notEdxml } from './not-edxml.ts'
import type { PacketHeader } from './packet.ts'
import { openUtf8Text } from './utf8-text.ts'
import type { PacketWarning } from './warning.ts'
import { openXmlStream } from './xml-stream.ts'

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

const lessThan = 0x3c
const byteOrderMark = [0xef, 0xbb, 0xbf]

export function openHeaderReader(limits: ReaderLimits = {}): HeaderReader {
  const bounds = { ...defaultLimits, ...limits }
  const sink = openHeaderSink(bounds)
  const xml = openXmlStream(sink, bounds)
  const text = openUtf8Text((piece) => xml.write(piece))
  let junkBytes = 0
  const junkHead: number[] = []
  let started = false
  let failure: RelayError | null = null

  function guarded<T>(step: () => T): T {
    if (failure !== null) throw failure
    try {
      return step()
    } catch (cause) {
      failure = cause instanceof RelayError ? cause : notEdxml('not-well-formed', {}, cause)
      throw failure
    }
  }

  /** Seen in the field: a BOM, `1212<?xml`, blank lines. */
  function withoutJunk(chunk: Uint8Array): Uint8Array {
    if (started) return chunk
    const start = chunk.indexOf(lessThan)
    junkBytes += start < 0 ? chunk.length : start
    if (junkBytes > bounds.maxJunkBytes) throw notEdxml('not-xml', { limit: bounds.maxJunkBytes })
    for (const byte of chunk.subarray(0, start < 0 ? chunk.length : start)) if (junkHead.length < 4) junkHead.push(byte)
    if (start < 0) return chunk.subarray(chunk.length)
    started = true
    return chunk.subarray(start)
  }

  function unfinished(): RelayError {
    if (!started) return notEdxml(junkBytes === 0 ? 'empty' : 'not-xml')
    return notEdxml(xml.rootClosed && !text.pending ? 'envelope-missing' : 'truncated')
  }

  return {
    write: (chunk) => guarded(() => sink.complete || text.write(withoutJunk(chunk))),
    end: () =>
      guarded(() => {
        if (!sink.complete) throw unfinished()
        return sink.finish()
      }),
    get warnings() {
      const isClean = junkBytes === 0 || (junkBytes === 3 && byteOrderMark.every((byte, at) => junkHead[at] === byte))
      const junk: readonly PacketWarning[] = isClean ? [] : [{ code: 'JUNK_BEFORE_XML', detail: { bytes: junkBytes } }]
      return [...junk, ...sink.warnings]
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
