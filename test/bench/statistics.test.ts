import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { median, percentile } from './statistics.ts'

describe('median', () => {
  it('is the middle value, or the mean of the two middle ones', () => {
    assert.equal(median([30, 1, 2]), 2)
    assert.equal(median([4, 1, 10, 2]), 3)
    assert.equal(median([7]), 7)
    assert.equal(median([]), Number.NaN)
  })

  it('compares numbers, not their texts', () => {
    assert.equal(median([9, 10, 100]), 10)
  })

  it('leaves its argument as it was', () => {
    const values = [3, 1, 2]
    median(values)
    assert.deepEqual(values, [3, 1, 2])
  })
})

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

  it('is the nearest rank', () => {
    assert.equal(percentile(hundred, 0.5), 50)
    assert.equal(percentile(hundred, 0.99), 99)
    assert.equal(percentile(hundred, 1), 100)
    assert.equal(percentile(hundred, 0), 1)
    assert.equal(percentile([5], 0.99), 5)
    assert.equal(percentile([], 0.5), Number.NaN)
  })

  it('is one of the values, with at least its share of them not above it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const found = percentile(values, share)
          assert.ok(values.includes(found))
          assert.ok(values.filter((value) => value <= found).length >= Math.floor(share * values.length))
        },
      ),
    )
  })
})
