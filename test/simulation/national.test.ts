/** The reform at the size of two mergers; and its guarantees break when a mechanism is off. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Mechanisms } from './mechanisms.ts'
import { smallCountry } from './national-country.ts'
import { describeNational } from './national-report.ts'
import { runNational } from './national-run.ts'
import type { Guarantee } from './observer.ts'

/** Times an average day. */
const peak = 5
const linksDown = 10

const mutations: readonly {
  readonly without: keyof Mechanisms
  readonly guarantee: Guarantee
  readonly seed: number
  readonly reform: boolean
}[] = [
  { without: 'sharedCopies', guarantee: 'G3', seed: 1, reform: false },
  { without: 'queries', guarantee: 'G6', seed: 2, reform: true },
  { without: 'catchUp', guarantee: 'G10', seed: 2, reform: true },
]

describe('a small country: provinces and communes merge, the districts go, documents flow', () => {
  it('nothing is lost or doubled, the day needs no copy too many, and everyone learns of it', () => {
    const report = runNational({ seed: 2, size: smallCountry, peak, reform: true, linksDown })
    assert.deepEqual(report.violations, [], describeNational(report))
    assert.deepEqual([report.lost, report.duplicated], [0, 0])
    assert.deepEqual(report.nodes, { before: 127, after: 38 })
    assert.equal(report.copies.day.copies, report.copies.day.minimum)
    assert.deepEqual([report.reform?.rejoined, report.reform?.left, report.reform?.unaware], [33, 89, 0])
  })

  for (const { without, guarantee, seed, reform } of mutations) {
    it(`${guarantee} breaks without ${without}`, () => {
      const off = { [without]: false }
      const { violations } = runNational({ seed, size: smallCountry, peak, reform, linksDown, without: off })
      assert.ok(
        violations.some((broken) => broken.guarantee === guarantee),
        JSON.stringify(violations.slice(0, 3)),
      )
    })
  }
})
