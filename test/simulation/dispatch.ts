/** Empties the outbox: per hop and lane, in order, a few frames at a time; what is held waits. */
import {
  emptyBitmap,
  type Hold,
  type Hop,
  isHeld,
  type Lane,
  lanes,
  type Missing,
  missingOf,
  segmentCount,
  segmentsOf,
  withSegments,
} from '@lienthong/core'
import type { SendOutcome } from './connection.ts'
import { type LifeContext, laneQueues, visit } from './context.ts'
import type { Copy } from './outbox.ts'
import { all, type Process } from './process.ts'
import type { Serving } from './serving.ts'
import type { Onward, Transit } from './transit.ts'
import type { Frame, Segment } from './wire.ts'

/** Groups of copies under way per hop and lane. */
const window = 4
/** Small documents that share a frame, and segments of a large one. */
const segmentsPerFrame = 3

export interface Dispatch {
  /** Something may go. */
  pump(): void
}

export interface DispatchParts {
  readonly transit: Transit
  readonly serving: Serving
  readonly holds: () => readonly Hold[]
  /** A query may have been scheduled. */
  readonly onDispatched: () => void
  readonly hold: (copy: Copy, places: readonly number[]) => void
}

type Group = readonly {
  readonly copy: Copy
  readonly places: readonly number[]
  readonly segments: readonly Segment[]
}[]

interface Sent {
  readonly outcome: SendOutcome
  readonly confirmed: ReadonlySet<Segment>
}

export function createDispatch(context: LifeContext, parts: DispatchParts): Dispatch {
  const { store, world, ways } = context
  const inHand = new Set<number>()
  const underWay = new Map<string, number>()

  function pump(): void {
    for (const hop of new Set(store.outbox.copies.map((copy) => copy.hop))) {
      if (hop !== 'mailbox' && !ways.isOpen(hop === 'up' ? 'pub' : 'own')) continue
      for (const lane of lanes) fill(hop, lane)
    }
  }

  function fill(hop: Hop, lane: Lane): void {
    const key = `${hop} ${lane}`
    const waiting = store.outbox.copies
      .filter((copy) => copy.hop === hop && copy.core.lane === lane && !inHand.has(copy.seq))
      .sort((a, b) => a.seq - b.seq)
      .map((copy) => ({ copy, places: placesToSend(copy) }))
      .filter(({ copy, places }) => places.length > 0 || store.outbox.open(copy.core, copy.to).length === 0)
    while (waiting.length > 0 && (underWay.get(key) ?? 0) < window) {
      const group = waiting.splice(0, 1)
      while (isSmall(group.at(-1)?.copy) && isSmall(waiting[0]?.copy) && group.length < segmentsPerFrame) {
        group.push(...waiting.splice(0, 1))
      }
      for (const { copy } of group) inHand.add(copy.seq)
      const ready = group.map(({ copy, places }) => ({ copy, places, segments: segmentsToSend(copy, places) }))
      underWay.set(key, (underWay.get(key) ?? 0) + 1)
      context.spawn(sendGroup(hop, lane, ready))
    }
  }

  /** Places not yet settled and not held. */
  function placesToSend(copy: Copy): number[] {
    const open = store.outbox.open(copy.core, copy.to)
    return open.filter(({ node }) => !isHeld(parts.holds(), node, copy.core.lane)).map(({ place }) => place)
  }

  function* sendGroup(hop: Hop, lane: Lane, group: Group): Process {
    const { outcome, confirmed } = hop === 'mailbox' ? yield* deliverHere(group) : yield* sendOn(hop, lane, group)
    if (outcome !== 'lost') yield* context.commit(() => record(group, outcome, confirmed))
    parts.onDispatched()
    // This node's own queue to a child: no one else will tell.
    if (outcome === 'nacked') for (const { copy, places } of group) parts.hold(copy, places)
    for (const { copy } of group) inHand.delete(copy.seq)
    underWay.set(`${hop} ${lane}`, (underWay.get(`${hop} ${lane}`) ?? 1) - 1)
    pump()
  }

  function record(group: Group, outcome: SendOutcome, confirmed: ReadonlySet<Segment>): void {
    for (const { copy, places, segments } of group) {
      const gone = segments.filter((segment) => confirmed.has(segment)).map((segment) => segment.envelope.segment)
      const open = store.outbox.open(copy.core, copy.to).map(({ place }) => place)
      const remaining = open.filter((place) => !places.includes(place))
      if (outcome === 'confirmed' || gone.length === segments.length) {
        store.outbox.dispatched(copy.seq, remaining, world.scheduler.now)
      } else if (gone.length > 0) {
        // A document larger than the room in the queue must not begin anew each time.
        store.outbox.keep(copy.seq, places, without(copy, gone))
      }
    }
  }

  function* sendOn(hop: Onward, lane: Lane, group: Group): Process<Sent> {
    const segments = group.flatMap((each) => each.segments)
    const frames: Frame[] = []
    for (let from = 0; from < segments.length; from += segmentsPerFrame) {
      frames.push(segments.slice(from, from + segmentsPerFrame))
    }
    const outcomes = yield* all(
      context.life,
      frames.map((frame) =>
        hop === 'up' ? ways.publish('pub', laneQueues.transit(lane), frame) : parts.transit.forward(hop, lane, frame),
      ),
    )
    const confirmed = new Set(frames.filter((_, index) => outcomes[index] === 'confirmed').flat())
    const worst = outcomes.includes('lost')
      ? 'lost'
      : (outcomes.find((outcome) => outcome !== 'confirmed') ?? 'confirmed')
    return { outcome: worst, confirmed }
  }

  function segmentsToSend(copy: Copy, places: readonly number[]): readonly Segment[] {
    if (places.length === 0) return []
    const { core, segments } = copy
    const sending = world.observer.nextSending()
    const path = [visit(context)]
    return [...segmentsOf(segments, segmentCount(core.size, core.segmentBytes))].map((segment) => ({
      envelope: { core, origin: context.id, to: places, segment, path },
      sealedBy: context.id,
      signals: null,
      mark: { forged: false, sending },
    }))
  }

  function* deliverHere(group: Group): Process<Sent> {
    const delivered = yield* context.commit(() =>
      group.flatMap(({ copy, places }) => {
        const { core } = copy
        if (places.length === 0) return []
        const organs = places.map((place) => core.recipients[place] ?? '')
        const document = { core, origin: context.id, organs, path: [visit(context)] }
        const segments = [...segmentsOf('all', segmentCount(core.size, core.segmentBytes))]
        return parts.serving.deliver(document, segments, { forged: false, sending: 0 })
      }),
    )
    parts.serving.report(delivered)
    return { outcome: 'confirmed', confirmed: new Set() }
  }

  return { pump }
}

function isSmall(copy: Copy | undefined): boolean {
  return copy !== undefined && segmentCount(copy.core.size, copy.core.segmentBytes) === 1
}

/** The segments of a copy that are left when these have gone. */
function without({ core, segments }: Copy, gone: readonly number[]): Missing {
  const count = segmentCount(core.size, core.segmentBytes)
  const waiting = new Set(segmentsOf(segments, count))
  for (const segment of gone) waiting.delete(segment)
  const rest = Array.from({ length: count }, (_, segment) => segment).filter((segment) => !waiting.has(segment))
  return missingOf(withSegments(emptyBitmap(count), rest))
}
