import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileTable, dayStart, type Organisation, type RoutingTable } from '@lienthong/core'

const after = dayStart('2025-07-01') ?? 0
const before = after - 1
const closed = { validTo: '2025-06-30' }

function organ(id: string, fields: Partial<Organisation> = {}): Organisation {
  return { id, name: id, parent: null, node: 'H29', ...fields }
}

function tableOf(organisations: readonly Organisation[], at = after): RoutingTable {
  const nodes = [{ id: 'H29', tier: '', parent: null, keys: [] }]
  return compileTable(
    'H29',
    { version: 1, nodes, organisations: [organ('H29'), organ('H26'), ...organisations] },
    1,
    at,
  )
}

function resolved(code: string, table: RoutingTable) {
  const resolution = table.resolve(code)
  return resolution.found ? `${resolution.organ} at ${resolution.node} by ${resolution.by}` : resolution.code
}

describe('successors of an organisation that has closed', () => {
  it('of a split one are chosen by the first rule that fits the sender or the unit written', () => {
    const rules = [
      { from: 'H26', to: 'B' },
      { unit: 'H29.40.2', to: 'C' },
    ]
    const split = { ...closed, successors: ['B', 'C'] }
    const parts = [organ('B'), organ('C'), organ('H26.9', { parent: 'H26' }), organ('X', { parent: 'H26.9' })]
    const table = tableOf([organ('H29.40', { ...split, splitRules: rules, newDocuments: 'hold' }), ...parts])
    const asked = (code: string, from?: string) => {
      const found = table.resolve(code, from)
      return found.found ? found.organ : [found.code, 'waits' in found && found.waits].join(' ')
    }
    assert.deepEqual(
      [
        asked('H29.40', 'H26'),
        asked('H29.40', 'X'),
        asked('H29.40', 'H26.9.1'),
        asked('H29.40.2.1', 'H29'),
        asked('H29.40.2', 'X'),
      ],
      ['B', 'B', 'B', 'C', 'B'],
    )
    assert.deepEqual(
      [asked('H29.40', 'H29'), asked('H29.40'), asked('H29.40.3', 'H29')],
      Array(3).fill('RECEIVER_SPLIT true'),
    )
    assert.deepEqual(table.keeperOf('H29.40', { to: 'H29.40', from: 'X' }), { organ: 'B', node: 'H29' })
    assert.deepEqual(table.keeperOf('H29.40', { to: 'H29.40', from: 'H29' }), { organ: 'H29.40', node: 'H29' })
    const always = tableOf([organ('H29.40', { ...split, splitRules: [{ to: 'C' }] }), ...parts])
    assert.equal(resolved('H29.40', always), 'C at H29 by successor')
    // Before its last day nothing of this counts.
    assert.equal(
      resolved('H29.40', tableOf([organ('H29.40', { ...split, splitRules: rules }), ...parts], before)),
      'H29.40 at H29 by code',
    )
  })

  it('want to be addressed themselves, when the one that closed says so', () => {
    const table = tableOf([organ('A', { ...closed, successors: ['B'], newDocuments: 'return' }), organ('B')])
    const facts = { successor: 'B', node: 'H29', name: 'B', validTo: '2025-06-30' }
    assert.deepEqual(table.resolve('A'), { found: false, code: 'RECEIVER_REPLACED', ...facts })
    // What is under way arrives all the same.
    assert.deepEqual(table.keeperOf('A'), { organ: 'B', node: 'H29' })
  })
})
