import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { readHeader, type SampleRequest, samplePacket } from '../src/index.ts'
import { collect } from './fixture.ts'

const request: SampleRequest = {
  from: { organId: 'H29.18.05', organName: 'Uỷ ban nhân dân xã Đông (Hà)' },
  to: [{ organId: 'H26.10', organName: 'Uỷ ban nhân dân phường' }],
  number: '123/UBND-TH',
  subject: 'Về việc tổ chức hội nghị',
  priority: 3,
}

async function pdfOf(sample: SampleRequest): Promise<Buffer> {
  const text = (await collect(samplePacket(sample))).toString('latin1')
  const zip = Buffer.from(/<edXML:ContentTransferEncoded [^>]*>([^<]*)/.exec(text)?.[1] ?? '', 'base64')
  const directory = zip.readUInt32LE(zip.length - 22 + 16)
  const start = 30 + zip.readUInt16LE(26)
  return inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(directory + 20)))
}

/** Follows startxref and the table: every offset must lead to the object it names, every stream to its end. */
function assertSoundPdf(pdf: Buffer): void {
  const text = pdf.toString('latin1')
  assert.match(text, /^%PDF-1\.[4-7]\n/)
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  const [, count = '0'] = /^xref\n0 (\d+)\n/.exec(text.slice(table)) ?? []
  const rows = [...text.slice(table).matchAll(/(\d{10}) \d{5} n \n/g)]
  assert.equal(rows.length, Number(count) - 1)
  for (const [index, row] of rows.entries()) {
    const object = text.slice(Number(row[1]))
    assert.match(object, new RegExp(`^0*${index + 1} 0 obj\\n`))
    const stream = /^\d+ 0 obj\n<< \/Length (\d+) >>\nstream\n/.exec(object)
    if (stream) assert.equal(object.slice(stream[0].length + Number(stream[1])).slice(0, 10), '\nendstream')
  }
}

describe('sample packet', () => {
  it('carries what was asked for', async () => {
    const header = await readHeader(samplePacket(request))

    assert.equal(header.from.organName, request.from.organName)
    assert.deepEqual(
      header.to.map(({ organId, organName }) => ({ organId, organName })),
      request.to,
    )
    assert.deepEqual(header.code, { number: '123', notation: 'UBND-TH' })
    assert.equal(header.subject, request.subject)
    assert.equal(header.priority, 3)
    assert.equal(header.documentId, 'H29.18.05,2025/07/01,123/UBND-TH')
    assert.equal((await readHeader(samplePacket({ ...request, documentId: 'mine' }))).documentId, 'mine')
  })

  for (const bytes of [1_000, 1_001, 1_099, 5_000, 1_048_576, 2_500_003]) {
    it(`holds a sound PDF of exactly ${bytes} bytes`, async () => {
      const pdf = await pdfOf({ ...request, attachmentBytes: bytes })
      assert.equal(pdf.length, bytes)
      assertSoundPdf(pdf)
    })
  }

  it('weighs what it says: the filler does not compress', async () => {
    const packet = await collect(samplePacket({ ...request, attachmentBytes: 1_000_000 }))
    assert.ok(packet.length > 1_333_000 && packet.length < 1_345_000, `${packet.length}`)
  })

  it('is the same for the same request and differs with the document', async () => {
    const once = await collect(samplePacket({ ...request, attachmentBytes: 50_000 }))
    assert.deepEqual(await collect(samplePacket({ ...request, attachmentBytes: 50_000 })), once)
    const other = await pdfOf({ ...request, documentId: 'other', attachmentBytes: 50_000 })
    assert.notDeepEqual(other, await pdfOf({ ...request, attachmentBytes: 50_000 }))
  })
})
