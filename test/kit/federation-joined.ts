/** A federation whose nodes join each other while they run: each begins alone, with nothing but what it pins. */
import { rm } from 'node:fs/promises'
import type { NodeId, RootKey } from '@lienthong/core'
import { type NodeConfig, openNode, type RelayNode } from '@lienthong/relay'
import { type Store, type StoreHost, startStoreHost } from '@lienthong/store'
import { borrowBroker } from './borrow-broker.ts'
import { type Proxy, startProxy } from './fault-proxy.ts'
import { type Federation, planFederation, type TreeNode } from './federation.ts'
import type { LoggedFailure } from './federation-nodes.ts'
import { lastFirst, type Teardown } from './teardown.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { waitFor } from './wait-for.ts'

export interface JoinedFederation {
  readonly plan: Federation
  /** What nodes have logged as warnings and errors. */
  readonly said: readonly LoggedFailure[]
  node(id: NodeId): RelayNode
  store(id: NodeId): Store
  proxy(child: NodeId): Proxy
  /** Starts a node, alone at first, later with what its store holds. */
  start(id: NodeId): Promise<RelayNode>
  stop(id: NodeId): Promise<void>
  /** What `invite` and `join` do at both ends. */
  join(child: NodeId): Promise<void>
  /** Folder of a node's store. */
  dataDir(id: NodeId): string
}

export interface JoinOptions {
  readonly tree: readonly TreeNode[]
  /** Whose subtree pins it; others pin the nearest of these above them. @default the root of the tree */
  readonly tops?: readonly NodeId[]
  readonly proxied?: readonly NodeId[]
  /** Pin nobody by configuration: they join by an invitation and pin whom it names, as a node made by the program does. */
  readonly invited?: readonly NodeId[]
}

const act = { by: 'test', reason: 'joins' }
const hourMs = 3_600_000

export async function prepareFederation(teardown: Teardown, options: JoinOptions): Promise<JoinedFederation> {
  const {
    tree,
    proxied = [],
    invited = [],
    tops = tree.filter(({ parent }) => parent === null).map(({ id }) => id),
  } = options
  const inOrder = lastFirst(teardown)
  const dir = temporaryFolder(inOrder)
  const broker = await borrowBroker(inOrder)
  const target = { host: '127.0.0.1', port: Number(new URL(broker.amqpUrl).port) }
  const proxies = new Map<NodeId, Proxy>()
  for (const child of proxied) proxies.set(child, await startProxy({ target, teardown: inOrder }))
  const plan = planFederation({
    dir,
    tree,
    brokerOf: () => broker,
    uplinkOf: (child) => {
      const proxy = proxies.get(child)
      return proxy === undefined ? undefined : `amqp://127.0.0.1:${proxy.port}`
    },
  })
  const said: LoggedFailure[] = []
  const nodes = new Map<NodeId, RelayNode>()
  const stores = new Map<string, Store>()
  const host = startStoreHost()
  const remembering: StoreHost = {
    async open(at, storeOptions) {
      const store = await host.open(at, storeOptions)
      stores.set(at, store)
      return store
    },
    close: () => host.close(),
  }
  inOrder.after(async () => {
    await Promise.all([...nodes.values()].map((node) => node.stop({ timeoutMs: 2_000 })))
    await host.close()
    await rm(dir, { recursive: true, force: true })
  })

  function rootsOf(id: NodeId): readonly RootKey[] {
    // Only who keeps its own key as root may invite.
    if (tops.includes(id)) return invited.length === 0 ? [] : [rootOf(id)]
    if (invited.includes(id)) return []
    const { parent } = plan.node(id)
    if (parent === null) return []
    if (!tops.includes(parent)) return rootsOf(parent)
    return [rootOf(parent)]
  }

  function rootOf(id: NodeId): RootKey {
    const { kid, publicKey } = plan.node(id).config.key
    return { kid, publicKey }
  }

  function configOf(id: NodeId): NodeConfig {
    const { config, tier } = plan.node(id)
    return { ...config, directory: { living: true, roots: rootsOf(id), tier }, parent: null, children: [] }
  }

  function node(id: NodeId): RelayNode {
    const found = nodes.get(id)
    if (found === undefined) throw new Error(`${id} does not run`)
    return found
  }

  async function joinInvited(child: NodeId, parent: { readonly id: NodeId; readonly tier: string }): Promise<void> {
    const { tier } = parent
    const invitations = node(parent.id).joining
    const [made] =
      (await invitations?.invite([{ id: child, tier, delegates: [child] }], { validForMs: hourMs }, act)) ?? []
    await node(child).joining?.join(made?.token ?? '', act)
  }

  return {
    plan,
    said,
    node,
    store: (id) => stores.get(plan.node(id).config.dataDir) as Store,
    proxy: (child) => proxies.get(child) as Proxy,
    dataDir: (id) => plan.node(id).config.dataDir,
    async start(id) {
      const started = await openNode(configOf(id), {
        store: remembering,
        log: (level, message, { node: at, code, detail } = {}) => {
          if (level === 'error' || level === 'warn') said.push({ node: at, message, code, detail })
        },
      })
      nodes.set(id, started)
      return started
    },
    async stop(id) {
      await node(id).stop()
      nodes.delete(id)
    },
    async join(child) {
      const { parent, tier, config } = plan.node(child)
      if (parent === null || config.parent === null) throw new Error(`${child} has no parent`)
      if (invited.includes(child)) await joinInvited(child, { id: parent, tier })
      else {
        const { kid, publicKey } = config.key
        const { password } = config.parent.address
        await doorOf(node(parent)).admit(
          { id: child, tier, delegates: [child], key: { kid, publicKey }, password },
          act,
        )
        await doorOf(node(child)).follow(config.parent, act)
      }
      await waitFor(async () => (await node(child).status()).link?.phase === 'open', {
        what: `the link of ${child} to be open`,
        deadlineMs: 60_000,
      })
    },
  }
}

function doorOf(node: RelayNode): NonNullable<RelayNode['membership']> {
  if (node.membership === null) throw new Error(`the directory of ${node.id} is a file`)
  return node.membership
}
