/** Trees of 200 nodes, every theme, and a long sweep of small ones. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { themes } from './scenario.ts'
import { describe as describeReport, simulate } from './simulate.ts'

const seedsPerTheme = 2
const sweep = { first: 10_001, seeds: 10_000 }

describe('a federation of 200 nodes keeps its guarantees', () => {
  for (const theme of themes) {
    it(theme, () => {
      for (let seed = 1; seed <= seedsPerTheme; seed++) {
        const report = simulate(seed, { nodes: 200, documents: 400, faults: 60, theme })
        assert.deepEqual(report.violations, [], describeReport(report))
      }
    })
  }
})

describe('a long sweep of small federations', () => {
  it(`seeds ${sweep.first} to ${sweep.first + sweep.seeds - 1}`, () => {
    for (let seed = sweep.first; seed < sweep.first + sweep.seeds; seed++) {
      const report = simulate(seed)
      assert.deepEqual(report.violations, [], describeReport(report))
    }
  })
})
