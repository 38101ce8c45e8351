/** What every implementation does about payloads that arrive in several requests. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Store, UploadState } from '../src/index.ts'
import type { OpenStore } from './samples.ts'
import { acceptRequest, chunksOf, hour, large, now, readAll, sha256 } from './samples.ts'

const bounds = { now, maxCount: 3, maxBytes: 1_000_000 }

function begin(store: Store, bytes: Uint8Array, rest: Partial<Parameters<Store['uploads']['open']>[0]> = {}) {
  return store.uploads.open({ system: 'dms', sha256: sha256(bytes), size: bytes.byteLength, ...bounds, ...rest })
}

function append(store: Store, upload: UploadState, offset: number, source: AsyncIterable<Uint8Array>) {
  return store.uploads.append(upload, { offset, source, now: () => now })
}

async function* brokenAfter(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
  throw new Error('the line broke')
}

export function uploadContract(open: OpenStore): void {
  describe('an upload', () => {
    for (const size of [0, 5, 300_000]) {
      it(`of ${size} bytes goes on where it stopped, and becomes the payload of a document`, async (t) => {
        const store = await open(t)
        const bytes = large(size)
        const cut = Math.floor(size / 3)
        const upload = await begin(store, bytes)

        if (size > 0) {
          await assert.rejects(append(store, upload, 0, brokenAfter(bytes.subarray(0, cut))), /the line broke/)
          const resumed = await begin(store, bytes)
          assert.deepEqual([resumed.id, resumed.offset], [upload.id, cut])
          await assert.rejects(append(store, upload, 0, chunksOf(bytes)), {
            code: 'UPLOAD_OFFSET',
            detail: { offset: cut, size },
          })
          await assert.rejects(store.uploads.finish(upload), { code: 'UPLOAD_OFFSET' })
          assert.equal((await append(store, upload, cut, chunksOf(bytes.subarray(cut), 1000))).offset, size)
        }
        let seen = 0
        const payload = await store.uploads.finish(upload, { onChunk: (chunk) => (seen += chunk.byteLength) })
        await store.outbox.accept(acceptRequest({ name: 'a' }, payload))
        await store.uploads.drop(upload)

        assert.equal(seen, size)
        assert.deepEqual(await readAll(store.payloads.stream(sha256(bytes))), bytes)
      })
    }

    it('stays after a refused document, and after an accepted one until it is old', async (t) => {
      const store = await open(t)
      const bytes = large(100_000)
      const upload = await begin(store, bytes)
      await append(store, upload, 0, chunksOf(bytes))

      await (await store.uploads.finish(upload)).discard()
      const payload = await store.uploads.finish(upload)
      await store.outbox.accept(acceptRequest({ name: 'a' }, payload))
      await store.uploads.spend(upload, now)
      await (await store.uploads.finish(upload)).discard()

      assert.notEqual((await begin(store, bytes)).id, upload.id)
      assert.equal(await store.uploads.expire({ before: now, spentBefore: now }), 0)
      assert.equal(await store.uploads.expire({ before: now, spentBefore: now + 1 }), 1)
      assert.equal(await store.uploads.get('dms', upload.id), null)
      assert.deepEqual(await readAll(store.payloads.stream(sha256(bytes))), bytes)
      assert.equal(await store.uploads.expire({ before: now + hour, spentBefore: 0 }), 1)
    })

    it('goes when its bytes are not those announced', async (t) => {
      const store = await open(t)
      const upload = await begin(store, large(10))
      await append(store, upload, 0, chunksOf(large(10)))

      await assert.rejects(store.uploads.finish(upload), { code: 'NOT_AS_ANNOUNCED' })

      await assert.rejects(store.uploads.finish(upload), { code: 'NOT_FOUND' })
    })

    it('takes no more than announced, and a system no more than its share', async (t) => {
      const store = await open(t)
      const upload = await begin(store, large(10))

      await assert.rejects(append(store, upload, 0, chunksOf(large(11))), { code: 'DOCUMENT_TOO_LARGE' })
      assert.equal((await store.uploads.get('dms', upload.id))?.offset, 0)
      await begin(store, large(1))
      await assert.rejects(begin(store, large(2), { size: 999_990 }), { code: 'UPLOADS_FULL' })
      await begin(store, large(2), { sha256: null })
      await assert.rejects(begin(store, large(1)), { code: 'UPLOADS_FULL' })
      await begin(store, large(1), { system: 'other' })
      await store.uploads.spend(upload, now)
      await begin(store, large(1))
    })

    it('is taken over from a request that says nothing any more', async (t) => {
      const store = await open(t)
      const bytes = large(1000)
      const upload = await begin(store, bytes)
      let silent: () => void = () => undefined
      const asked = new Promise<void>((resolve) => {
        silent = resolve
      })
      async function* stuck(): AsyncIterable<Uint8Array> {
        yield bytes.subarray(0, 600)
        silent()
        await new Promise(() => undefined)
      }

      const dead = append(store, upload, 0, stuck())
      const broken = assert.rejects(dead, { code: 'UPLOAD_OFFSET' })
      await asked
      const resumed = await begin(store, bytes)
      await broken

      assert.equal(resumed.offset, 600)
      assert.equal((await append(store, upload, 600, chunksOf(bytes.subarray(600)))).offset, 1000)
    })

    it('is known to its own system only', async (t) => {
      const store = await open(t)
      const upload = await begin(store, large(5))
      const theirs = { system: 'other', id: upload.id }

      assert.equal(await store.uploads.get('other', upload.id), null)
      await store.uploads.drop(theirs)
      await assert.rejects(store.uploads.finish(theirs), { code: 'NOT_FOUND' })
      await assert.rejects(append(store, { ...upload, ...theirs }, 0, chunksOf(large(5))), { code: 'NOT_FOUND' })
      await assert.rejects(store.uploads.finish({ system: 'dms', id: '../store.db' }), { code: 'NOT_FOUND' })
      assert.equal((await store.uploads.get('dms', upload.id))?.id, upload.id)
    })
  })
}
