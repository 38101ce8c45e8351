/** Seeds of small trees, every theme. A failing one prints itself and the line that replays it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Theme } from './scenario.ts'
import { describe as describeReport, simulate } from './simulate.ts'

const seeds = 390
/** Seeds per test, so that a report names a part. */
const batch = 65

describe('a federation of four to twelve nodes keeps its guarantees', () => {
  const seen = new Map<Theme, number>()
  for (let first = 1; first <= seeds; first += batch) {
    it(`seeds ${first} to ${first + batch - 1}`, () => {
      for (let seed = first; seed < first + batch; seed++) {
        const report = simulate(seed)
        seen.set(report.theme, (seen.get(report.theme) ?? 0) + 1)
        assert.ok(report.duties > 0)
        assert.deepEqual(report.violations, [], describeReport(report))
      }
    })
  }

  it('every theme was among them', () => {
    for (const theme of ['calm', 'outage', 'absent', 'crashes', 'chaos', 'moves', 'regrown', 'recall'] as const) {
      assert.ok((seen.get(theme) ?? 0) >= 20, `${theme}: ${seen.get(theme) ?? 0}`)
    }
  })

  it('a seed replays exactly', () => {
    for (const seed of [3, 17, 88]) assert.deepEqual(simulate(seed), simulate(seed))
  })
})
