import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import {
  type Attachment,
  type DocumentPacket,
  formatTimestamp,
  type StatusPacket,
  writeDocument,
  writeStatus,
} from '../src/index.ts'
import { collect, compactFixture } from './fixture.ts'

const pdf: Attachment = {
  name: 'Quyết định 123.pdf',
  contentType: 'application/pdf',
  description: 'Quyết định',
  content: Buffer.from('%PDF-1.4 …'),
}

const complete: DocumentPacket = {
  from: {
    organId: 'H29.18.05',
    organName: 'Uỷ ban nhân dân xã',
    organizationInCharge: 'Uỷ ban nhân dân huyện',
    organAdd: 'Số 1, đường Chính',
    email: 'vanthu@xa.example',
    telephone: '0281234567',
    fax: '0281234568',
    website: 'https://xa.example/?a=1&b=2',
  },
  to: [
    { organId: 'H26.10', organName: 'Uỷ ban nhân dân phường' },
    { organId: '000.00.00.G22', organName: 'Văn phòng Chính phủ' },
  ],
  documentId: 'H29.18.05,2025/07/01,123/UBND-VP',
  code: { number: '123', notation: 'UBND-VP' },
  promulgationDate: '2025/07/01',
  place: 'Hà Nội',
  documentType: { type: 2, typeName: 'Quyết định' },
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
  sentAt: Date.parse('2025-07-01T08:30:05+07:00'),
  reason: 'Văn bản điện tử mới',
  paper: true,
  staff: { department: 'Văn phòng', staff: 'Văn thư', email: 'vt@xa.example', mobile: '0900000000' },
  attachments: [pdf, { name: 'ghi chú.txt', contentType: 'text/plain', content: Buffer.from('ghi chú') }],
}

const status: StatusPacket = {
  from: { organId: 'H26.10', organName: 'Uỷ ban nhân dân phường', organizationInCharge: 'Uỷ ban nhân dân thành phố' },
  responseFor: {
    organId: 'H29.18.05',
    code: '123/UBND-VP',
    documentId: 'H29.18.05,2025/07/01,123/UBND-VP',
    promulgationDate: '2025/07/01',
  },
  statusCode: 2,
  description: 'Gửi nhầm nơi nhận',
  staff: { department: 'Văn phòng', staff: 'Văn thư', email: 'vt@phuong.example', mobile: '0900000000' },
  timestamp: Date.parse('2025-07-01T23:59:59+07:00'),
}

const payloadPattern = /(<edXML:ContentTransferEncoded [^>]*>)([^<]*)/g

async function payloads(packet: DocumentPacket): Promise<readonly Buffer[]> {
  const text = (await collect(writeDocument(packet))).toString('utf8')
  return [...text.matchAll(payloadPattern)].map(([, , encoded = '']) => {
    assert.match(encoded, /^[A-Za-z0-9+/]+={0,2}$/)
    return Buffer.from(encoded, 'base64')
  })
}

/** Bytes that do not compress, so that what is encoded is as long. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let i = 0, state = 1; i < length; i++) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223
    bytes[i] = state >>> 24
  }
  return bytes
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('document writer', () => {
  it('writes what the Java builder would', async () => {
    const text = (await collect(writeDocument(complete))).toString('utf8')
    assert.equal(text.replace(payloadPattern, '$1BASE64'), compactFixture('document.edxml'))
  })

  it('zips each attachment as one deflated entry with a data descriptor', async () => {
    const [zip] = await payloads(complete)
    assert.ok(zip)

    assert.equal(zip.toString('base64').slice(0, 7), 'UEsDBBQ')
    assert.equal(zip.readUInt16LE(6) & 8, 8, 'sizes follow the data')
    assert.equal(zip.readUInt16LE(8), 8, 'deflate')
    assert.equal(zip.readUInt16LE(zip.length - 22 + 10), 1, 'one entry')
    const directory = zip.readUInt32LE(zip.length - 22 + 16)
    const nameLength = zip.readUInt16LE(26)
    const data = zip.subarray(30 + nameLength, 30 + nameLength + zip.readUInt32LE(directory + 20))
    assert.match(zip.subarray(30, 30 + nameLength).toString(), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.pdf$/)
    assert.deepEqual(inflateRawSync(data), pdf.content)
  })

  it('gives an independent unzip the bytes of a streamed attachment', async () => {
    const bytes = noise(300_001)
    const [zip] = await payloads({ ...complete, attachments: [{ ...pdf, content: inChunks(bytes, 4099) }] })

    const script =
      'import sys,io,zipfile; z=zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())); assert z.testzip() is None; n,=z.namelist(); sys.stdout.buffer.write(z.read(n))'
    const unzipped = execFileSync('python3', ['-c', script], { input: zip, maxBuffer: 1 << 20 })

    assert.deepEqual(unzipped, bytes)
  })

  it('writes the same bytes however the source is cut', async () => {
    const bytes = noise(200_000)
    const cut = await collect(writeDocument({ ...complete, attachments: [{ ...pdf, content: inChunks(bytes, 777) }] }))
    const whole = await collect(writeDocument({ ...complete, attachments: [{ ...pdf, content: bytes }] }))
    assert.deepEqual(cut, whole)
  })

  it('passes on the error of an attachment', async () => {
    const broken = new Error('disk')
    async function* source(): AsyncIterable<Uint8Array> {
      yield Buffer.alloc(100_000, 1)
      throw broken
    }
    await assert.rejects(collect(writeDocument({ ...complete, attachments: [{ ...pdf, content: source() }] })), broken)
  })

  it('closes an attachment’s source when nobody wants the rest', { timeout: 10_000 }, async () => {
    const { promise: closed, resolve } = deferred()
    async function* source(): AsyncIterable<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(65_536, 7)
      } finally {
        resolve()
      }
    }
    let taken = 0
    for await (const _ of writeDocument({ ...complete, attachments: [{ ...pdf, content: source() }] })) {
      if (++taken === 3) break
    }
    await closed
  })

  for (const [name, change, why, field] of [
    ['an empty recipient list', { to: [] }, 'required', 'To'],
    ['no attachment', { attachments: [] }, 'required', 'Attachment'],
    ['an empty id', { documentId: '' }, 'required', 'DocumentId'],
    ['a control character', { subject: 'a\u0000b' }, 'character', 'Subject'],
    ['half a surrogate pair', { subject: 'a\ud800' }, 'character', 'Subject'],
    ['a subject of 501 letters', { subject: 'ạ'.repeat(501) }, 'too-long', 'Subject'],
    ['a date out of form', { promulgationDate: '01/07/2025' }, 'format', 'PromulgationDate'],
    ['an impossible priority', { priority: 5 }, 'format', 'Priority'],
    ['an impossible time', { sentAt: Number.NaN }, 'format', 'Timestamp'],
  ] as const) {
    it(`refuses ${name}`, async () => {
      const written = collect(writeDocument({ ...complete, ...(change as Partial<DocumentPacket>) }))
      await assert.rejects(written, (error: { code: string; detail: Record<string, unknown> }) => {
        assert.deepEqual([error.code, error.detail['why'], error.detail['field']], ['NOT_EDXML', why, field])
        return true
      })
    })
  }

  it('takes a subject of 500 characters outside the basic plane', async () => {
    assert.ok((await collect(writeDocument({ ...complete, subject: '𝄞'.repeat(500) }))).length > 2000)
  })
})

describe('status writer', () => {
  it('writes what the Java builder would', () => {
    assert.equal(Buffer.from(writeStatus(status)).toString('utf8'), compactFixture('status.edxml'))
  })

  it('refuses a code of three digits', () => {
    assert.throws(() => writeStatus({ ...status, statusCode: 103 }), { code: 'NOT_EDXML' })
  })
})

describe('timestamps', () => {
  it('are Vietnam’s, across midnight', () => {
    assert.equal(formatTimestamp(Date.parse('2025-12-31T17:00:00Z')), '2026/01/01 00:00:00')
  })
})

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
