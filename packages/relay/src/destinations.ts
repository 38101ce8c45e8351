/**
 * The ways out of this node, and what becomes of a copy sent on one.
 *
 * Transit sends what climbs into this node's own spool, the outbox straight to the parent; what
 * descends goes into the child's link queue at this node's broker. A destination that refuses or is
 * late never holds a frame: its copy ends as `full` and the origin is told to ask later.
 */
import { type Hop, type Lane, lanes, type NodeId } from '@lienthong/core'
import type { ParentLink, Segment, Sender, SendOutcome } from '@lienthong/link'
import { names } from '@lienthong/link'
import { createPacker, type Packer } from './packer.ts'

/** `full`: the destination takes nothing now. `again`: the way broke; the frame must be taken from its queue once more. */
export type CopyOutcome = 'sent' | 'full' | 'again'

/**
 * A destination that has confirmed nothing for this long, while another confirmed what was sent
 * meanwhile, is given up for now, ms. Counted from its last confirm: a slow queue is not a stuck one.
 * 1 s gave false deferrals when two cores carried four brokers.
 */
const stuckMs = 2_000
const watchEveryMs = 250

export interface Destinations {
  /** Sends one copy from transit. */
  forward(hop: Exclude<Hop, 'mailbox'>, lane: Lane, segment: Segment): Promise<CopyOutcome>
  /** Sends one copy from this node's outbox: up goes to the parent itself, not to the spool. */
  dispatch(hop: Exclude<Hop, 'mailbox'>, lane: Lane, segment: Segment): Promise<CopyOutcome>
  /** Waits for room on the way the outbox takes. */
  ready(hop: Exclude<Hop, 'mailbox'>, bytes: number, signal: AbortSignal): Promise<void>
  /** False while nothing can leave the outbox by this hop. */
  usable(hop: Exclude<Hop, 'mailbox'>): boolean
  /** The ways down are those to these children. What is on a way that ends is settled by the broker, as ever. */
  follow(children: readonly NodeId[]): void
  close(): void
}

interface Lanes {
  readonly express: Way
  readonly bulk: Way
}

interface Way {
  readonly packer: Packer
  readonly pending: Set<PendingCopy>
  /** When the newest copy that was confirmed had been sent. */
  confirmedSince: number
  /** Last confirm, or when copies began to wait. */
  movedAt: number
  blocked: boolean
}

interface PendingCopy {
  readonly since: number
  readonly giveUp: () => void
}

export function createDestinations(parts: {
  children: readonly NodeId[]
  sender: Sender
  parentLink: () => ParentLink | null
  /** A queue is missing: the broker lost its objects. */
  onReturned: () => void
  /** No confirm in time: the connection must be made anew. */
  onLate: () => void
  now: () => number
}): Destinations {
  const { sender, now } = parts

  function report(outcome: SendOutcome): SendOutcome {
    if (outcome === 'returned') parts.onReturned()
    if (outcome === 'late') parts.onLate()
    return outcome
  }

  function queueWay(queue: string): Way {
    return {
      packer: createPacker(async (body) =>
        report(await sender.send({ exchange: names.out, routingKey: queue, type: 'lt.frame', body })),
      ),
      pending: new Set(),
      confirmedSince: 0,
      movedAt: 0,
      blocked: false,
    }
  }

  function lanesOf(queueOf: (lane: Lane) => string): Lanes {
    return { express: queueWay(queueOf('express')), bulk: queueWay(queueOf('bulk')) }
  }

  const spool = lanesOf((lane) => names.up(lane))
  let down: ReadonlyMap<Hop, Lanes> = new Map()
  let local: readonly Way[] = []
  follow(parts.children)
  const straightUp = {
    express: createPacker((frame) => sendUp('express', frame)),
    bulk: createPacker((frame) => sendUp('bulk', frame)),
  }

  function follow(children: readonly NodeId[]): void {
    const before = down
    down = new Map(
      children.map((child): [Hop, Lanes] => {
        const hop: Hop = `down:${child}`
        return [hop, before.get(hop) ?? lanesOf((lane) => names.link(child, lane))]
      }),
    )
    local = [spool, ...down.values()].flatMap((pair) => lanes.map((lane) => pair[lane]))
  }

  async function sendUp(lane: Lane, frame: Uint8Array): Promise<SendOutcome> {
    return (await parts.parentLink()?.send(lane, frame)) ?? 'lost'
  }

  let watch: NodeJS.Timeout | undefined

  /** As long as something is under way: a node at rest has no timer here. */
  function keepWatch(): void {
    watch ??= setInterval(giveUpStuck, watchEveryMs)
    watch.unref()
  }

  function endWatch(): void {
    clearInterval(watch)
    watch = undefined
  }

  // A way that is stuck while others confirm must not hold frames [DESIGN §3.3].
  function giveUpStuck(): void {
    if (local.every((way) => way.pending.size === 0)) return endWatch()
    const newest = Math.max(...local.map((way) => way.confirmedSince))
    for (const way of local) {
      if (way.pending.size === 0 || now() - way.movedAt < stuckMs || newest < way.movedAt) continue
      way.blocked = true
      for (const copy of way.pending) copy.giveUp()
    }
  }

  async function sendOn(way: Way, segment: Segment): Promise<CopyOutcome> {
    // One copy at a time tries a blocked way; the others need not wait to learn that it is.
    if (way.blocked && way.pending.size > 0) return 'full'
    const since = now()
    const outcome = await new Promise<SendOutcome | 'gaveUp'>((resolve) => {
      const copy: PendingCopy = { since, giveUp: () => resolve('gaveUp') }
      if (way.pending.size === 0) way.movedAt = since
      way.pending.add(copy)
      keepWatch()
      void way.packer.add(segment).then((settled) => {
        way.pending.delete(copy)
        if (settled === 'confirmed') {
          way.blocked = false
          way.movedAt = now()
          way.confirmedSince = Math.max(way.confirmedSince, since)
        }
        resolve(settled)
      })
    })
    return outcome === 'gaveUp' ? 'full' : copyOutcome(outcome)
  }

  function wayOf(hop: Exclude<Hop, 'mailbox'>, lane: Lane): Way | null {
    return (hop === 'up' ? spool : down.get(hop))?.[lane] ?? null
  }

  function forward(hop: Exclude<Hop, 'mailbox'>, lane: Lane, segment: Segment): Promise<CopyOutcome> {
    const way = wayOf(hop, lane)
    // A way that has just ended: what was to take it is routed again.
    return way === null ? Promise.resolve('again') : sendOn(way, segment)
  }

  return {
    forward,
    async dispatch(hop, lane, segment) {
      return hop === 'up' ? copyOutcome(await straightUp[lane].add(segment)) : forward(hop, lane, segment)
    },
    ready: (hop, bytes, signal) => {
      const link = parts.parentLink()
      return hop === 'up' && link !== null ? link.ready(bytes, signal) : sender.ready(bytes, signal)
    },
    usable: (hop) => (hop === 'up' ? (parts.parentLink()?.usable ?? false) : sender.open),
    follow,
    close: endWatch,
  }
}

function copyOutcome(outcome: SendOutcome): CopyOutcome {
  if (outcome === 'confirmed') return 'sent'
  return outcome === 'nacked' ? 'full' : 'again'
}
