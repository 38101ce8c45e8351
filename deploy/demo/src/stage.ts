/** The stage: the federation running, seven nodes in this process that meet only at brokers. */
import { join } from 'node:path'
import { type ControlClient, connectControl, openControlServer, socketPathOf } from '@lienthong/cli'
import type { NodeId, OrganId, QueryTiming } from '@lienthong/core'
import { openNode, type RelayEvent, type RelayLog, type RelayNode } from '@lienthong/relay'
import { startStoreHost } from '@lienthong/store'
import { type Federation, type PlannedNode, planFederation } from '@lienthong/test/federation'
import { type Broker, type Proxy, startProxy, type Teardown, waitFor } from '@lienthong/test/kit'
import { type Access, openAccess } from './access.ts'
import type { Brokers } from './brokers.ts'
import { bridge, tree } from './tree.ts'

/** An audience waits: the first question about a late receipt comes sooner than in service. */
const queryTiming: QueryTiming = { firstMs: 5_000, maxMs: 3_600_000 }

/** A stop that takes longer loses nothing: all that counts is on disk. */
const stopTimeoutMs = 3_000
const linksDeadlineMs = 30_000

export interface Stage {
  readonly federation: Federation
  /** The line from province to centre. */
  readonly bridge: Proxy
  /** The local door of the node that serves this organisation. */
  door(organ: OrganId): ControlClient
  /** How its document software comes in over HTTP and AMQP. */
  access(organ: OrganId): Access
}

export interface StageOptions {
  readonly dir: string
  readonly brokers: Brokers
  readonly cleanup: Teardown
  readonly observe: (event: RelayEvent) => void
  readonly log: RelayLog
}

/** Where the node that serves this organisation will open its door. */
export function doorOf(dir: string, organ: OrganId): string {
  return socketPathOf(join(dir, organ, 'data'))
}

/** Opens all nodes and resolves when every link is open. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { dir, brokers, cleanup } = options
  const proxy = await startProxy({ target: placeOf(brokers.of(bridge.parent)), teardown: cleanup })
  const federation = planFederation({
    dir,
    tree,
    brokerOf: brokers.of,
    vhostOf: brokers.vhostOf,
    uplinkOf: (child) => (child === bridge.child ? through(proxy, brokers.of(bridge.parent)) : undefined),
    queryTiming,
  })
  federation.writeFiles()
  const store = startStoreHost()
  cleanup.after(() => store.close())
  const opening = new Map<NodeId, Promise<RelayNode>>()
  const accesses = new Map<OrganId, Access>()
  async function open(planned: PlannedNode): Promise<RelayNode> {
    // A child that finds its parent's broker made ready gets in at the first try.
    if (planned.parent !== null) await opening.get(planned.parent)
    const node = await openNode(planned.config, {
      store,
      nodes: federation.nodes.length,
      log: options.log,
      observe: options.observe,
    })
    cleanup.after(() => node.stop({ timeoutMs: stopTimeoutMs }))
    return node
  }
  /** Doors of which children need not wait. */
  async function serve(planned: PlannedNode, opened: Promise<RelayNode>): Promise<RelayNode> {
    const node = await opened
    await openDoor(planned, node, options)
    const access = await openAccess(planned, { node, ...options })
    accesses.set(access.organ, access)
    return node
  }
  for (const planned of federation.nodes) opening.set(planned.id, open(planned))
  const nodes = await Promise.all([...opening].map(([id, opened]) => serve(federation.node(id), opened)))
  await waitFor(async () => (await Promise.all(nodes.map(isLinked))).every(Boolean), {
    what: 'every link to be open',
    deadlineMs: linksDeadlineMs,
  })
  return {
    federation,
    bridge: proxy,
    door: (organ) => connectControl(socketPathOf(federation.serving(organ).config.dataDir)),
    access: (organ) => accesses.get(organ) as Access,
  }
}

async function openDoor({ config }: PlannedNode, node: RelayNode, { cleanup, log }: StageOptions): Promise<void> {
  const control = await openControlServer(node, socketPathOf(config.dataDir), { log })
  cleanup.after(() => control.close({ timeoutMs: stopTimeoutMs }))
}

async function isLinked(node: RelayNode): Promise<boolean> {
  const { link, broker } = await node.status()
  return broker.open && (link === null ? node.table.parent === null : link.phase === 'open')
}

function placeOf(broker: Broker): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(broker.amqpUrl)
  return { host: hostname, port: Number(port || 5672) }
}

function through(proxy: Proxy, broker: Broker): string {
  return `${new URL(broker.amqpUrl).protocol}//127.0.0.1:${proxy.port}`
}
