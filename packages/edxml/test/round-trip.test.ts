import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type DocumentPacket,
  type PacketHeader,
  type ResponseFor,
  readHeader,
  type StatusPacket,
  writeDocument,
  writeStatus,
} from '../src/index.ts'
import { organization } from './fixture.ts'

const vietnamese = 'ĂÂĐÊÔƠƯăâđêôơưàảãáạằẳẵắặềểễếệởỡớợừửữứự '
const odd = '&<>"\'\r\n\t\u0085\u00a0\u2028\u202e\ufeff\ufffd]]>&amp;<![CDATA[𝄞𐍈'

function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>
}

/** Text XML can carry, without white space at its ends: that is not part of a field. */
function text(maxLength: number): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom(...vietnamese),
    fc.constantFrom(...odd),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  )
  return fc
    .array(unit, { maxLength: maxLength - 2 })
    .map((units) => [...units.join('')].slice(0, maxLength - 2).join(''))
    .filter((value) => /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(value))
    .map((value) => `Đ${value}.`)
}

const optional = (maxLength: number): fc.Arbitrary<string | null> => fc.option(text(maxLength))
const date = fc
  .tuple(fc.integer({ min: 1990, max: 2100 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join('/'))
const written = record({ organId: text(35), organName: optional(200) })
const responseFor: fc.Arbitrary<ResponseFor> = record({
  organId: optional(40),
  code: optional(60),
  documentId: optional(80),
  promulgationDate: optional(12),
})

const document: fc.Arbitrary<DocumentPacket> = record({
  from: written,
  to: fc.array(written, { minLength: 1, maxLength: 5 }),
  documentId: text(100),
  code: record({ number: text(11), notation: text(30) }),
  promulgationDate: date,
  subject: text(500),
  signer: record({ fullName: text(50) }),
  priority: fc.integer({ min: 0, max: 4 }),
  responseFor: fc.array(responseFor, { maxLength: 3 }),
  sentAt: fc.integer({ min: 0, max: 4e12 }),
  attachments: fc.constant([{ name: 'a.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.4') }]),
})

const status: fc.Arbitrary<StatusPacket> = record({
  from: written,
  responseFor,
  statusCode: fc.integer({ min: 1, max: 99 }),
  description: text(500),
  timestamp: fc.integer({ min: 0, max: 4e12 }),
})

describe('what is written is read', () => {
  it('for documents', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (packet) => {
        const header = await readHeader(writeDocument(packet))
        const { sentAt: _sent, attachments: _files, signer, from, to, ...same } = packet
        assert.equal(header.kind, 'document')
        assert.deepEqual(
          [header.from, ...header.to],
          [from, ...to].map(({ organId, organName }) => organization(organId, organName)),
        )
        assert.equal(header.signer.fullName, signer.fullName)
        for (const [name, value] of Object.entries(same)) assert.deepEqual(header[name as keyof PacketHeader], value)
      }),
      { numRuns: 150 },
    )
  })

  it('for status packets', async () => {
    await fc.assert(
      fc.asyncProperty(status, async (packet) => {
        const header = await readHeader(writeStatus(packet))
        assert.equal(header.kind, 'status')
        assert.equal(header.from.organId, packet.from.organId)
        assert.deepEqual(header.responseFor, [packet.responseFor])
        assert.equal(header.statusCode, packet.statusCode)
        assert.equal(header.description, packet.description)
      }),
      { numRuns: 150 },
    )
  })
})
