import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  compileTable,
  type Declared,
  type DeclaredEdit,
  dayStart,
  editDeclared,
  planReorg,
  type ReorgChange,
  type ReorgPlan,
  type ReorgProblemKind,
  type ReorgStep,
  reorgProblemKinds,
} from '@lienthong/core'
import { country, declaredInCountry } from './reorg-country.ts'

const effective = '2026-07-01'
const onTheDay = dayStart(effective) ?? 0
const place = { directory: country, declared: declaredInCountry, at: onTheDay - 5 * 86_400_000 }

function plan(...changes: readonly ReorgChange[]): ReorgPlan {
  return planReorg({ effective, reason: 'NQ 1', changes }, place)
}

/** `now H29: delegate H29.05 +H29.50`, one line for each edit or other step. */
function lines({ steps }: ReorgPlan): readonly string[] {
  return steps.flatMap((step) => textOf(step).map((text) => `${step.when} ${step.node}: ${text}`))
}

function textOf(step: ReorgStep): readonly string[] {
  if (step.kind === 'declare') return step.edits.map(editText)
  if (step.kind === 'join') return [`join ${step.under} (${step.from}) ${step.child.delegates.join(' ')}`]
  if (step.kind === 'handover') return [`handover to ${step.to}: ${step.organs.join(' ')}`]
  return [`leave ${step.from}`]
}

function editText(edit: DeclaredEdit): string {
  switch (edit.edit) {
    case 'delegate':
      return `delegate ${edit.child.id} +${edit.child.delegates.join(' ')}`
    case 'open': {
      const { id, parent, validFrom = '-', validTo = '-' } = edit.organisation
      return `open ${id} below ${parent} ${validFrom} ${validTo}`
    }
    case 'close':
      return `close ${edit.organ} ${edit.validTo} → ${edit.successors.join(' ')}`
    case 'set':
      return `set ${edit.organ} ${edit.name ?? ''} ${edit.parent ?? ''}`.trimEnd()
    case 'withdraw':
      return `withdraw ${edit.organ}`
    case 'dismiss':
      return `dismiss ${edit.child}`
  }
}

function standing({ after }: ReorgPlan, code: string) {
  const table = compileTable('G22', after, 1, onTheDay)
  const found = table.resolve(code)
  return found.found ? [found.organ, found.node, table.hopToNode(found.node)] : [found.code]
}

describe('a plan of a re-organisation', () => {
  it('merges communes into a new one at the node of the first: given, opened, closed, handed over, left', () => {
    const merged = plan({
      act: 'merge',
      codes: ['H29.05.01', 'H29.05.02'],
      into: { code: 'H29.05.50', name: 'Xã mới' },
      andBelow: true,
    })
    assert.deepEqual(merged.problems, [])
    assert.deepEqual(lines(merged), [
      'now H29.05: delegate H29.05.01 +H29.05.50',
      'now H29.05.01: open H29.05.50 below H29.05 2026-07-01 -',
      'now H29.05.01: close H29.05.01 2026-06-30 → H29.05.50',
      'now H29.05.01: close H29.05.01.9 2026-06-30 → H29.05.50',
      'now H29.05.02: close H29.05.02 2026-06-30 → H29.05.50',
      'now H29.05.02: close H29.05.02.9 2026-06-30 → H29.05.50',
      'date H29.05.02: handover to H29.05.01: H29.05.02 H29.05.02.9',
      'date H29.05: open H29.05.02 below H29.05 - 2026-06-30',
      'date H29.05: open H29.05.02.9 below H29.05.02 - 2026-06-30',
      'date H29.05.02: leave H29.05',
      'date H29.05: dismiss H29.05.02',
    ])
    assert.deepEqual(standing(merged, 'H29.05.02.9'), ['H29.05.50', 'H29.05.01', 'down:H29'])
    assert.deepEqual(merged.counts, { opened: 1, closed: 4, moved: 0, joined: 0, left: 1 })
  })

  it('drops a tier: children go to its parent with what they had, what it served has a successor, charts follow', () => {
    const dropped = plan({ act: 'drop', drop: { tier: 'huyện' }, into: 'H29' })
    assert.deepEqual(dropped.problems, [])
    assert.deepEqual(lines(dropped), [
      'now H29.05: close H29.05 2026-06-30 → H29',
      'now H29.05: close H29.05.9 2026-06-30 → H29',
      'date H29.05.01: join H29 (H29.05) H29.05.01',
      'date H29.05.02: join H29 (H29.05) H29.05.02',
      'date H29.05.01: set H29.05.01  H29',
      'date H29.05.02: set H29.05.02  H29',
      'date H29.05: handover to H29: H29.05 H29.05.9',
      'date H29: open H29.05 below H29 - 2026-06-30',
      'date H29: open H29.05.9 below H29.05 - 2026-06-30',
      'date H29.05: leave H29',
      'date H29: dismiss H29.05',
    ])
    assert.deepEqual(standing(dropped, 'H29.05'), ['H29', 'H29', 'down:H29'])
  })

  it('or moves what the dropped node served to the node its children go to', () => {
    const dropped = plan({ act: 'drop', drop: { node: 'H29.05' }, organisations: 'move' })
    assert.deepEqual(standing(dropped, 'H29.05.9'), ['H29.05.9', 'H29', 'down:H29'])
    assert.ok(lines(dropped).includes('date H29: open H29.05.9 below H29.05 - -'))
    assert.equal(dropped.counts.moved, 2)
  })

  it('merges one province into the other: its communes join there with codes that are given before', () => {
    const joined = plan(
      { act: 'merge', codes: ['H29'], into: { code: 'H26', name: 'Tỉnh mới' }, andBelow: false },
      { act: 'close', codes: ['H29.9'], into: 'H26.9' },
      { act: 'drop', drop: { tier: 'huyện' }, into: 'H26' },
      { act: 'drop', drop: { node: 'H29' }, under: 'H26' },
    )
    assert.deepEqual(joined.problems, [])
    const said = lines(joined)
    assert.ok(said.includes('now G22: delegate H26 +H29.05.01 H29.05.02'))
    assert.ok(said.includes('date H29.05.02: join H26 (H29.05) H29.05.02'))
    assert.ok(said.includes('date H26: set H26 Tỉnh mới'))
    assert.ok(
      said.includes('date G22: open H29.05 below H26 - 2026-06-30') ||
        said.includes('date G22: open H29.05 below H29 - 2026-06-30'),
    )
    assert.deepEqual(said.slice(-3), ['date H29.05: leave H29', 'date H29: leave G22', 'date G22: dismiss H29'])
    assert.deepEqual(standing(joined, 'H29.05.02'), ['H29.05.02', 'H29.05.02', 'down:H26'])
    assert.deepEqual(standing(joined, 'H29.05.9'), ['H26', 'H26', 'down:H26'])
  })

  it('renames by a new code, by a new name, and splits', () => {
    const changed = plan(
      { act: 'rename', code: 'H29.05.01', to: { code: 'H29.05.60', name: 'Phường' } },
      { act: 'rename', code: 'H29.05.02', to: { code: 'H29.05.02', name: 'Thị trấn' } },
      {
        act: 'split',
        code: 'H26.07',
        into: [
          { code: 'H26.70', name: 'A' },
          { code: 'H26.71', name: 'B', node: 'H26' },
        ],
      },
    )
    assert.deepEqual(changed.problems, [])
    assert.deepEqual(standing(changed, 'H29.05.01'), ['H29.05.60', 'H29.05.01', 'down:H29'])
    assert.deepEqual(standing(changed, 'H26.07'), ['RECEIVER_SPLIT'])
    const said = lines(changed)
    assert.ok(said.includes('date H29.05.02: set H29.05.02 Thị trấn'))
    assert.ok(said.includes('now H26.07: close H26.07 2026-06-30 → H26.70 H26.71'))
    assert.ok(said.includes('date H26.07: handover to H26: H26.07'))
    // Everything below follows: nobody stays below an organisation that has closed.
    assert.ok(said.includes('date H29.05.01: set H29.05.01.9  H29.05.60'))
  })

  it('puts a node under another, with the codes it has, and tells of those below it', () => {
    const moved = plan({ act: 'reparent', node: 'H29.05', under: 'H26' })
    assert.deepEqual(moved.problems, [
      { path: ['changes', 0, 'under'], kind: 'pinnedBelow', value: 'H29.05', other: 'H26' },
    ])
    assert.deepEqual(lines(moved), [
      'now G22: delegate H26 +H29.05',
      'date H29.05: join H26 (H29) H29.05',
      'date H29.05: set H29.05  H26',
      'date H29: dismiss H29.05',
    ])
    assert.deepEqual(standing(moved, 'H29.05.01'), ['H29.05.01', 'H29.05.01', 'down:H26'])
  })

  it('is the same again when half of it is declared', () => {
    const change: ReorgChange = { act: 'merge', codes: ['H29.05.02'], into: { code: 'H29.05.50', name: 'Xã mới' } }
    const first = plan(change)
    const declared = new Map(declaredInCountry)
    for (const { node, when, ...step } of first.steps) {
      if (step.kind === 'declare' && when === 'now') {
        declared.set(node, editDeclared(declared.get(node) as Declared, step.edits))
      }
    }
    const organisations = [...declared].flatMap(([node, content]) =>
      content.organisations.map((organisation) => ({ ...organisation, node })),
    )
    const again = planReorg(
      { effective, reason: '', changes: [change] },
      { ...place, declared, directory: { ...country, organisations } },
    )
    assert.deepEqual(again.problems, [])
    // What was given is there.
    assert.deepEqual(
      lines(again),
      lines(first).filter((line) => !line.includes('delegate')),
    )
    for (const { node, when, ...step } of again.steps) {
      const content = declared.get(node) as Declared
      if (step.kind === 'declare' && when === 'now') assert.deepEqual(editDeclared(content, step.edits), content)
    }
  })
})

describe('a plan is refused', () => {
  const x = { code: 'H29.05.01', name: 'X' }
  const closed = { id: 'H26.8', name: 'X', parent: 'H26', node: 'H26', validTo: '2020-12-31' }
  const old = { id: 'H26.4', name: 'X', parent: 'H26', node: 'H26', oldCode: 'H29.old' }
  const centre = declaredInCountry.get('G22') as Declared
  const children = centre.children.map((child) =>
    child.id === 'H29' ? { ...child, delegates: ['H29', 'H31'] } : child,
  )
  const odd = {
    ...place,
    directory: { ...country, organisations: [...country.organisations, closed, old] },
    declared: new Map(declaredInCountry).set('G22', { ...centre, children }),
  }
  const cases: readonly [ReorgProblemKind, readonly ReorgChange[], string][] = [
    ['codeUnknown', [{ act: 'close', codes: ['H29', 'H77'] }], 'changes.0.close.1 H77'],
    ['nodeUnknown', [{ act: 'reparent', node: 'H29.05', under: 'H77' }], 'changes.0.under H77'],
    ['tierUnknown', [{ act: 'drop', drop: { tier: 'vùng' } }], 'changes.0.dropTier vùng'],
    [
      'changedTwice',
      [
        { act: 'close', codes: ['H26.9'] },
        { act: 'merge', codes: ['H26.9'], into: x },
      ],
      'changes.1.merge H26.9',
    ],
    ['nameMissing', [{ act: 'merge', codes: ['H26.9'], into: { code: 'H26.50' } }], 'changes.0.into H26.50'],
    ['splitOne', [{ act: 'split', code: 'H26.9', into: [x] }], 'changes.0.into H26.9'],
    ['circle', [{ act: 'reparent', node: 'H29', under: 'H29.05' }], 'changes.0.under H29'],
    ['rootStays', [{ act: 'drop', drop: { node: 'G22' }, into: 'H29' }], 'changes.0.drop G22'],
    ['undecided', [{ act: 'drop', drop: { node: 'H26.07' } }], 'changes.0.drop H26.07 H26.07'],
    ['closedAlready', [{ act: 'close', codes: ['H26.8'] }], 'changes.0.close H26.8'],
    ['givenTwice', [{ act: 'merge', codes: ['H26.9'], into: { code: 'H31', name: 'X', node: 'H26' } }], ' H31 H29'],
    ['whole', [{ act: 'merge', codes: ['H26.9'], into: { code: 'H26.5', name: 'X', oldCode: 'H29.old' } }], ' H29.OLD'],
  ]
  for (const [kind, changes, expected] of cases) {
    it(`for ${kind}`, () => {
      const { problems, steps } = planReorg({ effective, reason: '', changes }, odd)
      assert.deepEqual(
        problems.map(({ path, value, other }) =>
          [path.join('.'), value, other].filter((part) => part !== undefined).join(' '),
        ),
        [expected],
      )
      assert.deepEqual([problems[0]?.kind, steps], [kind, []])
    })
  }

  it('with every kind of problem in a test; what is past is only told', () => {
    const seen = new Set<string>([...cases.map(([kind]) => kind), 'past', 'pinnedBelow'])
    assert.deepEqual([...seen].sort(), Object.keys(reorgProblemKinds).sort())
    const late = planReorg(
      { effective: '2020-01-01', reason: '', changes: [{ act: 'close', codes: ['H26.9'] }] },
      { ...place, declared: new Map() },
    )
    assert.deepEqual(late.problems, [{ path: ['effective'], kind: 'past', value: '2020-01-01' }])
    assert.equal(late.steps.length, 1)
  })
})
