/** A node's context over a real store, without a broker: what the doors stand on. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Core, type Directory, defaultQueryTiming, type Hop } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import { createSealingKey, encodeCore, type SealingKey, seal, uidOf } from '@lienthong/link'
import { type Store, startStoreHost } from '@lienthong/store'
import { createContext, type NodeContext } from '../src/context.ts'
import type { NodeConfig } from '../src/contract.ts'
import { type CurrentDirectory, followDirectory } from '../src/current-directory.ts'
import { type Access, openAccess } from '../src/open-access.ts'

export const nodeKey = createSealingKey('H29', 1)

const organisation = (id: string, node: string) => ({ id, name: id, parent: null, node })
const usual: Directory = {
  version: 1,
  nodes: [
    { id: 'G22', tier: '', parent: null, keys: [] },
    { id: 'H29', tier: '', parent: 'G22', keys: [{ kid: nodeKey.kid, publicKey: nodeKey.publicKey }] },
  ],
  organisations: [organisation('G22', 'G22'), organisation('H29', 'H29'), organisation('H29.1', 'H29')],
}

export const declared = { id: 'declared', secret: 'from a file', organisations: ['H29.1'] }

export interface ANode {
  readonly context: NodeContext
  readonly store: Store
  readonly clock: { now: number }
  readonly logged: string[]
  readonly dir: string
  readonly directory: CurrentDirectory
  /** A document of H29 in line for one hop; its id is the name. */
  accept(document: { hop: Hop; to: { organ: string; node: string }; name: string }): Promise<void>
  access(keys?: { key?: SealingKey; earlierKeys?: readonly SealingKey[] }): Promise<Access>
  /** Calls for new accounts at the broker so far. */
  accountCalls(): number
  /** Everything the store has on disk, as one text. */
  disk(): Promise<string>
}

export async function aNode(t: TestContext, directory: Directory = usual): Promise<ANode> {
  const dir = await mkdtemp(join(tmpdir(), 'lt-'))
  const host = startStoreHost()
  t.after(async () => {
    await host.close()
    await rm(dir, { recursive: true, force: true })
  })
  const store = await host.open(dir)
  const clock = { now: 1_750_000_000_000 }
  const logged: string[] = []
  let accountCalls = 0
  const config = {
    id: 'H29',
    directory,
    tableVersion: 1,
    key: nodeKey,
    systems: [declared],
    children: [{ id: 'H29.18', password: 'p' }],
    parent: null,
    broker: { address: { user: 'owner' } },
    limits: { maxDocumentBytes: 1_000_000 },
    queryTiming: defaultQueryTiming,
    onReusedId: 'refuse',
    signatures: { policy: 'ignore', organisations: {} },
  }
  const current = followDirectory(
    config,
    { directory, exceptions: [] },
    () => clock.now,
    () => undefined,
  )
  const contextWith = (more: object): NodeContext => {
    const context = createContext({
      config: { ...config, ...more } as unknown as NodeConfig,
      host: { store: host, log: (_level, message) => logged.push(message) },
      directory: current,
      store,
      instance: 'i',
    })
    // Not spread: its table and directory are those of now.
    return Object.create(context, { now: { value: () => clock.now } }) as NodeContext
  }
  return {
    context: contextWith({}),
    store,
    clock,
    logged,
    dir,
    directory: current,
    async accept({ hop, to, name }) {
      const bytes = Buffer.from(name)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const named = { kind: 'document', businessType: 0, from: 'H29', documentId: name, sha256 } as const
      const core: Core = {
        ...named,
        version: 1,
        uid: uidOf(named),
        generation: 1,
        recipients: [to.organ],
        size: bytes.length,
        segmentBytes: 1024,
        lane: 'bulk',
        sealedAt: clock.now,
        directoryVersion: 1,
      }
      const sealed = encodeCore(core)
      await store.outbox.accept({
        ...named,
        uid: core.uid,
        lane: 'bulk',
        urgent: false,
        segmentBytes: core.segmentBytes,
        headline: { subject: null, number: null, date: null },
        payload: await store.payloads.stage(once(bytes), { maxBytes: 1_000 }),
        businessStatus: null,
        about: [],
        cores: [
          {
            core: sealed,
            seal: seal(sealed, nodeKey),
            generation: 1,
            recipients: [to],
            copies: [{ hop, to: [0] }],
          },
        ],
        acceptedAt: clock.now,
        expected: [],
        recalledUpTo: 0,
        onReusedId: 'warn',
      })
    },
    access: (keys = {}) =>
      openAccess(contextWith(keys), {
        onAccounts: () => {
          accountCalls += 1
        },
        isReserved: async (id) => id === 'admin',
      }),
    accountCalls: () => accountCalls,
    async disk() {
      const files = (await readdir(dir)).filter((name) => name.startsWith('store.db'))
      return (await Promise.all(files.map((name) => readFile(join(dir, name), 'latin1')))).join()
    },
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}

let count = 0

/** A packet from H29. */
export async function packet(size = 0): Promise<Buffer> {
  count += 1
  const chunks: Uint8Array[] = []
  const [from, to] = ['H29', 'H29.1'].map((organId) => ({ organId, organName: organId })) as [never, never]
  for await (const chunk of samplePacket({
    from,
    to: [to],
    number: `${count}/VP`,
    subject: 'x',
    attachmentBytes: size,
  }))
    chunks.push(chunk)
  return Buffer.concat(chunks)
}
