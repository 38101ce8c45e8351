/**
 * Moves what has climbed into this node's spool on to the parent, frame by frame, unread.
 *
 * Closed way: the consumer's channel is closed, so that frames go back to the queue in order, and
 * traffic inside the subtree never waits for the bridge.
 */
import type { Lane } from '@lienthong/core'
import { lanes } from '@lienthong/core'
import { type Connection, type Delivery, names, type ParentLink, type Receiver } from '@lienthong/link'

export interface Spool {
  /** The way to the parent changed: take or leave. */
  follow(usable: boolean): void
  close(): Promise<void>
}

export function openSpool(connection: Connection, link: ParentLink, prefetch: Readonly<Record<Lane, number>>): Spool {
  const receivers = lanes.map((lane) => openLane(connection, link, { lane, prefetch: prefetch[lane] }))
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
  connection: Connection,
  link: ParentLink,
  { lane, prefetch }: { lane: Lane; prefetch: number },
): Receiver {
  async function move(delivery: Delivery): Promise<void> {
    const outcome = await link.send(lane, delivery.body)
    if (outcome === 'confirmed') delivery.settle()
    // Anything else: it stays unsettled, and the pause that follows a broken way puts it back in order.
    else void receiver.pause().then(() => link.usable && receiver.resume())
  }
  const receiver = connection.openReceiver({
    queue: names.up(lane),
    prefetch,
    onDelivery: (delivery) => void move(delivery),
  })
  if (!link.usable) void receiver.pause()
  return receiver
}
