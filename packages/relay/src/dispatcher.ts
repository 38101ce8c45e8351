/**
 * Empties the outbox: one dispatcher per hop and lane reads copies in order and sends them.
 *
 *   waiting ──kick, way open──▶ scanning ──page──▶ sending ──confirmed──▶ dispatched (store)
 *      ▲                                              │ way broke
 *      └──────────────────────────────────────────────┘ start again from the first copy
 *
 * Documents of one segment share frames; up to eight larger ones are interleaved with them. Nothing
 * is kept in memory but the page in hand and the bytes in flight.
 */
import { type Hop, type Lane, lanes, type RoutingTable, segmentCount, segmentsOf } from '@lienthong/core'
import type { SealingKey, Segment } from '@lienthong/link'
import { decodeCore, nodeOf, seal, sealedBy } from '@lienthong/link'
import type { DispatchItem } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { CopyOutcome, Destinations } from './destinations.ts'
import type { Holds } from './holds.ts'
import { type Onward, observeSent, onward } from './onward.ts'
import { readAhead } from './read-ahead.ts'

/** Copies read from the store at once. */
const pageSize = 128
/** Urgent copies have negative numbers. */
const beforeAll = Number.MIN_SAFE_INTEGER
/** Documents of several segments sent side by side. */
const maxLarge = 8
/** Wait before a broken way is tried again, ms. */
const retryMs = 250

export interface Dispatchers {
  /** Something new waits. */
  kick(): void
  /** Something older may go now: look from the start. */
  rescan(): void
  /** The table has other hops: those that are new are served too, those that are gone no more. */
  follow(): void
  stop(timeoutMs: number): Promise<void>
}

/** Delivers a copy whose recipients this node serves itself. */
export type LocalDelivery = (item: DispatchItem) => Promise<void>

export function createDispatchers(
  context: NodeContext,
  parts: { destinations: Destinations; holds: Holds; deliverLocally: LocalDelivery },
): Dispatchers {
  const serving = new Map<Hop, { readonly dispatchers: readonly Dispatcher[]; readonly stopping: AbortController }>()
  /** Of hops that are gone: what they had in hand is settled yet. */
  const ending = new Set<Promise<void>>()
  let stopped = false

  function follow(): void {
    if (stopped) return
    const hops = new Set(hopsOf(context.table))
    for (const hop of serving.keys()) if (!hops.has(hop)) end(hop)
    for (const hop of hops) {
      if (serving.has(hop)) continue
      const stopping = new AbortController()
      const dispatchers = lanes.map((lane) =>
        startDispatcher(context, { ...parts, hop, lane, stopping: stopping.signal }),
      )
      serving.set(hop, { dispatchers, stopping })
    }
  }

  function end(hop: Hop): void {
    const ended = serving.get(hop)
    if (ended === undefined) return
    serving.delete(hop)
    ended.stopping.abort()
    for (const dispatcher of ended.dispatchers) {
      dispatcher.kick(false)
      const done = dispatcher.done.finally(() => ending.delete(done))
      ending.add(done)
    }
  }

  function kick(fromStart: boolean): void {
    for (const { dispatchers } of serving.values()) for (const dispatcher of dispatchers) dispatcher.kick(fromStart)
  }

  follow()
  return {
    kick: () => kick(false),
    rescan: () => kick(true),
    follow,
    async stop(timeoutMs) {
      stopped = true
      for (const hop of serving.keys()) end(hop)
      await Promise.race([Promise.all(ending), delay(timeoutMs)])
    },
  }
}

function hopsOf({ parent, children }: RoutingTable): readonly Hop[] {
  return ['mailbox', ...(parent === null ? [] : ['up' as const]), ...children.map((child): Hop => `down:${child}`)]
}

interface Dispatcher {
  kick(fromStart: boolean): void
  readonly done: Promise<void>
}

interface DispatcherParts {
  readonly hop: Hop
  readonly lane: Lane
  readonly destinations: Destinations
  readonly holds: Holds
  readonly deliverLocally: LocalDelivery
  readonly stopping: AbortSignal
}

function startDispatcher(context: NodeContext, parts: DispatcherParts): Dispatcher {
  const { hop, lane, destinations, holds, stopping } = parts
  const { outbox } = context.store
  /** Copies in hand: sending, or sent and about to be committed. */
  const inHand = new Set<number>()
  const large = new Set<Promise<void>>()
  /** Segments confirmed of large copies that are not finished, by copy and recipients. */
  const takenBefore = new Map<string, Set<number>>()
  let confirmed: { seq: number; remaining?: readonly number[] }[] = []
  let committing: Promise<void> | null = null
  let cursor = beforeAll
  let kicked = true
  let fromStart = true
  let wake: (() => void) | null = null

  function kick(again: boolean): void {
    kicked = true
    fromStart ||= again
    wake?.()
  }

  function wait(ms: number | null): Promise<void> {
    if (kicked && ms === null) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = ms === null ? null : setTimeout(done, ms)
      function done(): void {
        if (timer !== null) clearTimeout(timer)
        wake = null
        resolve()
      }
      wake = done
    })
  }

  async function loop(): Promise<void> {
    while (!stopping.aborted) {
      await wait(null)
      // oxlint-disable-next-line typescript/no-unnecessary-condition -- it may have changed while we waited
      if (stopping.aborted) break
      if (hop !== 'mailbox' && !destinations.usable(hop)) {
        await wait(retryMs)
        kicked = true
        continue
      }
      kicked = false
      if (fromStart) {
        fromStart = false
        cursor = beforeAll
      }
      try {
        await scan()
      } catch (error) {
        // oxlint-disable-next-line typescript/no-unnecessary-condition -- it may have changed while we waited
        if (stopping.aborted) break
        context.log('warn', 'dispatch interrupted', { detail: { hop, lane, error: String(error) } })
        kick(true)
        await wait(retryMs)
      }
    }
    await Promise.allSettled(large)
    await committing
  }

  /** One pass over the copies behind the cursor. */
  async function scan(): Promise<void> {
    let next: ReturnType<typeof nextPage> | null = nextPage(cursor)
    while (next !== null) {
      const page: readonly DispatchItem[] = await next
      // The next page is read while this one is sent.
      next = page.length < pageSize ? null : nextPage(page.at(-1)?.seq ?? cursor)
      const payloads = readAhead(context.store.payloads, page)
      for (const [place, item] of page.entries()) {
        if (stopping.aborted || fromStart) return
        cursor = item.seq
        if (inHand.has(item.seq)) continue
        await begin(sealedToday(item, context.config.key), () => payloads.take(place)).catch((error: unknown) => {
          // It stays in line: the next pass takes it up again.
          inHand.delete(item.seq)
          throw error
        })
      }
    }
  }

  function nextPage(after: number): Promise<readonly DispatchItem[]> {
    const page = outbox.page(hop, lane, { after, limit: pageSize })
    // A pass that ends early never asks for it.
    page.catch(() => undefined)
    return page
  }

  /** Starts sending one copy; waits only for room. */
  async function begin(item: DispatchItem, payload: () => Promise<Uint8Array>): Promise<void> {
    const free = item.recipients.flatMap((recipient, place) =>
      holds.has(recipient.node, lane) || context.table.holdOf(recipient.organ) !== null
        ? []
        : [item.to[place] as number],
    )
    if (free.length === 0) return
    inHand.add(item.seq)
    if (hop === 'mailbox') {
      await parts.deliverLocally(item)
      return finished(item, free, 'sent')
    }
    const segments = segmentCount(item.payload.size, item.segmentBytes)
    if (segments === 1) {
      const segment = segmentOf(item, await payload(), 0)
      await destinations.ready(hop, segment.data.length, stopping)
      // The way broke meanwhile: what was sent before and lost goes first.
      if (fromStart) return void inHand.delete(item.seq)
      void send(hop, onward(context, segment, free)).then((outcome) => finished(item, free, outcome))
      return
    }
    while (large.size >= maxLarge) await Promise.race(large)
    const sending = sendLarge(hop, item, free)
      .catch((): CopyOutcome => 'again')
      .then((outcome) => finished(item, free, outcome))
      .finally(() => large.delete(sending))
    large.add(sending)
  }

  async function sendLarge(onto: Onward, item: DispatchItem, to: readonly number[]): Promise<CopyOutcome> {
    const outcomes: Promise<CopyOutcome>[] = []
    let broken = false
    const key = `${item.seq} ${to.join(' ')}`
    // A queue with less room than the document takes it in several tries.
    const taken = takenBefore.get(key) ?? new Set<number>()
    takenBefore.set(key, taken)
    for (const number of segmentsOf(item.segments, segmentCount(item.payload.size, item.segmentBytes))) {
      if (taken.has(number)) continue
      await destinations.ready(onto, item.segmentBytes, stopping)
      // oxlint-disable-next-line typescript/no-unnecessary-condition -- it may have changed while we waited
      if (broken || stopping.aborted) return 'again'
      const data = await context.store.payloads.slice(
        item.payload.sha256,
        number * item.segmentBytes,
        item.segmentBytes,
      )
      const outcome = send(onto, onward(context, segmentOf(item, data, number), to))
      void outcome.then((settled) => {
        broken ||= settled === 'again'
        if (settled === 'sent') taken.add(number)
      })
      outcomes.push(outcome)
    }
    const settled = await Promise.all(outcomes)
    const failed = settled.find((outcome) => outcome !== 'sent')
    if (failed === undefined) takenBefore.delete(key)
    return failed ?? 'sent'
  }

  async function send(onto: Onward, segment: Segment): Promise<CopyOutcome> {
    const outcome = await destinations.dispatch(onto, lane, segment)
    if (outcome === 'sent') observeSent(context, segment, onto)
    return outcome
  }

  function finished(item: DispatchItem, sent: readonly number[], outcome: CopyOutcome): void {
    if (outcome === 'again') {
      inHand.delete(item.seq)
      kick(true)
      return
    }
    if (outcome === 'full') {
      // This node's own queue to a child: no one will tell, so hold it here; the copy stays in line.
      const about = { uid: item.uid, generation: item.generation }
      for (const { node } of item.recipients) holds.hold({ node, lane, about }, context.now())
      inHand.delete(item.seq)
      return
    }
    const remaining = item.to.filter((index) => !sent.includes(index))
    confirmed.push(remaining.length === 0 ? { seq: item.seq } : { seq: item.seq, remaining })
    committing ??= commit()
  }

  /** Confirmed copies that gather while one transaction runs share the next. */
  async function commit(): Promise<void> {
    while (confirmed.length > 0) {
      const batch = confirmed
      confirmed = []
      try {
        await outbox.dispatched(batch, context.now())
      } catch (error) {
        context.log('error', 'could not record dispatched copies', { detail: { error: String(error) } })
        kick(true)
      }
      for (const { seq } of batch) inHand.delete(seq)
    }
    committing = null
  }

  return { kick, done: loop() }
}

/**
 * A copy under the seal of the key this node has now. The one it was accepted under may have been replaced
 * since, and may have ended or been revoked by the time it arrives.
 */
function sealedToday(item: DispatchItem, key: SealingKey): DispatchItem {
  return sealedBy(item.seal) === key.kid ? item : { ...item, seal: seal(item.core, key) }
}

function segmentOf(item: DispatchItem, data: Uint8Array, number: number): Segment {
  const core = decodeCore(item.core)
  const origin = nodeOf(sealedBy(item.seal))
  return { core: item.core, seal: item.seal, envelope: { core, origin, to: item.to, segment: number, path: [] }, data }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
