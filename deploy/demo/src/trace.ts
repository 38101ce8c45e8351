/**
 * What the nodes say they do, as it happens: which document went over which link, when, in how many copies.
 *
 * A copy is counted where it arrives: the same segment taken from the same link twice are two copies, unless the
 * broker says that it hands the very same message out again.
 */
import type { RelayEvent } from '@lienthong/relay'
import { type Leg, legName } from './tree.ts'

/** A document's segment that arrived over a link. */
export interface Arrival {
  readonly leg: Leg
  readonly at: number
  readonly segment: number
  readonly segments: number
}

export interface Trace {
  /** For `openNode`. */
  readonly observe: (event: RelayEvent) => void
  /** Hears every event from now on; returns a function that ends it. */
  listen(listener: (event: RelayEvent) => void): () => void
  /** The first event so far that `matches`. */
  first<Event extends RelayEvent>(matches: (event: RelayEvent) => event is Event): Event | undefined
  arrivals(uid: string): readonly Arrival[]
  /** Copies per link by name (`H29 → G22`): how often its most frequent segment came over it. */
  copies(uid: string): ReadonlyMap<string, number>
}

export function createTrace(): Trace {
  const events: RelayEvent[] = []
  const listeners = new Set<(event: RelayEvent) => void>()

  function arrivals(uid: string): readonly Arrival[] {
    return events.flatMap((event) => {
      const arrival = arrivalIn(event)
      return arrival === null || event.type !== 'received' || event.uid !== uid ? [] : [arrival]
    })
  }

  return {
    observe(event) {
      // Signals go to and fro all the time; the show is about documents and links.
      if ((event.type === 'sent' || event.type === 'received') && event.kind === 'signal') return
      events.push(event)
      for (const listener of listeners) listener(event)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    first: (matches) => events.find(matches),
    arrivals,
    copies(uid) {
      const counts = new Map<string, Map<number, number>>()
      for (const { leg, segment } of arrivals(uid)) {
        const bySegment = counts.get(legName(leg)) ?? new Map<number, number>()
        counts.set(legName(leg), bySegment.set(segment, (bySegment.get(segment) ?? 0) + 1))
      }
      return new Map([...counts].map(([name, bySegment]) => [name, Math.max(...bySegment.values())]))
    },
  }
}

/** The arrival an event tells of; null for any other event, and for a message the broker hands out again. */
export function arrivalIn(event: RelayEvent): Arrival | null {
  if (event.type !== 'received' || event.redelivered) return null
  const { link, node, at, segment, segments } = event
  return { leg: { from: link, to: node }, at, segment, segments }
}
