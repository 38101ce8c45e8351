/**
 * A TCP connection to a broker: in order both ways, and it can end in two manners.
 *
 *   closed      both sides know at once (process killed, RST)
 *   half-open   bytes vanish; the client notices when a confirm is late, the broker only by its
 *               heartbeat, and until then it keeps the unacked messages checked out
 */
import type { NodeId } from '@lienthong/core'
import type { Broker, Consumer, Message } from './broker.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { Frame } from './wire.ts'

export type SendOutcome = 'confirmed' | 'nacked' | 'lost'

/** Without traffic a client gives a connection up after this, ms. */
const confirmTimeoutMs = 10_000
/** A broker frees what a half-open connection holds after this, ms. */
const heartbeatMs = 20_000

export interface Delivery {
  readonly message: Message
  /** Acknowledges; without effect once the channel is gone. */
  ack(): void
}

export interface Channel {
  /** Ends the consumer; its unacked messages go back to the queue. */
  close(): void
}

export interface Connection {
  readonly open: boolean
  publish(queue: string, frame: Frame, done: (outcome: SendOutcome) => void): void
  consume(queue: string, prefetch: number, onDelivery: (delivery: Delivery) => void): Channel
  close(): void
  goSilent(): void
}

export interface ConnectionOptions {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly broker: Broker
  /** Exchange it publishes through: a child's id, or null for the node's own. */
  readonly from: NodeId | null
  /** Chance that a published frame arrives twice. */
  readonly doubling: () => number
  readonly onPublished: (queue: string, frame: Frame, from: NodeId | null) => void
  readonly onClose: () => void
}

export function openConnection(options: ConnectionOptions): Connection {
  const { scheduler, random, broker, from } = options
  let open = true
  let silent = false
  let lastOut = 0
  let lastIn = 0
  const pending = new Set<(outcome: SendOutcome) => void>()
  const channels = new Set<() => void>()

  /** Carries a step to the broker, behind everything sent before. */
  function outwards(step: () => void): void {
    lastOut = Math.max(lastOut, scheduler.now + random.int(1, 8))
    scheduler.at(lastOut, () => {
      if (open && !silent) step()
    })
  }

  function inwards(step: () => void): void {
    lastIn = Math.max(lastIn, scheduler.now + random.int(1, 8))
    scheduler.at(lastIn, () => {
      if (open && !silent) step()
    })
  }

  function close(): void {
    if (!open) return
    open = false
    const release = [...channels]
    if (silent) scheduler.after(heartbeatMs, () => release.forEach((end) => end()))
    else release.forEach((end) => end())
    const lost = [...pending]
    pending.clear()
    for (const done of lost) done('lost')
    options.onClose()
  }

  return {
    get open() {
      return open
    },
    publish(queue, frame, done) {
      if (!open) return done('lost')
      pending.add(done)
      outwards(() => {
        const outcome = broker.queue(queue).put(from, frame)
        if (outcome === 'confirmed') {
          options.onPublished(queue, frame, from)
          if (random.chance(options.doubling())) broker.queue(queue).put(from, frame)
        }
        inwards(() => {
          if (pending.delete(done)) done(outcome)
        })
      })
    },
    consume(name, prefetch, onDelivery) {
      const queue = broker.queue(name)
      let closed = false
      const consumer: Consumer = {
        prefetch,
        unacked: new Set(),
        push(message) {
          inwards(() => {
            if (!closed) onDelivery({ message, ack: () => outwards(() => queue.ack(consumer, message)) })
          })
        },
      }
      const end = () => queue.detach(consumer)
      channels.add(end)
      outwards(() => {
        if (!closed) queue.attach(consumer)
      })
      return {
        close() {
          closed = true
          // Acks sent before travel ahead of the close.
          outwards(end)
        },
      }
    },
    close,
    goSilent() {
      if (!open || silent) return
      silent = true
      scheduler.after(confirmTimeoutMs, close)
    },
  }
}
