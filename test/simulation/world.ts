/** One run: builds the federation of a scenario, lets things happen to it, and waits for it to come to rest. */
import { type CompiledDirectory, compileDirectory, lanes, type NodeId, type OrganId } from '@lienthong/core'
import { type Broker, createBroker } from './broker.ts'
import { declareQueues, laneQueues, type Surroundings } from './context.ts'
import { breakThings } from './faults.ts'
import type { Mechanisms } from './mechanisms.ts'
import { createNode, type SimNode } from './node.ts'
import { createObserver, type Observer, type Watch } from './observer.ts'
import type { Outbox, Submission } from './outbox.ts'
import { type Random, seededRandom } from './random.ts'
import { isAtRest } from './rest.ts'
import type { PlannedDocument, Scenario } from './scenario.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'
import type { End } from './ways.ts'

const lookEveryMs = 15_000
/** A run that takes more than this for each node has gone wild. */
const maxStepsPerNode = 250_000
/** Looks at rest in a row before a run counts as over: what is in the air would have landed. */
const looksAtRest = 3
/** Document software tries again when no answer came, ms. */
const submitRetryMs = 3_000
const crashRestMs = { low: 100, high: 20_000 }

export interface World {
  readonly scenario: Scenario
  readonly mechanisms: Mechanisms
  readonly scheduler: Scheduler
  readonly random: Random
  readonly observer: Observer
  readonly nodes: ReadonlyMap<NodeId, SimNode>
  readonly brokers: ReadonlyMap<NodeId, Broker>
  /** The newest directory anywhere. */
  directory: CompiledDirectory
  /** Submissions not yet answered, documents not yet collected, faults not yet over. */
  busy: number
  readonly brokersDown: Set<NodeId>
  /** Children whose link to the parent is cut. */
  readonly cut: Set<NodeId>
  /** Called when a node has opened a connection. */
  readonly onOpen: Set<(node: NodeId, end: End) => void>
  /** By the directory of the start. */
  isBelow(node: NodeId, top: NodeId): boolean
  /** By any directory of this run. */
  isEverBelow(node: NodeId, top: NodeId): boolean
  node(id: NodeId): SimNode
  servingNode(organ: OrganId): SimNode
  submit(document: PlannedDocument): void
}

export type Trace = ((line: string) => void) | null

export interface RunOptions {
  readonly mechanisms: Mechanisms
  readonly trace?: Trace
  /** What happens beside the scenario's faults and moves. */
  readonly script?: (world: World) => void
  readonly watch?: Watch | null
  /** Told now and then how far it is. */
  readonly looked?: (world: World) => void
}

/** Runs a scenario to rest, to the deadline, or to the first violation that shows at once. */
export function runWorld(scenario: Scenario, options: RunOptions): World {
  const world = buildWorld(scenario, options)
  for (const document of scenario.documents) {
    world.busy += 1
    world.scheduler.at(document.at, () => world.submit(document))
  }
  breakThings(world)
  options.script?.(world)
  let rested = 0
  let lastLook = 0
  world.scheduler.run({
    until: scenario.deadline,
    everyMs: lookEveryMs,
    stop: () => {
      if (world.observer.violations.length > 0) return true
      if (world.scheduler.now < lastLook + lookEveryMs) return false
      lastLook = world.scheduler.now
      options.looked?.(world)
      rested = isAtRest(world) ? rested + 1 : 0
      return rested >= looksAtRest
    },
  })
  return world
}

function buildWorld(scenario: Scenario, { mechanisms, trace = null, watch = null }: RunOptions): World {
  const scheduler = createScheduler(maxStepsPerNode * scenario.directory.nodes.length)
  const random = seededRandom(scenario.seed ^ 0x5eed)
  const observer = createObserver({
    scheduler,
    trace,
    watch,
    onRow: (uid, generation, organ) => collectLater(uid, generation, organ),
  })
  const nodes = new Map<NodeId, SimNode>()
  const brokers = new Map<NodeId, Broker>()
  const directory = compileDirectory(scenario.directory, scenario.calendarStart)
  const { tree } = directory
  const trees = [tree, ...scenario.moves.map((move) => compileDirectory(move.directory, 0).tree)]
  let strikesLeft = scenario.maxStrikes

  const world: World = {
    scenario,
    mechanisms,
    scheduler,
    random,
    observer,
    nodes,
    brokers,
    directory,
    busy: 0,
    brokersDown: new Set(),
    cut: new Set(),
    onOpen: new Set(),
    isBelow: tree.isBelow,
    isEverBelow: (node, top) => trees.some((each) => each.isBelow(node, top)),
    node: (id) => must(nodes.get(id), id),
    servingNode(organ) {
      return world.node(world.directory.index.keeperOf(organ)?.node ?? '')
    },
    submit(document) {
      const submission: Submission = { ...document }
      let answered = false
      const attempt = () => {
        if (answered) return
        const node = world.servingNode(document.from)
        node.submit(submission, () => {
          if (!answered) world.busy -= 1
          answered = true
        })
        // An absent node's own software waits with it.
        if (isGone(node.id)) world.busy -= 1
        else scheduler.after(submitRetryMs, attempt)
      }
      attempt()
    },
  }

  function isGone(node: NodeId): boolean {
    const { absent } = scenario
    return absent !== null && absent.until === null && absent.node === node && scheduler.now >= absent.from
  }

  function collectLater(uid: string, generation: number, organ: OrganId): void {
    if (!random.chance(0.7)) return
    world.busy += 1
    const attempt = () => {
      const node = world.servingNode(organ)
      if (!node.alive && !isGone(node.id)) return scheduler.after(submitRetryMs, attempt)
      world.busy -= 1
      node.collect(uid, generation, organ)
    }
    scheduler.after(random.int(100, 60_000), attempt)
  }

  const surroundings: Surroundings = {
    scheduler,
    random,
    mechanisms,
    observer,
    scenario,
    broker: (node) => must(brokers.get(node), node),
    reachable: (node, broker) => !world.brokersDown.has(broker) && (node === broker || !world.cut.has(node)),
    doubling: () => (scheduler.now < scenario.faultsEnd ? scenario.doubling : 0),
    opened(node, end) {
      for (const listener of world.onOpen) listener(node, end)
    },
    strikes(node) {
      if (strikesLeft === 0 || scheduler.now >= scenario.faultsEnd || !random.chance(scenario.crashRate)) return false
      strikesLeft -= 1
      scheduler.after(random.int(crashRestMs.low, crashRestMs.high), () => world.node(node).start())
      return true
    },
  }

  for (const { id } of scenario.directory.nodes) {
    const broker = createBroker(id)
    declareQueues(broker, tree.childrenOf(id))
    brokers.set(id, broker)
  }
  for (const { child, messages } of scenario.queueLimits) {
    const parent = tree.parentOf(child) ?? ''
    for (const lane of lanes) surroundings.broker(parent).queue(laneQueues.link(child, lane)).limit = messages
  }
  for (const { id } of scenario.directory.nodes) {
    const node = createNode(id, directory, surroundings)
    nodes.set(id, node)
    node.start()
  }
  return world
}

export type { Outbox }

function must<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`no ${name} in this world`)
  return value
}
