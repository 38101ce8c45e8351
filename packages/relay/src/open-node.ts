/** Puts a node together from its parts, and takes it apart again. */
import { randomBytes } from 'node:crypto'
import { type Lane, maxFrameBytes, RelayError } from '@lienthong/core'
import {
  answerControl,
  type Connection,
  createBrokerAdmin,
  type Delivery,
  type Hello,
  type LinkStatus,
  names,
  openConnection,
  openParentLink,
  type ParentLink,
  type Receiver,
  type Topology,
  wireVersions,
} from '@lienthong/link'
import { createAssembler } from './assembler.ts'
import { shareOut } from './budget.ts'
import { createContext, type NodeContext } from './context.ts'
import type { NodeConfig, RelayHost, RelayNode, SubmitRequest } from './contract.ts'
import { currentTable } from './current-table.ts'
import { createCustodyLoop } from './custody-loop.ts'
import { createDestinations } from './destinations.ts'
import { createDispatchers } from './dispatcher.ts'
import { createForwarder } from './forwarding.ts'
import { createHolds } from './holds.ts'
import { watchInstances } from './instances.ts'
import { deliverLocally } from './local-delivery.ts'
import { openAccess } from './open-access.ts'
import { openDoors } from './open-doors.ts'
import { runPipeline } from './pipeline.ts'
import { createServing } from './serving.ts'
import { createSignalInbox } from './signal-inbox.ts'
import { createSignalPost } from './signal-post.ts'
import { openSpool } from './spool.ts'
import { submitDocument } from './submit.ts'
import { createAmqpDoor } from './submit-over-amqp.ts'
import { type TopologyWatch, watchTopology } from './topology-watch.ts'

/** Documents handed in over AMQP worked on at once. */
const submitPrefetch = 16

/** Starts a node; resolves when its store is open and its broker objects exist (or keeps trying while the broker is away). */
export async function openNode(config: NodeConfig, host: RelayHost): Promise<RelayNode> {
  const table = currentTable(config, Date.now, ({ version }) =>
    host.log('info', 'an organisation opened or closed: routing table compiled', {
      node: config.id,
      detail: { version },
    }),
  )
  const { parent } = table()
  if ((config.parent?.id ?? null) !== parent) {
    throw new RelayError('CONFIG_INVALID', {
      detail: { reason: `the directory says the parent of ${config.id} is ${parent ?? 'none'}` },
    })
  }
  const store = await host.store.open(config.dataDir, { queryTiming: config.queryTiming })
  const context = createContext({ config, host, table, store, instance: randomBytes(8).toString('hex') })
  try {
    return await assemble(context)
  } catch (error) {
    await store.close()
    throw error
  }
}

async function assemble(context: NodeContext): Promise<RelayNode> {
  const { config, store } = context
  const { children } = context.table
  const hello = (): Hello => ({
    node: config.id,
    instance: context.instance,
    versions: wireVersions,
    maxFrameBytes,
    tableVersion: context.table.version,
  })
  const budget = shareOut(context.budgetBytes)
  const { prefetch } = budget

  const admin = createBrokerAdmin({
    managementUrl: config.broker.managementUrl,
    user: config.broker.address.user,
    password: config.broker.address.password,
    vhost: config.broker.address.vhost,
  })
  let watch: TopologyWatch | null = null
  const access = await openAccess(context, {
    onAccounts: () => watch?.redeclare(),
    // While the broker is away nobody can say; then the declaration does, later.
    isReserved: (account) => admin.isAdministrator(account).catch(() => false),
  })
  const topology = (): Topology => ({
    self: config.id,
    children: config.children,
    limits: config.limits,
    ...access.systems.accounts(),
  })
  // Two connections to its own broker as well: under an alarm the broker stops reading from publishers.
  const takes = openConnection({ ...config.broker.address, name: `${config.id} takes` })
  const gives = openConnection({ ...config.broker.address, name: `${config.id} gives` })
  const sender = gives.openSender({ maxInFlightBytes: budget.senderBytes })
  const watching = await watchTopology(context, { admin, topology, connection: takes }).catch(
    async (error: unknown) => {
      await Promise.all([takes.close(), gives.close()])
      throw error
    },
  )
  watch = watching

  let parentLink: ParentLink | null = null
  const destinations = createDestinations({
    children,
    sender,
    parentLink: () => parentLink,
    onReturned: () => watching.suspect(),
    onLate: () => gives.recycle('no confirm in time'),
    now: context.now,
  })
  const post = createSignalPost(
    context,
    destinations,
    (signals) => void inbox.handle(config.id, signals).catch(report(context)),
  )
  const forwarder = createForwarder(context, destinations, post)
  const serving = createServing(context, post, () => assembler)
  const assembler = createAssembler(context, serving, post)
  const holds = createHolds()
  const inbox = createSignalInbox(context, { post, assembler: () => assembler, custody: () => custody })
  const dispatchers = createDispatchers(context, {
    destinations,
    holds,
    deliverLocally: deliverLocally(context, serving),
  })
  const custody = createCustodyLoop(context, { post, dispatchers, holds })
  const instances = watchInstances(context)

  function onFrame(
    arrival: { link: string; child: string | null; lane: Lane; again: () => void },
    delivery: Delivery,
  ): void {
    const from =
      arrival.child === null ? ({ from: 'parent' } as const) : ({ from: 'child', child: arrival.child } as const)
    runPipeline(
      { context, forwarder, serving, inbox },
      {
        delivery,
        lane: arrival.lane,
        link: arrival.link,
        arrival: from,
        again: arrival.again,
        segments: [],
        pending: [],
      },
    )
  }

  function openTransit(lane: Lane): Receiver {
    const childOf = new Map(children.map((child) => [names.from(child), child]))
    const receiver = takes.openReceiver({
      queue: names.transit(lane),
      prefetch: prefetch[lane],
      onDelivery(delivery) {
        const child = childOf.get(delivery.exchange)
        if (child === undefined) return delivery.settle()
        if (delivery.type === 'lt.hello' || delivery.type === 'lt.canary') return control(child, delivery)
        onFrame({ link: child, child, lane, again }, delivery)
      },
    })
    const again = redeliver(receiver)
    return receiver
  }

  /** A hello or canary of a child: answered on its link, nothing else. */
  function control(child: string, delivery: Delivery): void {
    if (delivery.userId !== child) return delivery.settle()
    if (delivery.type === 'lt.hello') instances.seen(child, delivery.body)
    const answer = answerControl(delivery, hello())
    const sent = answer === null ? Promise.resolve() : sender.send(answer)
    void sent.then(() => delivery.settle())
  }

  const receivers: Receiver[] = [openTransit('express'), openTransit('bulk')]
  receivers.push(
    takes.openReceiver({
      queue: names.submit,
      prefetch: submitPrefetch,
      onDelivery: createAmqpDoor(context, { sender, submit, systems: access.systems }),
    }),
  )
  receivers.push(
    takes.openReceiver({
      queue: names.dead,
      prefetch: submitPrefetch,
      onDelivery: (delivery) => void buryReturned(context, delivery).catch(report(context)),
    }),
  )

  let linkStatus: LinkStatus | null = null
  let spool: ReturnType<typeof openSpool> | null = null
  if (config.parent !== null) {
    const parent = config.parent
    const link: ParentLink = openParentLink({
      self: config.id,
      parent: parent.id,
      address: parent.address,
      hello,
      prefetch,
      sender: { maxInFlightBytes: budget.senderBytes },
      onFrame: (lane, delivery) =>
        onFrame({ link: parent.id, child: null, lane, again: () => void link.redeliver() }, delivery),
      onStatus: (status) => {
        const wasUsable = linkStatus?.phase === 'open' || linkStatus?.phase === 'stalled'
        linkStatus = status
        context.observe({ type: 'link', node: config.id, at: context.now(), status })
        const usable = status.phase === 'open' || status.phase === 'stalled'
        if (usable === wasUsable) return
        context.log(usable ? 'info' : 'warn', usable ? 'link to parent open' : 'link to parent closed', {
          detail: { parent: parent.id, reasons: [...status.reasons] },
        })
        spool?.follow(usable)
        if (!usable) return
        dispatchers.rescan()
        custody.hurry()
      },
    })
    parentLink = link
    spool = openSpool(takes, link, prefetch)
    if (link.usable) spool.follow(true)
  }
  const unwatchGives = gives.onChange((status) => {
    if (status.open) dispatchers.rescan()
  })

  function submit(request: SubmitRequest): ReturnType<RelayNode['submit']> {
    if (stopping !== null) return Promise.reject(new RelayError('NODE_STOPPING'))
    return submitDocument(context, request).then(({ reply, overtakes }) => {
      if (overtakes) dispatchers.rescan()
      else dispatchers.kick()
      return reply
    })
  }

  const open = openDoors(context, {
    access,
    post,
    connection: gives,
    figures: {
      broker: () => brokerStatus([takes, gives]),
      link: () => linkStatus,
      openAssemblies: () => assembler.open,
    },
  })

  let stopping: Promise<void> | null = null
  async function stop(timeoutMs: number): Promise<void> {
    await Promise.all(receivers.map((receiver) => receiver.close()))
    await open.close()
    await spool?.close()
    await dispatchers.stop(timeoutMs)
    await custody.stop()
    post.close()
    unwatchGives()
    await watching.stop()
    await parentLink?.close()
    destinations.close()
    await sender.close()
    await Promise.all([takes.close(), gives.close()])
    await assembler.close()
    await context.signatures.close()
    await store.close()
  }

  return {
    id: config.id,
    get table() {
      return context.table
    },
    directory: config.directory,
    administration: null,
    submit,
    ...open.doors,
    track: (key) => store.outbox.track(key),
    async status() {
      return {
        id: config.id,
        tier: config.directory.nodes.find((node) => node.id === config.id)?.tier ?? '',
        instance: context.instance,
        tableVersion: context.table.version,
        directoryVersion: context.table.directoryVersion,
        broker: brokerStatus([takes, gives]),
        link: linkStatus,
        backlog: await store.outbox.backlog(),
        openAssemblies: assembler.open,
      }
    },
    stop: ({ timeoutMs = 10_000 } = {}) => (stopping ??= stop(timeoutMs)),
  }
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

async function buryReturned(context: NodeContext, delivery: Delivery): Promise<void> {
  await context.store.ledger.bury({
    at: context.now(),
    reason: 'FRAME_INVALID',
    link: delivery.exchange,
    uid: null,
    detail: JSON.stringify(delivery.headers['x-death'] ?? {}),
    bytes: Uint8Array.from(delivery.body),
  })
  delivery.settle()
}

function brokerStatus(connections: readonly Connection[]): {
  open: boolean
  blocked: string | null
  lastError: string | null
} {
  return {
    open: connections.every((connection) => connection.status.open),
    blocked: connections.map((connection) => connection.status.blocked).find((reason) => reason !== null) ?? null,
    lastError: connections.map((connection) => connection.status.lastError).find((error) => error !== null) ?? null,
  }
}

function report(context: NodeContext): (error: unknown) => void {
  return (error) => context.log('error', 'unexpected failure', { code: 'INTERNAL', detail: { error: String(error) } })
}
