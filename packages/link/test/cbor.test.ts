import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { decodeCbor, encodeCbor } from '../src/wire/cbor.ts'
import { refuses, survives } from './refusal.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))

describe('CBOR', () => {
  it('reads back what it wrote, and writes the same bytes again', () => {
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.maxSafeNat(),
        fc.maxSafeInteger(),
        fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text)),
        fc.uint8Array(),
        fc.constantFrom(true, false, null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(), tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
      ),
    }))
    fc.assert(
      fc.property(value, (value) => {
        fc.pre(depthOf(value) <= 16)
        const bytes = encodeCbor(value)
        const read = decodeCbor(bytes, 'value')
        assert.deepEqual(read, inKeyOrder(value))
        assert.deepEqual(encodeCbor(read), bytes)
      }),
    )
  })

  it('orders integer keys as their bytes are ordered', () => {
    const keys = [65536, 256, 24, 23, 0, 255]
    const bytes = encodeCbor(new Map(keys.map((key) => [key, 0])))
    const read = decodeCbor(bytes, 'map')
    assert.ok(read instanceof Map)
    assert.deepEqual([...read.keys()], [0, 23, 24, 255, 256, 65536])
  })

  it('returns byte strings as views, also on a Buffer inside a larger one', () => {
    const slab = Buffer.concat([Buffer.alloc(7), hex('43 010203'), Buffer.alloc(5)])
    const view = decodeCbor(slab.subarray(7, 11), 'bytes')
    assert.ok(view instanceof Uint8Array)
    slab[8] = 9
    assert.deepEqual([...view], [9, 2, 3])
  })

  for (const [name, bytes, why] of [
    ['an integer longer than needed', '1801', /./],
    ['a length longer than needed', '5801 00', /shortest/],
    ['a 16-bit length longer than needed', '5900ff', /shortest/],
    ['a 32-bit length longer than needed', '5a0000ffff', /shortest/],
    ['a 64-bit length', '5b0000000000000001 00', /without a length/],
    ['an array of indefinite length', '9f01ff', /indefinite/],
    ['a byte string of indefinite length', '5f4101ff', /without a length/],
    ['a lone break', 'ff', /simple/],
    ['a float', 'f93c00', /floats/],
    ['undefined', 'f7', /simple/],
    ['a tag', 'd240', /tags/],
    ['an integer past 2^53', '1b0020000000000000', /./],
    ['a repeated key', 'a201000100', /repeat/],
    ['text that is not UTF-8', '62c328', /./],
    ['an overlong UTF-8 form', '62c080', /./],
    ['a surrogate in UTF-8', '63eda080', /./],
    ['bytes after the value', '0101', /after its end/],
    ['a string past the end', '450102', /longer than/],
    ['an array past the end', '8301', /./],
    ['nothing', '', /too early/],
    ['an array of 2^32 - 1 entries', '9affffffff 00', /./],
    ['nesting too deep', '81'.repeat(17) + '00', /deep/],
    ['nesting of ten thousand', '81'.repeat(10_000) + '00', /deep/],
  ] as const) {
    it(`refuses ${name}`, () => {
      refuses(() => decodeCbor(hex(bytes), 'value'), 'FRAME_INVALID', why)
    })
  }

  it('keeps a byte order mark', () => {
    for (const text of ['\ufeffH29', `\ufeff${'a'.repeat(100)}`]) {
      assert.equal(decodeCbor(encodeCbor(text), 'text'), text)
    }
  })

  it('answers any bytes with a value or a RelayError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => survives(() => decodeCbor(bytes, 'value'))),
      { numRuns: 2000 },
    )
  })
})

function depthOf(value: unknown): number {
  if (Array.isArray(value)) return 1 + Math.max(0, ...value.map(depthOf))
  if (value instanceof Map) return 1 + Math.max(0, ...[...value.values()].map(depthOf))
  return 0
}

function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder)
  if (!(value instanceof Map)) return value
  return new Map([...value].sort(([a], [b]) => a - b).map(([key, inner]) => [key, inKeyOrder(inner)]))
}
