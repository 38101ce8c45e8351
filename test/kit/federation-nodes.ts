/** A federation of nodes in this process on private brokers, for tests that need not kill them. */
import { type NodeId, type OrganId, RelayError } from '@lienthong/core'
import { createBrokerAdmin } from '@lienthong/link'
import { openNode, type RelayEvent, type RelayNode } from '@lienthong/relay'
import { type StoreHost, startStoreHost } from '@lienthong/store'
import { type Broker, startBroker } from './broker.ts'
import { type Proxy, startProxy } from './fault-proxy.ts'
import {
  type Federation,
  type FederationOptions,
  type PlannedNode,
  planFederation,
  type TreeNode,
} from './federation.ts'
import { doorOf, type Ledger, openLedger } from './federation-ledger.ts'
import type { Teardown } from './teardown.ts'
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

export interface LiveOptions extends Partial<Pick<FederationOptions, 'limits' | 'queryTiming'>> {
  /** @default smallTree */
  readonly tree?: readonly TreeNode[]
  /** Children whose line to the parent goes through a proxy. @default none */
  readonly proxied?: readonly NodeId[]
  /** Nodes that are planned and declared at their parent but not started. @default none */
  readonly absent?: readonly NodeId[]
}

export interface LiveFederation {
  readonly broker: Broker
  readonly plan: Federation
  readonly events: readonly RelayEvent[]
  readonly ledger: Ledger
  node(id: NodeId): RelayNode
  proxy(child: NodeId): Proxy
  /** Starts a node that was absent or stopped. */
  start(id: NodeId): Promise<RelayNode>
  /** Messages in every queue of every vhost that holds any, `vhost queue` → count. */
  queued(): Promise<ReadonlyMap<string, number>>
  /** Waits until every queue but those named is empty and no outbox or assembly is open. */
  quiet(options?: { except?: (queue: string) => boolean; deadlineMs?: number }): Promise<void>
}

/** One private broker, a vhost per node; resolves when every link is open. */
export async function startFederation(teardown: Teardown, options: LiveOptions = {}): Promise<LiveFederation> {
  const { tree = smallTree, proxied = [], absent = [] } = options
  const dir = temporaryFolder(teardown)
  const broker = await startBroker({ teardown })
  const target = { host: '127.0.0.1', port: Number(new URL(broker.amqpUrl).port) }
  const proxies = new Map<NodeId, Proxy>()
  for (const child of proxied) proxies.set(child, await startProxy({ target, teardown }))
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
  const nodes = new Map<NodeId, RelayNode>()
  const store = startStoreHost()
  teardown.after(() => stopAll(nodes, store))

  async function start(id: NodeId): Promise<RelayNode> {
    const node = await openNode(plan.node(id).config, {
      store,
      log: () => undefined,
      observe: (event) => events.push(event),
    })
    nodes.set(id, node)
    return node
  }

  for (const { id } of plan.nodes) if (!absent.includes(id)) await start(id)
  await waitFor(() => linksOpen([...nodes.values()]), { what: 'every link to be open', deadlineMs: 60_000 })

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
    node,
    proxy: (child) => proxies.get(child) as Proxy,
    start,
    queued,
    async quiet({ except = () => false, deadlineMs = 60_000 } = {}) {
      await waitFor(
        async () => {
          for (const running of nodes.values()) {
            const { backlog, openAssemblies } = await running.status()
            if (backlog.copies > 0 || backlog.documents > 0 || openAssemblies > 0) return false
          }
          return [...(await queued()).keys()].every(except)
        },
        { what: 'every queue, outbox and assembly to be empty', deadlineMs },
      )
    },
  }
}

async function linksOpen(nodes: readonly RelayNode[]): Promise<boolean> {
  for (const node of nodes) {
    const { link, broker } = await node.status()
    if (!broker.open || (link !== null && link.phase !== 'open')) return false
  }
  return true
}

/** Queues that hold messages at the brokers of these nodes. */
export async function queuedAt(nodes: readonly PlannedNode[]): Promise<ReadonlyMap<string, number>> {
  const held = new Map<string, number>()
  for (const { config } of nodes) {
    const { address, managementUrl } = config.broker
    const admin = createBrokerAdmin({ managementUrl, ...address })
    for (const [queue, count] of await admin.counts()) if (count > 0) held.set(`${config.id} ${queue}`, count)
  }
  return held
}

async function stopAll(nodes: ReadonlyMap<NodeId, RelayNode>, store: StoreHost): Promise<void> {
  await Promise.all([...nodes.values()].map((node) => node.stop({ timeoutMs: 2_000 })))
  await store.close()
}
