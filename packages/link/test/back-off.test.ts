import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { retryDelayMs } from '../src/back-off.ts'

describe('back-off', () => {
  it('doubles up to its maximum', () => {
    const backOff = { firstMs: 200, maxMs: 10_000 }
    const delays = [0, 1, 2, 5, 6, 100].map((failures) => retryDelayMs(failures, backOff, 1))

    assert.deepEqual(delays, [200, 400, 800, 6_400, 10_000, 10_000])
  })

  it('leaves half of the delay to chance', () => {
    const options = fc.record({ failures: fc.nat(1_000), firstMs: fc.integer({ min: 1, max: 1_000 }) })
    fc.assert(
      fc.property(options, fc.double({ min: 0, max: 1, noNaN: true }), ({ failures, firstMs }, random) => {
        const backOff = { firstMs, maxMs: 10_000 }
        const full = retryDelayMs(failures, backOff, 1)
        const delay = retryDelayMs(failures, backOff, random)
        assert.ok(delay >= full / 2 && delay <= full && full <= 10_000)
      }),
    )
  })
})
