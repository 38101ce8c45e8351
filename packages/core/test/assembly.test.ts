import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  emptyBitmap,
  hasSegment,
  isComplete,
  missingOf,
  RelayError,
  segmentCount,
  segmentsOf,
  withSegments,
} from '@lienthong/core'
import fc from 'fast-check'

describe('the bitmap of an assembly', () => {
  const scene = fc
    .integer({ min: 1, max: 2_000 })
    .chain((segments) => fc.tuple(fc.constant(segments), fc.array(fc.nat({ max: segments - 1 }), { maxLength: 200 })))

  it('is the set of what was added, in any order and number', () => {
    fc.assert(
      fc.property(scene, ([segments, added]) => {
        const all = withSegments(emptyBitmap(segments), added)
        const one = added.reduce((bitmap, segment) => withSegments(bitmap, [segment]), emptyBitmap(segments))
        assert.deepEqual(one, all)
        const set = new Set(added)
        for (let segment = 0; segment < segments; segment++) assert.equal(hasSegment(all, segment), set.has(segment))
        assert.equal(isComplete(all), set.size === segments)
      }),
    )
  })

  it('names exactly what is missing; sending that makes it complete', () => {
    fc.assert(
      fc.property(scene, ([segments, added]) => {
        const bitmap = withSegments(emptyBitmap(segments), added)
        const missing = missingOf(bitmap)
        const numbers = [...segmentsOf(missing, segments)]
        const lacking = Array.from({ length: segments }, (_, segment) => segment).filter(
          (segment) => !hasSegment(bitmap, segment),
        )
        assert.deepEqual(numbers, lacking)
        assert.equal(missing === 'none', isComplete(bitmap))
        assert.equal(missing === 'all', added.length === 0)
        assert.ok(isComplete(withSegments(bitmap, numbers)))
      }),
    )
  })

  it('names at most 256 ranges, the last to the end', () => {
    const every = Array.from({ length: 500 }, (_, index) => 2 * index)
    const bitmap = withSegments(emptyBitmap(1_000), every)
    const missing = missingOf(bitmap)
    assert.ok(Array.isArray(missing))
    assert.equal(missing.length, 256)
    assert.deepEqual(missing.at(-1), [511, 999])
    assert.ok(isComplete(withSegments(bitmap, segmentsOf(missing, 1_000))))
    const just = withSegments(
      emptyBitmap(512),
      every.filter((segment) => segment < 512),
    )
    assert.deepEqual((missingOf(just) as [number, number][]).at(-1), [511, 511])
  })

  it('refuses numbers that are not of the payload, and leaves the old bitmap as it was', () => {
    const bitmap = emptyBitmap(9)
    for (const segment of [-1, 9, 0.5, Number.NaN]) {
      assert.throws(
        () => withSegments(bitmap, [3, segment]),
        (error) => error instanceof RelayError && error.code === 'FRAME_INVALID',
      )
    }
    assert.deepEqual(bitmap, emptyBitmap(9))
    assert.equal(hasSegment(withSegments(bitmap, [8]), 9), false)
  })

  it('counts overlapping and foreign ranges once and within the payload', () => {
    assert.deepEqual(
      [
        ...segmentsOf(
          [
            [3, 5],
            [0, 4],
            [9, 1_000_000_000],
          ],
          11,
        ),
      ],
      [0, 1, 2, 3, 4, 5, 9, 10],
    )
    assert.deepEqual([...segmentsOf([[5, 3]], 11)], [])
    assert.deepEqual([...segmentsOf('all', 2)], [0, 1])
    assert.deepEqual([...segmentsOf('none', 2)], [])
  })

  it('has one segment for an empty payload', () => {
    assert.equal(segmentCount(0, 1024), 1)
    assert.equal(segmentCount(1024, 1024), 1)
    assert.equal(segmentCount(1025, 1024), 2)
  })
})
