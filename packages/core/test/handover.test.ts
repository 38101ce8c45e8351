import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Core,
  compileTable,
  type Directory,
  decideTransit,
  handoverTo,
  mayHandOver,
  mayTurnAway,
  nodeRecipient,
  type Organisation,
  recipientNode,
  takeRow,
} from '@lienthong/core'

const node = (id: string, parent: string | null) => ({ id, tier: '', parent, keys: [] })
const organ = (id: string, fields: Partial<Organisation> = {}): Organisation => ({
  id,
  name: id,
  parent: null,
  node: 'H29',
  ...fields,
})
const directory: Directory = {
  version: 1,
  nodes: [node('G22', null), node('H29', 'G22'), node('H26', 'G22')],
  organisations: [
    organ('H29'),
    organ('H26', { node: 'H26' }),
    organ('moved', { node: 'H26', formerNodes: [{ node: 'H29', until: '2025-12-31' }] }),
    organ('merged', { validTo: '2024-12-31', successors: ['H26'] }),
    organ('renamed', { validTo: '2024-12-31', successors: ['H29'] }),
    organ('closed', { validTo: '2024-12-31' }),
    organ('split', { validTo: '2024-12-31', successors: ['H26', 'H29'] }),
  ],
}
const at = (self: string, day = '2025-06-30') => compileTable(self, directory, 1, Date.parse(day))

describe('a mailbox', () => {
  it('goes to the node that keeps it now, and stays where nobody else does', () => {
    const codes = ['moved', 'merged', 'renamed', 'closed', 'split', 'H29', 'unknown']
    const goes = (self: string, day?: string) => codes.map((code) => handoverTo(at(self, day), code))
    assert.deepEqual(goes('H29'), ['H26', 'H26', null, null, null, null, null])
    assert.deepEqual(goes('H29', '2024-06-30'), ['H26', null, null, null, null, null, null])
    assert.deepEqual(goes('H26'), [null, null, 'H29', 'H29', 'H29', 'H29', null])
  })

  it('is handed over by a node that may speak for it, and by no other', () => {
    const may = (from: string, day?: string) =>
      ['moved', 'merged', 'H26', 'unknown'].map((code) => mayHandOver(at('H26', day), from, code))
    assert.deepEqual(may('H29'), [true, true, false, false])
    assert.deepEqual(may('H29', '2026-06-30'), [false, true, false, false])
    assert.deepEqual(may('G22'), [false, false, false, false])
  })

  it('leaves its former node to answer for what left for it', () => {
    assert.equal(mayTurnAway(at('G22'), 'H29', 'moved'), false)
    assert.equal(mayTurnAway(at('G22', '2026-06-30'), 'H29', 'moved'), true)
  })
})

describe('a row that is handed over', () => {
  it('stands once, and is shown to nobody who has collected it', () => {
    const [waiting, collected] = [
      { collectedAt: null, withdrawnAt: null },
      { collectedAt: 5, withdrawnAt: null },
    ]
    const withdrawn = { collectedAt: null, withdrawnAt: 5 }
    const known = (waits: boolean, left = false) => ({ waits, left })
    for (const row of [waiting, collected, withdrawn]) {
      assert.equal(takeRow(row, null), 'stands')
      assert.equal(takeRow(row, known(true, true)), 'stands')
      assert.equal(takeRow(row, known(false)), 'known')
    }
    assert.equal(takeRow(waiting, known(true)), 'known')
    assert.equal(takeRow(collected, known(true)), 'ended')
    assert.equal(takeRow(withdrawn, known(true)), 'ended')
  })
})

describe('a handover on its way', () => {
  const core: Core = {
    version: 1,
    uid: 'u',
    generation: 1,
    kind: 'handover',
    businessType: 0,
    from: 'H29',
    documentId: '1',
    recipients: [nodeRecipient('H26')],
    size: 0,
    sha256: '',
    segmentBytes: 1,
    lane: 'bulk',
    sealedAt: 0,
    directoryVersion: 1,
  }
  const decide = (self: string, child: string, from = 'H29') =>
    decideTransit(
      at(self),
      { from: 'child', child },
      { core: { ...core, from }, origin: from, to: [0], segment: 0, path: [] },
    )

  it('goes from node to node', () => {
    assert.equal(recipientNode(nodeRecipient('H26')), 'H26')
    assert.equal(recipientNode('H26'), null)
    assert.deepEqual(decide('G22', 'H29').forward, [{ hop: 'down:H26', to: [0] }])
  })

  it('comes from nobody but the node that seals it', () => {
    assert.deepEqual(decide('G22', 'H26').refused, [{ code: 'FROM_NOT_ALLOWED', to: [0] }])
    assert.deepEqual(decide('G22', 'H29', 'moved').refused, [{ code: 'FROM_NOT_ALLOWED', to: [0] }])
  })
})
