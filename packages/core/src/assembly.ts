/** Which segments of a payload are here: a bitmap, least significant bit first. Pure; buffers are replaced, never changed. */
import type { Missing, SegmentRange } from './signal.ts'

export interface Bitmap {
  readonly segments: number
  readonly bits: Uint8Array
}

export declare function emptyBitmap(segments: number): Bitmap
export declare function hasSegment(bitmap: Bitmap, segment: number): boolean
/** A bitmap with these segments added. Throws RelayError FRAME_INVALID for a number out of range. */
export declare function withSegments(bitmap: Bitmap, segments: Iterable<number>): Bitmap
export declare function isComplete(bitmap: Bitmap): boolean
/** At most 256 ranges: past that, the last range runs to the end. */
export declare function missingOf(bitmap: Bitmap): Missing
/** The numbers a `Missing` stands for. */
export declare function segmentsOf(missing: Missing, segments: number): Iterable<number>
export type { SegmentRange }
