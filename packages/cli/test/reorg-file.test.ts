import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { problemLine } from '../src/config/problem.ts'
import { checkReorgText } from '../src/config/reorg-file.ts'

const head = 'effective: 2026-07-01\nreason: NQ 1\nchanges:\n'

function problems(changes: string): readonly string[] {
  const checked = checkReorgText(head + changes, 'f.yaml')
  return checked.ok ? [] : checked.problems.map((problem) => problemLine(problem, 'en'))
}

describe('the file of a re-organisation', () => {
  it('has each change by its act', () => {
    const checked = checkReorgText(
      `${head}  - { merge: [H29.1, H29.2], into: H29.5, name: X, andBelow: true }
  - { rename: H29.3, name: Y }
  - { reparent: H29.4, under: H26 }
  - { dropTier: huyện, organisations: move }
  - { close: [H29.6], into: H29.5 }
  - split: H29.7
    into:
      - { code: H29.8, name: A, node: H29 }
      - { code: H29.9 }
`,
      'f.yaml',
    )
    assert.ok(checked.ok)
    assert.deepEqual(checked.value.reorg, {
      effective: '2026-07-01',
      reason: 'NQ 1',
      changes: [
        { act: 'merge', codes: ['H29.1', 'H29.2'], into: { code: 'H29.5', name: 'X' }, andBelow: true },
        { act: 'rename', code: 'H29.3', to: { code: 'H29.3', name: 'Y' } },
        { act: 'reparent', node: 'H29.4', under: 'H26' },
        { act: 'drop', drop: { tier: 'huyện' }, organisations: 'move' },
        { act: 'close', codes: ['H29.6'], into: 'H29.5' },
        { act: 'split', code: 'H29.7', into: [{ code: 'H29.8', name: 'A', node: 'H29' }, { code: 'H29.9' }] },
      ],
    })
    const { problems: placed } = checked.value.place([
      { path: ['changes', 4, 'close', 0], kind: 'codeUnknown', value: 'H29.6' },
    ])
    assert.deepEqual(
      placed.map((problem) => problemLine(problem, 'en')),
      ['f.yaml:8:15 changes[4].close[0]: the directory has no organisation H29.6'],
    )
  })

  it('is refused with the place of what is wrong', () => {
    const cases: readonly [string, RegExp][] = [
      ['  - { merge: [H29.1], into: H29.5, nmae: X }', /unknown key, did you mean "name"/],
      ['  - { merge: [H29.1] }', /changes\[0\]: "merge" needs "into"/],
      ['  - { merge: [H29.1], into: H29.5, under: H26 }', /4:4\d changes\[0\]\.under: does not belong to "merge"/],
      ['  - { name: X }', /changes\[0\]: each change has exactly one of: merge, rename/],
      ['  - { close: [H29.1], split: H29.2 }', /each change has exactly one of/],
      ['  - { split: H29.1, into: H29.2 }', /4:27 changes\[0\]\.into: "split" takes a list/],
      ['  - { rename: H29.1 }', /"rename" needs "to"/],
      ['  - { close: [7 7] }', /4:15 changes\[0\]\.close\[0\]/],
    ]
    for (const [changes, expected] of cases) {
      const found = problems(changes)
      assert.equal(found.length, 1, found.join('\n'))
      assert.match(found[0] ?? '', expected)
    }
  })
})
