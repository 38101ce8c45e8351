/** What every implementation does about the living directory. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Declared, DeclaredVersion } from '@lienthong/core'
import type { StoredAnnouncement } from '../src/index.ts'
import { now, type OpenStore } from './samples.ts'

const nothing: Declared = { children: [], organisations: [], groups: {}, exceptions: [] }

function announcement(node: string, version = 1): StoredAnnouncement {
  const publicKey = `key of ${node}`
  return {
    node,
    epoch: 1,
    version,
    bytes: Buffer.from(`${node} ${version}`),
    seal: Uint8Array.of(7),
    publicKey,
    at: now,
  }
}

function declared(version: number, fields: Partial<DeclaredVersion> = {}): DeclaredVersion {
  const base = version === 1 ? null : { epoch: 1, version: version - 1 }
  return { epoch: 1, version, at: now + version, by: 'ai đó', reason: 'thử', base, content: nothing, ...fields }
}

export function directoryContract(open: OpenStore): void {
  describe('the living directory', () => {
    it('is empty at first', async (t) => {
      const store = await open(t)
      const empty = { announcements: [], keys: [], neighbours: [], invitations: [], declared: null }
      assert.deepEqual(await store.directory.load(), { ...empty, state: { version: 0, nextEpoch: 1 } })
      assert.deepEqual(await store.directory.history({ limit: 9 }), [])
    })

    it('keeps the announcement of each node that was written last, keys for ever, and neighbours until they go', async (t) => {
      const store = await open(t)
      const parent = { node: 'G22', role: 'parent', sealed: { kid: 'v1', bytes: Uint8Array.of(1, 2) } } as const
      const child = { ...parent, node: 'H29.18', role: 'child' } as const
      const key = { kid: 'H29#1', publicKey: 'x', vouchers: [{ by: 'G22#1', signature: 's' }] }
      await store.directory.write({
        announcements: [announcement('H29'), announcement('H26'), announcement('G22')],
        keys: [['H29', key]],
        neighbours: [parent, child],
        state: { version: 3, nextEpoch: 2 },
      })
      await store.directory.write({
        announcements: [announcement('H26', 2)],
        dropped: ['H29'],
        neighbours: [{ node: 'G22' }],
      })

      const { announcements, keys, neighbours, state } = await store.directory.load()
      assert.deepEqual(
        announcements.map((each) => ({ ...each, bytes: Buffer.from(each.bytes).toString() })),
        [announcement('G22'), announcement('H26', 2)].map((each) => ({
          ...each,
          bytes: Buffer.from(each.bytes).toString(),
        })),
      )
      assert.deepEqual(keys, [['H29', key]])
      assert.deepEqual(neighbours, [child])
      assert.deepEqual(state, { version: 3, nextEpoch: 2 })
    })

    it('keeps invitations until they go, with the key that used each, and whom the node pins', async (t) => {
      const store = await open(t)
      const sealed = { kid: 'v1', bytes: Uint8Array.of(3, 4) }
      const one = { id: 'a', child: 'H29.18', createdAt: now, expiresAt: now + 1, usedBy: null, sealed }
      const other = { ...one, id: 'b', child: 'H29.19' }
      const roots = [{ kid: 'H29#1', publicKey: 'p' }]
      await store.directory.write({ invitations: [other, one], state: { version: 1, nextEpoch: 1, roots } })
      const used = { ...one, usedBy: { kid: 'H29.18#1', publicKey: 'q' } }
      await store.directory.write({ invitations: [used, { id: 'b' }] })
      const { invitations, state } = await store.directory.load()
      assert.deepEqual(invitations, [used])
      assert.deepEqual(state, { version: 1, nextEpoch: 1, roots })
      await store.directory.write({ state: { ...state, roots: null } })
      assert.equal((await store.directory.load()).state.roots, null)
    })

    it('knows what was declared when, newest first, page by page', async (t) => {
      const store = await open(t)
      const content = { ...nothing, exceptions: [{ organ: 'H26', reason: 'đường chậm', redirect: 'G22' }] }
      const all = [declared(1), declared(2, { content }), declared(3)]
      for (const each of all) await store.directory.write({ declared: each })

      assert.deepEqual((await store.directory.load()).declared, all[2])
      assert.deepEqual(await store.directory.history({ limit: 2 }), [all[2], all[1]])
      assert.deepEqual(await store.directory.history({ limit: 9, before: { epoch: 1, version: 2 } }), [all[0]])
      assert.deepEqual(await store.directory.history({ limit: 1, before: { epoch: 1, version: 9 } }), [all[2]])
      assert.deepEqual(await store.directory.history({ limit: 9, before: { epoch: 1, version: 1 } }), [])
    })

    it('knows the versions that left all as it was, and goes on from what was declared', async (t) => {
      const store = await open(t)
      const content = { ...nothing, groups: { 'cac-xa': ['H29.18'] } }
      const [first, second] = [declared(1), declared(4, { content, base: { epoch: 1, version: 1 } })]
      const said = (version: number, base: number) => {
        return {
          epoch: 1,
          version,
          at: now + version,
          by: 'H29.18#1',
          reason: 'join',
          base: { epoch: 1, version: base },
        }
      }
      await store.directory.write({ declared: first })
      for (const version of [2, 3]) await store.directory.write({ unchanged: said(version, 1) })
      await store.directory.write({ declared: second })
      await store.directory.write({ unchanged: said(5, 4) })

      assert.deepEqual((await store.directory.load()).declared, second)
      const all = [
        ...[{ ...said(5, 4), content }, second],
        ...[{ ...said(3, 1), content: nothing }, { ...said(2, 1), content: nothing }, first],
      ]
      assert.deepEqual(await store.directory.history({ limit: 9 }), all)
      assert.deepEqual(await store.directory.history({ limit: 2, before: { epoch: 1, version: 4 } }), all.slice(2, 4))
    })

    it('is written whole or not at all', async (t) => {
      const store = await open(t)
      const bad = { at: now, type: 'directory', detail: { count: 1n } } as never
      await assert.rejects(
        store.directory.write({ announcements: [announcement('H29')], declared: declared(1), acts: [bad] }),
      )
      assert.deepEqual((await store.directory.load()).announcements, [])
      assert.equal((await store.directory.load()).declared, null)
    })
  })
}
