/**
 * Moves what has climbed into this node's spool on to the parent, frame by frame, unread.
 *
 * Closed way: the consumer's channel is closed, so that frames go back to the queue in order, and
 * traffic inside the subtree never waits for the bridge.
 */
import type { Lane } from '@lienthong/core'
import { lanes } from '@lienthong/core'
import { type Connection, type Delivery, names, type ParentLink, type Receiver } from '@lienthong/link'
import type { Throttle } from './throttle.ts'

export interface Spool {
  /** The way to the parent changed: take or leave. */
  follow(usable: boolean): void
  close(): Promise<void>
}

export interface SpoolParts {
  readonly connection: Connection
  readonly link: ParentLink
  /** Of the bulk lane. */
  readonly throttle: Throttle
  /** False while an administrator keeps everything back. */
  readonly mayLeave: () => boolean
}

export function openSpool(parts: SpoolParts, prefetch: Readonly<Record<Lane, number>>): Spool {
  const receivers = lanes.map((lane) => openLane(parts, { lane, prefetch: prefetch[lane] }))
  return {
    follow(usable) {
      for (const receiver of receivers) {
        if (usable) receiver.resume()
        else void receiver.pause()
      }
    },
    async close() {
      await Promise.all(receivers.map((receiver) => receiver.close()))
    },
  }
}

function openLane(
  { connection, link, throttle, mayLeave }: SpoolParts,
  { lane, prefetch }: { lane: Lane; prefetch: number },
): Receiver {
  async function move(delivery: Delivery): Promise<void> {
    if (lane === 'bulk') await throttle.take(delivery.body.length)
    // It went back to the queue while it waited, and will come again.
    const outcome = mayLeave() ? await link.send(lane, delivery.body) : 'lost'
    if (outcome === 'confirmed') delivery.settle()
    // Anything else: it stays unsettled, and the pause that follows a broken way puts it back in order.
    else void receiver.pause().then(() => link.usable && mayLeave() && receiver.resume())
  }
  const receiver = connection.openReceiver({
    queue: names.up(lane),
    prefetch,
    onDelivery: (delivery) => void move(delivery),
  })
  if (!link.usable || !mayLeave()) void receiver.pause()
  return receiver
}
