import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { drawTree, legName, legsTo, routeBetween } from '../src/tree.ts'

describe('tree of the demonstration', () => {
  it('leads over the lowest common ancestor', () => {
    assert.deepEqual(routeBetween('H29.02', 'H29.18.05'), ['H29.02', 'H29', 'H29.18', 'H29.18.05'])
    assert.deepEqual(routeBetween('G22', 'H26.10'), ['G22', 'H26', 'H26.10'])
    assert.deepEqual(routeBetween('H26', 'H26'), ['H26'])
  })

  it('names each link once, however many recipients lie behind it', () => {
    const legs = legsTo('G22', ['H29', 'H29.18', 'H29.18.05']).map(legName)

    assert.deepEqual(legs, ['G22 → H29', 'H29 → H29.18', 'H29.18 → H29.18.05'])
  })

  it('is drawn with every node under its parent', () => {
    assert.deepEqual(
      drawTree(({ tier }) => tier).map((line) => line.trimEnd()),
      [
        'G22                  central',
        '├─ H29               province',
        '│  ├─ H29.18         district',
        '│  │  └─ H29.18.05   commune',
        '│  └─ H29.02         department',
        '└─ H26               province',
        '   └─ H26.10         commune',
      ],
    )
  })
})
