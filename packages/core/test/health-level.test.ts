import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { healthLevelOf, worstLevel } from '../src/index.ts'

describe('the level of a value', () => {
  it('is bad from its bound on, on the side that was said', () => {
    const age = { warning: 60, critical: 300, bad: 'above' } as const
    assert.deepEqual(
      [0, 59, 60, 299, 300].map((value) => healthLevelOf(value, age)),
      ['ok', 'ok', 'warning', 'warning', 'critical'],
    )
    const left = { warning: 60, critical: 14, bad: 'below' } as const
    assert.deepEqual(
      [61, 60, 15, 14, -3].map((value) => healthLevelOf(value, left)),
      ['ok', 'warning', 'warning', 'critical', 'critical'],
    )
    assert.deepEqual([healthLevelOf(null, age), healthLevelOf(1e9, null)], ['unknown', 'ok'])
  })

  it('never gets better as the value gets worse', () => {
    const rank = { ok: 0, warning: 1, critical: 2, unknown: 3 }
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), (a, b, warning, more) => {
        const bound = { warning, critical: warning + more, bad: 'above' } as const
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        assert.ok(rank[healthLevelOf(low, bound)] <= rank[healthLevelOf(high, bound)])
      }),
      { numRuns: 100 },
    )
  })

  it('of several is the worst that is known', () => {
    assert.equal(worstLevel([]), 'ok')
    assert.equal(worstLevel(['ok', 'warning', 'unknown']), 'unknown')
    assert.equal(worstLevel(['unknown', 'critical', 'ok']), 'critical')
  })
})
