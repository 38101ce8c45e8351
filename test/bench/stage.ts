/**
 * Where everything is measured: one private broker, a vhost for each node, and lines that can be cut.
 *
 *   G22 ─┬─ H29 ─┬─ H29.18 ─┬─ H29.18.05   its backlog climbs three links to G22
 *        │       │          └─ H29.18.06   the whole path: five links to H26.10; both with a gateway
 *        │       ├─ H29.02                 sends within the province
 *        │       └─ H29.03                 never there; its queue fills
 *        └─ H26 ──── H26.10
 */
import type { NodeId } from '@lienthong/core'
import { type BrokerAdmin, createBrokerAdmin } from '@lienthong/link'
import { type Federation, planFederation, type TreeNode } from '../kit/federation.ts'
import {
  type Broker,
  brokerFromEnvironment,
  freePorts,
  type Proxy,
  startBroker,
  startProxy,
  type Teardown,
  temporaryFolder,
  waitFor,
} from '../kit/index.ts'
import { type Management, management } from './management.ts'

export const centre = 'G22'
export const province = 'H29'
export const district = 'H29.18'
export const commune = 'H29.18.05'
export const wholePath = ['H29.18.06', district, province, centre, 'H26', 'H26.10'] as const
export const department = 'H29.02'
export const absentChild = 'H29.03'

const tree: readonly TreeNode[] = [
  { id: centre, tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  { id: province, tier: 'province', parent: centre, name: 'Tỉnh thứ nhất' },
  { id: 'H26', tier: 'province', parent: centre, name: 'Tỉnh thứ hai' },
  { id: district, tier: 'district', parent: province, name: 'Huyện thứ nhất' },
  { id: department, tier: 'department', parent: province, name: 'Sở thứ nhất' },
  { id: absentChild, tier: 'department', parent: province, name: 'Sở vắng mặt' },
  { id: commune, tier: 'commune', parent: district, name: 'Xã thứ nhất' },
  { id: 'H29.18.06', tier: 'commune', parent: district, name: 'Xã thứ hai' },
  { id: 'H26.10', tier: 'commune', parent: 'H26', name: 'Xã thứ ba' },
]

/** An hour: no query mixes with what is measured, since a document that only reaches a queue has no receipt. */
const queryMs = 3_600_000
const emptyDeadlineMs = 60_000
/** Of the province: small, so that the absent child's queue is full soon; twice what any other measurement leaves there. */
export const linkQueueBytes = 32 * 1024 * 1024
/** How much is too much is not what is measured. */
const callsPerMinute = 10_000_000

export interface Stage {
  readonly broker: Broker
  readonly plan: Federation
  readonly api: Management
  /** On the line of this child to its parent. */
  proxy(child: NodeId): Proxy
  /** Resolves when these queues hold no message, neither ready nor unacknowledged. */
  empty(vhosts: readonly NodeId[], queue: string): Promise<void>
  /** Address of a vhost with the administrator's account; `port` of a proxy instead of the broker's own. */
  amqp(vhost: string, port?: number): string
}

/** Declares every node's objects, also of nodes that will not run. */
export async function setStage(teardown: Teardown): Promise<Stage> {
  const external = brokerFromEnvironment()
  const broker = await startBroker({ teardown, ...(external === undefined ? {} : { external }) })
  const { host, hostname, port } = new URL(broker.amqpUrl)
  const proxies = new Map<NodeId, Proxy>()
  for (const child of [commune, province]) {
    proxies.set(child, await startProxy({ target: { host: hostname, port: Number(port) }, teardown }))
  }
  const ports = await freePorts(2)
  const plan = planFederation({
    dir: temporaryFolder(teardown),
    tree,
    brokerOf: () => broker,
    uplinkOf: (child) => {
      const proxy = proxies.get(child)
      return proxy === undefined ? undefined : `amqp://127.0.0.1:${proxy.port}`
    },
    limits: (node) => (node === province ? { linkQueueBytes } : {}),
    httpOf: (node) => {
      const port = node === wholePath[0] ? ports[0] : node === wholePath[5] ? ports[1] : undefined
      return port === undefined ? undefined : { port, ratePerMinute: callsPerMinute }
    },
    queryTiming: { firstMs: queryMs, maxMs: queryMs },
    logLevel: 'info',
  })
  plan.writeFiles()
  for (const { config } of plan.nodes) {
    await adminOf(plan, config.id).declare({
      self: config.id,
      children: config.children,
      systems: config.systems.map(({ id, secret }) => ({ id, password: secret })),
      limits: config.limits,
    })
  }
  const api = management(broker)
  if (external !== undefined) teardown.after(() => clear(plan, api))
  const account = `${encodeURIComponent(broker.user)}:${encodeURIComponent(broker.password)}`
  return {
    broker,
    plan,
    api,
    proxy: (child) => proxies.get(child) as Proxy,
    async empty(vhosts, queue) {
      for (const vhost of vhosts) {
        await waitFor(async () => (await adminOf(plan, vhost).counts()).get(queue) === 0, {
          what: `${queue} of ${vhost} to be empty`,
          deadlineMs: emptyDeadlineMs,
        })
      }
    },
    amqp: (vhost, proxyPort) =>
      `amqp://${account}@${proxyPort === undefined ? host : `127.0.0.1:${proxyPort}`}/${encodeURIComponent(vhost)}`,
  }
}

function adminOf(plan: Federation, id: NodeId): BrokerAdmin {
  const { managementUrl, address } = plan.node(id).config.broker
  return createBrokerAdmin({ managementUrl, ...address })
}

/** A broker that others use is left as it was. */
async function clear(plan: Federation, api: Management): Promise<void> {
  for (const { config } of plan.nodes) {
    await api('DELETE', `/vhosts/${encodeURIComponent(config.broker.address.vhost)}`)
    for (const { id } of [...config.children, ...config.systems]) {
      await api('DELETE', `/users/${encodeURIComponent(id)}`)
    }
  }
}
