/**
 * A broker with quorum queues: what it confirmed survives its restart, unless its data are wiped.
 *
 * Each queue has one active consumer; unacknowledged messages go back to their old places when that
 * consumer's channel ends. A queue at its limit refuses (nack). Redelivery is the only source of
 * disorder, as in the real one.
 */
import type { NodeId } from '@lienthong/core'
import type { Frame } from './wire.ts'

export interface Message {
  readonly place: number
  /** Whose exchange it came through: a child's id, or null for the node's own. */
  readonly from: NodeId | null
  readonly frame: Frame
  redelivered: boolean
}

export interface Consumer {
  readonly prefetch: number
  readonly push: (message: Message) => void
  /** Taken and not acknowledged. */
  readonly unacked: Set<Message>
}

export interface Queue {
  readonly name: string
  /** Messages, ready and unacked, before it refuses more. */
  limit: number
  readonly size: number
  put(from: NodeId | null, frame: Frame): 'confirmed' | 'nacked'
  attach(consumer: Consumer): void
  /** Ends a consumer: what it held is ready again, in order. */
  detach(consumer: Consumer): void
  ack(consumer: Consumer, message: Message): void
  wipe(): void
}

export interface Broker {
  readonly node: NodeId
  readonly queues: ReadonlyMap<string, Queue>
  /** Those that have, or ever had, queues of their own here. */
  readonly children: Iterable<NodeId>
  queue(name: string): Queue
  /** Idempotent. `child`: whose queues they are, when not the node's own. */
  declare(names: readonly string[], child?: NodeId): void
}

export function createBroker(node: NodeId): Broker {
  const queues = new Map<string, Queue>()
  const children = new Set<NodeId>()
  return {
    node,
    queues,
    children,
    declare(names, child) {
      for (const name of names) if (!queues.has(name)) queues.set(name, createQueue(name))
      if (child !== undefined) children.add(child)
    },
    queue(name) {
      const queue = queues.get(name)
      if (queue === undefined) throw new Error(`no queue ${name} at ${node}`)
      return queue
    },
  }
}

function createQueue(name: string): Queue {
  let ready: Message[] = []
  let consumers: Consumer[] = []
  let place = 0
  let unacked = 0

  function pump(): void {
    const active = consumers[0]
    while (active !== undefined && active === consumers[0] && active.unacked.size < active.prefetch) {
      const message = ready.shift()
      if (message === undefined) return
      active.unacked.add(message)
      unacked += 1
      active.push(message)
    }
  }

  const queue: Queue = {
    name,
    limit: Number.POSITIVE_INFINITY,
    get size() {
      return ready.length + unacked
    },
    put(from, frame) {
      if (ready.length + unacked >= queue.limit) return 'nacked'
      ready.push({ place: place++, from, frame, redelivered: false })
      pump()
      return 'confirmed'
    },
    attach(consumer) {
      consumers.push(consumer)
      pump()
    },
    detach(consumer) {
      if (!consumers.includes(consumer)) return
      consumers = consumers.filter((other) => other !== consumer)
      for (const message of consumer.unacked) message.redelivered = true
      unacked -= consumer.unacked.size
      ready = [...consumer.unacked, ...ready].sort((a, b) => a.place - b.place)
      consumer.unacked.clear()
      pump()
    },
    ack(consumer, message) {
      if (!consumer.unacked.delete(message)) return
      unacked -= 1
      pump()
    },
    wipe() {
      ready = []
      unacked = 0
      for (const consumer of consumers) consumer.unacked.clear()
      consumers = []
    },
  }
  return queue
}
