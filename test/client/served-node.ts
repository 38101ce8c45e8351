/** One node with three organisations and a gateway, in this process or in one of its own. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ClientOptions, openClient } from '@lienthong/client'
import type { OrganId } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import { openGateway } from '@lienthong/gateway'
import { sealingKeyFromPem, sealingKeyToPem } from '@lienthong/link'
import { type NodeConfig, openNode, type RelayNode } from '@lienthong/relay'
import { startStoreHost } from '@lienthong/store'
import type { Broker } from '../kit/broker.ts'
import { planFederation } from '../kit/federation.ts'
import { freePort } from '../kit/ports.ts'
import { type RunningProcess, startProcess } from '../kit/processes.ts'
import { lastFirst, type Teardown } from '../kit/teardown.ts'
import { temporaryFolder } from '../kit/temporary-folder.ts'
import { waitFor } from '../kit/wait-for.ts'

const program = fileURLToPath(new URL('./node-program.js', import.meta.url))

export const province = 'H29'
export const first = 'H29.02'
export const second = 'H29.03'
const tree = [
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

/** What the node of a program of its own is made from; the key goes as text. */
export interface NodePlan {
  readonly config: Omit<NodeConfig, 'key'>
  readonly keyPem: string
  readonly port: number
  /** Where the API keys go, by organisation. */
  readonly keysFile: string
}

export interface ServedNode {
  readonly url: string
  /** For a client of this organisation. */
  optionsFor(organ: OrganId, amqp?: boolean): ClientOptions
}

export interface ServedProcess extends ServedNode {
  /** kill −9 and another start, at once. */
  restart(): Promise<void>
}

type BrokerAccess = Pick<Broker, 'amqpUrl' | 'managementUrl' | 'user' | 'password'>

/** Port 1 answers nobody: what stays inside one node needs no broker. */
const noBroker: BrokerAccess = {
  amqpUrl: 'amqp://127.0.0.1:1',
  managementUrl: 'http://127.0.0.1:1',
  user: 'u',
  password: 'p',
}

export async function serveNode(teardown: Teardown, broker: BrokerAccess = noBroker): Promise<ServedNode> {
  const plan = await planNode(teardown, broker)
  const opened = await openPlanned(plan)
  teardown.after(opened.close)
  return served(plan)
}

export async function serveNodeProcess(teardown: Teardown, broker: BrokerAccess = noBroker): Promise<ServedProcess> {
  const inOrder = lastFirst(teardown)
  const plan = await planNode(inOrder, broker)
  const file = `${plan.keysFile}.plan`
  writeFileSync(file, JSON.stringify(plan), { mode: 0o600 })
  let running: RunningProcess | undefined

  async function start(): Promise<void> {
    const started = await startProcess({ args: [program, file], teardown: inOrder })
    running = started
    await waitFor(
      async () => {
        if (!started.alive) throw new Error(`the node ended: ${started.stderr.slice(-2_000)}`)
        return fetch(`http://127.0.0.1:${plan.port}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        )
      },
      { what: 'the node to answer', deadlineMs: 60_000 },
    )
  }

  await start()
  return {
    ...served(plan),
    async restart() {
      running?.kill('SIGKILL')
      await running?.finished
      await start()
    },
  }
}

/** Opens what is planned, in whichever process this is. API keys are issued at the first opening. */
export async function openPlanned(plan: NodePlan): Promise<{ readonly node: RelayNode; close(): Promise<void> }> {
  const store = startStoreHost()
  const config = { ...plan.config, key: sealingKeyFromPem(plan.keyPem) }
  const node = await openNode(config, { store, log: () => undefined })
  if (!existsSync(plan.keysFile)) await issueKeys(node, plan)
  const gateway = await openGateway({ node, listen: { host: '127.0.0.1', port: plan.port } })
  return {
    node,
    async close() {
      await gateway.close({ timeoutMs: 0 })
      await node.stop({ timeoutMs: 0 })
      await store.close()
    },
  }
}

async function issueKeys(node: RelayNode, { config, keysFile }: NodePlan): Promise<void> {
  const keys: Record<OrganId, string> = {}
  for (const { id, organisations } of config.systems) {
    const { apiKey } = await node.systems.rotate(id, { kind: 'apiKey', overlapMs: 0 }, 'test')
    if (apiKey !== undefined) keys[organisations[0] as OrganId] = apiKey
  }
  writeFileSync(`${keysFile}.part`, JSON.stringify(keys), { mode: 0o600 })
  renameSync(`${keysFile}.part`, keysFile)
}

async function planNode(teardown: Teardown, broker: BrokerAccess): Promise<NodePlan> {
  const dir = temporaryFolder(teardown)
  const { key, ...config } = planFederation({ dir, tree, brokerOf: () => broker }).node(province).config
  return { config, keyPem: sealingKeyToPem(key), port: await freePort(), keysFile: join(dir, 'keys.json') }
}

function served({ config, port, keysFile }: NodePlan): ServedNode {
  const keys = JSON.parse(readFileSync(keysFile, 'utf8')) as Readonly<Record<OrganId, string>>
  const url = `http://127.0.0.1:${port}`
  const { address } = config.broker
  return {
    url,
    optionsFor(organ, amqp = false) {
      const system = config.systems.find(({ organisations }) => organisations.includes(organ))
      const line = {
        url: `${address.url}/${encodeURIComponent(address.vhost)}`,
        system: system?.id ?? '',
        password: system?.secret ?? '',
      }
      return { url, apiKey: keys[organ] ?? '', as: organ, language: 'en', ...(amqp ? { amqp: line } : {}) }
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
