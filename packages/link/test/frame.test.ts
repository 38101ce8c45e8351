import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'

import type { Core, Path } from '@lienthong/core'
import type { BrokenSegment, Segment } from '@lienthong/link'
import {
  createSealingKey,
  decodeFrame,
  encodeCore,
  encodeFrame,
  frameHeadBytes,
  seal,
  segmentSize,
  uidOf,
  verify,
} from '@lienthong/link'
import fc from 'fast-check'

import { decodeCbor, encodeCbor } from '../src/wire/cbor.ts'
import * as arbitrary from './arbitraries.ts'
import { refuses, survives } from './refusal.ts'

const key = createSealingKey('H29.18', 1)
const segments = fc.array(arbitrary.segment(key, 'H29.18'), { minLength: 1, maxLength: 5 })
const frames = segments.map((segments) => encodeFrame(segments))

function whole(part: Segment | BrokenSegment | undefined): Segment {
  assert.ok(
    part !== undefined && 'core' in part,
    part === undefined ? 'no segment' : String((part as BrokenSegment).error),
  )
  return part
}

function sample(size: number, changes: Partial<Core> = {}): Segment {
  const payload = Buffer.alloc(size, 0x5a)
  const identity = {
    kind: 'document',
    businessType: 0,
    from: 'H29.18',
    documentId: `H29.18,2026/01/15,${size}/UBND`,
    sha256: createHash('sha256').update(payload).digest('hex'),
    ...changes,
  } as const
  const core: Core = {
    version: 1,
    generation: 1,
    recipients: ['G12', 'H26', 'H26.10'],
    size,
    segmentBytes: 262_144,
    lane: 'bulk',
    sealedAt: 1_768_435_200_000,
    directoryVersion: 1,
    ...identity,
    uid: uidOf(identity),
  }
  const bytes = encodeCore(core)
  const envelope = { core, origin: 'H29.18', to: [0, 2], segment: 0, path: [] }
  return { core: bytes, seal: seal(bytes, key), envelope, data: payload.subarray(0, core.segmentBytes) }
}

/** The fields of a segment on the wire, some replaced. */
function parts(segment: Segment, changes: Record<number, unknown> = {}): unknown[] {
  const frame = decodeCbor(encodeFrame([segment]), 'frame') as [number, [Uint8Array]]
  const fields = decodeCbor(frame[1][0], 'segment') as unknown[]
  return Object.assign(fields, changes)
}

/** A frame of hand-made segments, whatever is in them. */
function frameOf(...segments: readonly (readonly unknown[])[]): Uint8Array {
  return encodeCbor([1, segments.map((fields) => encodeCbor(fields))])
}

describe('frame', () => {
  it('comes back as it went, and again as the same bytes', () => {
    fc.assert(
      fc.property(segments, (segments) => {
        const frame = encodeFrame(segments)
        const read = decodeFrame(frame).map(whole)
        assert.deepEqual(
          read.map((segment) => ({ ...segment, data: [...segment.data] })),
          segments.map((segment) => ({ ...segment, data: [...segment.data] })),
        )
        assert.deepEqual(encodeFrame(read), frame)
      }),
    )
  })

  it('has the size its segments announce', () => {
    fc.assert(
      fc.property(segments, (segments) => {
        const announced = segments.reduce((sum, segment) => sum + segmentSize(segment), 0)
        const actual = encodeFrame(segments).length
        assert.ok(actual <= announced + frameHeadBytes && actual >= announced + 3)
      }),
    )
  })

  it('keeps core, seal and unknown fields through hops that change path and recipients', () => {
    const at = { node: 'H29', version: 4, at: 5 }
    fc.assert(
      fc.property(segments, (segments) => {
        const forwarded = decodeFrame(encodeFrame(segments))
          .map(whole)
          .map(({ envelope, ...rest }): Segment => {
            const path: Path = [...envelope.path.slice(0, 16), at]
            return { ...rest, envelope: { ...envelope, to: envelope.to.slice(0, 1), path } }
          })
        const arrived = decodeFrame(encodeFrame(forwarded)).map(whole)
        for (const [index, segment] of segments.entries()) {
          const { core, seal, extra, envelope } = whole(arrived[index])
          assert.deepEqual({ core, seal, extra }, { core: segment.core, seal: segment.seal, extra: segment.extra })
          assert.deepEqual(envelope.path.at(-1), at)
          verify(core, seal, [key])
        }
      }),
      { numRuns: 30 },
    )
  })

  it('holds what a newer core says that this version cannot read', () => {
    const { core, ...rest } = sample(10)
    const map = decodeCbor(core, 'core')
    assert.ok(map instanceof Map)
    const newer = encodeCbor(map.set(40, ['new']))
    const frame = encodeFrame([{ ...rest, core: newer, seal: seal(newer, key) }])
    const read = whole(decodeFrame(frame)[0])
    assert.deepEqual(read.core, newer)
    assert.deepEqual(encodeFrame([read]), frame)
  })

  it('returns data as a view on the frame', () => {
    const frame = encodeFrame([sample(1000)])
    assert.equal(whole(decodeFrame(frame)[0]).data.buffer, frame.buffer)
  })

  it('takes "all recipients" in six bytes, four more than a single one', () => {
    const recipients = Array.from({ length: 3000 }, (_, at) => `H29.${at}`)
    const segment = sample(10, { recipients })
    const all = { ...segment.envelope, to: recipients.map((_, at) => at) }
    assert.equal(
      segmentSize({ ...segment, envelope: all }) - segmentSize({ ...segment, envelope: { ...all, to: [0] } }),
      4,
    )
  })

  it('leaves the neighbours of a bad segment unharmed', () => {
    fc.assert(
      fc.property(segments, fc.nat(), fc.uint8Array(), (segments, place, garbage) => {
        const whole = decodeCbor(encodeFrame(segments), 'frame') as [number, Uint8Array[]]
        const at = place % segments.length
        whole[1][at] = garbage
        const read = decodeFrame(encodeCbor(whole))
        const expected = decodeFrame(encodeFrame(segments))
        for (const [index, part] of read.entries()) {
          if (index !== at) assert.deepEqual(part, expected[index])
          else
            assert.ok(
              'error' in part && part.error.code === 'FRAME_INVALID' && Buffer.compare(part.bytes, garbage) === 0,
            )
        }
      }),
    )
  })

  it('reports a segment of another major version without losing the frame', () => {
    const good = sample(10)
    const [broken, next] = decodeFrame(frameOf(parts(good, { 0: Uint8Array.of(0xa1, 0x01, 0x02) }), parts(good)))
    assert.ok(broken !== undefined && 'error' in broken && broken.error.code === 'VERSION_UNSUPPORTED')
    whole(next)
  })

  const visit = ['H29', 1, 1]
  const large = sample(300_000)
  const signal = sample(10, { kind: 'signal', from: 'H29', lane: 'express' })
  for (const [name, fields, why] of [
    ['an index past the recipients', parts(large, { 2: [3] }), /to/],
    ['a run past the recipients', parts(large, { 2: [[0, 3]] }), /to/],
    ['no index', parts(large, { 2: [] }), /to/],
    ['indices that do not ascend', parts(large, { 2: [2, 0] }), /to/],
    ['an index twice', parts(large, { 2: [0, 0] }), /to/],
    ['neighbours that are no run', parts(large, { 2: [0, 1] }), /to/],
    ['a run of one', parts(large, { 2: [[1, 1]] }), /to/],
    ['a run backwards', parts(large, { 2: [[2, 0]] }), /to/],
    ['a segment number past the last', parts(large, { 3: 2 }), /number/],
    ['data of another segment', parts(large, { 3: 1 }), /length/],
    ['data too short', parts(large, { 5: new Uint8Array(262_143) }), /length/],
    ['data too long', parts(large, { 5: new Uint8Array(262_145) }), /longer/],
    ['text for data', parts(large, { 5: 'data' }), /data/],
    ['a path past the hop limit', parts(large, { 4: Array.from({ length: 18 }, () => visit) }), /path/],
    ['a path entry of two', parts(large, { 4: [['H29', 1]] }), /path/],
    ['a path entry without a node', parts(large, { 4: [['', 1, 1]] }), /path/],
    ['a core that is text', parts(large, { 0: 'core' }), /core/],
    ['a seal of 513 bytes', parts(large, { 1: new Uint8Array(513) }), /seal/],
    ['five fields', parts(large).slice(0, 5), /6 or 7/],
    ['eight fields', [...parts(large), new Map(), 1], /6 or 7/],
    ['a trailing field that is no map', [...parts(large), [1]], /extra/],
    ['trailing fields of 5 KiB', [...parts(large), new Map([[1, new Uint8Array(5000)]])], /extra/],
    ['a signal sealed by another node than it says', parts(signal), /sealed/],
  ] as const) {
    it(`refuses a segment with ${name}`, () => {
      const [broken, neighbour] = decodeFrame(frameOf(fields, parts(sample(10))))
      assert.ok(broken !== undefined && 'error' in broken, 'is refused')
      assert.equal(broken.error.code, 'FRAME_INVALID')
      assert.match(`${String(broken.error.detail['what'])} ${String(broken.error.detail['why'])}`, why)
      whole(neighbour)
    })
  }

  it('refuses a segment with bytes after its end', () => {
    const [, [bytes]] = decodeCbor(encodeFrame([sample(10)]), 'frame') as [number, [Uint8Array]]
    const [broken] = decodeFrame(encodeCbor([1, [Uint8Array.of(...bytes, 0)]]))
    assert.ok(broken !== undefined && 'error' in broken)
    assert.match(broken.error.message, /after its end/)
  })

  it('refuses what is no frame', () => {
    const good = encodeFrame([sample(10)])
    refuses(() => decodeFrame(new Uint8Array()), 'FRAME_INVALID', /early/)
    refuses(() => decodeFrame(good.subarray(0, -1)), 'FRAME_INVALID')
    refuses(() => decodeFrame(Buffer.concat([good, Buffer.of(0)])), 'FRAME_INVALID', /after/)
    refuses(() => decodeFrame(encodeCbor([1, []])), 'FRAME_INVALID', /segments/)
    refuses(() => decodeFrame(encodeCbor([1, ['text']])), 'FRAME_INVALID', /segment/)
    refuses(() => decodeFrame(encodeCbor([1, [new Uint8Array()], 0])), 'FRAME_INVALID', /fields/)
    refuses(() => decodeFrame(encodeCbor([1, Array.from({ length: 4097 }, () => new Uint8Array())])), 'FRAME_INVALID')
    refuses(() => decodeFrame(new Uint8Array(512 * 1024 + 1)), 'FRAME_INVALID', /longer/)
    refuses(() => decodeFrame(encodeCbor([2, 'of a shape to come', 3])), 'VERSION_UNSUPPORTED')
  })

  it('writes no frame it would not read', () => {
    const segment = sample(262_144)
    refuses(() => encodeFrame([]), 'FRAME_INVALID')
    refuses(() => encodeFrame([segment, segment]), 'FRAME_TOO_LARGE')
    const with_ = (envelope: Partial<Segment['envelope']>): Segment => ({
      ...segment,
      envelope: { ...segment.envelope, ...envelope },
    })
    refuses(() => encodeFrame([with_({ to: [1, 0] })]), 'FRAME_INVALID', /ascend/)
    refuses(() => encodeFrame([with_({ to: [3] })]), 'FRAME_INVALID', /to/)
    refuses(() => encodeFrame([with_({ to: [0, 3] })]), 'FRAME_INVALID', /to/)
    refuses(() => encodeFrame([with_({ to: [] })]), 'FRAME_INVALID', /to/)
    refuses(() => encodeFrame([with_({ segment: 1 })]), 'FRAME_INVALID', /number/)
    refuses(() => encodeFrame([{ ...segment, data: new Uint8Array(3) }]), 'FRAME_INVALID', /length/)
  })

  it('answers any bytes, and any damaged frame, with segments, errors or a RelayError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), arbitrary.mutated(frames)), (bytes) =>
        survives(() => decodeFrame(bytes)),
      ),
      { numRuns: 1000 },
    )
  })
})
