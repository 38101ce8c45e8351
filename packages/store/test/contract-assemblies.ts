/** What every implementation of assemblies does. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isComplete, segmentCount } from '@lienthong/core'
import type { AssemblyFile, AssemblyState, Store } from '../src/index.ts'
import type { OpenStore } from './samples.ts'
import { deliverRequest, large, now, readAll, sha256, uidOf } from './samples.ts'

const segmentBytes = 100_000
const core = (name: string, organs: readonly string[]): AssemblyState['cores'][number] => ({
  core: new TextEncoder().encode(name),
  seal: new TextEncoder().encode(`seal of ${name}`),
  generation: 1,
  organs,
  path: [{ node: 'H26', version: 1, at: now }],
})

async function write(
  store: Store,
  ...[name, bytes, segments, rest = {}]: [string, Uint8Array, readonly number[], object?]
): Promise<AssemblyFile> {
  const file = await store.assemblies.file(uidOf(name), bytes.byteLength, segmentBytes)
  try {
    await fill(store, file, name, bytes, segments, rest)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

async function fill(
  store: Store,
  file: AssemblyFile,
  ...[name, bytes, segments, rest]: [string, Uint8Array, readonly number[], object]
): Promise<void> {
  for (const segment of segments) {
    await file.write(segment, bytes.subarray(segment * segmentBytes, (segment + 1) * segmentBytes))
  }
  await file.sync()
  await store.assemblies.commit({
    uid: uidOf(name),
    from: 'H29.18.05',
    link: 'up',
    segmentBytes,
    payload: { sha256: sha256(bytes), size: bytes.byteLength },
    segments,
    cores: [core('first', ['H26.10'])],
    now,
    ...rest,
  })
}

export function assemblyContract(open: OpenStore): void {
  describe('assembling', () => {
    it('knows nothing at first, then what was committed, then a whole payload to deliver', async (t) => {
      const store = await open(t)
      const bytes = large(350_000)
      assert.equal(await store.assemblies.load(uidOf('a')), null)

      const file = await write(store, 'a', bytes, [3, 0])
      const half = await store.assemblies.load(uidOf('a'))
      await file.close()
      const again = await write(store, 'a', bytes, [1, 2])
      const whole = await store.assemblies.load(uidOf('a'))
      const digest = await again.digest()
      await again.close()

      assert.deepEqual(half?.have, new Uint8Array([0b1001]))
      assert.deepEqual(half?.cores, [core('first', ['H26.10'])])
      const segments = segmentCount(bytes.byteLength, segmentBytes)
      assert.ok(isComplete({ segments, bits: whole?.have ?? new Uint8Array(0) }))
      assert.equal(digest, sha256(bytes))

      const staged = await store.assemblies.finish(uidOf('a'))
      assert.deepEqual(await readAll(store.payloads.stream(staged.sha256)), bytes)
      await store.mailbox.deliver(deliverRequest('a', staged))
      await store.mailbox.deliver(deliverRequest('a', staged, { generation: 2 }))

      assert.equal(await store.assemblies.load(uidOf('a')), null)
      assert.deepEqual(await store.assemblies.list(), [])
      assert.deepEqual(await readAll(store.payloads.stream(sha256(bytes))), bytes)
      assert.equal((await store.mailbox.list('H26.10', { after: 0, limit: 9, all: true })).length, 2)
    })

    it('does the same for a payload small enough for the database', async (t) => {
      const store = await open(t)
      const bytes = large(1000)
      await (await write(store, 'a', bytes, [0])).close()

      const staged = await store.assemblies.finish(uidOf('a'))
      assert.deepEqual(await readAll(store.payloads.stream(staged.sha256)), bytes)
      await store.mailbox.deliver(deliverRequest('a', staged))

      assert.deepEqual(await readAll(store.payloads.stream(staged.sha256)), bytes)
    })

    it('gathers cores: equal ones merge their organisations', async (t) => {
      const store = await open(t)
      const bytes = large(350_000)
      await (await write(store, 'a', bytes, [0])).close()

      const cores = [core('first', ['H26.11', 'H26.10']), core('second', ['H26.12'])]
      await (await write(store, 'a', bytes, [], { cores, now: now + 1, link: 'H29' })).close()

      const state = await store.assemblies.load(uidOf('a'))
      assert.deepEqual(state?.cores, [core('first', ['H26.10', 'H26.11']), core('second', ['H26.12'])])
      assert.deepEqual(await store.assemblies.list(), [{ uid: uidOf('a'), link: 'up', touchedAt: now + 1 }])
    })

    it('refuses segments that are no segments, of another size, or beyond the end', async (t) => {
      const store = await open(t)
      const bytes = large(350_000)
      const file = await write(store, 'a', bytes, [0])

      await assert.rejects(file.write(1, bytes.subarray(0, 10)), { code: 'FRAME_INVALID' })
      await assert.rejects(file.write(4, bytes.subarray(0, segmentBytes)), { code: 'FRAME_INVALID' })
      await assert.rejects(write(store, 'a', bytes, [], { segments: [4] }), { code: 'FRAME_INVALID' })
      await assert.rejects(write(store, 'a', bytes, [], { segmentBytes: 50_000 }), { code: 'FRAME_INVALID' })
      await assert.rejects(store.assemblies.file('../../etc/passwd', 1, 1), { code: 'FRAME_INVALID' })

      const state = await store.assemblies.load(uidOf('a'))
      assert.deepEqual(state?.have, new Uint8Array([1]))
      await file.close()
    })

    it('starts over after wrong bytes, counting, with the cores kept', async (t) => {
      const store = await open(t)
      const bytes = large(350_000)
      const uid = uidOf('a')
      const counts: number[] = []

      for (let round = 0; round < 2; round += 1) {
        await (await write(store, 'a', bytes, [0, 1])).close()
        counts.push(await store.assemblies.drop(uid, true))
      }
      const state = await store.assemblies.load(uid)
      const file = await store.assemblies.file(uid, bytes.byteLength, segmentBytes)
      const digest = await file.digest()
      await file.close()
      counts.push(await store.assemblies.drop(uid, false))

      assert.deepEqual(counts, [1, 2, 2])
      assert.deepEqual(state?.have, new Uint8Array([0]))
      assert.equal(state?.failures, 2)
      assert.equal(state?.cores.length, 1)
      assert.equal(digest, sha256(new Uint8Array(bytes.byteLength)))
      assert.equal(await store.assemblies.load(uid), null)
      await assert.rejects(store.assemblies.finish(uid), { code: 'NOT_FOUND' })
    })
  })
}
