/**
 * What comes in by links: from children through the transit queues, from the parent, and back from ways that are no more.
 *
 * ```
 *   (lt.from.<child>) ─▶ lt.transit.*   ─▶ frame ─────▶ pipeline
 *   parent's lt.link.<self>.*           ─▶ hello, canary: answered on the link
 *   lt.link.<child that is none>.*      ─▶ about the directory: to whoever listens
 * ```
 */
import { type Arrival, type Lane, lanes, type NodeId } from '@lienthong/core'
import { answerControl, type Connection, type Delivery, names, type Receiver, type Sender } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import type { Frame } from './frame.ts'
import type { InstanceWatch } from './instances.ts'
import type { Neighbours } from './neighbours.ts'
import { isProven } from './pipeline.ts'
import type { Presence } from './presence.ts'
import { hello } from './uplink.ts'

export interface ArrivalParts {
  readonly connection: Connection
  readonly sender: Sender
  readonly prefetch: Readonly<Record<Lane, number>>
  readonly instances: InstanceWatch
  readonly presence: Presence
  readonly neighbours: Neighbours
  /** Who may speak of its link and the directory. */
  readonly isChild: (id: NodeId) => boolean
  readonly run: (frame: Frame) => void
}

/** How a message came. */
type Way = Pick<Frame, 'arrival' | 'link' | 'lane' | 'again'>

const fromExchange = names.from('')

/** Opens the transit queues. */
export function openTransit(context: NodeContext, parts: ArrivalParts): readonly Receiver[] {
  return lanes.map((lane) => {
    const receiver = parts.connection.openReceiver({
      queue: names.transit(lane),
      prefetch: parts.prefetch[lane],
      onDelivery(delivery) {
        // A child that has left is told so for its last frames: their origins send them another way.
        if (!delivery.exchange.startsWith(fromExchange)) return delivery.settle()
        const child = delivery.exchange.slice(fromExchange.length)
        take(context, parts, delivery, { arrival: { from: 'child', child }, link: child, lane, again })
      },
    })
    const again = redeliver(receiver)
    return receiver
  })
}

/** Takes what a child's queues hold that is none any more. */
export function openReturned(parts: ArrivalParts, gone: NodeId): readonly Receiver[] {
  return lanes.map((lane) => {
    const arrival: Arrival = { from: 'returned' }
    const receiver = parts.connection.openReceiver({
      queue: names.link(gone, lane),
      prefetch: parts.prefetch[lane],
      onDelivery(delivery) {
        // Hellos, canaries and news of the directory were for the child alone.
        if (delivery.type !== 'lt.frame') return delivery.settle()
        parts.run(frameOf(delivery, { arrival, link: gone, lane, again }))
      },
    })
    const again = redeliver(receiver)
    return receiver
  })
}

/** A message of a neighbour: a frame, or something about the link or the directory. */
export function take(context: NodeContext, parts: ArrivalParts, delivery: Delivery, way: Way): void {
  const { type } = delivery
  const { arrival } = way
  if ((type === 'lt.hello' || type === 'lt.canary') && arrival.from === 'child') {
    return control(context, parts, delivery, arrival.child)
  }
  if (type === 'lt.directory') return takeDirectory(context, parts, delivery, way)
  parts.run(frameOf(delivery, way))
}

/** A hello or canary of a child: answered on its link, nothing else. */
function control(context: NodeContext, parts: ArrivalParts, delivery: Delivery, child: NodeId): void {
  if (delivery.userId !== child || !parts.isChild(child)) return delivery.settle()
  parts.presence.heard(child, delivery.type === 'lt.hello' ? delivery.body : null)
  if (delivery.type === 'lt.hello') parts.instances.seen(child, delivery.body)
  const answer = answerControl(delivery, hello(context))
  const sent = answer === null ? Promise.resolve() : parts.sender.send(answer)
  void sent.then(() => delivery.settle())
  if (delivery.type === 'lt.hello') parts.neighbours.linked(child, true)
}

/** Acknowledged at once: frames behind it do not wait until it has been understood. What is lost is asked for again. */
function takeDirectory(context: NodeContext, parts: ArrivalParts, delivery: Delivery, way: Way): void {
  const { arrival, link } = way
  const known = arrival.from === 'parent' || (arrival.from === 'child' && parts.isChild(arrival.child))
  if (known && isProven(context, { delivery, arrival, link })) parts.neighbours.heard(link, delivery.body)
  delivery.settle()
}

function frameOf(delivery: Delivery, way: Way): Frame {
  return { delivery, ...way, segments: [], pending: [] }
}

/** Puts unsettled deliveries back in their queue, in order, and takes them again; many calls make one turn. */
function redeliver(receiver: Receiver): () => void {
  let turning = false
  return () => {
    if (turning) return
    turning = true
    void receiver.pause().then(() => {
      setTimeout(() => {
        turning = false
        receiver.resume()
      }, 200)
    })
  }
}
