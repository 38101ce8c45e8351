import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RelayError } from '@lienthong/core'
import { createSealingKey, encodeCore, nodeOf, seal, sealedBy, verify } from '@lienthong/link'
import fc from 'fast-check'

import { decodeCbor, encodeCbor } from '../src/wire/cbor.ts'
import { mutated, payload } from './arbitraries.ts'
import { refuses, survives } from './refusal.ts'

const key = createSealingKey('H29.18', 2)
const earlier = createSealingKey('H29.18', 1)
const [drawn] = fc.sample(payload, { numRuns: 1, seed: 7 })
assert.ok(drawn)
const core = encodeCore(drawn.core)
const sealed = seal(core, key)

type Header = ReadonlyMap<number, unknown>

/** A seal with other headers, signed by the right key all the same. */
function sealedWith(protectedHeader: Header, unprotectedHeader: Header = new Map(), payload: unknown = null) {
  const header = encodeCbor(protectedHeader)
  const signature = key.sign(encodeCbor(['Signature1', header, new Uint8Array(), core]))
  return encodeCbor([header, unprotectedHeader, payload, signature])
}

const kid = new Uint8Array(Buffer.from('H29.18#2'))

describe('seal', () => {
  it('holds for the core it was made for and names its key', () => {
    verify(core, sealed, [earlier, key])
    assert.equal(sealedBy(sealed), 'H29.18#2')
    assert.equal(nodeOf(sealedBy(sealed)), 'H29.18')
  })

  it('is the COSE_Sign1 of RFC 9052: what is signed can be built by hand', () => {
    assert.deepEqual(
      sealedWith(
        new Map<number, unknown>([
          [1, -8],
          [4, kid],
        ]),
      ),
      sealed,
    )
  })

  it('holds for any core', () => {
    fc.assert(
      fc.property(payload, ({ core }) => {
        const bytes = encodeCore(core)
        verify(bytes, seal(bytes, key), [key])
      }),
      { numRuns: 30 },
    )
  })

  it('breaks with every single bit of the core', () => {
    for (let bit = 0; bit < core.length * 8; bit++)
      refuses(() => verify(flipped(core, bit), sealed, [key]), 'SEAL_INVALID')
  })

  it('breaks with every single bit of the seal', () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      assert.throws(
        () => verify(core, flipped(sealed, bit), [key]),
        (error) => error instanceof RelayError && ['SEAL_INVALID', 'KEY_UNKNOWN'].includes(error.code),
      )
    }
  })

  it('does not hold for another key of the same name, nor for an unknown one', () => {
    const namesake = createSealingKey('H29.18', 2)
    refuses(() => verify(core, sealed, [namesake]), 'SEAL_INVALID')
    refuses(() => verify(core, sealed, [earlier]), 'KEY_UNKNOWN')
    refuses(() => verify(core, sealed, []), 'KEY_UNKNOWN')
    refuses(() => verify(core, sealed, [{ kid: 'H29.18#2', publicKey: 'AAAA' }]), 'KEY_UNKNOWN')
  })

  const good: Header = new Map<number, unknown>([
    [1, -8],
    [4, kid],
  ])
  for (const [name, bytes, why] of [
    ['another algorithm', sealedWith(new Map(good).set(1, -7)), /alg/],
    ['no algorithm', sealedWith(new Map([[4, kid]])), /alg/],
    ['an algorithm only in the unprotected header', sealedWith(new Map([[4, kid]]), new Map([[1, -8]])), /unprotected/],
    ['a kid only in the unprotected header', sealedWith(new Map([[1, -8]]), new Map([[4, kid]])), /unprotected/],
    ['no kid', sealedWith(new Map([[1, -8]])), /kid/],
    ['a text kid', sealedWith(new Map(good).set(4, 'H29.18#2')), /kid/],
    ['an unknown critical label', sealedWith(new Map(good).set(2, [99])), /crit/],
    ['an empty list of critical labels', sealedWith(new Map(good).set(2, [])), /crit/],
    ['an unprotected header', sealedWith(good, new Map([[99, 1]])), /unprotected/],
    ['a payload of its own', sealedWith(good, new Map(), core), /payload/],
    ['a tag', Buffer.concat([Buffer.of(0xd2), sealed]), /tag/],
    ['bytes after its end', Buffer.concat([sealed, Buffer.of(0)]), /after/],
    ['no bytes', new Uint8Array(), /early/],
  ] as const) {
    it(`refuses a seal with ${name}`, () => {
      refuses(() => sealedBy(bytes), 'FRAME_INVALID', why)
      refuses(() => verify(core, bytes, [key]), 'SEAL_INVALID')
    })
  }

  it('passes over a protected label that is not critical', () => {
    verify(core, sealedWith(new Map(good).set(99, 'later')), [key])
    verify(core, sealedWith(new Map(good).set(2, [1])), [key])
  })

  it('leaves no shorter signature', () => {
    const parts = decodeCbor(sealed, 'seal')
    assert.ok(Array.isArray(parts))
    const short = encodeCbor([...parts.slice(0, 3), (parts[3] as Uint8Array).subarray(1)])
    refuses(() => verify(core, short, [key]), 'SEAL_INVALID')
    refuses(() => sealedBy(short), 'FRAME_INVALID', /64 bytes/)
  })

  it('takes a kid apart at its last #', () => {
    assert.equal(nodeOf('a#b#12'), 'a#b')
    for (const wrong of ['H29', '#1', 'H29#', 'H29#0', 'H29#01', 'H29#x']) refuses(() => nodeOf(wrong), 'FRAME_INVALID')
  })

  it('answers any bytes with a RelayError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), mutated(fc.constant(sealed))), (bytes) => {
        survives(() => verify(core, bytes, [key]))
        survives(() => sealedBy(bytes))
      }),
      { numRuns: 500 },
    )
  })
})

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[bit >>> 3] = (copy[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}
