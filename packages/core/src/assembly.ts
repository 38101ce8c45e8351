/** Which segments of a payload are here: a bitmap, least significant bit first. Pure; buffers are replaced, never changed. */
import { RelayError } from './errors.ts'
import type { Missing, SegmentRange } from './signal.ts'

export interface Bitmap {
  readonly segments: number
  readonly bits: Uint8Array
}

/** Ranges in one `Missing`, at most: an answer stays a small message. */
const maxRanges = 256

export function emptyBitmap(segments: number): Bitmap {
  return { segments, bits: new Uint8Array(Math.ceil(segments / 8)) }
}

export function hasSegment(bitmap: Bitmap, segment: number): boolean {
  if (segment < 0 || segment >= bitmap.segments) return false
  return ((bitmap.bits[segment >> 3] ?? 0) & (1 << (segment & 7))) !== 0
}

/** A bitmap with these segments added. Throws RelayError FRAME_INVALID for a number out of range. */
export function withSegments(bitmap: Bitmap, segments: Iterable<number>): Bitmap {
  const bits = Uint8Array.from(bitmap.bits)
  for (const segment of segments) {
    if (!Number.isInteger(segment) || segment < 0 || segment >= bitmap.segments) {
      throw new RelayError('FRAME_INVALID', { detail: { segment, segments: bitmap.segments } })
    }
    bits[segment >> 3] = (bits[segment >> 3] ?? 0) | (1 << (segment & 7))
  }
  return { segments: bitmap.segments, bits }
}

export function isComplete(bitmap: Bitmap): boolean {
  return firstMissing(bitmap, 0) === bitmap.segments
}

/** At most 256 ranges: past that, the last range runs to the end. */
export function missingOf(bitmap: Bitmap): Missing {
  const { segments } = bitmap
  const ranges: [number, number][] = []
  for (let first = firstMissing(bitmap, 0); first < segments; ) {
    let end = first + 1
    while (end < segments && !hasSegment(bitmap, end)) end += 1
    if (first === 0 && end === segments) return 'all'
    ranges.push([first, end - 1])
    if (ranges.length === maxRanges) {
      const next = firstMissing(bitmap, end)
      if (next < segments) ranges[maxRanges - 1] = [first, segments - 1]
      break
    }
    first = firstMissing(bitmap, end)
  }
  return ranges.length === 0 ? 'none' : ranges
}

/** The numbers a `Missing` stands for, ascending, each once; what lies outside the payload is left out. */
export function* segmentsOf(missing: Missing, segments: number): Iterable<number> {
  if (missing === 'none') return
  const ranges: readonly SegmentRange[] = missing === 'all' ? [[0, segments - 1]] : missing
  let next = 0
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    for (let segment = Math.max(first, next); segment <= last && segment < segments; segment++) {
      yield segment
      next = segment + 1
    }
  }
}

/** Number of the first segment from `from` on that is not here; `segments` when all are. Skips whole bytes. */
function firstMissing(bitmap: Bitmap, from: number): number {
  let segment = from
  while (segment < bitmap.segments) {
    if ((segment & 7) === 0 && bitmap.bits[segment >> 3] === 0xff) segment += 8
    else if (hasSegment(bitmap, segment)) segment += 1
    else return segment
  }
  return bitmap.segments
}

export type { SegmentRange }
