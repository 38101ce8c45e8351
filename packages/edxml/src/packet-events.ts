import { notEdxml } from './not-edxml.ts'
import { openPacketFeed } from './packet-feed.ts'
import { openPacketSink, type PacketEvent, type SinkLimits } from './packet-sink.ts'
import { asBuffer } from './utf8-text.ts'

/** A packet's events, read from its source as they are asked for. */
export interface PacketEvents {
  /**
   * The next one; null after the last. Bytes of `content` are good until the next call. Throws NOT_EDXML
   * and DOCUMENT_ID_MISSING, always after all that stands in front of the fault; errors of the source pass through.
   */
  next(): Promise<PacketEvent | null>
  /** Leaves the source. */
  close(): Promise<void>
}

/** Taken from a chunk at a time, so that a packet given whole does not become a million events. */
const pieceBytes = 64 * 1024

export function openPacketEvents(source: Uint8Array | AsyncIterable<Uint8Array>, limits: SinkLimits): PacketEvents {
  const queue: PacketEvent[] = []
  let headerSeen = false
  const sink = openPacketSink(limits, (event) => {
    headerSeen ||= event.kind === 'header'
    queue.push(event.kind === 'header' ? { ...event, warnings: [...feed.warnings, ...event.warnings] } : event)
  })
  const feed = openPacketFeed(sink, limits)
  const pieces = cut(source)
  let failure: { readonly error: unknown } | null = null
  let ended = false

  async function nextPiece(): Promise<Uint8Array | null> {
    try {
      const { value, done } = await pieces.next()
      return done === true ? null : value
    } catch (cause) {
      failure = { error: cause }
      throw cause
    }
  }

  function step(piece: Uint8Array | null): void {
    try {
      if (piece !== null) {
        feed.write(piece)
        return
      }
      ended = true
      feed.end()
      if (!headerSeen) throw notEdxml('envelope-missing')
    } catch (cause) {
      failure = { error: cause }
    }
  }

  return {
    async next() {
      for (;;) {
        const event = queue.shift()
        if (event !== undefined) return event
        if (failure !== null) throw failure.error
        if (ended) return null
        step(await nextPiece())
      }
    },
    async close() {
      await pieces.return(undefined)
    },
  }
}

async function* cut(source: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    const bytes = asBuffer(chunk)
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
  }
}
