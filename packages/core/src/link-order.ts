/**
 * What an administrator orders of a link, and what follows from it. An order is about what this node puts on the link;
 * what comes by it is always taken. Nothing is lost by an order: what it keeps waits where its custody is.
 *
 * - `pause`: nothing goes out. The way up keeps what climbs in the spool, as while the parent is away; the way down takes
 *   no more, as a full queue does, and origins hold what is for those below.
 * - `drain`: nothing new goes on the way, and what is on it goes out: afterwards it is empty.
 */
import type { NodeId } from './document.ts'

export const linkStops = ['pause', 'drain'] as const
export type LinkStop = (typeof linkStops)[number]

export interface LinkOrder {
  readonly neighbour: NodeId
  /** null: only a rate. */
  readonly stop: LinkStop | null
  /** The stop ends by itself then, ms; null: when somebody ends it. */
  readonly until: number | null
  /** Of what goes up in the bulk lane; null: as fast as it can. */
  readonly bytesPerSecond: number | null
  readonly by: string
  readonly reason: string
  readonly at: number
}

/** The stop that holds now. */
export function stopAt(order: Pick<LinkOrder, 'stop' | 'until'>, now: number): LinkStop | null {
  return order.until !== null && order.until <= now ? null : order.stop
}

export type WayAnswer = 'go' | 'full'

/** Whether a copy from transit may go on the way now: `full` drops it, and its origin asks again later. */
export function mayForward(stop: LinkStop | null, direction: 'up' | 'down'): WayAnswer {
  if (stop === null) return 'go'
  return direction === 'up' && stop === 'pause' ? 'go' : 'full'
}

/** Whether the spool goes on being emptied towards the parent. */
export function mayEmptySpool(stop: LinkStop | null): boolean {
  return stop !== 'pause'
}
