/**
 * Sends signals. Those for one node in one lane that arise in the same turn share one sealed core.
 *
 * Signals are not durable here: the mailbox row is the receipt, and a signal that is lost is
 * repaired by the origin's query. They wait, bounded, while this node's broker is away.
 */
import { createHash } from 'node:crypto'
import type { Core, Enquiry, Lane, NodeId, Signal } from '@lienthong/core'
import { maxSegmentBytes } from '@lienthong/core'
import { encodeCore, encodeSignals, type Segment, seal, uidOf } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import type { Destinations } from './destinations.ts'
import { observeSent, onward } from './onward.ts'

/** Signals sealed together, at most. */
const signalsPerCore = 500
/** Signals kept while nothing can be sent; the oldest are dropped past that. */
const maxWaiting = 20_000
const retryMs = 500

export interface SignalPost {
  send(to: NodeId, lane: Lane, signal: Signal | Enquiry): void
  close(): void
}

export function createSignalPost(
  context: NodeContext,
  destinations: Destinations,
  /** Signals to this node itself. */
  onLocal: (signals: readonly (Signal | Enquiry)[]) => void,
): SignalPost {
  const waiting = new Map<string, { to: NodeId; lane: Lane; signals: (Signal | Enquiry)[] }>()
  let count = 0
  let sequence = 0
  let timer: NodeJS.Immediate | NodeJS.Timeout | null = null
  let closed = false

  function add(to: NodeId, lane: Lane, signals: readonly (Signal | Enquiry)[]): void {
    const key = `${to} ${lane}`
    const entry = waiting.get(key) ?? { to, lane, signals: [] }
    waiting.set(key, entry)
    entry.signals.push(...signals)
    count += signals.length
    while (count > maxWaiting && entry.signals.length > 1) {
      entry.signals.shift()
      count -= 1
    }
  }

  function schedule(delayMs: number): void {
    if (timer !== null || closed) return
    const run = (): void => {
      timer = null
      flush()
    }
    timer = delayMs === 0 ? setImmediate(run) : setTimeout(run, delayMs)
  }

  function flush(): void {
    const batches = [...waiting.values()]
    waiting.clear()
    count = 0
    for (const { to, lane, signals } of batches) {
      for (let start = 0; start < signals.length; start += signalsPerCore) {
        void sendOne(to, lane, signals.slice(start, start + signalsPerCore))
      }
    }
  }

  async function sendOne(to: NodeId, lane: Lane, signals: readonly (Signal | Enquiry)[]): Promise<void> {
    const hop = context.table.hopToNode(to)
    if (hop === null) return
    if (hop === 'mailbox') return onLocal(signals)
    const data = encodeSignals(signals)
    if (data.length > maxSegmentBytes && signals.length > 1) {
      const half = Math.ceil(signals.length / 2)
      await Promise.all([sendOne(to, lane, signals.slice(0, half)), sendOne(to, lane, signals.slice(half))])
      return
    }
    const segment = sealSignals(context, { to, lane, data, sequence: (sequence += 1) })
    const copy = onward(context, segment, segment.envelope.to)
    const outcome = await destinations.forward(hop, lane, copy)
    if (outcome === 'sent') observeSent(context, copy, hop)
    if (outcome === 'again' && !closed) {
      add(to, lane, signals)
      schedule(retryMs)
    }
  }

  return {
    send(to, lane, signal) {
      add(to, lane, [signal])
      schedule(0)
    },
    close() {
      closed = true
      if (timer !== null) clearTimeout(timer as NodeJS.Timeout)
      timer = null
    },
  }
}

function sealSignals(
  context: NodeContext,
  message: { to: NodeId; lane: Lane; data: Uint8Array; sequence: number },
): Segment {
  const { config } = context
  const named = {
    kind: 'signal',
    businessType: 0,
    from: config.id,
    documentId: `${context.instance}-${message.sequence}`,
    sha256: createHash('sha256').update(message.data).digest('hex'),
  } as const
  const core: Core = {
    ...named,
    version: 1,
    uid: uidOf(named),
    generation: 1,
    recipients: [message.to],
    size: message.data.length,
    segmentBytes: maxSegmentBytes,
    lane: message.lane,
    sealedAt: context.now(),
    directoryVersion: context.table.directoryVersion,
  }
  const bytes = encodeCore(core)
  return {
    core: bytes,
    seal: seal(bytes, config.key),
    envelope: { core, origin: config.id, to: [0], segment: 0, path: [] },
    data: message.data,
  }
}
