import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openHeaderReader, type PacketHeader, readHeader } from '../src/index.ts'
import { fixture, headerWith, organization, packetWith } from './fixture.ts'

const dotnetHeader: PacketHeader = headerWith({
  from: organization('H37.02', 'Sở Đầu tư'),
  to: [organization('H37.05', 'Sở Nội vụ')],
  documentId: '5e515fca-1111-4222-8333-444455556666',
  code: { number: '45', notation: 'SNV-TT' },
  subject: 'Về việc A & B',
  promulgationDate: '2014/02/30',
  businessType: 2,
  priority: 1,
  toPlaces: ['Như trên'],
  trace: [{ organId: 'H37.02', timestamp: '2025/07/01 08:00:00' }],
  business: {
    documentId: 'earlier',
    reason: 'Cập nhật',
    paper: null,
    changes: [],
    replacements: [],
    staff: [],
  },
  references: [{ contentId: '209', contentType: null, description: null, attachmentName: null }],
})

function readInChunks(chunks: readonly Uint8Array[]): PacketHeader {
  const reader = openHeaderReader()
  for (const chunk of chunks) reader.write(chunk)
  return reader.end()
}

describe('header reader on the shapes of the field', () => {
  it('reads the Java builder’s document', async () => {
    const header = await readHeader(fixture('document.edxml'))

    assert.deepEqual(header, {
      kind: 'document',
      from: organization('H29.18.05', 'Uỷ ban nhân dân xã', {
        organizationInCharge: 'Uỷ ban nhân dân huyện',
        organAdd: 'Số 1, đường Chính',
        email: 'vanthu@xa.example',
        telephone: '0281234567',
        fax: '0281234568',
        website: 'https://xa.example/?a=1&b=2',
      }),
      to: [organization('H26.10', 'Uỷ ban nhân dân phường'), organization('000.00.00.G22', 'Văn phòng Chính phủ')],
      documentId: 'H29.18.05,2025/07/01,123/UBND-VP',
      code: { number: '123', notation: 'UBND-VP' },
      place: 'Hà Nội',
      promulgationDate: '2025/07/01',
      documentType: { type: 2, typeDetail: 0, typeName: 'Quyết định' },
      subject: 'Về việc <thử> & kiểm tra',
      content: 'Nội dung',
      signer: { competence: 'TM.', position: 'CHỦ TỊCH', fullName: 'Người ký' },
      dueDate: '2025/07/31',
      priority: 3,
      sphereOfPromulgation: 'Nội bộ',
      typerNotation: 'VT',
      promulgationAmount: 2,
      pageAmount: 5,
      direction: false,
      appendixes: ['Phụ lục I', 'Phụ lục II'],
      responseFor: [
        {
          organId: 'H26.10',
          code: '267/UBND-TH',
          documentId: 'H26.10,2025/06/20,267/UBND-TH',
          promulgationDate: '2025/06/20',
        },
      ],
      steeringType: 2,
      toPlaces: ['Như trên', 'Lưu: VT'],
      taskCodes: [],
      applicationType: null,
      trace: [{ organId: 'H29.18.05', timestamp: '2025/07/01 08:30:05' }],
      businessType: 0,
      business: {
        documentId: null,
        reason: 'Văn bản điện tử mới',
        paper: true,
        changes: [],
        replacements: [],
        staff: [{ department: 'Văn phòng', staff: 'Văn thư', email: 'vt@xa.example', mobile: '0900000000' }],
      },
      statusCode: null,
      description: null,
      staff: [],
      timestamp: null,
      references: [
        {
          contentId: 'cid:1',
          contentType: 'application/pdf',
          description: 'Quyết định',
          attachmentName: 'Quyết định 123.pdf',
        },
        { contentId: 'cid:2', contentType: 'text/plain', description: null, attachmentName: 'ghi chú.txt' },
      ],
    })
  })

  it('reads a status packet', async () => {
    const header = await readHeader(fixture('status.edxml'))

    assert.equal(header.kind, 'status')
    assert.equal(header.statusCode, 2)
    assert.equal(header.description, 'Gửi nhầm nơi nhận')
    assert.deepEqual(header.to, [])
    assert.equal(header.responseFor[0]?.organId, 'H29.18.05')
  })

  it('does not mind order, a prefixed root, attachments in front, CDATA and references', async () => {
    assert.deepEqual(await readHeader(fixture('dotnet-order.edxml')), dotnetHeader)
  })

  it('reads a packet without namespace, prefix or Bussiness, behind junk', async () => {
    const header = await readHeader(fixture('gateway-2025.edxml'))

    assert.equal(header.businessType, 0)
    assert.equal(header.priority, 0)
    assert.equal(header.from.organId, 'vxp.saas.02')
    assert.deepEqual(
      header.to.map(({ organId, organName }) => [organId, organName]),
      [
        ['vxp.saas.03', null],
        ['null', null],
      ],
    )
  })

  it('reads the older namespace and ignores elements of a foreign one', async () => {
    const header = await readHeader(fixture('generation-2015.edxml'))

    assert.equal(header.from.organId, '000.00.18.G12')
    assert.deepEqual(header.to, [organization('000.00.00.G22', 'Văn phòng')])
  })

  it('falls back on local names when the namespace is unknown', async () => {
    const text = fixture('generation-2015.edxml').toString().replace('http://www.e-doc.vn/Schema/', 'urn:unheard-of')
    assert.equal((await readHeader(Buffer.from(text))).to.length, 1)
  })

  for (const [name, junk] of [
    ['a byte order mark', Buffer.from([0xef, 0xbb, 0xbf])],
    ['blank lines', Buffer.from('\r\n\r\n')],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0x00, 0xc3])],
  ] as const) {
    it(`skips ${name} in front`, async () => {
      assert.equal((await readHeader(Buffer.concat([junk, fixture('status.edxml')]))).kind, 'status')
    })
  }

  it('keeps numbers out of form from stopping a packet', async () => {
    const header = await readHeader(packetWith('<OtherInfo><Priority>-1</Priority></OtherInfo><Subject/>'))
    assert.equal(header.priority, 0)
    assert.equal(header.subject, null)
    assert.equal((await readHeader(packetWith('<StatusCode>x</StatusCode>'))).statusCode, null)
  })

  it('treats a reply that lost its StatusCode as a status', async () => {
    const text = fixture('status.edxml')
      .toString()
      .replace(/<edXML:StatusCode>.*StatusCode>/, '')
    const header = await readHeader(Buffer.from(text))
    assert.equal(header.kind, 'status')
    assert.equal(header.statusCode, null)
  })
})

describe('header reader as a stream', () => {
  for (const name of ['dotnet-order.edxml', 'gateway-2025.edxml']) {
    it(`gives the same header wherever ${name} is cut`, async () => {
      const packet = fixture(name)
      const whole = await readHeader(packet)

      for (let cut = 0; cut <= packet.length; cut++) {
        assert.deepEqual(readInChunks([packet.subarray(0, cut), packet.subarray(cut)]), whole, `cut at ${cut}`)
      }
      assert.deepEqual(readInChunks([...packet].map((byte) => Uint8Array.of(byte))), whole)
    })
  }

  it('is complete at the end of the envelope and never looks further', () => {
    const packet = fixture('document.edxml')
    const end = packet.indexOf('</edXML:edXMLEnvelope>') + '</edXML:edXMLEnvelope>'.length
    const reader = openHeaderReader()

    assert.equal(reader.write(packet.subarray(0, end - 1)), false)
    assert.equal(reader.write(packet.subarray(end - 1, end)), true)
    assert.equal(reader.write(Buffer.from([0xff, 0xfe, 0x00])), true)
    assert.equal(reader.end().kind, 'document')
  })

  it('does not judge bytes behind the envelope that come in the same chunk', () => {
    const packet = fixture('document.edxml')
    const end = packet.indexOf('</edXML:edXMLEnvelope>') + '</edXML:edXMLEnvelope>'.length
    const corrupt = Buffer.concat([packet.subarray(0, end), Buffer.from([0xff, 0xfe]), packet.subarray(end)])
    assert.equal(readInChunks([corrupt]).priority, 3)
  })

  it('leaves the source as soon as it knows enough', async () => {
    let closed = false
    let taken = 0
    async function* source(): AsyncIterable<Uint8Array> {
      try {
        yield fixture('document.edxml')
        for (;;) {
          taken++
          yield Buffer.alloc(1024)
        }
      } finally {
        closed = true
      }
    }
    await readHeader(source())
    assert.equal(closed, true)
    assert.equal(taken, 0)
  })

  it('passes an error of the source through', async () => {
    const broken = new Error('disk')
    async function* source(): AsyncIterable<Uint8Array> {
      yield Buffer.from('<edXML>')
      throw broken
    }
    await assert.rejects(readHeader(source()), broken)
  })
})
