/** Queues of children that are none any more: what they hold is taken back and routed again. */
import type { NodeId } from '@lienthong/core'
import { lanes } from '@lienthong/core'
import { type BrokerAdmin, names, type Receiver } from '@lienthong/link'

export interface ReturnedWays {
  /** Takes from the queues of those who are not `kept`, as far as the broker has any. Throws what the broker throws. */
  look(): Promise<void>
  /** These have a way again: leaves their queues alone before anybody else takes from them. */
  release(children: Iterable<NodeId>): Promise<void>
  close(): Promise<void>
}

export function watchReturnedWays(parts: {
  readonly admin: Pick<BrokerAdmin, 'queues'>
  /** True for a node that has a way of its own, now or in a moment. */
  readonly isKept: (child: NodeId) => boolean
  readonly open: (gone: NodeId) => readonly Receiver[]
}): ReturnedWays {
  const taking = new Map<NodeId, readonly Receiver[]>()
  let closed = false

  async function end(gone: NodeId): Promise<void> {
    const receivers = taking.get(gone) ?? []
    taking.delete(gone)
    await Promise.all(receivers.map((receiver) => receiver.close()))
  }

  return {
    async look() {
      for (const queue of await parts.admin.queues()) {
        const child = childOf(queue)
        if (child === null || closed || taking.has(child) || parts.isKept(child)) continue
        taking.set(child, parts.open(child))
      }
    },
    async release(children) {
      for (const child of children) await end(child)
    },
    async close() {
      closed = true
      for (const gone of taking.keys()) await end(gone)
    },
  }
}

/** `lt.link.<child>.<lane>`; a child's queues come in pairs, and one of them names it. */
function childOf(queue: string): NodeId | null {
  const [lane] = lanes
  const prefix = names.link('', lane).slice(0, -lane.length - 1)
  const suffix = `.${lane}`
  if (!queue.startsWith(prefix) || !queue.endsWith(suffix)) return null
  return queue.slice(prefix.length, -suffix.length)
}
