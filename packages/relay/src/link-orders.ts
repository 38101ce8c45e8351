/** What was ordered of this node's links: in memory, because every copy asks, and in the store, because it lasts. */
import { type Hop, type LinkOrder, type LinkStop, type NodeId, stopAt } from '@lienthong/core'
import type { ActRecord } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import { createThrottle, type Throttle } from './throttle.ts'
import { takeTurns } from './turns.ts'

export interface LinkOrders {
  /** What holds now; null: nothing, or its time is over. */
  get(neighbour: NodeId): LinkOrder | null
  stopOf(neighbour: NodeId): LinkStop | null
  /** The same by the way out of this node; `up` to whoever the parent is. */
  stopOn(hop: Exclude<Hop, 'mailbox'>): LinkStop | null
  /** Of what goes up in the bulk lane. */
  readonly upward: Throttle
  /** Puts in the place of what holds now what `change` makes of it, with the act. One after the other. */
  change(
    neighbour: NodeId,
    change: (before: LinkOrder | null) => LinkOrder | null,
    act: Pick<ActRecord, 'type'> & { readonly by: string },
  ): Promise<void>
  /** After every change, also when the time of a stop is over. */
  onChange(listener: (neighbour: NodeId) => void): void
  /** The parent is another one, or none. */
  follow(parent: NodeId | null): void
  close(): void
}

/** Longest time a timer takes, ms. */
const longestMs = 2 ** 31 - 1

export async function openLinkOrders(context: NodeContext): Promise<LinkOrders> {
  const { links } = context.store
  const inTurn = takeTurns()
  const orders = new Map((await links.orders()).map((order) => [order.neighbour, order]))
  const timers = new Map<NodeId, NodeJS.Timeout>()
  const listeners = new Set<(neighbour: NodeId) => void>()
  const upward = createThrottle()
  let parent: NodeId | null = null

  function get(neighbour: NodeId): LinkOrder | null {
    const order = orders.get(neighbour)
    if (order === undefined) return null
    const stop = stopAt(order, context.now())
    if (stop === null && order.bytesPerSecond === null) return null
    return stop === order.stop ? order : { ...order, stop, until: null }
  }

  function stopOf(neighbour: NodeId): LinkStop | null {
    const order = orders.get(neighbour)
    return order === undefined ? null : stopAt(order, context.now())
  }

  function tell(neighbour: NodeId): void {
    if (neighbour === parent) upward.setRate(get(neighbour)?.bytesPerSecond ?? null)
    for (const listener of listeners) listener(neighbour)
  }

  function arm(neighbour: NodeId): void {
    clearTimeout(timers.get(neighbour))
    timers.delete(neighbour)
    const { until, stop } = orders.get(neighbour) ?? { until: null, stop: null }
    if (until === null || stop === null) return
    const leftMs = until - context.now()
    if (leftMs <= 0) return
    const timer = setTimeout(
      () => {
        arm(neighbour)
        if (stopOf(neighbour) !== null) return
        context.log('info', 'the time of an order about a link is over', { detail: { neighbour } })
        tell(neighbour)
      },
      Math.min(leftMs, longestMs),
    )
    timer.unref()
    timers.set(neighbour, timer)
  }

  for (const neighbour of orders.keys()) arm(neighbour)

  return {
    get,
    stopOf,
    stopOn: (hop) => {
      // Each copy asks, and mostly nothing was ordered.
      if (orders.size === 0) return null
      const neighbour = hop === 'up' ? parent : hop.slice('down:'.length)
      return neighbour === null ? null : stopOf(neighbour)
    },
    upward,
    change: (neighbour, change, { type, by }) =>
      inTurn(async () => {
        const before = get(neighbour)
        const after = change(before)
        const detail = { by, neighbour, before: factsOf(before), after: factsOf(after) }
        await links.order({ neighbour, order: after, act: { at: context.now(), type, detail } })
        if (after === null) orders.delete(neighbour)
        else orders.set(neighbour, after)
        arm(neighbour)
        tell(neighbour)
      }),
    onChange: (listener) => void listeners.add(listener),
    follow(next) {
      parent = next
      upward.setRate(next === null ? null : (get(next)?.bytesPerSecond ?? null))
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer)
      upward.setRate(null)
    },
  }
}

function factsOf(order: LinkOrder | null): Readonly<Record<string, unknown>> | null {
  if (order === null) return null
  const { stop, until, bytesPerSecond, reason } = order
  return { stop, until, bytesPerSecond, reason }
}
