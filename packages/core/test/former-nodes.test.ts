import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileTable, dayStart, earlierNodes, type Organisation, type RoutingTable } from '@lienthong/core'

const nodes = [
  { id: 'G22', tier: 'central', parent: null, keys: [] },
  { id: 'H29', tier: 'province', parent: 'G22', keys: [] },
  { id: 'H29.18', tier: 'district', parent: 'H29', keys: [] },
  { id: 'H26', tier: 'province', parent: 'G22', keys: [] },
]

function instant(day: string): number {
  return dayStart(day) ?? assert.fail(day)
}
const after = instant('2025-07-01')
const before = after - 1

function organ(id: string, fields: Partial<Organisation> = {}): Organisation {
  return { id, name: id, parent: null, node: 'H29', ...fields }
}

function tableOf(changed: readonly Organisation[] = [], at = after): RoutingTable {
  const organisations = [organ('H29'), organ('H26', { node: 'H26' }), ...changed]
  return compileTable('G22', { version: 1, nodes, organisations }, 1, at)
}

describe('an organisation that has moved to another node', () => {
  const closed = { validTo: '2025-06-30' }
  const moved = [organ('A', { node: 'H26', formerNodes: [{ node: 'H29', until: '2025-07-01' }] })]
  const last = instant('2025-07-02') - 1

  it('lets the nodes that served it before speak for it, until their day has passed', () => {
    assert.deepEqual(tableOf(moved, last).speakersOf('A'), ['H26', 'H29'])
    assert.deepEqual(tableOf(moved, last + 1).speakersOf('A'), ['H26'])
    assert.equal(tableOf(moved, last).nextChangeAt, last + 1)
    assert.equal(tableOf(moved, last + 1).version, tableOf(moved, last).version + 1)
  })

  it('and then closed lets them all, and those that served its successor', () => {
    const heirs = [
      organ('A', { ...closed, successors: ['B'], formerNodes: [{ node: 'H29.18', until: '2025-12-31' }] }),
      organ('B', { node: 'H26', formerNodes: [{ node: 'G22', until: '2025-12-31' }] }),
    ]
    assert.deepEqual(tableOf(heirs).speakersOf('A'), ['H29', 'H26', 'H29.18', 'G22'])
    assert.deepEqual(tableOf(heirs).speakersOf('B'), ['H26', 'G22'])
  })

  it('is on record at every node that kept what a node keeps now', () => {
    const heirs = [
      organ('A', { ...closed, node: 'H29.18', successors: ['B'] }),
      organ('B', { node: 'H26', formerNodes: [{ node: 'G22', until: '2020-12-31' }] }),
      organ('C', { ...closed, node: 'H29', successors: ['C1', 'H26'] }),
      organ('C1'),
    ]
    const { keeperOf } = tableOf(heirs)
    const at = (self: string) => earlierNodes(heirs, { self, keeperOf })
    assert.deepEqual(at('H26'), ['G22', 'H29.18'])
    assert.deepEqual(at('H29.18'), [])
  })

  it('is kept by its node, and by its one successor once it has closed', () => {
    const at = (day: number, ...changed: Organisation[]) => tableOf(changed, day).keeperOf('A')
    const merged = organ('A', { ...closed, successors: ['H26'] })
    assert.deepEqual(at(before, merged), { organ: 'A', node: 'H29' })
    assert.deepEqual(at(after, merged), { organ: 'H26', node: 'H26' })
    assert.deepEqual(at(after, organ('A', closed)), { organ: 'A', node: 'H29' })
    assert.deepEqual(at(after, organ('A', { ...closed, successors: ['H26', 'H29'] })), { organ: 'A', node: 'H29' })
    assert.equal(tableOf().keeperOf('nobody'), null)
  })

  it('is refused with a day that does not exist', () => {
    const wrong = organ('A', { formerNodes: [{ node: 'H29', until: '2025-02-30' }] })
    assert.throws(() => tableOf([wrong]), { code: 'DIRECTORY_INVALID' })
  })
})
