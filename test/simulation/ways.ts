/**
 * The connections of one life of a node – to its own broker, and two to its parent's – and the
 * receivers that run while the connections they need are open. A receiver that stops gives back what
 * it held: "down" is a closed channel, never a nack loop.
 */
import type { NodeId } from '@lienthong/core'
import { type Channel, type Connection, type Delivery, openConnection, type SendOutcome } from './connection.ts'
import type { Surroundings } from './context.ts'
import { type Life, type Process, take } from './process.ts'
import type { Frame } from './wire.ts'

/** `own`: this node's broker. `pub` and `con`: the parent's, one only publishes, one only consumes. */
export const ends = ['own', 'pub', 'con'] as const
export type End = (typeof ends)[number]

export interface ReceiverPlan {
  readonly queue: string
  readonly on: End
  /** Open connections without which it would only hold messages. */
  readonly needs: readonly End[]
  readonly onDelivery: (delivery: Delivery) => void
}

export interface Ways {
  isOpen(end: End): boolean
  publish(end: End, queue: string, frame: Frame): Process<SendOutcome>
  /** Waits until this connection is open; at once when it is. */
  whenOpen(end: End): Process
  /** The returned function ends it. */
  receive(plan: ReceiverPlan): () => void
  /** Leaves the parent's broker for another's; what is not confirmed is lost there, and what was taken goes back. */
  follow(parent: NodeId | null): void
  /** Called after a connection opened. */
  onOpen(listener: (end: End) => void): void
  /** For faults: what there is to break. */
  connection(end: End): Connection | null
  closeAll(): void
}

const prefetch = 16
const firstRetryMs = 200
const maxRetryMs = 5_000

export function openWays(life: Life, world: Surroundings, id: NodeId, firstParent: NodeId | null): Ways {
  const { scheduler, random } = world
  let parent = firstParent
  const connections = new Map<End, Connection>()
  const waiting = new Map<End, (() => void)[]>(ends.map((end) => [end, []]))
  const receivers = new Set<{ readonly plan: ReceiverPlan; channel: Channel | null }>()
  const listeners: ((end: End) => void)[] = []

  const isOpen = (end: End) => connections.get(end)?.open === true

  function keepOpen(end: End, retryMs: number): void {
    if (!life.alive) return
    const at = end === 'own' ? id : parent
    if (at === null) return
    if (!world.reachable(id, at)) {
      scheduler.after(random.int(retryMs, 2 * retryMs), () => keepOpen(end, Math.min(2 * retryMs, maxRetryMs)))
      return
    }
    const connection = openConnection({
      scheduler,
      random,
      broker: world.broker(at),
      from: end === 'own' ? null : id,
      doubling: world.doubling,
      onPublished: (queue, frame, from) => world.observer.published(at, queue, frame, from),
      onClose: () => {
        stopReceivers()
        scheduler.after(random.int(firstRetryMs, 2 * firstRetryMs), () => keepOpen(end, firstRetryMs))
      },
    })
    connections.set(end, connection)
    startReceivers()
    for (const resume of waiting.get(end)?.splice(0) ?? []) resume()
    for (const listener of listeners) listener(end)
  }

  function startReceivers(): void {
    for (const receiver of receivers) {
      const { plan } = receiver
      if (receiver.channel !== null || ![plan.on, ...plan.needs].every(isOpen)) continue
      const channel = connections.get(plan.on)?.consume(plan.queue, prefetch, (delivery) => {
        if (life.alive && receiver.channel === channel) plan.onDelivery(delivery)
      })
      receiver.channel = channel ?? null
    }
  }

  function stopReceivers(): void {
    for (const receiver of receivers) {
      const { plan, channel } = receiver
      if (channel === null || [plan.on, ...plan.needs].every(isOpen)) continue
      receiver.channel = null
      channel.close()
    }
  }

  function end(receiver: { readonly plan: ReceiverPlan; channel: Channel | null }): void {
    receivers.delete(receiver)
    receiver.channel?.close()
    receiver.channel = null
  }

  for (const each of ends) scheduler.after(random.int(1, 50), () => keepOpen(each, firstRetryMs))

  return {
    isOpen,
    *publish(end, queue, frame) {
      return yield* take<SendOutcome>((resume) => {
        const connection = connections.get(end)
        if (connection === undefined) resume('lost')
        else connection.publish(queue, frame, resume)
      })
    },
    *whenOpen(end) {
      if (isOpen(end)) return
      yield* take<void>((resume) => waiting.get(end)?.push(() => resume()))
    },
    receive(plan) {
      const receiver = { plan, channel: null }
      receivers.add(receiver)
      startReceivers()
      return () => end(receiver)
    },
    follow(next) {
      if (next === parent) return
      const before = parent
      parent = next
      for (const each of ['pub', 'con'] as const) {
        if (before === null) keepOpen(each, firstRetryMs)
        else connections.get(each)?.close()
      }
    },
    onOpen: (listener) => listeners.push(listener),
    connection: (end) => connections.get(end) ?? null,
    closeAll() {
      for (const connection of connections.values()) connection.close()
    },
  }
}
