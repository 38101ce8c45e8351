/** A federation of nodes in this process, for tests that need not kill them. */
import { type NodeId, type OrganId, RelayError } from '@lienthong/core'
import { createBrokerAdmin, names } from '@lienthong/link'
import { type NodeConfig, openNode, type RelayEvent, type RelayNode } from '@lienthong/relay'
import { type Store, type StoreHost, startStoreHost } from '@lienthong/store'
import { borrowBroker } from './borrow-broker.ts'
import type { Broker } from './broker.ts'
import { type Proxy, startProxy } from './fault-proxy.ts'
import {
  type Federation,
  type FederationOptions,
  type PlannedNode,
  planFederation,
  type TreeNode,
} from './federation.ts'
import { doorOf, type Ledger, openLedger } from './federation-ledger.ts'
import { lastFirst, type Teardown } from './teardown.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { waitFor } from './wait-for.ts'

/** Two provinces below a centre, a commune below each, a department in one: four tiers with little. */
export const smallTree: readonly TreeNode[] = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  { id: 'H29', tier: 'province', parent: 'G22', name: 'Tỉnh thứ nhất' },
  { id: 'H26', tier: 'province', parent: 'G22', name: 'Tỉnh thứ hai' },
  { id: 'H29.18', tier: 'commune', parent: 'H29', name: 'Xã thứ nhất' },
  { id: 'H29.02', tier: 'department', parent: 'H29', name: 'Sở thứ nhất' },
  { id: 'H26.10', tier: 'commune', parent: 'H26', name: 'Xã thứ hai' },
]

export interface LiveOptions
  extends Partial<Pick<FederationOptions, 'limits' | 'queryTiming' | 'vhostOf' | 'httpOf' | 'logLevel'>> {
  /** @default smallTree */
  readonly tree?: readonly TreeNode[]
  /** Children whose line to the parent goes through a proxy. @default none */
  readonly proxied?: readonly NodeId[]
  /** Nodes that are planned and declared at their parent but not started; they have no vhost yet. @default none */
  readonly absent?: readonly NodeId[]
  /** Changes the configuration of a node before it starts, at every start that gives no change of its own. */
  readonly configOf?: (config: NodeConfig) => NodeConfig
  /** Lives on this broker and leaves it running. @default a borrowed one, which cannot be killed */
  readonly broker?: Broker
}

export interface LoggedFailure {
  readonly node: NodeId | undefined
  readonly message: string
  readonly code: string | undefined
  readonly detail: unknown
}

export interface LiveFederation {
  readonly broker: Broker
  readonly plan: Federation
  readonly events: readonly RelayEvent[]
  readonly ledger: Ledger
  /** What nodes have logged as errors. */
  readonly failures: readonly LoggedFailure[]
  node(id: NodeId): RelayNode
  /** The store of a running node. */
  store(id: NodeId): Store
  proxy(child: NodeId): Proxy
  /** Starts a node that was absent or stopped; resolves when its link is open. */
  start(id: NodeId, change?: (config: NodeConfig) => NodeConfig): Promise<RelayNode>
  stop(id: NodeId): Promise<void>
  /** Messages in every queue of every vhost that holds any, `node queue` → count. */
  queued(): Promise<ReadonlyMap<string, number>>
  /** Waits until every queue is empty and no outbox or assembly is open; `except` passes over `node queue`, `node outbox`. */
  quiet(options?: { except?: (busy: string) => boolean; deadlineMs?: number }): Promise<void>
}

/** One broker, a vhost per node; resolves when every link is open. */
export async function startFederation(teardown: Teardown, options: LiveOptions = {}): Promise<LiveFederation> {
  const { tree = smallTree, proxied = [], absent = [], configOf = (config) => config } = options
  const inOrder = lastFirst(teardown)
  const dir = temporaryFolder(inOrder)
  const broker = options.broker ?? (await borrowBroker(inOrder))
  const target = { host: '127.0.0.1', port: Number(new URL(broker.amqpUrl).port) }
  const proxies = new Map<NodeId, Proxy>()
  for (const child of proxied) proxies.set(child, await startProxy({ target, teardown: inOrder }))
  const plan = planFederation({
    ...options,
    dir,
    tree,
    brokerOf: () => broker,
    uplinkOf: (child) => {
      const proxy = proxies.get(child)
      return proxy === undefined ? undefined : `amqp://127.0.0.1:${proxy.port}`
    },
  })
  const events: RelayEvent[] = []
  const failures: LoggedFailure[] = []
  const nodes = new Map<NodeId, RelayNode>()
  const host = startStoreHost()
  const stores = rememberStores(host)
  inOrder.after(() => stopAll(nodes, host))

  async function open(id: NodeId, change = configOf): Promise<RelayNode> {
    const node = await openNode(change(plan.node(id).config), {
      store: stores.host,
      log: (level, message, { node: at, code, detail } = {}) => {
        if (level === 'error') failures.push({ node: at, message, code, detail })
      },
      observe: (event) => events.push(event),
    })
    nodes.set(id, node)
    return node
  }

  const opened = (wanted: readonly RelayNode[]): Promise<unknown> =>
    waitFor(() => linksOpen(wanted), { what: 'every link to be open', deadlineMs: 60_000 })

  for (const { id } of plan.nodes) if (!absent.includes(id)) await open(id)
  await opened([...nodes.values()])

  function node(id: NodeId): RelayNode {
    const found = nodes.get(id)
    if (found === undefined) throw new RelayError('NODE_NOT_RUNNING', { detail: { node: id } })
    return found
  }

  const queued = (): Promise<ReadonlyMap<string, number>> => queuedAt(plan.nodes)
  return {
    broker,
    plan,
    events,
    ledger: openLedger((organ: OrganId) => doorOf(node(plan.serving(organ).id))),
    failures,
    node,
    store: (id) => stores.of(plan.node(id).config.dataDir),
    proxy: (child) => proxies.get(child) as Proxy,
    async start(id, change) {
      const started = await open(id, change)
      await opened([started])
      return started
    },
    async stop(id) {
      await node(id).stop()
      nodes.delete(id)
    },
    queued,
    async quiet({ except = () => false, deadlineMs = 60_000 } = {}) {
      let busy: readonly string[] = []
      await waitFor(
        async () => {
          busy = [...(await unfinished(nodes)), ...(await queued()).keys()].filter((each) => !except(each))
          return busy.length === 0
        },
        { what: 'every queue, outbox and assembly to be empty', deadlineMs },
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}; still busy: ${busy.join(', ')}`, { cause: error })
      })
    },
  }
}

/** Nodes with documents, copies or assemblies that are not at their end. */
async function unfinished(nodes: ReadonlyMap<NodeId, RelayNode>): Promise<readonly string[]> {
  const busy: string[] = []
  for (const [id, node] of nodes) {
    const { backlog, openAssemblies } = await node.status()
    if (backlog.copies > 0 || backlog.documents > 0) busy.push(`${id} outbox`)
    if (openAssemblies > 0) busy.push(`${id} assemblies`)
  }
  return busy
}

/** Passes stores on to nodes and keeps them at hand for the test. */
function rememberStores(host: StoreHost): { readonly host: StoreHost; of(dir: string): Store } {
  const stores = new Map<string, Store>()
  return {
    host: {
      async open(dir, options) {
        const store = await host.open(dir, options)
        stores.set(dir, store)
        return store
      },
      close: () => host.close(),
    },
    of: (dir) => stores.get(dir) as Store,
  }
}

async function linksOpen(nodes: readonly RelayNode[]): Promise<boolean> {
  for (const node of nodes) {
    const { link, broker } = await node.status()
    if (!broker.open || (link !== null && link.phase !== 'open')) return false
  }
  return true
}

/** Queues that hold messages at the brokers of these nodes; notices wait for whoever may want them, and are nobody's duty. */
export async function queuedAt(nodes: readonly PlannedNode[]): Promise<ReadonlyMap<string, number>> {
  const held = new Map<string, number>()
  for (const { config } of nodes) {
    const { address, managementUrl } = config.broker
    const admin = createBrokerAdmin({ managementUrl, ...address })
    for (const [queue, count] of await admin.counts()) {
      if (count > 0 && !queue.startsWith(names.notices(''))) held.set(`${config.id} ${queue}`, count)
    }
  }
  return held
}

async function stopAll(nodes: ReadonlyMap<NodeId, RelayNode>, store: StoreHost): Promise<void> {
  await Promise.all([...nodes.values()].map((node) => node.stop({ timeoutMs: 2_000 })))
  await store.close()
}
