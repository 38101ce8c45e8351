import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dayStart, planReorg, rehearseReorg } from '@lienthong/core'
import { country, declaredInCountry } from './reorg-country.ts'

const effective = '2026-07-01'
const after = dayStart(effective) ?? 0
const at = { before: after - 86_400_000, after }

describe('a rehearsal', () => {
  it('says of each pair which way it goes before and after, what waits, what returns and what nobody takes', () => {
    const plan = planReorg(
      {
        effective,
        reason: '',
        changes: [
          { act: 'drop', drop: { tier: 'huyện' }, into: 'H29' },
          {
            act: 'split',
            code: 'H26.07',
            into: [
              { code: 'H26.70', name: 'A' },
              { code: 'H26.71', name: 'B' },
            ],
            rules: [{ from: 'H29.05', to: 'H26.71' }],
          },
          { act: 'close', codes: ['H26.9'] },
        ],
      },
      { directory: country, declared: declaredInCountry, at: at.before },
    )
    assert.deepEqual(plan.problems, [])
    const pairs = [
      ['G22', 'H26'],
      ['H29.05.01', 'G22'],
      ['G22', 'H29.05'],
      ['G22', 'H26.07'],
      ['H29.05.01', 'H26.07'],
      ['G22', 'H26.9'],
      ['H26.9', 'G22'],
    ].map(([from = '', to = '']) => ({ from, to }))
    const rehearsed = rehearseReorg(pairs, { before: country, after: plan.after }, at)
    assert.deepEqual(
      rehearsed.map(({ outcome }) => outcome),
      ['same', 'way', 'successor', 'waits', 'successor', 'nobody', 'nobody'],
    )
    const [, climbing, dropped] = rehearsed
    assert.deepEqual(climbing?.before, { organ: 'G22', path: ['H29.05.01', 'H29.05', 'H29', 'G22'] })
    assert.deepEqual(climbing?.after, { organ: 'G22', path: ['H29.05.01', 'H29', 'G22'] })
    assert.deepEqual(dropped?.after, { organ: 'H29', path: ['G22', 'H29'] })
  })
})
