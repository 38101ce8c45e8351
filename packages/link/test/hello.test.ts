import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeHello, encodeHello, wireVersions } from '@lienthong/link'
import fc from 'fast-check'

import { decodeCbor, encodeCbor } from '../src/wire/cbor.ts'
import * as arbitrary from './arbitraries.ts'
import { refuses, survives } from './refusal.ts'

const sample = {
  node: 'H29',
  instance: 'f0'.repeat(16),
  versions: wireVersions,
  maxFrameBytes: 524_288,
  tableVersion: 3,
}

describe('hello', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(arbitrary.hello, (hello) => {
        assert.deepEqual(decodeHello(encodeHello(hello)), hello)
      }),
    )
  })

  it('can be read by a node that knows fewer keys', () => {
    const map = decodeCbor(encodeHello(sample), 'hello')
    assert.ok(map instanceof Map)
    assert.deepEqual(decodeHello(encodeCbor(map.set(7, ['later']))), sample)
  })

  it('refuses versions that do not ascend, and limits that are none', () => {
    refuses(() => encodeHello({ ...sample, versions: [2, 1] }), 'FRAME_INVALID', /versions/)
    refuses(() => encodeHello({ ...sample, versions: [1, 1] }), 'FRAME_INVALID', /versions/)
    refuses(() => encodeHello({ ...sample, versions: [] }), 'FRAME_INVALID', /versions/)
    refuses(() => encodeHello({ ...sample, maxFrameBytes: 0 }), 'FRAME_INVALID', /maxFrameBytes/)
    refuses(() => encodeHello({ ...sample, instance: 'x'.repeat(65) }), 'FRAME_INVALID', /instance/)
    refuses(() => decodeHello(new Uint8Array(4097)), 'FRAME_INVALID', /longer/)
  })

  it('answers any bytes with a hello or a RelayError', () => {
    const bytes = arbitrary.hello.map((hello) => encodeHello(hello))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), arbitrary.mutated(bytes)), (bytes) => survives(() => decodeHello(bytes))),
      { numRuns: 500 },
    )
  })
})
