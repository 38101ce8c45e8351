import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { openBase64Decoder } from '../src/base64-decode.ts'

function decode(text: string, chunkLength: number): Buffer {
  const decoder = openBase64Decoder()
  const pieces: Buffer[] = []
  for (let at = 0; at < text.length; at += chunkLength) {
    pieces.push(decoder.write(Buffer.from(text.slice(at, at + chunkLength), 'latin1')))
  }
  return Buffer.concat([...pieces, decoder.end()])
}

/** Where it is refused; null when it is not. */
function refusedAt(text: string, chunkLength: number): unknown {
  try {
    decode(text, chunkLength)
    return null
  } catch (cause) {
    const { code, detail } = cause as { code: unknown; detail: { why: unknown; at: unknown } }
    assert.deepEqual([code, detail.why], ['ATTACHMENT_UNREADABLE', 'ATTACHMENT_BASE64_INVALID'])
    return detail.at
  }
}

const space = fc.constantFrom(' ', '\n', '\r\n', '\t', '&#13;', '&#xD;', '&#x000a;', '&#10;')

describe('base64 decoder', () => {
  it('gives back any bytes, however they are spaced and cut', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.tuple(fc.nat(400), space), { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        (bytes, spaces, chunkLength) => {
          const letters = [...Buffer.from(bytes).toString('base64')]
          for (const [at, text] of spaces) letters.splice(at % (letters.length + 1), 0, text)
          assert.deepEqual(decode(letters.join(''), chunkLength), Buffer.from(bytes))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('refuses every byte outside the alphabet, at its place', () => {
    const alphabet = /[A-Za-z0-9+/ \t\r\n=&]/
    for (let byte = 0; byte < 256; byte++) {
      const character = String.fromCharCode(byte)
      if (alphabet.test(character)) continue
      for (const chunkLength of [1, 3, 8])
        assert.equal(refusedAt(`QUJD${character}QUJ`, chunkLength), 4, `byte ${byte}`)
    }
  })

  for (const [name, text] of [
    ['one letter left over', 'QUJDR'],
    ['padding that is missing', 'QUI'],
    ['too much padding', 'QUI=='],
    ['padding with nothing to pad', 'QUJD='],
    ['letters behind padding', 'QQ==QUJD'],
    ['a padding cut by a letter', 'QQ=Q='],
    ['a reference to a letter', 'QUJ&#68;'],
    ['an entity', 'QUJD&lt;'],
    ['a reference that does not end', 'QUJD&#13'],
    ['two ampersands', 'QUJD&&#13;'],
  ] as const) {
    it(`refuses ${name}`, () => {
      const at = refusedAt(text, text.length)
      assert.notEqual(at, null)
      for (const chunkLength of [1, 2, 3]) assert.equal(refusedAt(text, chunkLength), at)
    })
  }

  it('takes nothing for no bytes', () => {
    assert.equal(decode('', 1).length, 0)
    assert.equal(decode(' \n', 1).length, 0)
  })
})
