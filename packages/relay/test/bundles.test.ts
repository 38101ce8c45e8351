/** A support bundle on its way up, as the child's operator sees it. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { kinds, maxBundleBytes, type SealedSignal } from '@lienthong/core'
import type { Hello } from '@lienthong/link'
import { createBundles } from '../src/bundles.ts'
import { aNode } from './a-node.ts'

const newer: Hello = {
  node: 'G22',
  instance: 'p',
  versions: [1],
  maxFrameBytes: 1,
  tableVersion: 1,
  kinds: kinds.length,
}
const { kinds: _, ...older } = newer

async function* bytes(...chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks
}

async function open(t: TestContext) {
  const { context, store, disk } = await aNode(t)
  const state: { heard: Hello | null } = { heard: null }
  const custody = {
    apply: async (signals: readonly SealedSignal[]) => {
      for (const { moved } of await store.outbox.apply(signals, context.now())) {
        for (const { uid, from, seq } of moved) context.news.tell({ type: 'changed', from, uid, last: seq })
      }
    },
  }
  const dispatchers = { kick: () => undefined }
  const { door, look } = createBundles(context, { custody, dispatchers, heard: () => state.heard })
  return { door, look, state, custody, disk }
}

describe('a support bundle to the parent', () => {
  it('waits until the parent says that it has it, and no longer', async (t) => {
    const { door, custody, disk } = await open(t)
    const { uid, ...sent } = await door.send(bytes(Buffer.from('archive')), 'somebody')
    const { state, parent, size, arrivedAt } = sent
    assert.deepEqual([state, parent, size, arrivedAt], ['waiting', 'G22', 7, null])
    assert.equal((await door.sent(uid, { timeoutMs: 10 })).state, 'waiting')
    assert.match(await disk(), /"by":"somebody"[^}]*"parent":"G22"/)

    const told = door.sent(uid, { timeoutMs: 60_000 })
    const receipts = [{ organ: '@G22', deliveredAt: 5, collectedAt: 5, path: [] }]
    await custody.apply([{ sealedBy: 'G22', signal: { type: 'delivered', uid, generation: 1, receipts } }])
    assert.deepEqual([(await told).state, (await told).arrivedAt], ['arrived', 5])
  })

  it('is refused at the door of a parent that reads fewer kinds, and ends when that is heard later', async (t) => {
    const { door, look, state } = await open(t)
    const { uid } = await door.send(bytes(Buffer.from('archive')), 'somebody')
    state.heard = newer
    look()
    assert.equal((await door.sent(uid, { timeoutMs: 10 })).state, 'waiting')

    state.heard = older
    await assert.rejects(door.send(bytes(), 'somebody'), { code: 'PARENT_OLDER', detail: { parent: 'G22' } })
    look()
    const ended = await door.sent(uid, { timeoutMs: 60_000 })
    assert.deepEqual([ended.state, ended.code], ['failed', 'PARENT_OLDER'])
  })

  it('is no larger than allowed', async (t) => {
    const { door } = await open(t)
    const half = new Uint8Array(maxBundleBytes / 2)
    const tooMuch = bytes(half, half, new Uint8Array(1))
    await assert.rejects(door.send(tooMuch, 'somebody'), {
      code: 'BUNDLE_TOO_LARGE',
      detail: { maxBytes: maxBundleBytes },
    })
  })

  it('waits with no more than the parent keeps: a link that is down fills no disk', async (t) => {
    const { door, custody } = await open(t)
    const send = (text: string) => door.send(bytes(Buffer.from(text)), 'somebody')
    const [first] = await Promise.all(['1', '2', '3', '4', '5'].map(send))
    await assert.rejects(send('6'), { code: 'BUNDLES_WAITING', detail: { count: 5 } })

    const receipts = [{ organ: '@G22', deliveredAt: 5, collectedAt: 5, path: [] }]
    const signal = { type: 'delivered', uid: first?.uid ?? '', generation: 1, receipts } as const
    await custody.apply([{ sealedBy: 'G22', signal }])
    assert.equal((await send('6')).state, 'waiting')
  })

  it('is known by its uid, and no document is', async (t) => {
    const { door } = await open(t)
    await assert.rejects(door.sent('f'.repeat(64)), { code: 'NOT_FOUND' })
  })

  it('needs a parent', async (t) => {
    const root = await aNode(t, {
      version: 1,
      nodes: [{ id: 'H29', tier: '', parent: null, keys: [] }],
      organisations: [],
    })
    const parts = { custody: { apply: async () => undefined }, dispatchers: { kick: () => undefined } }
    const { door } = createBundles(root.context, { ...parts, heard: () => null })
    await assert.rejects(door.send(bytes(), 'somebody'), { code: 'NODE_NO_PARENT' })
  })
})
