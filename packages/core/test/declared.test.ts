import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  checkDeclared,
  type Declared,
  type DeclaredProblemKind,
  declaredFrom,
  declaredProblemKinds,
  declaredProblemText,
  diffDeclared,
  languages,
  nothingDeclared,
  parseVersion,
  versionText,
  withDeclared,
} from '@lienthong/core'

const at = Date.parse('2026-01-15T00:00:00+07:00')

const directory = {
  version: 4,
  nodes: [
    { id: 'G22', tier: 'a', parent: null, keys: [] },
    { id: 'H26', tier: 'b', parent: 'G22', keys: [] },
    { id: 'H29', tier: 'b', parent: 'G22', keys: [] },
    { id: 'H29.18', tier: 'c', parent: 'H29', keys: [] },
  ],
  organisations: [
    { id: 'G22', name: 'Trung ương', parent: null, node: 'G22' },
    { id: 'H26', name: 'Tỉnh khác', parent: 'G22', node: 'H26' },
    { id: 'H29', name: 'Tỉnh', parent: 'G22', node: 'H29' },
    { id: 'H29.02', name: 'Sở', parent: 'H29', node: 'H29' },
    { id: 'H29.18', name: 'Huyện', parent: 'H29', node: 'H29.18' },
  ],
  groups: { everyone: ['G22', 'H26', 'H29.02'], ours: ['H29', 'H29.02'] },
}

const current: Declared = {
  children: [{ id: 'H29.18', tier: 'c', delegates: ['H29.18'] }],
  organisations: [
    { id: 'H29', name: 'Tỉnh', parent: 'G22' },
    { id: 'H29.02', name: 'Sở', parent: 'H29' },
  ],
  groups: { ours: ['H29', 'H29.02'] },
  exceptions: [],
}

function problems(change: Partial<Declared>, delegates: readonly string[] | null = ['H29']): readonly string[] {
  const found = checkDeclared({ ...current, ...change }, { self: 'H29', delegates, directory, current, at })
  return found.map(({ path, kind, value, other }) => [path.join('.'), kind, value, other ?? ''].join(' ').trim())
}

describe('declared content', () => {
  it('may stand as it is', () => {
    assert.deepEqual(problems({}), [])
  })

  const [organisation] = current.organisations
  const split = { id: 'H29.03', name: 'X', parent: null, validTo: '2026-06-30', successors: ['H29', 'H29.02'] }
  const cases: readonly [kind: DeclaredProblemKind, change: Partial<Declared>, expected: string][] = [
    [
      'childTwice',
      { children: [...current.children, { id: 'h29.18', tier: 'c', delegates: [] }] },
      'children.1.id childTwice h29.18',
    ],
    ['childSelf', { children: [{ id: 'H29', tier: 'c', delegates: [] }] }, 'children.0.id childSelf H29'],
    [
      'delegateOutside',
      { children: [{ id: 'H29.18', tier: 'c', delegates: ['H29.18', '000.00.01.H26'] }] },
      'children.0.delegates.1 delegateOutside 000.00.01.H26',
    ],
    [
      'delegateTwice',
      { children: [...current.children, { id: 'H29.19', tier: 'c', delegates: ['h29.18'] }] },
      'children.1.delegates.0 delegateTwice h29.18 H29.18',
    ],
    [
      'delegateNested',
      { children: [...current.children, { id: 'H29.19', tier: 'c', delegates: ['h29.18.05'] }] },
      'children.1.delegates.0 delegateNested h29.18.05 H29.18',
    ],
    [
      'organisationTwice',
      { organisations: [...current.organisations, { id: 'h29.02', name: 'X', parent: null }] },
      'organisations.2.id organisationTwice h29.02',
    ],
    [
      'organisationOutside',
      { organisations: [...current.organisations, { id: 'H27.1', name: 'X', parent: null }] },
      'organisations.2.id organisationOutside H27.1',
    ],
    [
      'organisationBelow',
      { organisations: [...current.organisations, { id: 'H29.18', name: 'X', parent: 'H29' }] },
      'organisations.2.id organisationBelow H29.18 H29.18',
    ],
    [
      'parentUnknown',
      { organisations: [...current.organisations, { id: 'H29.03', name: 'X', parent: 'H29.99' }] },
      'organisations.2.parent parentUnknown H29.99',
    ],
    [
      'successorUnknown',
      {
        organisations: [
          ...current.organisations,
          { id: 'H29.03', name: 'X', parent: null, validTo: '2026-06-30', successors: ['H29', 'H99'] },
        ],
      },
      'organisations.2.successors.1 successorUnknown H99',
    ],
    [
      'ruleElsewhere',
      {
        organisations: [
          ...current.organisations,
          { ...split, splitRules: [{ to: 'h29' }, { from: 'H29', to: 'H29.18' }] },
        ],
      },
      'organisations.2.splitRules.1 ruleElsewhere H29.18',
    ],
    ['memberUnknown', { groups: { ours: ['H29', 'H29.99'] } }, 'groups.ours.1 memberUnknown H29.99'],
    [
      'exceptionTwice',
      {
        exceptions: [
          { organ: 'H26', hold: true, reason: 'a' },
          { organ: 'h26', hold: true, reason: 'b' },
        ],
      },
      'exceptions.1.organ exceptionTwice h26',
    ],
    [
      'exceptionUnknown',
      { exceptions: [{ organ: 'H99', hold: true, reason: 'a' }] },
      'exceptions.0.organ exceptionUnknown H99',
    ],
    [
      'exceptionDay',
      { exceptions: [{ organ: 'H26', hold: true, reason: 'a', until: '2026-02-30' }] },
      'exceptions.0.until exceptionDay 2026-02-30',
    ],
    [
      'exceptionExpired',
      { exceptions: [{ organ: 'H26', hold: true, reason: 'a', until: '2026-01-14' }] },
      'exceptions.0.until exceptionExpired 2026-01-14',
    ],
    [
      'redirectUnknown',
      { exceptions: [{ organ: 'H26', redirect: 'H26', reason: 'a' }] },
      'exceptions.0.redirect redirectUnknown H26',
    ],
    [
      'whole',
      {
        organisations: [
          ...current.organisations,
          { id: 'H29.03', name: 'X', parent: 'H29', oldCode: 'H29.9' },
          { id: 'H29.04', name: 'Y', parent: 'H29', oldCode: 'H29.9' },
        ],
      },
      'organisations.3 whole H29.9',
    ],
  ]
  for (const [kind, change, expected] of cases) {
    it(`is told about with its place: ${kind}`, () => {
      assert.deepEqual(problems(change), [expected])
    })
  }

  it('stays away from what others serve, unless they lie below', () => {
    const taken = [...current.organisations, { id: 'H26', name: 'X', parent: null }]
    assert.deepEqual(problems({ organisations: taken }, null), ['organisations.2.id organisationElsewhere H26 H26'])
  })

  it('takes over from a node above what it was given', () => {
    const place = { self: 'H29.18', delegates: ['H29.18', 'H29.02'], directory, current: nothingDeclared, at }
    const formerNodes = [{ node: 'H29', until: '2026-12-31' }]
    const content = { ...nothingDeclared, organisations: [{ id: 'H29.02', name: 'Sở', parent: 'H29', formerNodes }] }
    const found = checkDeclared(content, place)
    assert.deepEqual(
      found.map(({ kind, value, other }) => [declaredProblemKinds[kind], kind, value, other]),
      [['warning', 'organisationTaken', 'H29.02', 'H29']],
    )
    const sideways = { ...current.organisations[1], id: 'H26', formerNodes: [{ node: 'H26', until: '2026-12-31' }] }
    const aside = [...current.organisations, { ...sideways, name: 'X', parent: null }]
    assert.deepEqual(problems({ organisations: aside }, null), ['organisations.2.id organisationTaken H26 H26'])
    assert.equal(withDeclared(content, place).organisations.find(({ id }) => id === 'H29.02')?.node, 'H29.18')
    assert.deepEqual(declaredFrom(JSON.parse(JSON.stringify(content))), content)
    assert.deepEqual(
      diffDeclared(nothingDeclared, content)[0]?.fields.find(({ field }) => field === 'formerNodes'),
      { field: 'formerNodes', added: ['H29 … 2026-12-31'], removed: [] },
    )
  })

  it('may redirect to a child or the parent, and hold until the end of a day', () => {
    const exceptions = [
      { organ: 'H26', redirect: 'H29.18', reason: 'a' },
      { organ: 'G22', redirect: 'G22', reason: 'a', until: '2026-01-15' },
    ]
    assert.deepEqual(problems({ exceptions }), [])
  })

  it('at the top of its axis may name any code', () => {
    const children = [{ id: 'H30', tier: 'c', delegates: ['H30', 'G01'] }]
    assert.deepEqual(problems({ children }, null), [])
    assert.deepEqual(problems({ children }), [
      'children.0.delegates.0 delegateOutside H30',
      'children.0.delegates.1 delegateOutside G01',
    ])
  })

  it('has every kind of problem in a test, and a sentence in each language', () => {
    const tested = new Set([...cases.map(([kind]) => kind), 'organisationElsewhere', 'organisationTaken'])
    assert.deepEqual(
      Object.keys(declaredProblemKinds).filter((kind) => !tested.has(kind)),
      [],
    )
    for (const language of languages) {
      for (const kind of Object.keys(declaredProblemKinds) as DeclaredProblemKind[]) {
        const text = declaredProblemText(language, { path: [], kind, value: 'H29', other: 'H29', fault: 'cycle' })
        assert.match(text, kind === 'whole' ? /vòng tròn|circle/ : /H29/)
      }
    }
  })

  it('is put in the place of what the node served before', () => {
    const change = { ...current, organisations: organisation === undefined ? [] : [organisation], groups: {} }
    const merged = withDeclared(change, { self: 'H29', delegates: null, directory, current, at })
    assert.deepEqual(
      merged.organisations.map(({ id }) => id),
      ['G22', 'H26', 'H29.18', 'H29'],
    )
    assert.deepEqual(merged.groups, { everyone: ['G22', 'H26'] })
  })
})

describe('the difference of two contents', () => {
  it('names each thing once, with its fields', () => {
    const after: Declared = {
      children: [{ id: 'H29.18', tier: 'c', delegates: ['H29.18', 'H29.20'] }],
      organisations: [
        { id: 'H29.02', name: 'Sở Y tế', parent: 'H29', mail: 'vt@a.example' },
        { id: 'H29.03', name: 'Sở Nội vụ', parent: 'H29' },
      ],
      groups: {},
      exceptions: [{ organ: 'H26', hold: true, reason: 'vì', until: '2026-02-01' }],
    }
    assert.deepEqual(diffDeclared(current, after), [
      {
        thing: 'child',
        act: 'changed',
        id: 'H29.18',
        name: null,
        fields: [{ field: 'delegates', added: ['H29.20'], removed: [] }],
      },
      {
        thing: 'organisation',
        act: 'removed',
        id: 'H29',
        name: 'Tỉnh',
        fields: [
          { field: 'id', before: 'H29', after: null },
          { field: 'name', before: 'Tỉnh', after: null },
          { field: 'parent', before: 'G22', after: null },
        ],
      },
      {
        thing: 'organisation',
        act: 'changed',
        id: 'H29.02',
        name: 'Sở Y tế',
        fields: [
          { field: 'name', before: 'Sở', after: 'Sở Y tế' },
          { field: 'mail', before: null, after: 'vt@a.example' },
        ],
      },
      {
        thing: 'organisation',
        act: 'added',
        id: 'H29.03',
        name: 'Sở Nội vụ',
        fields: [
          { field: 'id', before: null, after: 'H29.03' },
          { field: 'name', before: null, after: 'Sở Nội vụ' },
          { field: 'parent', before: null, after: 'H29' },
        ],
      },
      {
        thing: 'group',
        act: 'removed',
        id: 'ours',
        name: null,
        fields: [{ field: 'members', added: [], removed: ['H29', 'H29.02'] }],
      },
      {
        thing: 'exception',
        act: 'added',
        id: 'H26',
        name: null,
        fields: [
          { field: 'hold', before: null, after: 'x' },
          { field: 'until', before: null, after: '2026-02-01' },
          { field: 'reason', before: null, after: 'vì' },
        ],
      },
    ])
  })

  it('is none when only the order differs', () => {
    const turned = {
      ...current,
      organisations: current.organisations.toReversed(),
      groups: { ours: ['H29.02', 'H29'] },
    }
    assert.deepEqual(diffDeclared(current, turned), [])
  })

  it('sees a certificate taken back', () => {
    const fingerprint = 'ab'.repeat(32)
    const withOne = (revokedAt: object): Declared => ({
      ...current,
      organisations: [{ id: 'H29', name: 'Tỉnh', parent: 'G22', certificates: [{ fingerprint, ...revokedAt }] }],
    })
    const [change] = diffDeclared(withOne({}), withOne({ revokedAt: 0 }))
    assert.deepEqual(change?.fields, [
      {
        field: 'certificates',
        added: [`${fingerprint}: revokedAt 1970-01-01T00:00:00.000Z`],
        removed: [fingerprint],
      },
    ])
  })
})

describe('declared content as JSON', () => {
  it('is taken with all its parts', () => {
    assert.deepEqual(declaredFrom(JSON.parse(JSON.stringify(current))), current)
  })

  it('is refused for anything that has another shape', () => {
    const [child, organ] = [current.children[0], current.organisations[0]]
    for (const bad of [
      null,
      [],
      {},
      { ...current, more: 1 },
      { ...current, children: [{ ...child, keys: [] }] },
      { ...current, organisations: [{ ...organ, node: 'H29' }] },
      { ...current, organisations: [{ ...organ, id: 'a b' }] },
      { ...current, organisations: [{ ...organ, name: 7 }] },
      { ...current, groups: { a: 'H29' } },
      { ...current, exceptions: [{ organ: 'H29', reason: 'x' }] },
      { ...current, exceptions: [{ organ: 'H29', reason: 'x', hold: true, redirect: 'H29' }] },
    ]) {
      assert.equal(declaredFrom(bad), null, JSON.stringify(bad))
    }
  })
})

describe('a version', () => {
  it('is written with its epoch', () => {
    assert.equal(versionText({ epoch: 1, version: 7 }), '1.7')
    assert.deepEqual(parseVersion('1.7'), { epoch: 1, version: 7 })
    for (const bad of ['7', '1.', 'v1.7', '1.7.2', '-1.7']) assert.equal(parseVersion(bad), null)
  })
})
