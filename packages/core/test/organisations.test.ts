import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  compileTable,
  type Directory,
  dayStart,
  lookupKey,
  type Organisation,
  RelayError,
  type RoutingTable,
} from '@lienthong/core'
import fc from 'fast-check'
import { directoryOf } from './trees.ts'

const nodes = [
  { id: 'G22', tier: 'central', parent: null, keys: [] },
  { id: 'H29', tier: 'province', parent: 'G22', keys: [] },
  { id: 'H29.18', tier: 'district', parent: 'H29', keys: [] },
  { id: 'H26', tier: 'province', parent: 'G22', keys: [] },
]
const organisations: readonly Organisation[] = [
  { id: 'G22', name: 'centre', parent: null, node: 'G22', code102: '000.00.00.G22' },
  { id: 'H29', name: 'province', parent: null, node: 'H29', code102: '000.00.00.H29' },
  { id: 'H29.18', name: 'district', parent: 'H29', node: 'H29.18', oldCode: 'H29.9', code102: '000.00.18.H29' },
  { id: 'H29.18.05', name: 'commune', parent: '000.00.18.H29', node: 'H29.18' },
  {
    id: 'H29.18.06',
    name: 'closed',
    parent: 'H29.18',
    node: 'H29.18',
    code102: '000.06.18.H29',
    validTo: '2025-06-30',
    successors: ['H29.18.05'],
  },
  { id: 'H26', name: 'province', parent: null, node: 'H26' },
]
const directory: Directory = {
  version: 7,
  nodes,
  organisations,
  groups: { 'Các tỉnh': ['H29', '000.00.18.h29', 'H29.18.06'] },
}

function instant(day: string): number {
  return dayStart(day) ?? assert.fail(day)
}
const after = instant('2025-07-01')
const before = after - 1

function tableOf(changed: readonly Organisation[] = [], at = after): RoutingTable {
  const ids = new Set(changed.map(({ id }) => id))
  const all = [...organisations.filter(({ id }) => !ids.has(id)), ...changed]
  return compileTable('G22', { ...directory, organisations: all }, 1, at)
}

function resolved(code: string, table = tableOf()) {
  const resolution = table.resolve(code)
  return resolution.found ? `${resolution.organ} at ${resolution.node} by ${resolution.by}` : resolution.code
}

function organ(id: string, fields: Partial<Organisation> = {}): Organisation {
  return { id, name: id, parent: null, node: 'H29', ...fields }
}

describe('resolving a written code', () => {
  it('finds each of the three codes in any spelling', () => {
    for (const code of ['H29.18', ' h29.18 ', '000.00.18.h29', 'h29.9']) {
      assert.equal(resolved(code), 'H29.18 at H29.18 by code')
    }
  })

  it('finds codes that bend every form when they are listed, and never as anything else', () => {
    const bent = ['998.99.99.H05', '000.302.36.H05', '28.22.H17', 'vxp.saas.02', 'H37.DN.001', 'H058', '00.22.W00']
    const table = tableOf(bent.map((id) => organ(id)))
    for (const id of bent) {
      assert.equal(resolved(id.toLowerCase(), table), `${id} at H29 by code`)
      assert.equal(resolved(id), 'RECEIVER_UNKNOWN')
    }
  })

  it('falls back to the longest prefix in the new form', () => {
    assert.equal(resolved('H29.18.05.01.02'), 'H29.18.05 at H29.18 by prefix')
    assert.equal(resolved('H29.77.01'), 'H29 at H29 by prefix')
    assert.equal(resolved('H29.18.06.1'), 'H29.18.05 at H29.18 by prefix')
  })

  it('falls back to the parent by zeroing in the old form', () => {
    assert.equal(resolved('000.25.18.H29'), 'H29.18 at H29.18 by zeroing')
    assert.equal(resolved('123.25.18.H29'), 'H29.18 at H29.18 by zeroing')
    assert.equal(resolved('000.302.99.H29'), 'H29 at H29 by zeroing')
  })

  it('converts to the other form only when the code itself leads nowhere', () => {
    assert.equal(resolved('000.00.00.H26'), 'H26 at H26 by converted')
    assert.equal(resolved('000.07.18.H26'), 'H26 at H26 by converted')
    assert.equal(resolved('000.05.18.H29'), 'H29.18 at H29.18 by zeroing')
    const old = tableOf([organ('000.00.31.H05')])
    assert.equal(resolved('H05.31', old), '000.00.31.H05 at H29 by converted')
    assert.equal(resolved('H05.31.25', old), '000.00.31.H05 at H29 by converted')
  })

  it('knows nothing of other codes', () => {
    for (const code of ['', 'null', 'vxp.saas.02', 'H30', 'H30.18', '000.00.18.H30', 'H2', '...', 'H29.18-05']) {
      assert.equal(resolved(code), 'RECEIVER_UNKNOWN', code)
    }
  })
})

describe('a code given out anew', () => {
  it('belongs to its owner by id, not to whoever had it before', () => {
    const table = tableOf([organ('H26.1', { oldCode: 'H29.18' })])
    assert.equal(resolved('H29.18', table), 'H29.18 at H29.18 by code')
    assert.equal(table.listed('H29.18')?.id, 'H29.18')
  })

  it('belongs to whoever had it until its new owner opens', () => {
    const anew = [organ('H26.1', { oldCode: 'H29.30' }), organ('H29.30', { node: 'H26', validFrom: '2025-07-01' })]
    assert.equal(resolved('H29.30', tableOf(anew, before)), 'H26.1 at H29 by code')
    assert.equal(resolved('H29.30', tableOf(anew, after)), 'H29.30 at H26 by code')
  })

  it('means its owner by id in the directory itself, on any day', () => {
    const anew = [
      organ('H26.1', { oldCode: 'H29.30' }),
      organ('H29.30', { node: 'H26', validFrom: '2025-07-01' }),
      organ('H29.30.1', { parent: 'H29.30' }),
      organ('H29.31', { validTo: '2025-06-30', successors: ['H29.30'] }),
    ]
    for (const at of [before, after]) assert.deepEqual(tableOf(anew, at).expand('H26.1.*'), [])
    assert.deepEqual(tableOf(anew, after).expand('H29.30.*'), ['H29.30.1'])
    assert.equal(resolved('H29.31', tableOf(anew, after)), 'H29.30 at H26 by successor')
  })

  it('passes from one to the next on the day the next one opens', () => {
    const turns = [
      organ('X', { oldCode: '000.00.30.H29', validTo: '2025-06-30', successors: ['H26'] }),
      organ('Y', { oldCode: '000.00.30.H29', validFrom: '2025-08-01' }),
    ]
    assert.equal(resolved('000.00.30.H29', tableOf(turns, before)), 'X at H29 by code')
    assert.equal(resolved('000.00.30.H29', tableOf(turns, after)), 'H26 at H26 by successor')
    assert.equal(resolved('000.00.30.H29', tableOf(turns, instant('2025-08-01'))), 'Y at H29 by code')
  })
})

describe('the day an organisation closes', () => {
  it('is a whole day in Vietnam', () => {
    assert.equal(after, Date.UTC(2025, 5, 30, 17))
    assert.equal(resolved('H29.18.06', tableOf([], before)), 'H29.18.06 at H29.18 by code')
    assert.equal(resolved('H29.18.06'), 'H29.18.05 at H29.18 by successor')
    const answer = tableOf().resolve('000.06.18.H29')
    assert.ok(answer.found && answer.validTo === '2025-06-30')
  })

  it('is not before the day it opens', () => {
    const table = tableOf([organ('H29.40', { validFrom: '2025-07-01' })], before)
    assert.deepEqual(table.resolve('H29.40'), { found: false, code: 'RECEIVER_NOT_YET', validFrom: '2025-07-01' })
    assert.equal(resolved('H29.40', tableOf([organ('H29.40', { validFrom: '2025-07-01' })])), 'H29.40 at H29 by code')
    for (const day of ['2025-02-29', '2025-13-01', '2025-7-1', '', 'today']) assert.equal(dayStart(day), null, day)
  })

  it('leaves its mailbox where it is, for what is under way', () => {
    for (const at of [before, after]) assert.equal(tableOf([], at).listed('000.06.18.h29')?.node, 'H29.18')
    assert.equal(tableOf().listed('H29.18.06.1'), null)
  })

  it('ends in nobody when it has no successor', () => {
    const table = tableOf([organ('H29.40', { validTo: '2025-06-30' })])
    assert.deepEqual(table.resolve('H29.40'), { found: false, code: 'RECEIVER_CLOSED', validTo: '2025-06-30' })
    assert.equal(resolved('H29.40.1', table), 'H29 at H29 by prefix')
  })

  it('is counted in the version of the table, which says when the next one comes', () => {
    const dated = [
      organ('A', { validTo: '2025-06-30' }),
      organ('B', { validFrom: '2025-07-01', validTo: '2025-12-31' }),
    ]
    const seen = [before, after, instant('2026-01-01')].map((at) => {
      const { version, changedAt, nextChangeAt } = tableOf(dated, at)
      return [version, changedAt, nextChangeAt]
    })
    assert.deepEqual(seen, [
      [1, null, after],
      [2, after, instant('2026-01-01')],
      [3, instant('2026-01-01'), null],
    ])
  })
})

describe('successors', () => {
  const closed = { validTo: '2025-06-30' }

  it('are followed over several, each by its own day', () => {
    const chain = [
      organ('A', { ...closed, successors: ['B'] }),
      organ('A2', { ...closed, successors: ['b'] }),
      organ('B', { validTo: '2025-12-31', successors: ['000.00.00.H29'] }),
    ]
    assert.equal(resolved('A', tableOf(chain)), 'B at H29 by successor')
    assert.equal(resolved('A2', tableOf(chain)), 'B at H29 by successor')
    assert.equal(resolved('A', tableOf(chain, instant('2026-01-01'))), 'H29 at H29 by successor')
  })

  it('of a split one are named, and none is chosen', () => {
    const split = [organ('A', { ...closed, successors: ['B', 'H26', 'C'] }), organ('B'), organ('C', closed)]
    const facts = { organ: 'A', candidates: ['B', 'H26'], validTo: '2025-06-30', waits: false }
    const held = { found: false, code: 'RECEIVER_SPLIT', ...facts }
    assert.deepEqual(tableOf(split).resolve('A'), held)
    assert.equal(resolved('A', tableOf(split, before)), 'A at H29 by code')
  })

  it('of a split one that meet again are one', () => {
    const parts = ['B', 'C'].map((id) => organ(id, { validTo: '2025-07-31', successors: ['H26'] }))
    const table = (day: string) => tableOf([organ('A', { ...closed, successors: ['B', 'C'] }), ...parts], instant(day))
    assert.equal(resolved('A', table('2025-07-01')), 'RECEIVER_SPLIT')
    assert.equal(resolved('A', table('2025-08-01')), 'H26 at H26 by successor')
  })

  it('of a split superior decide for what lies below it', () => {
    const table = tableOf([organ('H29.40', { ...closed, successors: ['H29', 'H26'] })])
    assert.equal(resolved('H29.40.01', table), 'RECEIVER_SPLIT')
  })

  it('may speak for it once it has closed: who took over, or each that a person or a rule may give something to', () => {
    const merged = [
      organ('A', { ...closed, successors: ['H26'] }),
      organ('B', { ...closed, successors: ['H29', 'H26'] }),
    ]
    assert.deepEqual(tableOf(merged, before).speakersOf('A'), ['H29'])
    assert.deepEqual(tableOf(merged).speakersOf('A'), ['H29', 'H26'])
    assert.deepEqual(tableOf(merged).speakersOf('B'), ['H29', 'H26'])
    assert.deepEqual(tableOf(merged).speakersOf('nobody'), [])
  })
})

describe('groups', () => {
  it('hold everything open below an organisation, not itself', () => {
    const [now, then] = [tableOf(), tableOf([], before)]
    assert.deepEqual(now.expand('h29.*'), ['H29.18', 'H29.18.05'])
    assert.deepEqual(then.expand('h29.*'), ['H29.18', 'H29.18.05', 'H29.18.06'])
    assert.deepEqual(now.expand('000.00.18.H29.*'), ['H29.18.05'])
    assert.deepEqual(now.expand('H26.*'), [])
    assert.deepEqual(now.expand('*'), ['G22', 'H29', 'H29.18', 'H29.18.05', 'H26'])
  })

  it('hold members by name, each once, and the successors of those that have closed', () => {
    assert.deepEqual(tableOf().expand('các tỉnh'), ['H29', 'H29.18', 'H29.18.05'])
    assert.deepEqual(tableOf([], before).expand('các tỉnh'), ['H29', 'H29.18', 'H29.18.06'])
    const split = { ...organ('H29.18.06'), validTo: '2025-06-30', successors: ['H26', 'H29.18.05'] }
    assert.deepEqual(tableOf([split]).expand('các tỉnh'), ['H29', 'H29.18', 'H26', 'H29.18.05'])
  })

  it('hold nobody who is not there yet, or not any more', () => {
    const table = tableOf([
      organ('H29.18', { code102: '000.00.18.H29', validFrom: '2026-01-01' }),
      organ('H29.18.06', { validTo: '2025-06-30' }),
    ])
    assert.deepEqual(table.expand('các tỉnh'), ['H29'])
    assert.equal(table.expand('*')?.includes('H29.18'), false)
  })

  it('are nothing else', () => {
    assert.equal(tableOf().expand('H29'), null)
    assert.equal(tableOf().expand('H30.*'), null)
  })
})

describe('any directory', () => {
  /** Twelve organisations with days, successors further on, and codes that may be given out anew. */
  const day = fc.integer({ min: 1, max: 9 }).map((value) => `2025-0${value}-15`)
  const arbitrary = fc
    .array(
      fc.record({
        from: fc.option(day),
        to: fc.option(day),
        skips: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
        old: fc.option(fc.integer({ min: 0, max: 15 })),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((drawn): Directory => {
      const made = drawn.map(({ from, to, skips, old }, index): Organisation => {
        const successors = skips
          .map((skip) => `H29.${index + skip}`)
          .filter((_, each) => index + (skips[each] ?? 0) < drawn.length)
        return {
          id: `H29.${index}`,
          name: '',
          parent: null,
          node: 'N0',
          ...(old === null ? {} : { oldCode: `H29.${old}` }),
          ...(from === null ? {} : { validFrom: from }),
          ...(to === null ? {} : { validTo: to, ...(successors.length === 0 ? {} : { successors }) }),
        }
      })
      return { ...directoryOf([]), organisations: made }
    })
  const days = ['2025-01-01', '2025-03-20', '2025-06-15', '2025-12-31'].map(instant)
  const written = fc.oneof(
    fc.integer({ min: 0, max: 15 }).map((value) => `H29.${value}`),
    fc.integer({ min: 0, max: 15 }).map((value) => ` h29.${value}.1`),
    fc.integer({ min: 0, max: 15 }).map((value) => `000.00.${String(value).padStart(2, '0')}.H29`),
  )

  function tablesOf(by: Directory): (RoutingTable | null)[] {
    return days.map((at) => {
      try {
        return compileTable('N0', by, 1, at)
      } catch (error) {
        assert.ok(error instanceof RelayError && error.code === 'DIRECTORY_INVALID')
        return null
      }
    })
  }

  it('that is valid on one day is valid on all', () => {
    fc.assert(
      fc.property(arbitrary, (by) => {
        assert.equal(new Set(tablesOf(by).map((table) => table === null)).size, 1)
      }),
      { numRuns: 300 },
    )
  })

  it('never leads to an organisation that is closed or not yet open, and resolving its answer again changes nothing', () => {
    fc.assert(
      fc.property(arbitrary, written, (by, code) => {
        for (const [index, table] of tablesOf(by).entries()) {
          const answer = table?.resolve(code)
          if (table === null || answer === undefined) continue
          const led = answer.found ? [answer.organ] : answer.code === 'RECEIVER_SPLIT' ? answer.candidates : []
          for (const id of led) {
            const { validFrom = '0', validTo = '9' } =
              by.organisations.find((each) => each.id === id) ?? assert.fail(id)
            const today = new Date((days[index] ?? 0) + 7 * 3_600_000).toISOString().slice(0, 10)
            assert.ok(validFrom <= today && today <= validTo, `${id} on ${today}`)
            assert.deepEqual(table.resolve(id), { found: true, organ: id, node: 'N0', by: 'code' })
          }
          assert.ok(answer.found || answer.code !== 'RECEIVER_SPLIT' || led.length > 1)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('lets a listed code mean what lists it, never what its position says', () => {
    fc.assert(
      fc.property(arbitrary, written, (by, code) => {
        const key = lookupKey(code)
        const isListed = by.organisations.some(({ id, oldCode }) => id === key || oldCode === key)
        for (const table of tablesOf(by)) {
          if (table === null) continue
          const answer = table.resolve(code)
          assert.equal(table.listed(code) !== null, isListed)
          if (isListed) assert.ok(!answer.found || answer.by === 'code' || answer.by === 'successor')
          else assert.ok(!answer.found || (answer.by !== 'code' && answer.by !== 'successor'))
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a directory that cannot be', () => {
  const closed = { validTo: '2025-06-30' }
  const cases: Readonly<Record<string, Partial<Directory>>> = {
    'two roots': { nodes: [...nodes, { id: 'H1', tier: '', parent: null, keys: [] }] },
    'no root': { nodes: [] },
    'node twice': { nodes: [...nodes, { id: 'H26', tier: '', parent: 'H29', keys: [] }] },
    'unknown parent node': { nodes: [...nodes, { id: 'H1', tier: '', parent: 'H2', keys: [] }] },
    'nodes in a circle': {
      nodes: [...nodes, { id: 'H1', tier: '', parent: 'H2', keys: [] }, { id: 'H2', tier: '', parent: 'H1', keys: [] }],
    },
    'organisation twice': { organisations: [...organisations, organ('h26')] },
    'old code of two at a time': {
      organisations: [organ('A', { oldCode: 'X', ...closed }), organ('B', { code102: 'x', validFrom: '2025-06-30' })],
    },
    'old code of two at a time, hidden behind a third': {
      organisations: [
        organ('A', { oldCode: 'X', validTo: '2020-01-01' }),
        organ('B', { oldCode: 'X', validFrom: '2026-01-01' }),
        organ('C', { oldCode: 'X', validFrom: '2027-01-01' }),
      ],
    },
    'unknown serving node': { organisations: [organ('X', { node: 'H99' })] },
    'unknown parent organisation': { organisations: [organ('X', { parent: 'Y' })] },
    'organisations in a circle': { organisations: [organ('X', { parent: 'Y' }), organ('Y', { parent: 'X' })] },
    'unknown successor': { organisations: [organ('X', { ...closed, successors: ['Y'] })] },
    'successors in a circle': {
      organisations: [organ('X', { ...closed, successors: ['Y'] }), organ('Y', { ...closed, successors: ['X'] })],
    },
    'its own successor': { organisations: [organ('X', { ...closed, successors: ['x'] })] },
    'successors of one that never closes': { organisations: [organ('X', { successors: ['Y'] }), organ('Y')] },
    'a successor that opens too late': {
      organisations: [organ('X', { ...closed, successors: ['Y'] }), organ('Y', { validFrom: '2025-07-02' })],
    },
    'no such day': { organisations: [organ('X', { validTo: '2025-06-31' })] },
    'an end before the start': { organisations: [organ('X', { ...closed, validFrom: '2025-07-01' })] },
    'unknown member': { groups: { all: ['H30'] } },
    'group named like an organisation': { groups: { h26: ['H29'] } },
  }
  for (const [name, change] of Object.entries(cases)) {
    it(`is refused: ${name}`, () => {
      const groups = name.includes('group') || name.includes('member') ? {} : { groups: {} }
      for (const at of [before, after, instant('2030-01-01')]) {
        assert.throws(
          () => compileTable('G22', { ...directory, ...groups, ...change }, 1, at),
          (error) => error instanceof RelayError && error.code === 'DIRECTORY_INVALID',
        )
      }
    })
  }
})
