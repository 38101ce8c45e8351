import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import {
  type DocumentPacket,
  formatTimestamp,
  readHeader,
  type StatusPacket,
  writeDocument,
  writeStatus,
} from '../src/index.ts'
import { collect, compactFixture } from './fixture.ts'
import { inChunks } from './packet-kit.ts'
import { documents, hasPython, letter, python, pythonMissing, refusal } from './written-kit.ts'

const [pdf] = letter.attachments as [DocumentPacket['attachments'][number]]

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

describe('document writer', () => {
  it('writes what the Java builder would', async () => {
    const text = (await collect(writeDocument(letter))).toString('utf8')
    assert.equal(text.replace(payloadPattern, '$1BASE64'), compactFixture('document.edxml'))
  })

  it('zips each attachment as one deflated entry with a data descriptor', async () => {
    const [zip] = await payloads(letter)
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

  it('gives an independent unzip the bytes of a streamed attachment', async (t) => {
    if (!hasPython()) {
      t.skip(pythonMissing)
      return
    }
    const bytes = noise(300_001)
    const [zip] = await payloads({ ...letter, attachments: [{ ...pdf, content: inChunks(bytes, 4099) }] })

    const script =
      'import sys,io,zipfile; z=zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())); assert z.testzip() is None; n,=z.namelist(); sys.stdout.buffer.write(z.read(n))'
    assert.ok(zip)

    assert.deepEqual(python(script, zip), bytes)
  })

  it('writes the same bytes however the source is cut', async () => {
    const bytes = noise(200_000)
    const cut = await collect(writeDocument({ ...letter, attachments: [{ ...pdf, content: inChunks(bytes, 777) }] }))
    const whole = await collect(writeDocument({ ...letter, attachments: [{ ...pdf, content: bytes }] }))
    assert.deepEqual(cut, whole)
  })

  it('passes on the error of an attachment', async () => {
    const broken = new Error('disk')
    async function* source(): AsyncIterable<Uint8Array> {
      yield Buffer.alloc(100_000, 1)
      throw broken
    }
    await assert.rejects(collect(writeDocument({ ...letter, attachments: [{ ...pdf, content: source() }] })), broken)
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
    for await (const _ of writeDocument({ ...letter, attachments: [{ ...pdf, content: source() }] })) {
      if (++taken === 3) break
    }
    await closed
  })

  for (const [name, change, why, field] of [
    ['an empty recipient list', { to: [] }, 'required', 'To'],
    ['a recipient without a code', { to: [{ organId: ' ', organName: 'x' }] }, 'required', 'OrganId'],
    ['the word null for a code', { to: [{ organId: 'null', organName: 'x' }] }, 'required', 'OrganId'],
    ['a code of 36 characters', { to: [{ organId: 'H'.repeat(36), organName: null }] }, 'too-long', 'OrganId'],
    ['a code that is none', { to: [{ organId: 'H29/18', organName: null }] }, 'format', 'OrganId'],
    ['no attachment', { attachments: [] }, 'required', 'Attachment'],
    ['an attachment without a name', { attachments: [{ ...pdf, name: '' }] }, 'required', 'AttachmentName'],
    ['one id for two attachments', { attachments: [{ ...pdf, contentId: '2' }, pdf] }, 'duplicate', 'ContentId'],
    ['1,001 attachments', { attachments: Array(1001).fill(pdf) }, 'too-many-attachments', undefined],
    ['an empty id', { documentId: '' }, 'required', 'DocumentId'],
    ['an id of white space', { documentId: '\n \t' }, 'required', 'DocumentId'],
    ['no id', { documentId: null }, 'required', 'DocumentId'],
    ['no number', { code: { number: null, notation: 'UB' } }, 'required', 'CodeNumber'],
    ['no kind of document', { documentType: { type: 1, typeName: null } }, 'required', 'TypeName'],
    ['no signer', { signer: { fullName: null } }, 'required', 'FullName'],
    ['a control character', { subject: 'a\u0000b' }, 'character', 'Subject'],
    ['half a surrogate pair', { subject: 'a\ud800' }, 'character', 'Subject'],
    ['a character that turns the text around', { subject: 'a\u202eb' }, 'hidden-character', 'Subject'],
    ['a subject of 501 letters', { subject: 'ạ'.repeat(501) }, 'too-long', 'Subject'],
    ['a content no reader takes', { content: 'x'.repeat(65_537) }, 'too-long', 'Content'],
    ['an envelope no reader takes', { appendixes: Array(300).fill('x'.repeat(60_000)) }, 'header-too-large', undefined],
    ['a list no reader takes', { toPlaces: Array(100_001).fill('x') }, 'too-many-entries', 'Place'],
    ['a date out of form', { promulgationDate: '01/07/2025' }, 'format', 'PromulgationDate'],
    ['a day that does not exist', { dueDate: '2014/02/30' }, 'format', 'DueDate'],
    ['an impossible priority', { priority: 5 }, 'format', 'Priority'],
    ['a negative number', { pageAmount: -1 }, 'format', 'PageAmount'],
    ['half a page', { pageAmount: 0.5 }, 'format', 'PageAmount'],
    ['1,000 pages', { pageAmount: 1000 }, 'too-long', 'PageAmount'],
    ['an impossible time', { sentAt: Number.NaN }, 'format', 'Timestamp'],
    ['a visit by nobody', { trace: [{ timestamp: '2025/07/01 08:00:00' }] }, 'required', 'OrganId'],
    ['a visit at no time', { trace: [{ organId: 'H29' }] }, 'required', 'Timestamp'],
    ['an answer to nothing', { responseFor: [{ organId: 'H29', code: '1/UB' }] }, 'required', 'ResponseFor'],
    ['a kind of business nobody knows', { businessType: 4 }, 'format', 'BussinessDocType'],
    ['a recall without a reason', { businessType: 1, business: {} }, 'required', 'BussinessDocReason'],
    ['an update of nothing', { businessType: 2, business: { changes: [{}] } }, 'required', 'DocumentId'],
    [
      'an update that says not of what',
      { businessType: 2, business: { documentId: 'd' } },
      'required',
      'BussinessDocumentInfo',
    ],
    ['a replacement of nothing', { businessType: 3, business: {} }, 'required', 'ReplacementInfoList'],
    [
      'changes that are no update',
      { business: { changes: [{ documentInfo: true }] } },
      'misplaced',
      'BussinessDocumentInfo',
    ],
    [
      'a replacement that is none',
      { businessType: 1, business: { reason: 'x', replacements: [{ documentId: 'd', organIds: ['H29'] }] } },
      'misplaced',
      'ReplacementInfoList',
    ],
    [
      'a replacement nobody had received',
      { businessType: 3, business: { replacements: [{ documentId: 'd', organIds: [''] }] } },
      'required',
      'OrganIdList',
    ],
    [
      'a replacement of an unnamed document',
      { businessType: 3, business: { replacements: [{ organIds: ['H29'] }] } },
      'required',
      'DocumentId',
    ],
    [
      'a change of receivers without any',
      { businessType: 2, business: { documentId: 'd', changes: [{ documentReceiver: true }] } },
      'required',
      'ReceiverList',
    ],
    [
      'a document that replaces itself',
      { businessType: 3, business: { replacements: [{ documentId: ` ${letter.documentId}`, organIds: ['H29'] }] } },
      'duplicate',
      'DocumentId',
    ],
    [
      'a receiver neither removed nor added',
      {
        businessType: 2,
        business: { documentId: 'd', changes: [{ receivers: [{ organId: 'H29', receiverType: 2 }] }] },
      },
      'format',
      'ReceiverType',
    ],
  ] as const) {
    it(`refuses ${name}`, async () => {
      const written = collect(writeDocument({ ...letter, ...(change as Partial<DocumentPacket>) }))
      await assert.rejects(written, isRefusal(why, field))
    })
  }

  it('takes a subject of 500 characters outside the basic plane', async () => {
    assert.ok((await collect(writeDocument({ ...letter, subject: '𝄞'.repeat(500) }))).length > 2000)
  })

  it('writes texts without the white space at their ends', async () => {
    const { subject } = await readHeader(writeDocument({ ...letter, subject: '\n  Về việc  họp \t' }))
    assert.equal(subject, 'Về việc  họp')
  })

  it('makes the sender’s TraceHeader of the time it was sent, but only where there is none', async () => {
    const trace = [{ organId: 'H29', timestamp: '2025/01/01 00:00:00' }]
    assert.deepEqual((await readHeader(writeDocument(letter))).trace, [
      { organId: 'H29.18.05', timestamp: '2025/07/01 08:30:05' },
    ])
    assert.deepEqual((await readHeader(writeDocument({ ...letter, trace }))).trace, trace)
  })

  it('says what it refuses before a source is opened', async () => {
    let opened = false
    async function* source(): AsyncIterable<Uint8Array> {
      opened = true
      yield pdf.content as Uint8Array
    }
    const last = { ...pdf, name: 'b\u200b.pdf' }
    const written = collect(writeDocument({ ...letter, attachments: [{ ...pdf, content: source() }, last] }))
    await assert.rejects(written, isRefusal('hidden-character', 'AttachmentName'))
    assert.equal(opened, false)
  })

  it('has every kind of business among its examples', () => {
    assert.deepEqual(
      documents.map(([, { businessType = 0 }]) => businessType),
      [0, 1, 2, 3],
    )
  })
})

describe('status writer', () => {
  it('writes what the Java builder would', () => {
    assert.equal(Buffer.from(writeStatus(refusal)).toString('utf8'), compactFixture('status.edxml'))
  })

  for (const [name, change, why, field] of [
    ['a code that never goes over the wire', { statusCode: 103 }, 'format', 'StatusCode'],
    ['a code without a meaning', { statusCode: 7 }, 'format', 'StatusCode'],
    ['no code', { statusCode: null }, 'required', 'StatusCode'],
    ['an answer to nobody', { responseFor: [{ documentId: 'd' }] }, 'required', 'OrganId'],
    ['an answer about nothing', { responseFor: [{ organId: 'H29', code: '' }] }, 'required', 'ResponseFor'],
    ['a refusal without a reason', { description: null }, 'required', 'Description'],
    ['no answer', { responseFor: [] }, 'required', 'ResponseFor'],
    ['a description of 501 letters', { description: 'ạ'.repeat(501) }, 'too-long', 'Description'],
    ['a time out of form', { timestamp: '2025-07-01T00:00:00' }, 'format', 'Timestamp'],
  ] as const) {
    it(`refuses ${name}`, () => {
      const changed = { ...refusal, ...(change as Partial<StatusPacket>) }
      assert.throws(() => writeStatus(changed), isRefusal(why, field))
    })
  }
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

function isRefusal(why: string, field: string | undefined): (error: unknown) => true {
  return (error) => {
    const { code, detail } = error as { readonly code: string; readonly detail: Record<string, unknown> }
    assert.deepEqual([code, detail['why'], detail['field']], ['NOT_EDXML', why, field])
    return true
  }
}
