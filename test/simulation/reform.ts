/**
 * The day on which the tree changes, as a script of one run: everything was announced before and takes hold at midnight; then
 * nodes join their new parents, those that are done empty themselves and leave, and word of it goes from node to node.
 */
import { type CompiledDirectory, compileDirectory, isSettled, type NodeId } from '@lienthong/core'
import { processorMs } from './machine.ts'
import type { Registry } from './national-announcements.ts'
import type { Country } from './national-country.ts'
import type { World } from './world.ts'

export interface ReformPlan {
  readonly country: Country
  readonly registry: Registry
  /** Midnight, virtual ms. */
  readonly at: number
  /** Nodes change their parents one after the other during this time, ms. */
  readonly windowMs: number
  /** What was said during this time makes one batch, ms. */
  readonly batchMs: number
}

/** What one batch came to. */
export interface Batch {
  readonly version: number
  readonly at: number
  readonly entries: number
  /** To judge, merge and compile it once, ms of processor time. */
  readonly compileMs: number
  /** How long each node took to learn of it, or of a newer one, virtual ms. */
  readonly delaysMs: number[]
}

export interface ReformLog {
  readonly batches: readonly Batch[]
  readonly rejoined: number
  readonly left: number
  /** Nodes that should have joined elsewhere or left, and have not. */
  readonly unfinished: number
  /** Nodes that do not route by the newest directory. */
  readonly unaware: number
}

/** Clocks of nodes differ by this much either way, ms. */
const clockSkewMs = 2_000
/** To judge, store and compile an announcement and to send it on, ms. */
const hopMs = { low: 1_000, high: 4_000 }

export function carryOutReform(world: World, plan: ReformPlan): ReformLog {
  const { scheduler, random, scenario, mechanisms } = world
  const { country, registry } = plan
  const batches: Batch[] = []
  const left = new Set<NodeId>()
  const rejoining = new Map(
    country.rejoining.map(({ node, to }) => [node, { to, at: plan.at + random.int(0, plan.windowMs) }]),
  )
  const leaving = new Map(country.leaving.map(({ node, heir }) => [node, heir]))
  /** Who has joined elsewhere, and the parent that has yet to dismiss it. */
  const dismissing = new Map<NodeId, NodeId>()
  /** Once the last batch is out: nodes that have not heard of it. */
  let lagging: Set<NodeId> | null = null
  let rejoined = 0
  world.busy += 1
  world.onOpen.add((node, end) => {
    const { parent } = world.node(node).store
    if (end !== 'con' || parent === null || !mechanisms.catchUp) return
    tell(node, parent)
    tell(parent, node)
  })
  scheduler.at(plan.at - clockSkewMs, midnight)
  scheduler.at(plan.at + plan.batchMs, batch)

  /** Each by its own clock. */
  function midnight(): void {
    const after = compileDirectory(world.directory.directory, scenario.calendarStart + plan.at)
    world.directory = after
    for (const node of world.nodes.values()) {
      scheduler.after(random.int(0, 2 * clockSkewMs), () => {
        node.adopt(after)
        const heir = leaving.get(node.id)
        if (heir !== undefined && mechanisms.handover) handOver(node.id, heir)
      })
    }
  }

  /** Whoever takes over answers for what was delivered before. */
  function handOver(node: NodeId, heir: NodeId): void {
    const { mailbox } = world.node(node).store
    for (const organ of registry.servedBy(node)) mailbox.handOver(organ, world.node(heir).store.mailbox)
  }

  function batch(): void {
    const started = processorMs()
    joinElsewhere()
    for (const [node, parent] of dismissing) {
      if (!reachesTop(parent)) continue
      registry.dismiss(parent, node)
      dismissing.delete(node)
    }
    const emptied = leaveEmptied()
    const at = scenario.calendarStart + scheduler.now
    const { directory, said } = registry.publish(at)
    world.directory = compileDirectory(directory, at)
    const compileMs = processorMs() - started
    batches.push({
      version: directory.version,
      at: scheduler.now,
      entries: directory.organisations.length,
      compileMs,
      delaysMs: [],
    })
    for (const id of emptied) world.node(id).crash()
    const isLast = rejoining.size + leaving.size + dismissing.size === 0
    if (isLast) lagging = new Set([...world.nodes.keys()].filter((id) => !left.has(id)))
    else scheduler.after(plan.batchMs, batch)
    for (const id of said) learn(id, world.directory)
  }

  function joinElsewhere(): void {
    for (const [node, { to, at }] of rejoining) {
      if (at > scheduler.now || world.cut.has(node) || !reachesTop(to)) continue
      const { parent } = world.node(node).store
      rejoining.delete(node)
      rejoined += 1
      registry.rejoin(node, to)
      if (parent !== null) dismissing.set(node, parent)
      // The new parent knows it before it comes.
      scheduler.after(0, () => world.node(node).follow(to))
    }
  }

  /** Those with nothing below them, nothing under way and an heir in its place. */
  function leaveEmptied(): readonly NodeId[] {
    const gone: NodeId[] = []
    for (const [node, heir] of leaving) {
      if (rejoining.has(heir) || registry.hasChildren(node) || !reachesTop(node) || !reachesTop(heir)) continue
      if (!isEmpty(node)) continue
      leaving.delete(node)
      left.add(node)
      gone.push(node)
      registry.leave(node, heir)
    }
    return gone
  }

  /** Nothing on the way to the top is cut. */
  function reachesTop(node: NodeId): boolean {
    for (let at: NodeId | null = node; at !== null; at = world.node(at).store.parent)
      if (world.cut.has(at)) return false
    return true
  }

  function learn(id: NodeId, directory: CompiledDirectory): void {
    const node = world.node(id)
    const before = node.known.directory.version
    if (left.has(id) || directory.directory.version <= before) return
    for (const each of batches) {
      if (each.version > before && each.version <= directory.directory.version) {
        each.delaysMs.push(scheduler.now - each.at)
      }
    }
    node.adopt(directory)
    lagging?.delete(id)
    if (lagging?.size === 0) {
      lagging = null
      world.busy -= 1
    }
    const { parent } = node.store
    if (parent !== null) tell(id, parent)
    for (const child of world.brokers.get(id)?.children ?? [])
      if (world.node(child).store.parent === id) tell(id, child)
  }

  /** Between neighbours whose link is open, and stays open until the word has come. */
  function tell(from: NodeId, to: NodeId): void {
    const word = world.node(from).known
    if (word.directory.version <= world.node(to).known.directory.version) return
    const child = world.node(from).store.parent === to ? from : to
    if (!isLinked(child)) return
    scheduler.after(random.int(hopMs.low, hopMs.high), () => {
      if (isLinked(child)) learn(to, word)
    })
  }

  function isLinked(child: NodeId): boolean {
    return world.node(child).ways?.isOpen('con') === true
  }

  /** Nothing of its own is under way, and nothing waits at its broker. */
  function isEmpty(id: NodeId): boolean {
    const { outbox, mailbox } = world.node(id).store
    if (outbox.copies.length > 0 || mailbox.openAssemblies.length > 0) return false
    for (const queue of world.brokers.get(id)?.queues.values() ?? []) if (queue.size > 0) return false
    for (const _ of mailbox.notices) return false
    for (const record of outbox.records()) if (!isSettled(record)) return false
    return true
  }

  return {
    batches,
    get rejoined() {
      return rejoined
    },
    get left() {
      return left.size
    },
    get unfinished() {
      return rejoining.size + leaving.size
    },
    get unaware() {
      return [...world.nodes.values()].filter(({ id, known }) => !left.has(id) && known !== world.directory).length
    },
  }
}
