/** What the parts of one node's life share, and what the node leaves to its surroundings. */
import { type Lane, lanes, type NodeId, type RoutingTable, type Signal } from '@lienthong/core'
import type { Broker } from './broker.ts'
import type { Mailbox } from './mailbox.ts'
import type { Mechanisms } from './mechanisms.ts'
import type { Observer } from './observer.ts'
import type { Outbox } from './outbox.ts'
import type { Life, Process } from './process.ts'
import type { Random } from './random.ts'
import type { Scenario } from './scenario.ts'
import type { Scheduler } from './scheduler.ts'
import type { End, Ways } from './ways.ts'

/** Survives crashes. */
export interface NodeStore {
  readonly outbox: Outbox
  readonly mailbox: Mailbox
  table: RoutingTable
  /** Whose broker it connects to. The tables say so too, but each in its own time. */
  parent: NodeId | null
}

export interface Surroundings {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly mechanisms: Mechanisms
  readonly observer: Observer
  readonly scenario: Pick<Scenario, 'calendarStart'>
  broker(node: NodeId): Broker
  /** True when this node can reach that broker now. */
  reachable(node: NodeId, broker: NodeId): boolean
  /** Chance that a published frame arrives twice, now. */
  doubling(): number
  /** Asked after each effect of a node; true ends this life, and the world plans the next one. */
  strikes(node: NodeId): boolean
  /** A node has opened a connection. */
  opened(node: NodeId, end: End): void
}

/** One life of one node. */
export interface LifeContext {
  readonly id: NodeId
  readonly life: Life
  readonly store: NodeStore
  readonly world: Surroundings
  readonly ways: Ways
  /** A transaction: happens whole, one after the other, at one instant. */
  commit<T>(transaction: () => T): Process<T>
  spawn(process: Process): void
  post(to: NodeId, lane: Lane, signal: Signal): void
}

export const laneQueues = {
  transit: (lane: Lane) => `transit.${lane}`,
  up: (lane: Lane) => `up.${lane}`,
  link: (child: NodeId, lane: Lane) => `link.${child}.${lane}`,
}

/** Whose queue at its parent's broker this is; null for any other. */
export function childOf(queue: string): NodeId | null {
  return queue.startsWith('link.') ? queue.slice('link.'.length, queue.lastIndexOf('.')) : null
}

/** The node's own queues, and those of its children. */
export function declareQueues(broker: Broker, children: readonly NodeId[]): void {
  broker.declare(lanes.flatMap((lane) => [laneQueues.transit(lane), laneQueues.up(lane)]))
  for (const child of children)
    broker.declare(
      lanes.map((lane) => laneQueues.link(child, lane)),
      child,
    )
}

/** The next number of the path: this node, its table, the time of day. */
export function visit(context: LifeContext): { readonly node: NodeId; readonly version: number; readonly at: number } {
  const { scheduler, scenario } = context.world
  return { node: context.id, version: context.store.table.version, at: scenario.calendarStart + scheduler.now }
}
