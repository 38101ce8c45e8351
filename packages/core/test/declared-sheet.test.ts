import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Declared, declaredFromSheet, type SheetImport, type SheetKind, sheetOfDeclared } from '@lienthong/core'

const current: Declared = {
  children: [{ id: 'H29.18', tier: 'c', delegates: ['H29.18', 'H29.19'] }],
  organisations: [
    { id: 'H29', name: 'Tỉnh', parent: 'G22' },
    {
      id: 'H29.02',
      name: 'Sở',
      parent: 'H29',
      mail: 'vt@a.example',
      code102: '000.00.02.H29',
      certificates: [{ fingerprint: 'ab'.repeat(32) }],
    },
    { id: 'H29.03', name: 'Cũ', parent: 'H29', validTo: '2026-06-30', successors: ['H29', 'H29.02'] },
  ],
  groups: {},
  exceptions: [
    { organ: 'H26', redirect: 'G22', reason: 'vòng', until: '2026-02-01' },
    { organ: 'H27', hold: true, reason: 'giữ' },
  ],
}

type Options = Partial<SheetImport> & { readonly numbers?: readonly number[] }

function take(table: readonly (readonly string[])[], { numbers = [], ...options }: Options = {}) {
  const rows = table.map((cells, index) => ({ row: index + 1, cells, numbers }))
  return declaredFromSheet(current, rows, { self: 'H29', parent: 'H29', ...options })
}

function taken(...args: Parameters<typeof take>): Declared {
  const result = take(...args)
  assert.ok(result.ok, JSON.stringify(result))
  return result.content
}

function problems(...args: Parameters<typeof take>): readonly string[] {
  const result = take(...args)
  assert.ok(!result.ok)
  return result.problems.map(({ row, kind, value }) => [row, kind, value].join(' ').trim())
}

describe('a table taken into declared content', () => {
  it('changes what its columns say, and adds what is new', () => {
    const { organisations } = taken([
      ['Mã', 'Tên', 'Thư điện tử'],
      ['h29.02', 'Sở Y tế', ''],
      ['H29.04', 'Sở Nội vụ', 'nv@a.example'],
    ])
    const [province, office, old] = current.organisations
    const { mail: _mail, ...rest } = office ?? assert.fail()
    assert.deepEqual(organisations, [
      province,
      { ...rest, name: 'Sở Y tế' },
      old,
      { id: 'H29.04', name: 'Sở Nội vụ', parent: 'H29', mail: 'nv@a.example' },
    ])
  })

  it('takes the parent away by an empty cell, and puts what is new below the unit of the node', () => {
    const { organisations } = taken([
      ['code', 'name', 'parent'],
      ['H29.02', 'Sở', ''],
      ['H29.04', 'Mới', ''],
      ['H29.05', 'Mới', 'H29.02'],
    ])
    assert.deepEqual(
      organisations.map(({ id, parent }) => [id, parent]),
      [
        ['H29', 'G22'],
        ['H29.02', null],
        ['H29.03', 'H29'],
        ['H29.04', 'H29'],
        ['H29.05', 'H29.02'],
      ],
    )
  })

  it('takes away what has no row only when it is all there is', () => {
    const table = [
      ['code', 'name'],
      ['H29', 'Tỉnh'],
    ]
    assert.equal(taken(table).organisations.length, 3)
    assert.deepEqual(taken(table, { replace: true }).organisations, [{ id: 'H29', name: 'Tỉnh', parent: 'G22' }])
  })

  it('is taken back as it was written, in either language', () => {
    for (const kind of ['organisations', 'children', 'exceptions'] satisfies SheetKind[]) {
      for (const language of ['vi', 'en'] as const) {
        const table = sheetOfDeclared(kind, current, { self: 'H29', language })
        assert.deepEqual(taken(table, { replace: true }), current, `${kind} ${language}`)
      }
    }
  })

  it('is taken whole or not at all, problems in order of the rows', () => {
    const table = [
      ['code', 'name', 'node', 'validFrom', 'validTo'],
      ['H29.05', 'A', 'H29', '2026-05-01', '2026-04-01'],
      ['29.10', '', 'H26', '', ''],
    ]
    assert.deepEqual(problems(table), ['2 order 2026-04-01', '3 empty name', '3 nodeOther H26'])
  })

  it('refuses a code that the spreadsheet took for a number', () => {
    const table = [
      ['code', 'name'],
      ['29.1', 'A'],
    ]
    const result = declaredFromSheet(
      current,
      table.map((cells, index) => ({ row: index + 1, cells, numbers: index === 0 ? [] : [0] })),
      { self: 'H29', parent: null },
    )
    assert.ok(!result.ok)
    assert.deepEqual(result.problems, [{ row: 2, kind: 'number', value: '29.1' }])
  })

  it('wants one effect of an exception, and a reason', () => {
    const headings = ['organ', 'redirect', 'hold', 'reason', 'until']
    assert.deepEqual(
      problems([headings, ['H26', 'G22', 'x', 'a', ''], ['H27', '', '', '', ''], ['H28', '', 'perhaps', 'a', '']]),
      ['2 effect', '3 empty reason', '3 effect', '4 mark perhaps'],
    )
    const { exceptions } = taken([headings, ['H26', '', 'Có', 'mới', '28/02/2026']])
    assert.deepEqual(exceptions[0], { organ: 'H26', hold: true, reason: 'mới', until: '2026-02-28' })
  })

  it('must be of a kind that is known, or of the one asked for', () => {
    assert.deepEqual(problems([['x', 'y']]), ['1 kind'])
    assert.deepEqual(problems([['child', 'delegates']], { kind: 'organisations' }), [
      '1 columnUnknown child',
      '1 columnUnknown delegates',
      '1 columnMissing code',
      '1 columnMissing name',
    ])
  })

  it('knows which row said what', () => {
    const result = take([
      ['child', 'delegates'],
      ['H29.30', 'H29.30'],
    ])
    assert.ok(result.ok)
    const problem = { path: ['children', 1, 'delegates', 0], kind: 'delegateOutside', value: 'H29.30' } as const
    assert.equal(result.rowOf(problem), 2)
    assert.equal(result.rowOf({ ...problem, path: ['children', 0, 'id'] }), null)
    assert.equal(result.rowOf({ ...problem, path: ['organisations', 1, 'id'] }), null)
  })
})
