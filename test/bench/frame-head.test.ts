import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import type { Core } from '@lienthong/core'
import { createSealingKey, encodeCore, encodeFrame, type Segment, seal, uidOf } from '@lienthong/link'
import { segmentsIn } from './frame-head.ts'

describe('the head of a frame', () => {
  it('tells the segments behind it, whatever the width of the number', () => {
    const one = segment()
    for (const count of [1, 23, 24, 255, 256, 700]) {
      assert.equal(segmentsIn(encodeFrame(Array.from({ length: count }, () => one))), count)
    }
  })

  it('is not read from anything else', () => {
    assert.throws(() => segmentsIn(Buffer.from('<edXML/>')), /not a frame/)
    assert.throws(() => segmentsIn(new Uint8Array(0)), /not a frame/)
  })
})

function segment(): Segment {
  const data = Buffer.from('payload')
  const key = createSealingKey('H29.18', 1)
  const named = {
    kind: 'document',
    businessType: 0,
    from: 'H29.18',
    documentId: 'H29.18,2026/01/15,1/UBND',
    sha256: createHash('sha256').update(data).digest('hex'),
  } as const
  const core: Core = {
    ...named,
    version: 1,
    uid: uidOf(named),
    generation: 1,
    recipients: ['H26.10'],
    size: data.length,
    segmentBytes: 1024,
    lane: 'bulk',
    sealedAt: 0,
    directoryVersion: 1,
  }
  const bytes = encodeCore(core)
  return {
    core: bytes,
    seal: seal(bytes, key),
    envelope: { core, origin: 'H29.18', to: [0], segment: 0, path: [] },
    data,
  }
}
