/** Lets the faults of a scenario happen, and heals them when their time is over. */
import { compileDirectory, type Directory, lanes, type NodeId, type OrganId } from '@lienthong/core'
import { laneQueues } from './context.ts'
import { forge } from './forgery.ts'
import { rowKey } from './observer.ts'
import { run } from './process.ts'
import type { Fault, Move } from './scenario.ts'
import { ends } from './ways.ts'
import type { World } from './world.ts'

export function breakThings(world: World): void {
  for (const fault of world.scenario.faults) {
    world.busy += 1
    world.scheduler.at(fault.at, () => {
      strike(world, fault, () => {
        world.busy -= 1
      })
    })
  }
  for (const move of world.scenario.moves) {
    world.busy += 1
    world.scheduler.at(move.at, () => carryOut(world, move))
  }
}

/** `over` is called when the fault is healed; at once for one that is for good. */
function strike(world: World, fault: Fault, over: () => void): void {
  switch (fault.kind) {
    case 'crash': {
      const node = world.node(fault.node)
      node.crash()
      if (fault.forMs === Number.POSITIVE_INFINITY) return over()
      return heal(world, fault.forMs, () => {
        node.start()
        over()
      })
    }
    case 'drop':
      world.node(fault.node).ways?.connection(fault.end)?.close()
      return over()
    case 'silence':
      world.node(fault.node).ways?.connection(fault.end)?.goSilent()
      return over()
    case 'cut':
      return cut(world, fault, over)
    case 'broker':
      return stopBroker(world, fault, over)
    case 'refusal':
      refuse(world, fault.uid)
      return over()
    case 'forgery':
      tryForgery(world, fault.node)
      return over()
  }
}

function heal(world: World, afterMs: number, run: () => void): void {
  world.scheduler.after(afterMs, run)
}

function cut(world: World, fault: Extract<Fault, { kind: 'cut' }>, over: () => void): void {
  world.cut.add(fault.node)
  for (const end of ['pub', 'con'] as const) {
    const connection = world.node(fault.node).ways?.connection(end)
    if (fault.silent) connection?.goSilent()
    else connection?.close()
  }
  heal(world, fault.forMs, () => {
    world.cut.delete(fault.node)
    over()
  })
}

function stopBroker(world: World, fault: Extract<Fault, { kind: 'broker' }>, over: () => void): void {
  world.brokersDown.add(fault.node)
  for (const node of world.nodes.values()) {
    for (const end of ends) {
      const at = end === 'own' ? node.id : node.store.parent
      if (at === fault.node) node.ways?.connection(end)?.close()
    }
  }
  if (fault.wiped) for (const queue of world.brokers.get(fault.node)?.queues.values() ?? []) queue.wipe()
  heal(world, fault.forMs, () => {
    world.brokersDown.delete(fault.node)
    over()
  })
}

/** Only who has a document can send it back. */
function refuse(world: World, uid: string): void {
  const { observer, random, scenario } = world
  const has = observer.duties.filter(
    (duty) => duty.uid === uid && observer.rows.has(rowKey(uid, duty.generation, duty.organ)),
  )
  const document = scenario.documents.find((planned) => planned.uid === uid)
  if (has.length === 0 || document === undefined) return
  const duty = random.pick(has)
  world.node(duty.origin).store.outbox.refuse(uid, duty.organ)
  world.busy += 1
  world.submit({ ...document, recipients: [duty.organ] })
}

function tryForgery(world: World, captured: NodeId): void {
  const { random, scheduler, observer, nodes, directory } = world
  const node = world.node(captured)
  const ways = node.ways
  if (ways === null || !ways.isOpen('pub')) return
  const foreign = [...nodes.keys()].filter((id) => !world.isEverBelow(id, captured))
  // Whoever serves a recipient, served it or will serve it has a say about it.
  const served = (organ: OrganId) => [
    world.scenario.directory.organisations.find(({ id }) => id === organ)?.node ?? '',
    ...world.scenario.moves.flatMap((move) => (move.kind === 'mailbox' && move.organ === organ ? move.to : [])),
  ]
  const duties = observer.duties.filter(
    ({ uid, generation, organ }) =>
      !served(organ).some((id) => world.isEverBelow(id, captured)) &&
      !observer.rows.has(rowKey(uid, generation, organ)),
  )
  const segment = forge({
    random,
    now: scheduler.now,
    captured,
    foreign,
    duties,
    directoryVersion: directory.directory.version,
  })
  if (segment === null) return
  const life = { alive: true, afterEffect: () => undefined }
  run(life, ways.publish('pub', laneQueues.transit(random.pick(lanes)), [segment]))
}

function withoutFormer(directory: Directory): Directory {
  const organisations = directory.organisations.map(({ formerNodes: _former, ...each }) => each)
  return { ...directory, organisations }
}

/**
 * Those concerned change at one instant, with the rows of a mailbox handed over; the others when word reaches them.
 * Where a node goes is known at the new parent before the old one has learned that it left.
 */
function carryOut(world: World, move: Move): void {
  const { scheduler, random, nodes } = world
  const said = world.mechanisms.formerNodes ? move.directory : withoutFormer(move.directory)
  const directory = compileDirectory(said, world.scenario.calendarStart + scheduler.now)
  world.directory = directory
  const concerned = move.kind === 'node' ? [move.node, move.to] : [move.from, move.to]
  if (move.kind === 'mailbox' && !move.wired && world.mechanisms.handover) {
    world.node(move.from).store.mailbox.handOver(move.organ, world.node(move.to).store.mailbox)
  }
  for (const id of concerned) world.node(id).adopt(directory)
  if (move.kind === 'node') world.node(move.node).follow(move.to)
  let left = nodes.size - concerned.length
  const learned = () => {
    left -= 1
    if (left === 0) world.busy -= 1
  }
  if (left === 0) world.busy -= 1
  for (const node of nodes.values()) {
    if (concerned.includes(node.id)) continue
    scheduler.after(random.int(0, move.spreadMs), () => {
      node.adopt(directory)
      learned()
    })
  }
}
