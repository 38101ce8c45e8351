/**
 * A frame: what one AMQP message on a link carries.
 *
 *   frame = [version, [segment, …]]      each segment a byte string holding CBOR of its own
 *
 * so that a segment that cannot be read leaves its neighbours unharmed.
 */
import { maxFrameBytes, RelayError } from '@lienthong/core'

import type { Segment } from '../contract.ts'
import { CborReader, head } from './cbor.ts'
import { bytes, list, uint } from './fields.ts'
import { maxFrameSegments, wireVersion } from './limits.ts'
import { frameInvalid, versionUnsupported } from './refusal.ts'
import { decodeSegment, segmentChunks } from './segment.ts'

/** A part of a frame that could not be read: why, and its bytes (a view on the frame). */
export interface BrokenSegment {
  readonly error: RelayError
  readonly bytes: Uint8Array
}

/**
 * Packs segments into one frame; `core`, `seal` and `extra` go out as the bytes they are. Throws
 * FRAME_TOO_LARGE past 512 KiB and FRAME_INVALID for a segment that could not be read again.
 */
export function encodeFrame(segments: readonly Segment[]): Uint8Array {
  if (segments.length === 0 || segments.length > maxFrameSegments) {
    throw frameInvalid('frame', `has not 1 to ${maxFrameSegments} segments`)
  }
  const chunks: Uint8Array[] = [Uint8Array.of(0x82, wireVersion), head(4, segments.length)]
  for (const segment of segments) chunks.push(...segmentChunks(segment))
  const frame = Buffer.concat(chunks)
  if (frame.length > maxFrameBytes) {
    throw new RelayError('FRAME_TOO_LARGE', { detail: { bytes: frame.length, limit: maxFrameBytes } })
  }
  return new Uint8Array(frame.buffer, frame.byteOffset, frame.length)
}

/**
 * Splits a frame into its segments; one that cannot be read comes back as an error with its bytes, its
 * neighbours are unharmed. Everything returned is a view on `frame`: keep a copy of what must outlive
 * it. Throws FRAME_INVALID or VERSION_UNSUPPORTED only when the frame itself is no frame.
 */
export function decodeFrame(frame: Uint8Array): readonly (Segment | BrokenSegment)[] {
  if (frame.length > maxFrameBytes) throw frameInvalid('frame', `is longer than ${maxFrameBytes} bytes`)
  const reader = new CborReader(frame, 'frame')
  const fields = reader.open('array')
  const version = uint(reader.next(), 'frame.version')
  if (version !== wireVersion) throw versionUnsupported('frame', version)
  if (fields !== 2) throw frameInvalid('frame', 'has not 2 fields')
  const segments = list(reader.next(), 'frame.segments', maxFrameSegments, 1)
  reader.end()
  return segments.map((segment) => bytes(segment, 'segment', maxFrameBytes)).map(segmentOrError)
}

function segmentOrError(bytes: Uint8Array): Segment | BrokenSegment {
  try {
    return decodeSegment(bytes)
  } catch (error) {
    if (error instanceof RelayError) return { error, bytes }
    throw error
  }
}
