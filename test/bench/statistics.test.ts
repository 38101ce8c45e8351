import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { lineOf } from './figure.ts'
import { columns, csvLine } from './results-file.ts'
import { median, percentile } from './statistics.ts'

describe('figures of the bench', () => {
  it('takes the middle of what was measured', () => {
    assert.equal(median([3, 1, 2]), 2)
    assert.equal(median([4, 1, 2, 3]), 2.5)
    assert.ok(Number.isNaN(median([])))
  })

  it('gives as percentile a value that is there, with no more than the rest above it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const found = percentile(values, share)

          assert.ok(values.includes(found))
          assert.ok(values.filter((value) => value <= found).length >= share * values.length)
        },
      ),
    )
  })

  it('writes a ratio for people and for the record', () => {
    const figure = {
      name: 'relay/shovel 5KiB 3 hops',
      reference: 2_000,
      measured: 3_000,
      unit: 'docs/s',
      runs: 3,
    } as const
    const where = { date: '2026-01-01T00:00:00Z', commit: 'abc', node: '20', cores: 2 }

    assert.equal(lineOf(figure), 'relay/shovel 5KiB 3 hops: 1.50x (3000 against 2000 docs/s, medians of 3)')
    assert.equal(csvLine(where, figure).split(',').length, columns.length)
    assert.equal(
      csvLine(where, figure),
      '2026-01-01T00:00:00Z,abc,20,2,relay/shovel 5KiB 3 hops,2000,3000,docs/s,1.5,3',
    )
  })
})
