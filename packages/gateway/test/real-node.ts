/**
 * A real node with its store and hardly a broker: port 1 answers nobody, and the management API only says that it knows
 * no such account. What stays inside one node needs no more.
 */
import { createPrivateKey, generateKeyPairSync, hkdfSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Directory, SystemScope } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import { type NodeConfig, openNode, type RelayNode } from '@lienthong/relay'
import { startStoreHost } from '@lienthong/store'
import { type Gateway, type GatewayOptions, openGateway } from '../src/index.ts'

export const directory: Directory = {
  version: 3,
  nodes: [{ id: 'H29', tier: 'any', parent: null, keys: [] }],
  organisations: [
    { id: 'H29', name: 'Ủy ban nhân dân tỉnh', code102: '000.00.00.H29', parent: null, node: 'H29' },
    { id: 'H29.02', name: 'Sở Nội vụ', parent: 'H29', node: 'H29' },
    { id: 'H29.03', name: 'Sở Tài chính', parent: 'H29', node: 'H29' },
    { id: 'H29.04', name: 'Sở Công Thương', parent: 'H29', node: 'H29', validTo: '2025-06-30', successors: ['H29.03'] },
  ],
}

export interface RealNode {
  readonly node: RelayNode
  readonly gateway: Gateway
  /** Folder of the store. */
  readonly dir: string
  /** Of a new system. */
  keyOf(system: string, organisations: readonly string[], scopes?: readonly SystemScope[]): Promise<string>
}

export interface Teardown {
  after(step: () => unknown): void
}

export async function openRealNode(t: Teardown, options: Partial<GatewayOptions> = {}): Promise<RealNode> {
  const dir = mkdtempSync(join(tmpdir(), 'lt-'))
  const store = startStoreHost()
  const management = createServer((call, answer) => {
    answer.writeHead(call.url?.startsWith('/api/users/') ? 404 : 503).end()
  })
  await new Promise<void>((resolve) => management.listen(0, '127.0.0.1', resolve))
  const managementUrl = `http://127.0.0.1:${(management.address() as AddressInfo).port}`
  const node = await openNode(configOf(dir, managementUrl), { store, log: () => undefined })
  const gateway = await openGateway({ node, listen: { host: '127.0.0.1', port: 0 }, ...options })
  t.after(async () => {
    await gateway.close({ timeoutMs: 0 })
    await node.stop({ timeoutMs: 0 })
    await store.close()
    management.close()
    management.closeAllConnections()
    rmSync(dir, { recursive: true, force: true })
  })
  return {
    node,
    gateway,
    dir,
    async keyOf(id, organisations, scopes) {
      const request = { id, organisations, issue: ['apiKey'] as const, ...(scopes === undefined ? {} : { scopes }) }
      const { apiKey } = await node.systems.add(request, 'test')
      if (apiKey === undefined) throw new Error('no key was issued')
      return apiKey
    },
  }
}

function configOf(dataDir: string, managementUrl: string): NodeConfig {
  const { privateKey: der, publicKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
  const privateKey = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' })
  const key = {
    kid: 'H29#1',
    publicKey: publicKey.subarray(-32).toString('base64url'),
    sign: (bytes: Uint8Array) => sign(null, bytes, privateKey),
    derive: (purpose: string) => new Uint8Array(hkdfSync('sha256', der, '', purpose, 32)),
  }
  const [own] = directory.nodes
  return {
    id: 'H29',
    dataDir,
    key,
    directory: { ...directory, nodes: [{ ...own!, keys: [{ kid: key.kid, publicKey: key.publicKey }] }] },
    tableVersion: 1,
    broker: {
      address: { url: 'amqp://127.0.0.1:1', vhost: 'v', user: 'u', password: 'p' },
      managementUrl,
    },
    parent: null,
    children: [],
    systems: [],
    limits: {
      maxDocumentBytes: 2 ** 31,
      inFlightBytes: 2 ** 26,
      openAssemblies: 16,
      linkQueueBytes: 2 ** 28,
      spoolBytes: 2 ** 28,
    },
    queryTiming: { firstMs: 30_000, maxMs: 3_600_000 },
    onReusedId: 'refuse',
    signatures: { policy: 'ignore', organisations: {} },
  }
}

export async function packet(
  number: string,
  from = 'H29',
  to: readonly string[] = ['H29.02'],
  attachmentBytes = 3_000,
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of samplePacket({
    from: { organId: from, organName: 'Nơi gửi' },
    to: to.map((organId) => ({ organId, organName: 'Nơi nhận' })),
    number,
    subject: 'Về việc thử nghiệm',
    attachmentBytes,
  })) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Looks until there is something. */
export async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
