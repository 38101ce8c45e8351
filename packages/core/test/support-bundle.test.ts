import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Arrival,
  bundleEnd,
  bundleRefusal,
  type Core,
  compileTable,
  decideTransit,
  kinds,
  maxBundleBytes,
  nodeRecipient,
  outgrown,
} from '@lienthong/core'

const node = (id: string, parent: string | null) => ({ id, tier: '', parent, keys: [] })
const directory = {
  version: 1,
  nodes: [node('G22', null), node('H29', 'G22'), node('H29.18', 'H29'), node('H29.02', 'H29')],
  organisations: [],
}
const at = (self: string) => compileTable(self, directory, 1, 0)
const sent = (from: string, to: string, size = 10) => ({ from, recipients: [nodeRecipient(to)], size })
const bundle: Omit<Core, 'from' | 'recipients' | 'size'> = {
  ...{ version: 1, uid: 'u', generation: 1, kind: 'bundle', businessType: 0, documentId: '1', sha256: '' },
  ...{ segmentBytes: 1, lane: 'bulk', sealedAt: 0, directoryVersion: 1 },
}
const child = (id: string): Arrival => ({ from: 'child', child: id })

describe('a support bundle', () => {
  it('is taken in from a child that sends its own, and from nobody else', () => {
    const H29 = at('H29')
    assert.equal(bundleRefusal(H29, child('H29.18'), sent('H29.18', 'H29')), null)
    for (const [arrival, core] of [
      [child('H29.18'), sent('H29.02', 'H29')],
      [child('H29.18'), sent('H29.18', 'G22')],
      [child('H29.18'), { ...sent('H29.18', 'H29'), recipients: ['@H29', '@G22'] }],
      [child('H77'), sent('H77', 'H29')],
      [{ from: 'parent' }, sent('G22', 'H29')],
      [{ from: 'returned' }, sent('H29.18', 'H29')],
    ] as const) {
      assert.equal(bundleRefusal(H29, arrival, core), 'BUNDLE_REFUSED', JSON.stringify([arrival, core]))
    }
    assert.equal(bundleRefusal(at('G22'), child('H29'), sent('H29.18', 'G22')), 'BUNDLE_REFUSED')
    const large = sent('H29.18', 'H29', maxBundleBytes + 1)
    assert.equal(bundleRefusal(H29, child('H29.18'), large), 'BUNDLE_TOO_LARGE')
  })

  it('leaves for the parent alone', () => {
    const self: Arrival = { from: 'self' }
    assert.equal(bundleRefusal(at('H29.18'), self, sent('H29.18', 'H29')), null)
    assert.equal(bundleRefusal(at('H29.18'), self, sent('H29.18', 'G22')), 'BUNDLE_REFUSED')
    assert.equal(bundleRefusal(at('G22'), self, sent('G22', 'H29')), 'BUNDLE_REFUSED')
  })

  it('is routed over one link and no further', () => {
    const decide = (self: string, arrival: Arrival, from: string, to: string) => {
      const core = { ...bundle, ...sent(from, to) }
      return decideTransit(at(self), arrival, { core, origin: from, to: [0], segment: 0, path: [] })
    }
    assert.deepEqual(decide('H29', child('H29.18'), 'H29.18', 'H29').deliver, [0])
    const refused = (code: string) => ({ deliver: [], forward: [], refused: [{ code, to: [0] }] })
    assert.deepEqual(decide('H29', child('H29.18'), 'H29.18', 'G22'), refused('BUNDLE_REFUSED'))
    assert.deepEqual(decide('G22', child('H29'), 'H29.18', 'G22'), refused('BUNDLE_REFUSED'))
    // Whose link it is was asked before.
    assert.deepEqual(decide('H29', child('H29.18'), 'H29.02', 'H29'), refused('FROM_NOT_ALLOWED'))
  })

  it('never arrives where the parent is another one, or reads fewer kinds', () => {
    const parent = (id: string, heard: { readonly kinds?: number } | null) => bundleEnd('H29', { id, heard })
    assert.equal(parent('H29', null), null)
    assert.equal(parent('H29', { kinds: kinds.length }), null)
    assert.equal(parent('H29', { kinds: kinds.length + 7 }), null)
    assert.equal(parent('H29', {}), 'PARENT_OLDER')
    assert.equal(parent('H29', { kinds: 4 }), 'PARENT_OLDER')
    assert.equal(parent('H26', { kinds: kinds.length }), 'BUNDLE_REFUSED')
    assert.equal(bundleEnd('H29', null), 'BUNDLE_REFUSED')
  })
})

describe('bundles that are kept', () => {
  const room = { perChild: 2, bytesPerChild: 100, bytes: 150 }
  const kept = (...bundles: readonly (readonly [child: string, size: number])[]) =>
    outgrown(
      bundles.map(([of, size], index) => ({ id: index + 1, child: of, size })),
      room,
    )

  it('go when their child has newer ones, by number and by bytes', () => {
    assert.deepEqual(kept(), [])
    assert.deepEqual(kept(['a', 1], ['a', 1]), [])
    assert.deepEqual(kept(['a', 1], ['b', 1], ['a', 1], ['a', 1]), [1])
    assert.deepEqual(kept(['a', 60], ['b', 10], ['a', 60]), [1])
  })

  it('go when all together are too many bytes, the oldest first; the newest stays whatever it is', () => {
    assert.deepEqual(kept(['a', 60], ['b', 60], ['c', 60]), [1])
    assert.deepEqual(kept(['a', 60], ['b', 60], ['c', 300]), [1, 2])
  })
})
