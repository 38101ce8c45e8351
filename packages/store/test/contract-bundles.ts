/** Support bundles: kept once, in a bounded place, with what they own. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Store } from '@lienthong/store'
import { accept, now, type OpenStore, readAll, sha256, stage, uidOf } from './samples.ts'

/** Large enough for a file. */
const archive = (number: number) => new Uint8Array(100_000).fill(number)
const room = { perChild: 2, bytesPerChild: 10_000_000, bytes: 20_000_000 }

async function take(store: Store, name: string, bytes: Uint8Array, child = 'H29.18') {
  return store.bundles.take({
    uid: uidOf(name),
    generation: 1,
    child,
    organ: '@H29',
    documentId: name,
    path: [],
    payload: await stage(store, bytes),
    deliveredAt: now,
    sealedAt: now - 5,
    room,
  })
}

const listed = async (store: Store) => (await store.bundles.list()).map(({ uid }) => uid)

export function bundleContract(open: OpenStore): void {
  describe('support bundles', () => {
    it('are kept once, whole, and tell their origin', async (t) => {
      const store = await open(t)
      const bytes = archive(1)
      const first = await take(store, 'one', bytes)
      const again = await take(store, 'one', bytes)

      assert.deepEqual(again, first)
      assert.deepEqual(first.receipts, [{ organ: '@H29', deliveredAt: now, collectedAt: now, path: [] }])
      assert.deepEqual(await store.mailbox.receipts(uidOf('one'), 1, ['@H29']), first.receipts)
      const [kept, ...more] = await store.bundles.list()
      const facts = { uid: uidOf('one'), child: 'H29.18', sha256: sha256(bytes), size: bytes.length }
      assert.deepEqual([kept, more], [{ id: 1, ...facts, sentAt: now - 5, receivedAt: now }, []])
      assert.deepEqual(await readAll(store.payloads.stream(kept?.sha256 ?? '')), Buffer.from(bytes))
      assert.deepEqual(await store.handovers.organs(), [], 'nothing of it is in a mailbox')
    })

    it('go for newer ones of the same child, and their bytes with them, but not the memory of them', async (t) => {
      const store = await open(t)
      for (const number of [1, 2]) await take(store, `own ${number}`, archive(number))
      await take(store, 'other', archive(9), 'H29.02')
      const { dropped } = await take(store, 'own 3', archive(3))

      assert.deepEqual(
        dropped.map(({ uid }) => uid),
        [uidOf('own 1')],
      )
      assert.deepEqual(await listed(store), ['own 3', 'other', 'own 2'].map(uidOf))
      await assert.rejects(readAll(store.payloads.stream(sha256(archive(1)))), { code: 'NOT_FOUND' })
      assert.deepEqual((await take(store, 'own 1', archive(1))).dropped, [])
      assert.deepEqual(await listed(store), ['own 3', 'other', 'own 2'].map(uidOf), 'it does not come back')
    })

    it('share bytes that are the same, and are taken away by number', async (t) => {
      const store = await open(t)
      await take(store, 'a', archive(1))
      await take(store, 'b', archive(1), 'H29.02')
      assert.equal((await store.bundles.remove(1, { by: 'somebody', at: now }))?.uid, uidOf('a'))
      assert.equal((await readAll(store.payloads.stream(sha256(archive(1))))).length, archive(1).length)
      await store.bundles.remove(2, { by: 'somebody', at: now })
      await assert.rejects(readAll(store.payloads.stream(sha256(archive(1)))), { code: 'NOT_FOUND' })
      assert.equal(await store.bundles.remove(2, { by: 'somebody', at: now }), null)
      assert.equal(await store.bundles.get(2), null)
      await take(store, 'c', archive(2))
      assert.equal((await store.bundles.list())[0]?.id, 3, 'no number twice')
    })

    it('are under way until they are settled', async (t) => {
      const store = await open(t)
      const to = { organ: '@G22', node: 'G22' }
      await accept(store, { name: 'sent', recipients: [to] }, { kind: 'bundle', from: '@H29' })
      await accept(store, { name: 'a document' })
      assert.deepEqual(await store.bundles.underWay(), [{ uid: uidOf('sent'), generation: 1, ...to }])
      const about = { uid: uidOf('sent'), generation: 1, organs: ['@G22'] }
      const signal = { type: 'undeliverable', ...about, code: 'PARENT_OLDER' } as const
      await store.outbox.apply([{ sealedBy: 'G22', signal }], now)
      assert.deepEqual(await store.bundles.underWay(), [])
    })
  })
}
