import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type ClosedCode,
  closedCodeText,
  closedOnTheWay,
  compileTable,
  dayStart,
  type Organisation,
} from '@lienthong/core'

const after = dayStart('2025-07-01') ?? 0
const validTo = '2025-06-30'

function organ(id: string, fields: Partial<Organisation> = {}): Organisation {
  return { id, name: id, parent: null, node: 'H29', ...fields }
}

const table = compileTable(
  'H29',
  {
    version: 1,
    nodes: [{ id: 'H29', tier: '', parent: null, keys: [] }],
    organisations: [
      organ('A'),
      organ('B'),
      organ('ONE', { validTo, successors: ['A'] }),
      organ('RETURNS', { validTo, successors: ['A'], newDocuments: 'return' }),
      organ('SPLIT', { validTo, successors: ['A', 'B'], newDocuments: 'hold', splitRules: [{ from: 'B', to: 'A' }] }),
      organ('NONE', { validTo }),
      organ('LATER', { validTo: '2025-12-31', successors: ['A'] }),
    ],
  },
  1,
  after,
)
const closed = (id: string, deliveredAt: number | null = null, from = 'A') =>
  closedOnTheWay(table, { organ: id, deliveredAt }, from)

describe('a recipient that has closed', () => {
  it('is said with who gets the document in its place, by whatever its new documents do', () => {
    const successors = (id: string, from?: string) => closed(id, null, from)?.successors
    assert.deepEqual(closed('ONE'), { code: 'ONE', validTo, successors: ['A'] })
    assert.deepEqual(successors('RETURNS'), ['A'])
    assert.deepEqual(successors('SPLIT'), ['A', 'B'])
    assert.deepEqual(successors('SPLIT', 'B'), ['A'])
    assert.deepEqual(successors('NONE'), [])
    for (const id of ['A', 'LATER', 'UNKNOWN']) assert.equal(closed(id), null)
  })

  it('is not said of what was there before its last day was over', () => {
    assert.equal(closed('ONE', after - 1), null)
    assert.deepEqual(closed('ONE', after)?.successors, ['A'])
  })

  it('is told by how far the document is', () => {
    const text = (state: Parameters<typeof closedCodeText>[2], successors: ClosedCode['successors']) =>
      closedCodeText('en', { code: 'X', validTo, successors }, state)
    assert.equal(text('delivered', ['Y']), 'Addressed to X, closed after 2025-06-30: delivered to its successor Y.')
    assert.match(text('dispatched', ['Y']), /: on its way to its successor Y/)
    assert.match(
      text('delivered', ['Y', 'Z']),
      /split after 2025-06-30: waits until it is decided which of Y, Z gets it/,
    )
    assert.match(text('collected', ['Y', 'Z']), /split after 2025-06-30: one of Y, Z has collected it/)
    assert.match(text('undeliverable', ['Y']), /: not delivered; Y took over/)
    assert.match(text('undeliverable', []), /: nobody took over/)
    assert.match(
      closedCodeText('vi', { code: 'X', validTo, successors: ['Y'] }, 'collected'),
      /đã tới cơ quan kế thừa Y/,
    )
  })
})
