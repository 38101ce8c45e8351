/** A simulated relay: its store outlives it, everything else ends with each life. */
import {
  type CompiledDirectory,
  handoverTo,
  type Lane,
  lanes,
  type NodeId,
  type OrganId,
  type Signal,
  tableOf,
} from '@lienthong/core'
import { declareQueues, type LifeContext, laneQueues, type NodeStore, type Surroundings, visit } from './context.ts'
import { type Custody, createCustody } from './custody.ts'
import { createDispatch, type Dispatch } from './dispatch.ts'
import { createHandover } from './handover.ts'
import { createMailbox } from './mailbox.ts'
import { createOutbox, type Submission } from './outbox.ts'
import { type Life, type Process, run, take } from './process.ts'
import { createServing, type Serving } from './serving.ts'
import { createTransit, type Transit } from './transit.ts'
import { openWays, type Ways } from './ways.ts'
import type { Segment } from './wire.ts'

export interface SimNode {
  readonly id: NodeId
  readonly store: NodeStore
  readonly alive: boolean
  /** Connections of this life, for faults; null while it is down. */
  readonly ways: Ways | null
  /** What it routes by. */
  readonly known: CompiledDirectory
  start(): void
  crash(): void
  /** `onReply` is called when the document is durable – unless the node dies first. */
  submit(document: Submission, onReply: () => void): void
  collect(uid: string, generation: number, organ: OrganId): void
  /** Routes by this from now on, unless it is older than what it routes by. */
  adopt(directory: CompiledDirectory): void
  /** Connects to another parent. What climbs waits in its spool meanwhile. */
  follow(parent: NodeId): void
}

interface Running {
  readonly context: LifeContext
  readonly dispatch: Dispatch
  readonly custody: Custody
  /** The children are others. */
  takeBack(): void
  /** Other nodes may keep now what stands here. */
  handOver(): void
  end(): void
}

export function createNode(id: NodeId, directory: CompiledDirectory, world: Surroundings): SimNode {
  const { mechanisms } = world
  const table = tableOf(directory, { self: id, version: 1 })
  const store: NodeStore = {
    outbox: createOutbox(mechanisms),
    mailbox: createMailbox(mechanisms),
    table,
    parent: table.parent,
  }
  let known = directory
  let running: Running | null = null

  const node: SimNode = {
    id,
    store,
    get alive() {
      return running !== null
    },
    get ways() {
      return running?.context.ways ?? null
    },
    get known() {
      return known
    },
    start() {
      running ??= startLife(id, store, world, () => node.crash())
    },
    crash() {
      const ended = running
      running = null
      ended?.end()
    },
    submit(document, onReply) {
      const life = running
      if (life === null) return
      life.context.spawn(
        (function* () {
          yield* life.context.commit(() => {
            for (const { core } of store.outbox.accept(document, store.table, world.scheduler.now)) {
              world.observer.accepted(id, core)
            }
          })
          onReply()
          life.dispatch.pump()
        })(),
      )
    },
    collect(uid, generation, organ) {
      const life = running
      if (life === null) return
      life.context.spawn(
        (function* () {
          const row = yield* life.context.commit(() =>
            store.mailbox.collect(uid, generation, organ, { now: world.scheduler.now, node: id }),
          )
          if (row !== null)
            life.context.post(row.origin, 'express', { type: 'collected', uid, generation, receipts: [row] })
          life.custody.wake()
        })(),
      )
    },
    adopt(newer) {
      if (newer.directory.version < known.directory.version) return
      if (newer.directory.version === known.directory.version && newer.at <= known.at) return
      known = newer
      store.table = tableOf(newer, { self: id, version: store.table.version + 1 })
      declareQueues(world.broker(id), store.table.children)
      store.outbox.adopt(store.table, world.scheduler.now)
      if (mechanisms.handover) store.mailbox.forsake((organ) => handoverTo(store.table, organ) !== null)
      running?.takeBack()
      running?.handOver()
      running?.custody.wake()
      running?.dispatch.pump()
    },
    follow(parent) {
      store.parent = parent
      running?.context.ways.follow(parent)
    },
  }
  return node
}

function startLife(id: NodeId, store: NodeStore, world: Surroundings, crash: () => void): Running {
  const { scheduler, random, observer } = world
  let alive = true
  const life: Life = {
    get alive() {
      return alive
    },
    afterEffect() {
      if (alive && world.strikes(id)) crash()
    },
  }
  const ways = openWays(life, world, id, store.parent)
  let lastCommit = 0
  let posted = 0
  const context: LifeContext = {
    id,
    life,
    store,
    world,
    ways,
    *commit(transaction) {
      return yield* take((resume) => {
        // One writer: transactions do not overtake each other.
        lastCommit = Math.max(lastCommit, scheduler.now + random.int(1, 4))
        scheduler.at(lastCommit, () => {
          if (alive) resume(transaction())
        })
      })
    },
    spawn: (process) => run(life, process),
    post: (to, lane, signal) => run(life, postSignal(to, lane, signal)),
  }
  const handOver = createHandover(context, () => dispatch.pump())
  const serving: Serving = createServing(
    context,
    () => custody,
    () => {
      handOver()
      // What was collected before it came here is told from here.
      custody.wake()
    },
  )
  const transit: Transit = createTransit(context, serving)
  const dispatch: Dispatch = createDispatch(context, {
    transit,
    serving,
    holds: () => custody.holds,
    onDispatched: () => custody.wake(),
    hold: (copy, places) => custody.hold(copy, places),
  })
  const custody: Custody = createCustody(context, () => dispatch.pump(), handOver)

  /** Signals wait in memory only: a lost one is repaired by a query. */
  function* postSignal(to: NodeId, lane: Lane, signal: Signal): Process {
    const hop = store.table.hopToNode(to)
    if (hop === 'mailbox') return yield* custody.handle(id, [signal])
    if (hop === null) return
    const segment = sealSignal(to, lane, signal)
    for (;;) {
      yield* ways.whenOpen('own')
      if ((yield* transit.forward(hop, lane, [segment])) !== 'lost') return
    }
  }

  function sealSignal(to: NodeId, lane: Lane, signal: Signal): Segment {
    const uid = `signal ${id} ${observer.nextSending()} ${posted++}`
    return {
      envelope: {
        core: {
          version: 1,
          uid,
          generation: 1,
          kind: 'signal',
          businessType: 0,
          from: id,
          documentId: uid,
          recipients: [to],
          size: 1,
          sha256: uid,
          segmentBytes: 1,
          lane,
          sealedAt: scheduler.now,
          directoryVersion: store.table.directoryVersion,
        },
        origin: id,
        to: [0],
        segment: 0,
        path: [visit(context)],
      },
      sealedBy: id,
      signals: [signal],
      mark: { forged: false, sending: 0 },
    }
  }

  for (const lane of lanes) {
    ways.receive({
      queue: laneQueues.transit(lane),
      on: 'own',
      needs: [],
      onDelivery: (delivery) => {
        const child = delivery.message.from ?? ''
        context.spawn(transit.take(delivery, { from: 'child', child }, lane))
      },
    })
    ways.receive({
      queue: laneQueues.up(lane),
      on: 'own',
      needs: ['pub'],
      onDelivery: (delivery) => context.spawn(transit.climb(delivery, lane)),
    })
    ways.receive({
      queue: laneQueues.link(id, lane),
      on: 'con',
      needs: ['own'],
      onDelivery: (delivery) => context.spawn(transit.take(delivery, { from: 'parent' }, lane)),
    })
  }
  /** From queues of children that are none any more. */
  const taking = new Map<NodeId, (() => void)[]>()
  function takeBack(): void {
    const children = new Set(store.table.children)
    for (const [child, ends] of taking) {
      if (!children.has(child)) continue
      for (const end of ends) end()
      taking.delete(child)
    }
    if (!world.mechanisms.takeBack) return
    for (const child of world.broker(id).children) {
      if (children.has(child) || taking.has(child)) continue
      const ends = lanes.map((lane) =>
        ways.receive({
          queue: laneQueues.link(child, lane),
          on: 'own',
          needs: [],
          onDelivery: (delivery) => context.spawn(transit.take(delivery, { from: 'returned' }, lane)),
        }),
      )
      taking.set(child, ends)
    }
  }
  takeBack()

  ways.onOpen((end) => {
    dispatch.pump()
    if (end === 'pub') custody.hurry()
    world.opened(id, end)
  })
  custody.wake()
  handOver()

  return {
    context,
    dispatch,
    custody,
    takeBack,
    handOver,
    end() {
      alive = false
      ways.closeAll()
    },
  }
}
