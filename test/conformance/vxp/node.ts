/** A real node with its store and a gateway in front; no broker, for what stays inside one node needs none. */
import { generateKeyPairSync } from 'node:crypto'
import type { Directory, OrganId } from '@lienthong/core'
import { type Gateway, type GatewayTls, openGateway } from '@lienthong/gateway'
import { createSealingKey } from '@lienthong/link'
import { type NodeConfig, openNode, type RelayNode } from '@lienthong/relay'
import { startStoreHost } from '@lienthong/store'
import { selfSigned, type Teardown, temporaryFolder } from '../../kit/index.ts'

const mebibyte = 1024 * 1024

/** Two units of one province, each with software of its own; one that closed, and one elsewhere. */
const directory: Directory = {
  version: 7,
  nodes: [
    { id: 'G22', tier: 'a', parent: null, keys: [] },
    { id: 'H29', tier: 'b', parent: 'G22', keys: [] },
  ],
  organisations: [
    { id: 'G22', name: 'Văn phòng', parent: null, node: 'G22', code102: '000.00.00.G22' },
    { id: 'H29', name: 'Tỉnh', parent: null, node: 'H29', code102: '000.00.00.H29', mail: 'vt@h29.example' },
    { id: 'H29.02', name: 'Sở Nội vụ', parent: 'H29', node: 'H29', oldCode: '000.00.02.H29' },
    { id: 'H29.99', name: 'Quận', parent: 'H29', node: 'H29', validTo: '2025-06-30', successors: ['H29'] },
  ],
}

export interface Account {
  readonly systemid: string
  readonly secret: string
  readonly organ: OrganId
}

export const sender: Account = { systemid: 'dms.h29', secret: 'demo-secret', organ: 'H29' }
export const receiver: Account = { systemid: 'dms.h29.02', secret: 'another-secret', organ: 'H29.02' }

export interface VxpNode {
  readonly node: RelayNode
  readonly gateway: Gateway
  readonly dataDir: string
}

/** For the gateway, and for whoever is to believe it: made for this run. */
export function certificate(): GatewayTls {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  return { cert: selfSigned({ keys, addresses: ['127.0.0.1'] }), key }
}

export async function startVxpNode(teardown: Teardown, tls: GatewayTls | null = null): Promise<VxpNode> {
  const store = startStoreHost()
  const dataDir = temporaryFolder(teardown)
  const node = await openNode(configOf(dataDir), { store, log: () => undefined })
  const gateway = await openGateway({ node, listen: { host: '127.0.0.1', port: 0 }, tls })
  teardown.after(async () => {
    await gateway.close({ timeoutMs: 0 })
    await node.stop({ timeoutMs: 0 })
    await store.close()
  })
  return { node, gateway, dataDir }
}

function configOf(dataDir: string): NodeConfig {
  // Port 1 answers nobody.
  const address = { url: 'amqp://127.0.0.1:1', vhost: '/', user: 'u', password: 'x' }
  return {
    id: 'H29',
    dataDir,
    key: createSealingKey('H29', 1),
    directory,
    tableVersion: 7,
    broker: { address, managementUrl: 'http://127.0.0.1:1' },
    parent: { id: 'G22', address },
    children: [],
    systems: [sender, receiver].map(({ systemid, secret, organ }) => ({
      id: systemid,
      secret,
      organisations: [organ],
    })),
    limits: {
      maxDocumentBytes: 64 * mebibyte,
      inFlightBytes: 16 * mebibyte,
      openAssemblies: 16,
      linkQueueBytes: mebibyte,
      spoolBytes: mebibyte,
    },
    queryTiming: { firstMs: 30_000, maxMs: 3_600_000 },
    onReusedId: 'refuse',
    signatures: { policy: 'ignore', organisations: {} },
  }
}
