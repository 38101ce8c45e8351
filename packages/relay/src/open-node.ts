/** Puts a node together from its parts, and takes it apart again. */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { RelayError } from '@lienthong/core'
import {
  type Brokers,
  type Connection,
  names,
  openBrokers,
  openConnection,
  type Receiver,
  type Topology,
} from '@lienthong/link'
import { type ArrivalParts, openReturned, openTransit, take } from './arrivals.ts'
import { createAssembler } from './assembler.ts'
import { createBridgeDoor } from './bridge-door.ts'
import { shareOut } from './budget.ts'
import { createBundles } from './bundles.ts'
import { asOfToday } from './closed-recipients.ts'
import { createContext, type NodeContext } from './context.ts'
import type { NodeConfig, NodeStatus, RelayHost, RelayNode, SubmitRequest } from './contract.ts'
import { type CurrentDirectory, followDirectory } from './current-directory.ts'
import { createCustodyLoop } from './custody-loop.ts'
import { buryReturned } from './dead-letters.ts'
import { createDestinations } from './destinations.ts'
import { createDiagnosis } from './diagnosis.ts'
import { type DirectoryBook, openBook, viewOf } from './directory-book.ts'
import { createDispatchers } from './dispatcher.ts'
import { createEnquiries } from './enquiries.ts'
import { createForwarder } from './forwarding.ts'
import { createHandover } from './handover.ts'
import { ownHeartbeatSeconds } from './heartbeats.ts'
import { createHolds } from './holds.ts'
import { watchInstances } from './instances.ts'
import { isLiving, keepDirectory } from './keep-directory.ts'
import { whatIsLeft } from './left.ts'
import { createLinkDoor } from './link-door.ts'
import { openLinkOrders } from './link-orders.ts'
import type { DirectoryView } from './living.ts'
import { deliverLocally } from './local-delivery.ts'
import { openAccounts } from './neighbour-accounts.ts'
import { createNeighbours } from './neighbours.ts'
import { openAccess } from './open-access.ts'
import { openDoors } from './open-doors.ts'
import { openJoining } from './open-joining.ts'
import { openLiving, registerChildren } from './open-living.ts'
import { orderedDestinations } from './ordered-destinations.ts'
import { runPipeline } from './pipeline.ts'
import { createPresence } from './presence.ts'
import { createRerouting } from './rerouting.ts'
import { watchReturnedWays } from './returned-ways.ts'
import { createServing } from './serving.ts'
import { createSignalInbox } from './signal-inbox.ts'
import { createSignalPost } from './signal-post.ts'
import { createStandings } from './standings.ts'
import { submitDocument } from './submit.ts'
import { createAmqpDoor } from './submit-over-amqp.ts'
import { type TopologyWatch, watchTopology } from './topology-watch.ts'
import { findWays } from './tree-ways.ts'
import { createUplink } from './uplink.ts'

/** Documents handed in over AMQP worked on at once. */
const submitPrefetch = 16

/** Starts a node; resolves when its store is open and its broker objects exist (or keeps trying while the broker is away). */
export async function openNode(config: NodeConfig, host: RelayHost): Promise<RelayNode> {
  // Dispatchers look again when a day has come: an exception may have ended.
  const onDay: { run: () => void } = { run: () => undefined }
  const follow = (view: DirectoryView, tableVersion: number) =>
    followDirectory({ id: config.id, tableVersion }, view, Date.now, ({ version }) => {
      host.log('info', 'an organisation opened or closed: routing table compiled', {
        node: config.id,
        detail: { version },
      })
      onDay.run()
    })
  const published = isLiving(config.directory) ? null : { directory: config.directory, exceptions: [] }
  const fixed = published === null ? null : follow(published, config.tableVersion)
  const parent = fixed?.table().parent ?? null
  if (fixed !== null && (config.parent?.id ?? null) !== parent) {
    throw new RelayError('CONFIG_INVALID', {
      detail: { reason: `the directory says the parent of ${config.id} is ${parent ?? 'none'}` },
    })
  }
  const store = await host.store.open(config.dataDir, { queryTiming: config.queryTiming })
  try {
    const book = isLiving(config.directory)
      ? openBook(config, config.directory, { loaded: await store.directory.load(), at: Date.now() })
      : null
    const directory = fixed ?? followBook(book, follow)
    const context = createContext({ config, host, directory, store, instance: randomBytes(8).toString('hex') })
    return await assemble(context, { directory, onDay, book, brokers: host.brokers ?? openBrokers() })
  } catch (error) {
    await store.close()
    throw error
  }
}

function followBook(
  book: DirectoryBook | null,
  follow: (view: DirectoryView, version: number) => CurrentDirectory,
): CurrentDirectory {
  if (book === null) throw new RelayError('INTERNAL')
  const { version } = book.state
  return follow(viewOf(book, book.set, version).view, version)
}

async function assemble(
  context: NodeContext,
  start: {
    readonly directory: CurrentDirectory
    readonly onDay: { run: () => void }
    /** Of a living directory. */
    readonly book: DirectoryBook | null
    readonly brokers: Brokers
  },
): Promise<RelayNode> {
  const { config, store } = context
  const { directory, onDay, book } = start
  const budget = shareOut(context.budgetBytes)
  const { prefetch } = budget

  const admin = start.brokers.admin({
    managementUrl: config.broker.managementUrl,
    user: config.broker.address.user,
    password: config.broker.address.password,
    vhost: config.broker.address.vhost,
  })
  let watch: TopologyWatch | null = null
  let complete = false
  const access = await openAccess(context, {
    onAccounts: () => void watch?.redeclare(),
    // While the broker is away nobody can say; then the declaration does, later.
    isReserved: (account) => admin.isAdministrator(account).catch(() => false),
  })
  const accounts = book === null ? config : openAccounts(context, access.vault, book.neighbours)
  const children = registerChildren(directory.table, accounts.children)
  const topology = (): Topology => ({
    self: config.id,
    children: children.topology,
    limits: config.limits,
    ...access.systems.accounts(),
    ...(joining?.accounts === undefined ? {} : { invitations: joining.accounts }),
  })
  // Two connections to its own broker as well: under an alarm the broker stops reading from publishers.
  const own = { ...config.broker.address, heartbeatSeconds: ownHeartbeatSeconds }
  const takes = openConnection({ ...own, name: `${config.id} takes` })
  const gives = openConnection({ ...own, name: `${config.id} gives` })
  const sender = gives.openSender({ maxInFlightBytes: budget.senderBytes })
  const onAccounts = async () => (await watch?.redeclare()) ?? null
  const joining =
    book === null ? null : await openJoining(context, { book, vault: access.vault, takes, gives, onAccounts })
  const returned = watchReturnedWays({
    admin,
    isKept: children.has,
    open: (gone) => openReturned(arrivals, gone),
  })
  const receivers: Receiver[] = []
  const watching = await watchTopology(context, {
    admin,
    topology,
    connection: takes,
    isServed: () => receivers.every((receiver) => receiver.open),
    onDeclared: async () => {
      if (complete) await returned.look()
    },
  }).catch(async (error: unknown) => {
    await Promise.all([takes.close(), gives.close()])
    throw error
  })
  watch = watching

  const orders = await openLinkOrders(context)
  const plainDestinations = createDestinations({
    children: context.table.children,
    sender,
    parentLink: () => uplink.parent?.link ?? null,
    onReturned: () => watching.suspect(),
    onLate: () => gives.recycle('no confirm in time'),
    now: context.now,
  })
  const destinations = orderedDestinations(plainDestinations, orders)
  const presence = createPresence(context.now)
  const post = createSignalPost(
    context,
    destinations,
    (signals) => void inbox.handle(config.id, signals).catch(report(context)),
  )
  const forwarder = createForwarder(context, destinations, post)
  const serving = createServing(context, { post, assembler: () => assembler, onMoved: () => handover.wake() })
  const assembler = createAssembler(context, serving, post)
  const holds = createHolds(() => custody.wake())
  const ways = findWays(context)
  const enquiries = createEnquiries(post)
  const standings = createStandings(context, { post, links: () => links, ways })
  const inbox = createSignalInbox(context, {
    post,
    assembler: () => assembler,
    custody: () => custody,
    standings,
    enquiries,
  })
  const dispatchers = createDispatchers(context, {
    destinations,
    holds,
    deliverLocally: deliverLocally(context, serving),
  })
  const custody = createCustodyLoop(context, { post, dispatchers, holds })
  const rerouting = createRerouting(context, { custody, dispatchers })
  const handover = createHandover(context, { dispatchers, assembler })
  const bundles = createBundles(context, { custody, dispatchers, heard: () => uplink.status?.peer ?? null })
  onDay.run = rerouting.begin

  const directorySender = gives.openSender()
  const neighbours = createNeighbours(context, {
    sender: directorySender,
    children: () => children.accounts.keys(),
    parent: () => uplink.parent,
  })
  const arrivals: ArrivalParts = {
    connection: takes,
    sender,
    prefetch,
    instances: watchInstances(context),
    presence,
    neighbours,
    isChild: children.has,
    run: (frame) => runPipeline({ context, forwarder, serving, inbox }, frame),
  }
  const uplink = createUplink(context, {
    connection: takes,
    prefetch,
    senderBytes: budget.senderBytes,
    orders,
    onFrame: ({ id, link }, lane, delivery) =>
      take(context, arrivals, delivery, {
        arrival: { from: 'parent' },
        link: id,
        lane,
        again: () => void link.redeliver(),
      }),
    onHeard: bundles.look,
    onTurn(parent, usable) {
      neighbours.linked(parent, usable)
      if (!usable) return
      dispatchers.rescan()
      custody.hurry()
    },
  })

  receivers.push(
    ...openTransit(context, arrivals),
    takes.openReceiver({
      queue: names.submit,
      prefetch: submitPrefetch,
      onDelivery: createAmqpDoor(context, { sender, submit, systems: access.systems }),
    }),
    takes.openReceiver({
      queue: names.dead,
      prefetch: submitPrefetch,
      onDelivery: (delivery) => void buryReturned(context, delivery).catch(report(context)),
    }),
  )
  await uplink.follow(accounts.parent)
  const unwatchGives = gives.onChange((status) => {
    if (status.open) dispatchers.rescan()
  })
  orders.onChange((neighbour) => {
    if (neighbour === uplink.parent?.id) uplink.obey()
    dispatchers.rescan()
    if (orders.stopOf(neighbour) === null) custody.hurry()
  })
  rerouting.begin()
  complete = true
  // With a broker that is away it is done when the objects are declared.
  void returned.look().catch(() => void watching.redeclare())

  function submit(request: SubmitRequest): ReturnType<RelayNode['submit']> {
    if (stopping !== null) return Promise.reject(new RelayError('NODE_STOPPING'))
    return submitDocument(context, request).then(({ reply, overtakes }) => {
      if (overtakes) dispatchers.rescan()
      else dispatchers.kick()
      return reply
    })
  }

  async function status(): Promise<NodeStatus> {
    return {
      id: config.id,
      tier: context.directory.nodes.find((node) => node.id === config.id)?.tier ?? '',
      instance: context.instance,
      tableVersion: context.table.version,
      directoryVersion: context.table.directoryVersion,
      broker: brokerStatus([takes, gives]),
      link: uplink.status,
      backlog: await store.outbox.backlog(),
      openAssemblies: assembler.open,
    }
  }

  const links = createLinkDoor(context, {
    orders,
    presence,
    parent: () => {
      const { parent, status } = uplink
      return parent === null ? null : { id: parent.id, place: parent.url, status }
    },
    children: () => [...new Set([...context.table.children, ...children.accounts.keys()])],
    counts: () => admin.counts(),
  })
  const open = openDoors(context, {
    access,
    post,
    links,
    diagnosis: createDiagnosis(context, { enquiries, ways }),
    bundles: bundles.door,
    status,
    directories: () => kept?.administration.steps() ?? null,
    connection: gives,
    handover,
    figures: {
      broker: () => brokerStatus([takes, gives]),
      link: () => uplink.status,
      openAssemblies: () => assembler.open,
    },
  })

  const living = openLiving(context, {
    directory,
    children,
    destinations,
    dispatchers,
    neighbours,
    returned,
    rerouting,
    handover,
    bundles,
    uplink,
    watch: watching,
  })

  const kept =
    book === null ? null : await keepDirectory(context, { book, living: living.parts, vault: access.vault, accounts })

  const joiningDoor =
    kept === null
      ? null
      : joining?.begin({
          kept,
          living: living.parts,
          isLinked: () => ['open', 'stalled'].includes(uplink.status?.phase ?? ''),
          left: () => whatIsLeft({ store, handover, assembler, admin }),
        })

  const bridging =
    book === null || kept === null
      ? null
      : createBridgeDoor(context, {
          ...{ book, links, administration: kept.administration },
          parent: () => living.parts.neighbours.parent,
        })

  let stopping: Promise<void> | null = null
  async function stop(timeoutMs: number): Promise<void> {
    await joining?.stop()
    await kept?.stop()
    await Promise.race([living.stop(), delay(timeoutMs, undefined, { ref: false })])
    await Promise.all(receivers.map((receiver) => receiver.close()))
    await returned.close()
    await open.close()
    await uplink.closeSpool()
    orders.close()
    await handover.stop()
    await rerouting.stop()
    await dispatchers.stop(timeoutMs)
    await custody.stop()
    enquiries.close()
    post.close()
    unwatchGives()
    await watching.stop()
    await uplink.close()
    destinations.close()
    await Promise.all([sender.close(), directorySender.close()])
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
    get directory() {
      return context.directory
    },
    living: living.parts,
    administration: kept?.administration ?? null,
    membership: kept?.membership ?? null,
    joining: joiningDoor ?? null,
    bridging,
    submit,
    ...open.doors,
    track: async (key) => asOfToday(context, await store.outbox.track(key)),
    status,
    stop: ({ timeoutMs = 10_000 } = {}) => (stopping ??= stop(timeoutMs)),
  }
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
