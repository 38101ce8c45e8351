import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeFrame, type SendOutcome } from '@lienthong/link'
import fc from 'fast-check'
import { createPacker } from '../src/packer.ts'
import { segmentOf } from './a-segment.ts'

function numbersIn(frame: Uint8Array): readonly number[] {
  return decodeFrame(frame).map((entry) => ('error' in entry ? -1 : Number(entry.envelope.core.documentId)))
}

describe('packer', () => {
  it('gives every segment the fate of the frame that took it', async () => {
    const outcomes: SendOutcome[] = ['confirmed', 'nacked']
    const packer = createPacker(async () => outcomes.shift() ?? 'lost')

    const first = packer.add(segmentOf(1, 200_000))
    const second = packer.add(segmentOf(2, 200_000))

    assert.deepEqual(await Promise.all([first, second]), ['confirmed', 'nacked'])
  })

  it('packs what is added in one turn into few frames, in order, none too large', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 256 * 1024 }), { minLength: 1, maxLength: 30 }),
        async (sizes) => {
          const frames: Uint8Array[] = []
          const packer = createPacker(async (frame) => {
            frames.push(frame)
            return 'confirmed'
          })

          await Promise.all(sizes.map((size, number) => packer.add(segmentOf(number, size))))

          assert.deepEqual(
            frames.flatMap(numbersIn),
            sizes.map((_, number) => number),
          )
          for (const frame of frames) assert.ok(frame.length <= 512 * 1024)
          const total = sizes.reduce((sum, size) => sum + size, 0)
          assert.ok(frames.length <= Math.ceil(total / (60 * 1024)) + 1)
        },
      ),
      { numRuns: 25 },
    )
  })
})
