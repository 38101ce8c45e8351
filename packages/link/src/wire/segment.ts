import type { Core, Envelope } from '@lienthong/core'
import { isBetweenNodes, maxCoreBytes, maxSegmentBytes, segmentCount } from '@lienthong/core'

import type { Segment } from '../contract.ts'
import { CborReader, encodeCbor, head } from './cbor.ts'
import { decodeCore } from './core.ts'
import { bytes, path, pathItems, uint, writableText } from './fields.ts'
import { maxExtraBytes, maxSealBytes } from './limits.ts'
import { frameInvalid } from './refusal.ts'
import { nodeOf, sealedBy } from './seal.ts'
import { indicesOf, runsOf } from './to.ts'

/** Bytes a segment adds to a frame: a frame is `frameHeadBytes` and its segments. */
export function segmentSize(segment: Segment): number {
  return byteLength(segmentChunks(segment))
}

/** The segment as it stands in a frame (head included), in pieces that share the segment's memory. */
export function segmentChunks(segment: Segment): readonly Uint8Array[] {
  const { core, seal, envelope, data, extra } = segment
  checkPlace(envelope, data.length)
  for (const { node } of envelope.path) writableText(node, 'path')
  // One call for three neighbouring fields; the head of the array around them is one byte.
  const place = encodeCbor([
    runsOf(envelope.to, envelope.core.recipients.length),
    envelope.segment,
    pathItems(envelope.path),
  ]).subarray(1)
  const body = [
    head(4, extra === undefined ? 6 : 7),
    head(2, core.length),
    core,
    head(2, seal.length),
    seal,
    place,
    head(2, data.length),
    data,
  ]
  if (extra !== undefined) body.push(extra)
  return [head(2, byteLength(body)), ...body]
}

/** Reads one segment; every byte string of the result is a view on `segment`. Throws FRAME_INVALID, VERSION_UNSUPPORTED. */
export function decodeSegment(segment: Uint8Array): Segment {
  const reader = new CborReader(segment, 'segment')
  const fields = reader.open('array')
  if (fields !== 6 && fields !== 7) throw frameInvalid('segment', 'has not 6 or 7 fields')
  const coreBytes = bytes(reader.next(), 'core', maxCoreBytes)
  const seal = bytes(reader.next(), 'seal', maxSealBytes)
  const core = decodeCore(coreBytes)
  const envelope: Envelope = {
    core,
    origin: nodeOf(sealedBy(seal)),
    to: indicesOf(reader.next(), core.recipients.length),
    segment: uint(reader.next(), 'segment.number'),
    path: path(reader.next(), 'path'),
  }
  if (isBetweenNodes(core.kind) && core.from !== envelope.origin) {
    throw frameInvalid('core.from', 'is not the node that sealed it')
  }
  const data = bytes(reader.next(), 'data', maxSegmentBytes)
  checkPlace(envelope, data.length)
  const extra = fields === 7 ? readExtra(segment, reader) : undefined
  reader.end()
  return { core: coreBytes, seal, envelope, data, ...(extra !== undefined && { extra }) }
}

function readExtra(segment: Uint8Array, reader: CborReader): Uint8Array {
  const start = reader.at
  if (!(reader.next() instanceof Map)) throw frameInvalid('segment.extra', 'is not a map')
  if (reader.at - start > maxExtraBytes) throw frameInvalid('segment.extra', `is longer than ${maxExtraBytes} bytes`)
  return segment.subarray(start, reader.at)
}

/** The data has exactly the length its place in the payload demands. */
function checkPlace({ core, segment }: Envelope, length: number): void {
  const segments = segmentCount(core.size, core.segmentBytes)
  if (segment >= segments) throw frameInvalid('segment.number', `is not below ${segments}`)
  if (length !== expectedLength(core, segment)) throw frameInvalid('data', 'has not the length its place demands')
}

function expectedLength({ size, segmentBytes }: Core, segment: number): number {
  return Math.min(segmentBytes, size - segment * segmentBytes)
}

function byteLength(chunks: readonly Uint8Array[]): number {
  let total = 0
  for (const chunk of chunks) total += chunk.length
  return total
}
