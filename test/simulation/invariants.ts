/** The guarantees, checked after a run. Each says in words what broke it. */
import { lanes, type NodeId, recipientNode } from '@lienthong/core'
import { laneQueues } from './context.ts'
import { type Duty, rowKey, type Violation } from './observer.ts'
import type { TrackedRecord } from './outbox.ts'
import { isLostFromSight, underWay } from './rest.ts'
import type { World } from './world.ts'

/** A delivery that nothing stands in the way of takes no longer than this, ms. */
const promptMs = 5_000

export function checkGuarantees(world: World): readonly Violation[] {
  const { observer } = world
  for (const check of [
    nothingLost,
    exactlyOnce,
    readOnce,
    handedOver,
    oneCopyPerLink,
    insideGoesOn,
    orderKept,
    allKnown,
    nothingStranded,
    othersUnharmed,
    recallsTrue,
  ])
    check(world)
  return observer.violations
}

function due(world: World): readonly Duty[] {
  return world.observer.duties.filter(
    ({ origin, organ }) => !isLostFromSight(world, origin) && !isLostFromSight(world, world.servingNode(organ).id),
  )
}

/** G1 */
function nothingLost(world: World): void {
  for (const duty of due(world)) {
    const { uid, generation, organ } = duty
    if (isTakenBack(world, duty)) continue
    if (!world.observer.rows.has(rowKey(uid, generation, organ))) {
      world.observer.violate('G1', `${organ} never got ${uid} (generation ${generation})`)
    }
  }
}

/** Its own sender's recall was there before it, and reached so far; or it is a recall of what another sent. */
function isTakenBack({ observer }: World, { uid, generation, organ, core }: Duty): boolean {
  if (observer.refusedRecalls.has(rowKey(uid, generation, organ))) return true
  return observer.recalls.some(
    (recall) =>
      recall.uid === uid && recall.organ === organ && recall.from === core.from && generation <= recall.generation,
  )
}

/** What an origin was told of a recall is what the mailbox shows, and no mailbox was emptied by anybody else. */
function recallsTrue(world: World): void {
  if (world.observer.recalls.length === 0) return
  for (const node of world.nodes.values()) {
    for (const { core, records } of node.store.outbox.recalls) {
      for (const { organ, effects = [] } of records) {
        effects.forEach((effect, place) => {
          const meant = core.about?.[place]
          if (meant === undefined) return
          const rows = world
            .servingNode(organ)
            .store.mailbox.rowsOf(meant.uid, organ)
            .filter((row) => row.generation <= meant.generation && row.from === core.from)
          const shown = rows.some(({ collectedAt }) => collectedAt !== null)
            ? 'asked'
            : rows.length > 0
              ? 'withdrawn'
              : 'stopped'
          const left = rows.filter((row) => !row.withdrawn && row.collectedAt === null).length
          if (shown !== effect || left > 0) {
            const what = `${core.uid} to ${organ}`
            world.observer.violate('recall', `${what}: told ${effect}, but ${meant.uid} is ${shown}, ${left} unread`)
          }
        })
      }
    }
  }
  for (const { uid, generation, organ, core } of world.observer.duties) {
    const rows = world.servingNode(organ).store.mailbox.rowsOf(uid, organ)
    const row = rows.find((each) => each.generation === generation)
    if (row?.withdrawn === true && !isTakenBack(world, { uid, generation, organ, core } as Duty)) {
      world.observer.violate('recall', `${uid} (generation ${generation}) was taken from ${organ} by another`)
    }
  }
}

/** G2 */
function exactlyOnce(world: World): void {
  if (world.scenario.theme === 'handover') return
  for (const [key, rows] of world.observer.rows) {
    if (rows.length > 1)
      world.observer.violate(
        'G2',
        `${key} is ${rows.length} times in mailboxes: ${rows.map(({ node }) => node).join()}`,
      )
  }
}

/** G2, where mailboxes are handed over: what came to two nodes is shown to its reader once. */
function readOnce(world: World): void {
  if (world.scenario.theme !== 'handover') return
  const shown = new Map<string, Set<string>>()
  for (const node of world.nodes.values()) {
    for (const { uid, generation, organ, left, readAt } of node.store.mailbox.rows) {
      if (recipientNode(organ) !== null) continue
      // Nobody reads from a node that keeps the mailbox no more.
      if (readAt === null && (left !== null || world.servingNode(organ) !== node)) continue
      const key = rowKey(uid, generation, organ)
      shown.set(key, (shown.get(key) ?? new Set()).add(readAt === null ? `waits at ${node.id}` : `read at ${readAt}`))
    }
  }
  for (const [key, places] of shown) {
    if (places.size > 1) world.observer.violate('G2', `${key} is shown twice: ${[...places].join(', ')}`)
  }
}

/** G10: a mailbox is whole at the node that keeps it, what was read before it moved among it. */
function handedOver(world: World): void {
  if (world.scenario.theme !== 'handover') return
  for (const { uid, generation, organ } of due(world)) {
    const { id, store } = world.servingNode(organ)
    const rows = store.mailbox.rowsOf(uid, organ).filter((row) => row.generation === generation && row.left === null)
    if (rows.length === 0) world.observer.violate('G10', `${uid} for ${organ} is not at ${id}, which keeps its mailbox`)
  }
}

/** G3: no link carries a segment of one core twice, but for what a cut left unconfirmed. */
function oneCopyPerLink(world: World): void {
  const { theme } = world.scenario
  if (theme !== 'calm' && theme !== 'outage') return
  const allowed = theme === 'calm' ? 1 : 2
  for (const [key, count] of world.observer.copies) {
    if (count > allowed) world.observer.violate('G3', `${count} copies on ${key}`)
  }
}

/** G5: on either side of a cut, what stays on that side is not delayed. */
function insideGoesOn(world: World): void {
  const { outage } = world.scenario
  if (outage === null) return
  const side = (node: NodeId) => world.isBelow(node, outage.node)
  for (const duty of world.observer.duties) {
    if (side(duty.origin) === side(world.servingNode(duty.organ).id)) prompt(world, duty, 'G5')
  }
  for (const { organ, code } of world.observer.deferrals)
    world.observer.violate('G5', `${organ} was deferred for ${code}`)
}

/** G5: order per (origin, serving node, lane) of documents of one segment, on a route nothing was lost on. */
function orderKept(world: World): void {
  if (!['calm', 'outage'].includes(world.scenario.theme)) return
  const last = new Map<string, { duty: Duty; order: number }>()
  for (const duty of world.observer.duties) {
    const { core, origin, organ } = duty
    const row = world.observer.rows.get(rowKey(duty.uid, duty.generation, organ))?.[0]
    if (core.size > core.segmentBytes || row === undefined) continue
    const stream = `${origin} to ${row.node}, ${core.lane}`
    const before = last.get(stream)
    if (before !== undefined && before.order > row.order && before.duty.core !== core) {
      world.observer.violate('G5', `${duty.uid} overtook ${before.duty.uid} from ${stream}`)
    }
    if (before === undefined || before.order < row.order) last.set(stream, { duty, order: row.order })
  }
}

/** G6: at rest the origin knows the end of each recipient; of one that is away, that it is late. */
function allKnown(world: World): void {
  for (const node of world.nodes.values()) {
    if (isLostFromSight(world, node.id)) continue
    const { outbox } = node.store
    for (const record of outbox.records()) {
      const delivered = record.state === 'delivered' || record.state === 'collected'
      if (delivered || isRecalled(world, record)) continue
      const what = `${node.id}: ${record.uid} for ${record.organ}`
      if (!isLostFromSight(world, record.node)) {
        world.observer.violate('G6', `${what} ended as ${record.state} ${record.code ?? ''}`)
        continue
      }
      const asked = [...outbox.queries].some(
        ({ uid, node: at, nextAt }) => uid === record.uid && at === record.node && nextAt !== null,
      )
      const waits = outbox.copies.some(
        ({ core, to }) => core.uid === record.uid && to.some((place) => core.recipients[place] === record.organ),
      )
      if (!asked && !waits) world.observer.violate('G6', `${what} is ${record.state}, and nothing will ever tell`)
    }
  }
}

/** It ended as recalled, and so it did where it was to go; or as a recall that was refused. */
function isRecalled({ observer }: World, { uid, generation, organ, state, code }: TrackedRecord): boolean {
  const key = rowKey(uid, generation, organ)
  if (state === 'undeliverable') return code === 'RECALL_NOT_SENDER' && observer.refusedRecalls.has(key)
  return state === 'stopped' && !observer.rows.has(key)
}

/** G10: nothing waits on a way that is none any more. */
function nothingStranded(world: World): void {
  for (const broker of world.brokers.values()) {
    const children = new Set(world.directory.tree.childrenOf(broker.node))
    for (const child of broker.children) {
      if (children.has(child)) continue
      const left = lanes.reduce((sum, lane) => sum + broker.queue(laneQueues.link(child, lane)).size, 0)
      if (left > 0)
        world.observer.violate('G10', `${left} messages wait at ${broker.node} for ${child}, which has left`)
    }
  }
}

/** G8: what an absent node has nothing to do with is neither delayed nor deferred, and nothing is left behind. */
function othersUnharmed(world: World): void {
  const { absent } = world.scenario
  if (absent !== null) {
    const away = (node: NodeId) => world.isBelow(node, absent.node)
    for (const duty of world.observer.duties) {
      if (!away(duty.origin) && !away(world.servingNode(duty.organ).id)) prompt(world, duty, 'G8')
    }
    for (const { organ, code } of world.observer.deferrals) {
      if (!away(world.servingNode(organ).id)) world.observer.violate('G8', `${organ} was deferred for ${code}`)
    }
  }
  for (const found of underWay(world)) world.observer.violate('G8', `at the end: ${found}`)
}

function prompt(world: World, duty: Duty, guarantee: 'G5' | 'G8'): void {
  const row = world.observer.rows.get(rowKey(duty.uid, duty.generation, duty.organ))?.[0]
  const took = row === undefined ? Number.POSITIVE_INFINITY : row.at - duty.at
  if (took > promptMs)
    world.observer.violate(guarantee, `${duty.uid} took ${took} ms from ${duty.origin} to ${duty.organ}`)
}
