/** When a run is over: nothing is under way any more, but what waits for a node that is away for good. */
import { isSettled, type NodeId } from '@lienthong/core'
import { childOf } from './context.ts'
import type { World } from './world.ts'

/** True for nodes behind (or at) a node that is away for good. */
export function isLostFromSight(world: World, node: NodeId): boolean {
  const { absent } = world.scenario
  return absent !== null && absent.until === null && world.isBelow(node, absent.node)
}

/** What is still under way, in words; empty at rest. `first`: stop at the first find. */
export function underWay(world: World, first = false): string[] {
  const found: string[] = []
  if (world.busy > 0) found.push(`${world.busy} submissions, collections or faults are not over`)
  for (const [id, broker] of world.brokers) {
    if (first && found.length > 0) return found
    if (isLostFromSight(world, id)) continue
    for (const queue of broker.queues.values()) {
      if (queue.size > 0 && !isLostFromSight(world, childOf(queue.name) ?? id))
        found.push(`${queue.size} messages in ${queue.name} of ${id}`)
    }
  }
  for (const node of world.nodes.values()) {
    if (first && found.length > 0) return found
    if (isLostFromSight(world, node.id)) continue
    found.push(...atNode(world, node.id))
  }
  return found
}

export function isAtRest(world: World): boolean {
  return underWay(world, true).length === 0
}

function atNode(world: World, id: NodeId): string[] {
  const found: string[] = []
  const { outbox, mailbox } = world.node(id).store
  const gone = (node: NodeId) => isLostFromSight(world, node)
  for (const record of outbox.records()) {
    if (!isSettled(record) && !gone(record.node)) {
      found.push(`${id} does not know the end of ${record.uid} for ${record.organ}: ${record.state}`)
    }
  }
  for (const copy of outbox.copies) {
    if (!outbox.open(copy.core, copy.to).every(({ node }) => gone(node)))
      found.push(`a copy of ${copy.core.uid} in line at ${id}`)
  }
  for (const { uid, origins } of mailbox.openAssemblies) {
    if (!origins.every(gone)) found.push(`segments of ${uid} are missing at ${id}`)
  }
  for (const notice of mailbox.notices) {
    if (!gone(notice.row.origin))
      found.push(`${notice.row.uid} collected by ${notice.row.organ}, not noted by ${notice.row.origin}`)
  }
  return found
}
