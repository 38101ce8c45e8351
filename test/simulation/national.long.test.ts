/** The country as it was and is: 10,816 nodes and 125,000 organisations, then 3,377 nodes. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wholeCountry } from './national-country.ts'
import { describeNational } from './national-report.ts'
import { runNational } from './national-run.ts'

const memoryLimitBytes = 6e9

describe('the country', { timeout: 3_600_000 }, () => {
  it('goes through 1 July 2025 with documents under way and one link in a hundred down', () => {
    const report = runNational({ seed: 1, size: wholeCountry, peak: 1, reform: true, linksDown: 1 })
    assert.deepEqual(report.violations, [], describeNational(report))
    assert.deepEqual([report.lost, report.duplicated], [0, 0])
    assert.deepEqual(report.nodes, { before: 10_816, after: 3_377 })
    assert.equal(report.copies.day.copies, report.copies.day.minimum)
    assert.ok(report.peakMemoryBytes < memoryLimitBytes, describeNational(report))
  })
})
