import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'

import type { Core } from '@lienthong/core'
import { decodeCore, encodeCore, uidOf } from '@lienthong/link'
import fc from 'fast-check'

import { decodeCbor, encodeCbor } from '../src/wire/cbor.ts'
import { mutated, payload } from './arbitraries.ts'
import { refuses, survives } from './refusal.ts'

const sample = withUid({
  version: 1,
  uid: '',
  generation: 1,
  kind: 'document',
  businessType: 0,
  from: 'H29.18.05',
  documentId: 'H29.18.05,2026/01/15,123/UBND-VP',
  recipients: ['H26.10', 'G12'],
  size: 600_000,
  sha256: createHash('sha256').update('payload').digest('hex'),
  segmentBytes: 262_144,
  lane: 'bulk',
  sealedAt: 1_768_435_200_000,
  directoryVersion: 7,
})

function withUid(core: Core): Core {
  return { ...core, uid: uidOf(core) }
}

/** The sample's bytes with entries of its map replaced; undefined removes one. */
function tampered(entries: Record<number, unknown>): Uint8Array {
  const map = decodeCbor(encodeCore(sample), 'core')
  assert.ok(map instanceof Map)
  for (const [key, value] of Object.entries(entries)) {
    if (value === undefined) map.delete(Number(key))
    else map.set(Number(key), value)
  }
  return encodeCbor(map)
}

describe('core', () => {
  it('comes back as it went, and canonical bytes come back as themselves', () => {
    fc.assert(
      fc.property(payload, ({ core }) => {
        const bytes = encodeCore(core)
        assert.deepEqual(decodeCore(bytes), core)
        assert.deepEqual(encodeCore(decodeCore(bytes)), bytes)
      }),
    )
  })

  it('has a uid that depends on every part of its identity and nothing else', () => {
    const others: Core[] = [
      { ...sample, kind: 'status' },
      { ...sample, businessType: 1 },
      { ...sample, from: 'H29.18' },
      { ...sample, documentId: 'another' },
      { ...sample, sha256: '0'.repeat(64) },
    ]
    assert.equal(new Set([sample, ...others].map(uidOf)).size, others.length + 1)
    assert.equal(uidOf({ ...sample, generation: 2, recipients: ['H26'], sealedAt: 0 } as Core), sample.uid)
  })

  it('ignores keys it does not know', () => {
    assert.deepEqual(decodeCore(tampered({ 15: new Map([[1, 'enc']]), 200: [null] })), sample)
  })

  it('refuses another major version, whatever else such a core holds', () => {
    refuses(() => decodeCore(tampered({ 1: 2 })), 'VERSION_UNSUPPORTED')
    refuses(() => decodeCore(Uint8Array.of(0xa2, 0x01, 0x02, 0xc1, 0xfb)), 'VERSION_UNSUPPORTED')
  })

  for (const [name, entries, why] of [
    ['no version', { 1: undefined }, /begin/],
    ['a uid that is not its own', { 2: new Uint8Array(32) }, /uid/],
    ['a short uid', { 2: new Uint8Array(31) }, /uid/],
    ['generation 0', { 3: 0 }, /generation/],
    ['an unknown kind', { 4: 5 }, /kind/],
    ['a negative business type', { 5: -1 }, /businessType/],
    ['no sender', { 6: '' }, /from/],
    ['an endless sender', { 6: 'H'.repeat(129) }, /from/],
    ['bytes for the sender', { 6: new Uint8Array(3) }, /from/],
    ['an endless DocumentId', { 7: 'd'.repeat(1025) }, /documentId/],
    ['no recipients', { 8: [] }, /recipients/],
    ['the same recipient twice', { 8: ['G12', 'H26', 'G12'] }, /twice/],
    ['a negative size', { 9: -1 }, /size/],
    ['more segments than a bitmap holds', { 9: 2 ** 20 + 1, 11: 1 }, /size/],
    ['segments of no bytes', { 11: 0 }, /segmentBytes/],
    ['segments past 256 KiB', { 11: 256 * 1024 + 1 }, /segmentBytes/],
    ['an unknown lane', { 12: 2 }, /lane/],
    ['an express core of three segments', { 12: 0 }, /express/],
    ['no time', { 13: undefined }, /sealedAt/],
    ['text for the directory version', { 14: '7' }, /directoryVersion/],
    ['a text key', { 14: 7 }, /ascending/],
  ] as const) {
    it(`refuses ${name}`, () => {
      const bytes = name === 'a text key' ? withTextKey() : tampered(entries)
      refuses(() => decodeCore(bytes), 'FRAME_INVALID', why)
    })
  }

  function withTextKey(): Uint8Array {
    const bytes = Buffer.from(encodeCore(sample))
    bytes[0] = 0xaf
    return Buffer.concat([bytes, Buffer.of(0x61, 0x78, 0x00)])
  }

  it('refuses keys out of order', () => {
    const bytes = encodeCore(sample)
    const lastPair = bytes.subarray(-2)
    const shuffled = Buffer.concat([bytes.subarray(0, 3), lastPair, bytes.subarray(3, -2)])
    refuses(() => decodeCore(shuffled), 'FRAME_INVALID', /ascending/)
  })

  it('refuses more than 64 KiB, read or written', () => {
    const recipients = Array.from({ length: 10_000 }, (_, at) => `H29.${at}`)
    refuses(() => encodeCore(withUid({ ...sample, recipients })), 'FRAME_INVALID', /longer/)
    refuses(() => decodeCore(new Uint8Array(64 * 1024 + 1)), 'FRAME_INVALID', /longer/)
  })

  it('writes nothing it would not read', () => {
    refuses(() => encodeCore({ ...sample, uid: 'f'.repeat(64) }), 'FRAME_INVALID', /uid/)
    refuses(() => encodeCore({ ...sample, uid: sample.uid.toUpperCase() }), 'FRAME_INVALID', /uid/)
    refuses(() => encodeCore(withUid({ ...sample, from: 'H29\ud800' })), 'FRAME_INVALID', /Unicode/)
    refuses(() => encodeCore({ ...sample, size: 1.5 }), 'FRAME_INVALID')
    refuses(() => encodeCore({ ...sample, version: 2 }), 'VERSION_UNSUPPORTED')
  })

  it('answers any bytes with a core or a RelayError', () => {
    const cores = payload.map(({ core }) => encodeCore(core))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), mutated(cores)), (bytes) => survives(() => decodeCore(bytes))),
      { numRuns: 1000 },
    )
  })
})
