import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readHeader, readPacket } from '../src/index.ts'
import { packetWith } from './fixture.ts'
import { inChunks } from './packet-kit.ts'

/** Bytes of text in front of the envelope that no header reader wants, as they stand. */
function behindText(text: Uint8Array): Buffer {
  const [head = '', tail = ''] = packetWith('', { beside: '<A>|</A>' }).toString().split('|')
  return Buffer.concat([Buffer.from(head), text, Buffer.from(tail)])
}

const readers = {
  header: async (packet: AsyncIterable<Uint8Array>) => readHeader(packet),
  packet: async (packet: AsyncIterable<Uint8Array>) => {
    for await (const part of readPacket(packet)) if (part.kind === 'header') return part.header
    return null
  },
}

describe('text that is passed by unparsed', () => {
  for (const [name, read] of Object.entries(readers)) {
    it(`is judged as UTF-8 by the ${name} reader all the same, wherever it is cut`, async () => {
      const filler = Buffer.alloc(300, 'QUJD')
      for (const bad of [[0xff], [0xe1, 0xba], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
        for (const bytes of [
          [filler, bad, filler],
          [filler, bad],
        ]) {
          const packet = behindText(Buffer.concat(bytes.map((part) => Buffer.from(part))))
          for (const chunkBytes of [1, 7, 100, packet.length]) {
            const refused = { code: 'NOT_EDXML', detail: { why: 'not-utf8' } }
            await assert.rejects(
              read(inChunks(packet, chunkBytes)),
              refused,
              `${bad.join()} in chunks of ${chunkBytes}`,
            )
          }
        }
      }
    })

    it(`may be any text to the ${name} reader, and what is markup in it stays markup`, async () => {
      const piece = fc.constantFrom(
        'QUJD',
        'Quyết định',
        '😀',
        '&#13;',
        '<b/>',
        '<c d="ộ > ">ộ</c>',
        '<![CDATA[<ộ]]>',
        '<!-- ộ <b> -->',
      )
      await fc.assert(
        fc.asyncProperty(
          fc.array(piece, { maxLength: 12 }),
          fc.integer({ min: 1, max: 60 }),
          async (pieces, chunkBytes) => {
            const packet = behindText(Buffer.from(pieces.join('')))
            assert.equal((await read(inChunks(packet, chunkBytes)))?.documentId, 'd')
          },
        ),
        { numRuns: 150 },
      )
    })
  }
})
