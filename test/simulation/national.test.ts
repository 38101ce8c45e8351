/** The reform at the size of two mergers; and its guarantees break when a mechanism is off. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Mechanisms } from './mechanisms.ts'
import { smallCountry } from './national-country.ts'
import { describeNational } from './national-report.ts'
import { runNational } from './national-run.ts'
import type { Guarantee } from './observer.ts'

/** Times an average day. */
const peak = 1
const linksDown = 10
/** Longer than all the rest takes. */
const ministryAwayMs = 4 * 3_600_000
const seed = 1
const size = smallCountry

const mutations: readonly {
  readonly without: keyof Mechanisms
  readonly guarantee: Guarantee
  readonly reform: boolean
}[] = [
  { without: 'sharedCopies', guarantee: 'G3', reform: false },
  { without: 'queries', guarantee: 'G6', reform: true },
  { without: 'catchUp', guarantee: 'G10', reform: true },
]

describe('a small country: provinces and communes merge, the districts go, documents flow', () => {
  it('nothing is lost or doubled, the day needs no copy too many, and everyone learns of it', () => {
    const report = runNational({ seed, size, peak, reform: true, linksDown, ministryAwayMs })
    assert.deepEqual(report.violations, [], describeNational(report))
    assert.deepEqual([report.lost, report.duplicated], [0, 0])
    // Clocks strike midnight up to four seconds apart: what neighbours then send to and fro waits, and is no dead letter.
    assert.ok(
      (report.refused['ROUTE_CHANGED'] ?? 0) > 0 && report.refused['LOOP'] === undefined,
      describeNational(report),
    )
    assert.deepEqual(report.nodes, { before: 127, after: 38 })
    assert.equal(report.copies.day.copies, report.copies.day.minimum)
    assert.deepEqual([report.reform?.rejoined, report.reform?.left, report.reform?.unaware], [33, 89, 0])
  })

  for (const { without, guarantee, reform } of mutations) {
    it(`${guarantee} breaks without ${without}`, () => {
      const off = { [without]: false }
      const { violations } = runNational({ seed, size, peak, reform, linksDown, ministryAwayMs, without: off })
      assert.ok(
        violations.some((broken) => broken.guarantee === guarantee),
        JSON.stringify(violations.slice(0, 3)),
      )
    })
  }
})
