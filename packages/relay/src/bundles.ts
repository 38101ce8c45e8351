/**
 * Support bundles between this node and its neighbours. What a child sends is kept in a bounded place; what this node sends
 * ends also where the parent is another one by then, or turns out not to read it.
 */
import {
  bundleEnd,
  bundleRoom,
  type Core,
  maxBundleBytes,
  maxSegmentBytes,
  nodeRecipient,
  RelayError,
} from '@lienthong/core'
import { encodeCore, type Hello, seal, uidOf } from '@lienthong/link'
import type { StagedPayload, TakeBundleRequest, TrackedDocument } from '@lienthong/store'
import type { BundleDoor, SentBundle } from './bundle-door.ts'
import type { NodeContext } from './context.ts'
import type { CustodyLoop } from './custody-loop.ts'
import type { Dispatchers } from './dispatcher.ts'
import type { NodeChange } from './doors.ts'
import { arrived } from './keepers.ts'
import type { CheckedDocument } from './serving.ts'
import type { SignalPost } from './signal-post.ts'

export interface Bundles {
  readonly door: BundleDoor
  /** The parent, or what is known of it, is another: those under way that never get there end. */
  look(): void
}

export function createBundles(
  context: NodeContext,
  parts: {
    readonly custody: Pick<CustodyLoop, 'apply'>
    readonly dispatchers: Pick<Dispatchers, 'kick'>
    /** What the parent said of itself last. */
    readonly heard: () => Hello | null
  },
): Bundles {
  const { config, store } = context
  const self = nodeRecipient(config.id)
  let sequence = 0

  function parentNow(): Parameters<typeof bundleEnd>[1] {
    const id = context.table.parent
    const heard = parts.heard()
    return id === null ? null : { id, heard: heard?.node === id ? heard : null }
  }

  async function endLost(): Promise<void> {
    for (const { uid, generation, organ, node } of await store.bundles.underWay()) {
      const code = bundleEnd(node, parentNow())
      if (code === null) continue
      // In the name of the parent: nobody else can say it, and it does not know how.
      const signal = { type: 'undeliverable', uid, generation, organs: [organ], code } as const
      await parts.custody.apply([{ sealedBy: node, signal }])
      context.log('warn', 'support bundle ended', { uid, code, detail: { parent: node } })
    }
  }

  async function stage(body: AsyncIterable<Uint8Array>): Promise<StagedPayload> {
    try {
      return await store.payloads.stage(body, { maxBytes: maxBundleBytes })
    } catch (error) {
      if (!(error instanceof RelayError) || error.code !== 'DOCUMENT_TOO_LARGE') throw error
      throw new RelayError('BUNDLE_TOO_LARGE', { detail: { maxBytes: maxBundleBytes } })
    }
  }

  async function accept(payload: StagedPayload, parent: string): Promise<string> {
    const named = {
      kind: 'bundle',
      businessType: 0,
      from: config.id,
      documentId: `${context.instance}-${(sequence += 1)}`,
      sha256: payload.sha256,
    } as const
    const acceptedAt = context.now()
    const organ = nodeRecipient(parent)
    const core: Core = {
      ...named,
      version: 1,
      uid: uidOf(named),
      generation: 1,
      recipients: [organ],
      size: payload.size,
      segmentBytes: maxSegmentBytes,
      lane: 'bulk',
      sealedAt: acceptedAt,
      directoryVersion: context.table.directoryVersion,
    }
    const encoded = encodeCore(core)
    await store.outbox.accept({
      ...named,
      from: self,
      uid: core.uid,
      lane: 'bulk',
      urgent: false,
      segmentBytes: maxSegmentBytes,
      headline: { subject: null, number: null, date: null },
      payload,
      businessStatus: null,
      about: [],
      recalledUpTo: 0,
      cores: [
        {
          core: encoded,
          seal: seal(encoded, config.key),
          generation: 1,
          recipients: [{ organ, node: parent }],
          copies: [{ hop: 'up', to: [0] }],
        },
      ],
      acceptedAt,
      expected: [],
      onReusedId: 'warn',
    })
    return core.uid
  }

  async function sentNow(uid: string): Promise<SentBundle> {
    const [document] = await store.outbox.trackOf(self, { uid })
    const view = document === undefined ? null : viewOf(document)
    if (view === null) throw new RelayError('NOT_FOUND', { detail: { what: uid } })
    return view
  }

  async function kept(id: number, found = store.bundles.get(id)) {
    const bundle = await found
    if (bundle === null) throw new RelayError('NOT_FOUND', { detail: { what: String(id) } })
    return bundle
  }

  const door: BundleDoor = {
    async send(body, by) {
      const parent = context.table.parent
      if (parent === null) throw new RelayError('NODE_NO_PARENT')
      const refusal = bundleEnd(parent, parentNow())
      if (refusal !== null) throw new RelayError(refusal, { detail: { parent } })
      const count = (await store.bundles.underWay()).length
      if (count >= bundleRoom.perChild) throw new RelayError('BUNDLES_WAITING', { detail: { count } })
      const payload = await stage(body)
      try {
        const uid = await accept(payload, parent)
        const { sha256, size } = payload
        const detail = { by, parent, sha256, size }
        await store.ledger.event({ at: context.now(), type: 'support.send', uid, detail })
        parts.dispatchers.kick()
        return await sentNow(uid)
      } catch (error) {
        await payload.discard()
        throw error
      }
    },
    async sent(uid, { timeoutMs = 0 } = {}) {
      const deadline = performance.now() + timeoutMs
      for (;;) {
        const now = await sentNow(uid)
        const leftMs = deadline - performance.now()
        if (now.state !== 'waiting' || leftMs <= 0) return now
        const question = {
          concerns: (change: NodeChange) => change.type === 'changed' && change.uid === uid,
          already: async () => (await sentNow(uid)).state !== 'waiting',
        }
        await context.news.until(self, question, { timeoutMs: leftMs })
      }
    },
    list: () => store.bundles.list(),
    async read(id, by) {
      const bundle = await kept(id)
      const { uid, child, sha256 } = bundle
      await store.ledger.event({ at: context.now(), type: 'support.read', uid, detail: { by, child, sha256 } })
      return { bundle, body: store.payloads.stream(sha256) }
    },
    remove: (id, by) => kept(id, store.bundles.remove(id, { by, at: context.now() })),
  }

  return {
    door,
    look() {
      void endLost().catch((error: unknown) =>
        context.log('warn', 'bundles under way not looked at', { detail: { error: String(error) } }),
      )
    },
  }
}

function viewOf({ kind, uid, size, acceptedAt, recipients }: TrackedDocument): SentBundle | null {
  const [recipient] = recipients
  if (kind !== 'bundle' || recipient === undefined) return null
  const { node, state, provisional, code, deliveredAt } = recipient
  const isHere = state === 'delivered' || state === 'collected'
  const isOver = state === 'stopped' || (state === 'undeliverable' && !provisional)
  return {
    uid,
    parent: node,
    size,
    state: isHere ? 'arrived' : isOver ? 'failed' : 'waiting',
    code,
    sentAt: acceptedAt,
    arrivedAt: deliveredAt,
  }
}

/** Keeps a checked bundle, once, and tells the child. */
export async function takeBundle(
  context: NodeContext,
  { segment, organs }: CheckedDocument,
  payload: TakeBundleRequest['payload'],
  post: SignalPost,
): Promise<void> {
  const { core, origin, path } = segment.envelope
  const { uid, generation, documentId, sealedAt } = core
  const { receipts, dropped } = await context.store.bundles.take({
    uid,
    generation,
    child: origin,
    organ: organs[0] ?? '',
    documentId,
    path: arrived(context, path),
    payload,
    deliveredAt: context.now(),
    sealedAt,
    room: bundleRoom,
  })
  context.log('info', 'support bundle taken in', { uid, detail: { child: origin, dropped: dropped.length } })
  post.send(origin, 'express', { type: 'delivered', uid, generation, receipts })
}
