import { RelayError } from '@lienthong/core'
import type { ReaderLimits } from './limits.ts'
import { notEdxml } from './not-edxml.ts'
import { asBuffer, openUtf8Text } from './utf8-text.ts'
import type { PacketWarning } from './warning.ts'
import { openXmlStream, type XmlSink } from './xml-stream.ts'

/**
 * The way of a packet's bytes to whoever understands its elements:
 *
 * `bytes → junk skipped → strict UTF-8 → XML events → sink`
 *
 * Whatever the bytes, the only errors are RelayErrors; the first is final and is thrown again ever after.
 */
export interface PacketFeed {
  /** Takes the next bytes; true once the sink has ended the stream. */
  write(chunk: Uint8Array): boolean
  /** There is no more. Throws when the packet is not whole. */
  end(): void
  /** Runs a step of the owner whose error is as final. */
  guarded<T>(step: () => T): T
  /** About the bytes before the XML. */
  readonly warnings: readonly PacketWarning[]
  /** Why what came so far is not a packet. */
  unfinished(): RelayError
}

const lessThan = 0x3c
const byteOrderMark = [0xef, 0xbb, 0xbf]

export function openPacketFeed(sink: XmlSink, bounds: Required<ReaderLimits>): PacketFeed {
  const xml = openXmlStream(sink, bounds)
  const text = openUtf8Text(xml)
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
  function withoutJunk(chunk: Buffer): Buffer {
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
    write: (chunk) => guarded(() => text.write(withoutJunk(asBuffer(chunk)))),
    end: () =>
      guarded(() => {
        if (!xml.rootClosed || text.pending) throw unfinished()
        xml.end()
      }),
    guarded,
    get warnings(): readonly PacketWarning[] {
      const isClean = junkBytes === 0 || (junkBytes === 3 && byteOrderMark.every((byte, at) => junkHead[at] === byte))
      return isClean ? [] : [{ code: 'JUNK_BEFORE_XML', detail: { bytes: junkBytes } }]
    },
    unfinished,
  }
}
