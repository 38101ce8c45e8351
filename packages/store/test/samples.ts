/** Requests as a relay would make them, with as little as a test needs to say. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hop, Lane, Receipt, SealedSignal, Signal } from '@lienthong/core'
import type {
  AcceptCore,
  AcceptRequest,
  DeliverRequest,
  StagedPayload,
  Store,
  StoreHost,
  StoreOptions,
} from '../src/index.ts'
import { startStoreHost } from '../src/index.ts'

export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
export const uidOf = (name: string) => sha256(`uid ${name}`)
export const hour = 3_600_000
export const now = 1_750_000_000_000

export interface TestContext {
  after(fn: () => Promise<void>): void
}

/** Opens an empty store that goes with the test. What a contract suite is given. */
export type OpenStore = (t: TestContext, options?: StoreOptions) => Promise<Store>

export async function temporaryDir(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'lienthong-store-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** A host and a folder; the host is closed before the folder goes. */
export async function openHost(t: TestContext): Promise<{ host: StoreHost; dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'lienthong-store-'))
  const host = startStoreHost()
  t.after(async () => {
    await host.close()
    await rm(dir, { recursive: true, force: true })
  })
  return { host, dir }
}

export const openTemporary: OpenStore = async (t, options) => {
  const { host, dir } = await openHost(t)
  return await host.open(dir, options)
}

export async function* chunksOf(bytes: Uint8Array, size = 64 * 1024): AsyncIterable<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size)
}

export function stage(store: Store, bytes: Uint8Array): Promise<StagedPayload> {
  return store.payloads.stage(chunksOf(bytes), { maxBytes: 1e9 })
}

export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export interface DocumentSketch {
  readonly name: string
  readonly bytes?: Uint8Array
  readonly recipients?: AcceptCore['recipients']
  readonly copies?: readonly { readonly hop: Hop; readonly to: readonly number[] }[]
  readonly lane?: Lane
  readonly documentId?: string
  readonly generation?: number
}

export const oneRecipient = [{ organ: 'H26.10', node: 'H26' }] as const

/** An accept request for a document named `name`: its core's bytes are the name. */
export function acceptRequest(
  sketch: DocumentSketch,
  payload: StagedPayload,
  rest: Partial<AcceptRequest> = {},
): AcceptRequest {
  const recipients = sketch.recipients ?? oneRecipient
  return {
    uid: uidOf(sketch.name),
    kind: 'document',
    businessType: 0,
    from: 'H29.18.05',
    documentId: sketch.documentId ?? `id-${sketch.name}`,
    lane: sketch.lane ?? 'bulk',
    segmentBytes: 262_144,
    headline: { subject: `Về việc ${sketch.name}`, number: `${sketch.name}/UBND-VP`, date: '2025/06/15' },
    payload,
    businessStatus: null,
    about: [],
    cores: [
      {
        core: new TextEncoder().encode(`core of ${sketch.name}`),
        seal: new TextEncoder().encode(`seal of ${sketch.name}`),
        generation: sketch.generation ?? 1,
        recipients,
        copies: sketch.copies ?? [{ hop: 'up', to: recipients.map((_, index) => index) }],
      },
    ],
    acceptedAt: now,
    expected: [],
    recalledUpTo: 0,
    urgent: false,
    onReusedId: 'refuse',
    ...rest,
  }
}

export async function accept(store: Store, sketch: DocumentSketch, rest: Partial<AcceptRequest> = {}) {
  const payload = await stage(store, sketch.bytes ?? new TextEncoder().encode(`payload of ${sketch.name}`))
  return await store.outbox.accept(acceptRequest(sketch, payload, rest))
}

export function deliverRequest(
  name: string,
  payload: DeliverRequest['payload'],
  rest: Partial<DeliverRequest> = {},
): DeliverRequest {
  return {
    uid: uidOf(name),
    generation: 1,
    kind: 'document',
    businessType: 0,
    from: 'H29.18.05',
    origin: 'H29.18.05',
    documentId: `id-${name}`,
    organs: ['H26.10'],
    path: [{ node: 'H29', version: 1, at: now }],
    headline: { subject: name, number: null, date: null },
    payload,
    businessStatus: null,
    about: [],
    deliveredAt: now,
    sealedAt: now - 1000,
    ...rest,
  }
}

export function inline(name: string): { bytes: Uint8Array; sha256: string } {
  const bytes = new TextEncoder().encode(`payload of ${name}`)
  return { bytes, sha256: sha256(bytes) }
}

export const large = (bytes = 300_000) => randomBytes(bytes)

export function sealedBy(node: string, signal: Signal): SealedSignal {
  return { sealedBy: node, signal }
}

export function receiptOf(organ: string, collectedAt: number | null = null): Receipt {
  return { organ, deliveredAt: now + 1000, collectedAt, path: [{ node: 'G22', version: 3, at: now }] }
}

export function delivered(name: string, organ = 'H26.10', node = 'H26', generation = 1): SealedSignal {
  return sealedBy(node, { type: 'delivered', uid: uidOf(name), generation, receipts: [receiptOf(organ)] })
}
