/** One node with three organisations and a gateway, in this process or in one of its own. */
import { type ClientOptions, openClient } from '@lienthong/client'
import type { OrganId } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import { openGateway } from '@lienthong/gateway'
import { openNode } from '@lienthong/relay'
import { startStoreHost } from '@lienthong/store'
import type { Broker } from '../kit/broker.ts'
import { type PlannedNode, planFederation } from '../kit/federation.ts'
import { clientOptions, issueSoftware, type Software } from '../kit/federation-http.ts'
import { startNodeProcess } from '../kit/federation-processes.ts'
import { freePort } from '../kit/ports.ts'
import { lastFirst, type Teardown } from '../kit/teardown.ts'
import { temporaryFolder } from '../kit/temporary-folder.ts'

export const province = 'H29'
export const first = 'H29.02'
export const second = 'H29.03'
export const tree = [
  {
    id: province,
    tier: 'province',
    parent: null,
    name: 'Ủy ban nhân dân tỉnh',
    organisations: [
      { id: first, name: 'Sở Nội vụ' },
      { id: second, name: 'Sở Tài chính' },
    ],
  },
]

export interface ServedNode {
  /** For a client of this organisation. */
  optionsFor(organ: OrganId, amqp?: boolean): ClientOptions
}

export interface ServedProcess extends ServedNode {
  /** kill −9 and another start, at once. */
  restart(): Promise<void>
}

type BrokerAccess = Pick<Broker, 'amqpUrl' | 'managementUrl' | 'user' | 'password'>

/** Port 1 answers nobody: what stays inside one node needs no broker. */
export const noBroker: BrokerAccess = {
  amqpUrl: 'amqp://127.0.0.1:1',
  managementUrl: 'http://127.0.0.1:1',
  user: 'u',
  password: 'p',
}

export async function serveNode(teardown: Teardown, broker: BrokerAccess = noBroker): Promise<ServedNode> {
  const planned = await planNode(teardown, broker)
  const store = startStoreHost()
  const node = await openNode(planned.config, { store, log: () => undefined })
  const gateway = await openGateway({ node, listen: { host: '127.0.0.1', port: planned.http?.port ?? 0 } })
  teardown.after(async () => {
    await gateway.close({ timeoutMs: 0 })
    await node.stop({ timeoutMs: 0 })
    await store.close()
  })
  return served(planned, await issueSoftware({ planned, client: node }))
}

/** As an administrator would run it. */
export async function serveNodeProcess(teardown: Teardown, broker: BrokerAccess): Promise<ServedProcess> {
  const inOrder = lastFirst(teardown)
  const running = await startNodeProcess(await planNode(inOrder, broker), inOrder)
  return {
    ...served(running.planned, await issueSoftware(running)),
    async restart() {
      await running.kill()
      await running.start()
    },
  }
}

async function planNode(teardown: Teardown, broker: BrokerAccess): Promise<PlannedNode> {
  const http = { port: await freePort() }
  const dir = temporaryFolder(teardown)
  const plan = planFederation({ dir, tree, brokerOf: () => broker, httpOf: () => http, logLevel: 'info' })
  plan.writeFiles()
  return plan.node(province)
}

function served({ config }: PlannedNode, software: readonly Software[]): ServedNode {
  const { url, vhost } = config.broker.address
  return {
    optionsFor(organ, amqp = false) {
      const found = software.find((each) => each.organ === organ)
      if (found === undefined) throw new Error(`${organ} is not served here`)
      const line = { url: `${url}/${encodeURIComponent(vhost)}`, system: found.system, password: found.secret }
      return { ...clientOptions(found), ...(amqp ? { amqp: line } : {}) }
    },
  }
}

/** A client that closes with the test. */
export function clientOf(teardown: Teardown, options: ClientOptions): ReturnType<typeof openClient> {
  const client = openClient(options)
  teardown.after(() => client.close())
  return client
}

export interface PacketRequest {
  readonly to?: readonly OrganId[]
  readonly from?: OrganId
  readonly attachmentBytes?: number
}

export async function packet(number: string, request: PacketRequest = {}): Promise<Buffer> {
  const { to = [first], from = province, attachmentBytes = 3_000 } = request
  const named = (organId: OrganId) => ({ organId, organName: organId })
  const chunks: Uint8Array[] = []
  const subject = 'Về việc thử nghiệm'
  for await (const chunk of samplePacket({ from: named(from), to: to.map(named), number, subject, attachmentBytes })) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
