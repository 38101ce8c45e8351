import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type AttachmentPart, openHeaderReader, readPacket, writeDocument } from '../src/index.ts'
import { collect, fixture } from './fixture.ts'
import { envelope, inChunks, packetOf, packetWithPayload, packetWithText } from './packet-kit.ts'
import { codesOf, readAll, readOne } from './read-kit.ts'
import { zipOf } from './zip-kit.ts'

const pdf = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\nan official letter\n%%EOF\n', 'latin1')
const zipped = zipOf([{ name: 'a.pdf', data: pdf }])
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

describe('packet reader on the shapes of the field', () => {
  it('reads what the writer writes: header, then each file with its facts', async () => {
    const note = Buffer.from('Ghi chú')
    const packet = writeDocument({
      from: { organId: 'H29', organName: null },
      to: [{ organId: 'H26', organName: null }],
      documentId: 'd',
      code: { number: '1', notation: 'UB' },
      promulgationDate: '2025/07/01',
      documentType: { type: 1, typeName: 'Công văn' },
      subject: 's',
      signer: { fullName: 'x' },
      sentAt: 0,
      attachments: [
        { name: 'Quyết định.pdf', contentType: 'application/pdf', description: 'Bản chính', content: pdf },
        { name: 'ghi chú.txt', contentType: 'text/plain', content: note },
      ],
    })

    const { header, attachments } = await readAll(packet)

    assert.equal(header?.documentId, 'd')
    assert.deepEqual(attachments[0]?.facts, {
      contentId: '1',
      name: 'Quyết định.pdf',
      description: 'Bản chính',
      contentType: 'application/pdf',
      file: { type: 'application/pdf', zipped: true, size: pdf.length, sha256: sha256(pdf) },
      warnings: [],
    })
    assert.deepEqual(attachments[0]?.content, pdf)
    assert.deepEqual(attachments[1]?.content, note)
    assert.deepEqual(attachments[1]?.facts.file?.type, 'text/plain')
    assert.deepEqual(attachments[1]?.facts.warnings, [])
  })

  it('takes attachments before the envelope, and what stands behind a content', async () => {
    const packet = packetOf(
      `<AttachmentEncoded><Attachment><ContentTransferEncoded>${encoded(zipped)}</ContentTransferEncoded>` +
        '<ContentId> 209 </ContentId><AttachmentName>a.pdf</AttachmentName></Attachment></AttachmentEncoded>',
      envelope,
    )
    const kinds: string[] = []
    for await (const part of readPacket(packet)) {
      kinds.push(part.kind)
      if (part.kind === 'header') continue
      assert.deepEqual(part.claims, { contentId: null, name: null, description: null, contentType: null })
      assert.deepEqual(await collect(part.content), pdf)
      const { contentId, name, file } = await part.facts()
      assert.deepEqual([contentId, name, file?.sha256], ['209', 'a.pdf', sha256(pdf)])
    }
    assert.deepEqual(kinds, ['attachment', 'header'])
  })

  for (const [name, packet] of [
    ['the last child alone prefixed', () => packetOf(envelope, attachment('', 'edXML:', namespaceOf('edXML')))],
    ['every child prefixed', () => packetOf(envelope, attachment('edXML:', 'edXML:', namespaceOf('edXML')))],
    ['no namespace at all', () => Buffer.from(`<edXML>${envelope}${attachment('', '')}</edXML>`)],
    ['a namespace nobody knows', () => Buffer.from(`<edXML xmlns="urn:x">${envelope}${attachment('', '')}</edXML>`)],
    ['CDATA', () => packetWithText(`<![CDATA[${encoded(zipped)}]]>`)],
    ['lines of 76', () => packetWithText(encoded(zipped).replace(/.{76}/g, '$&\r\n'))],
    ['returns written as references', () => packetWithText(encoded(zipped).replace(/.{20}/g, '$&&#13;&#xA;\n\t'))],
    ['ContentType of the file', () => packetWithPayload(zipped, 'a.pdf', 'application/pdf')],
  ] as const) {
    it(`reads ${name}`, async () => {
      const { content, facts } = await readOne(packet())
      assert.deepEqual(content, pdf)
      assert.deepEqual(codesOf(facts), [])
    })
  }

  it('reads a file that nobody zipped, and says so', async () => {
    const { content, facts } = await readOne(packetWithPayload(pdf))
    assert.deepEqual(content, pdf)
    assert.equal(facts.file?.zipped, false)
    assert.deepEqual(codesOf(facts), ['ATTACHMENT_NOT_ZIPPED'])
  })

  it('takes a document that is a zip itself for the file', async () => {
    const docx = zipOf([
      { name: '[Content_Types].xml', data: Buffer.from('<Types/>') },
      { name: 'word/document.xml', data: Buffer.from('<w/>') },
    ])
    const bare = await readOne(packetWithPayload(docx, 'a.docx'))
    assert.deepEqual(bare.content, docx)
    assert.deepEqual(codesOf(bare.facts), ['ATTACHMENT_NOT_ZIPPED'])

    const wrapped = await readOne(packetWithPayload(zipOf([{ name: 'u.docx', data: docx }]), 'a.docx'))
    assert.deepEqual(wrapped.content, docx)
    assert.deepEqual(codesOf(wrapped.facts), [])
    assert.match(wrapped.facts.file?.type ?? '', /wordprocessingml/)
  })

  it('finds no attachments in the 2015 generation, nor in a status', async () => {
    for (const name of ['generation-2015.edxml', 'gateway-2025.edxml', 'status.edxml']) {
      const { header, attachments } = await readAll(fixture(name))
      assert.notEqual(header, null)
      assert.deepEqual(attachments, [])
    }
  })

  it('gives the header and the warnings a header reader gives', async () => {
    for (const name of ['document.edxml', 'dotnet-order.edxml', 'gateway-2025.edxml', 'generation-2015.edxml']) {
      const reader = openHeaderReader()
      reader.write(fixture(name))
      for await (const part of readPacket(fixture(name))) {
        if (part.kind === 'header') assert.deepEqual([part.header, part.warnings], [reader.end(), reader.warnings])
      }
    }
  })

  it('keeps nothing of a foreign element that calls itself one of the packet’s', async () => {
    const content = `<ContentTransferEncoded>${encoded(zipped)}</ContentTransferEncoded>`
    const foreign = ' xmlns:x="urn:foreign"'
    for (const element of [
      attachment('x:', 'x:', foreign),
      `<x:AttachmentEncoded${foreign}><Attachment>${content}</Attachment></x:AttachmentEncoded>`,
      `<AttachmentEncoded><x:Attachment${foreign}>${content}</x:Attachment></AttachmentEncoded>`,
    ]) {
      assert.deepEqual((await readAll(packetOf(envelope, element))).attachments, [])
    }
    const name = `<AttachmentEncoded><Attachment><x:AttachmentName${foreign}>a</x:AttachmentName>${content}</Attachment></AttachmentEncoded>`
    assert.equal((await readOne(packetOf(envelope, name))).facts.name, null)
  })
})

describe('packet reader as a stream', () => {
  const two = packetOf(
    `<AttachmentEncoded><Attachment><AttachmentName>1.pdf</AttachmentName><ContentTransferEncoded>${encoded(zipped)}</ContentTransferEncoded></Attachment>` +
      `<Attachment><ContentTransferEncoded>${encoded(pdf)}</ContentTransferEncoded><AttachmentName>2.pdf</AttachmentName></Attachment></AttachmentEncoded>`,
    envelope,
  )

  it('gives the same wherever the packet is cut', async () => {
    const whole = await readAll(two)
    for (const chunkBytes of [1, 2, 3, 5, 17, 64, 500]) {
      assert.deepEqual(await readAll(inChunks(two, chunkBytes)), whole, `chunks of ${chunkBytes}`)
    }
    for (let cut = 0; cut < two.length; cut += 11) {
      const halves = async function* (): AsyncIterable<Uint8Array> {
        yield two.subarray(0, cut)
        yield two.subarray(cut)
      }
      assert.deepEqual(await readAll(halves()), whole, `cut at ${cut}`)
    }
  })

  it('passes over what is not read, and still knows what stands behind it', async () => {
    const parts: AttachmentPart[] = []
    for await (const part of readPacket(two)) if (part.kind === 'attachment') parts.push(part)

    const facts = await Promise.all(parts.map((part) => part.facts()))

    assert.deepEqual(
      facts.map(({ name }) => name),
      ['1.pdf', '2.pdf'],
    )
    assert.deepEqual(
      facts.map(({ file }) => file),
      [null, null],
    )
  })

  it('gives no content any more once the next part was asked for', async () => {
    const parts: AttachmentPart[] = []
    for await (const part of readPacket(two)) if (part.kind === 'attachment') parts.push(part)
    await assert.rejects(collect((parts[0] as AttachmentPart).content), { code: 'INTERNAL' })
  })

  it('finishes a file for its facts after its content was left in the middle', async () => {
    const large = Buffer.alloc(1_000_000, 'abcdefghi\n')
    const packet = packetWithPayload(zipOf([{ name: 'a.txt', data: large }]), 'a.txt')
    for await (const part of readPacket(packet)) {
      if (part.kind === 'header') continue
      for await (const piece of part.content) {
        assert.ok(piece.length < large.length)
        break
      }
      assert.equal((await part.facts()).file?.sha256, sha256(large))
    }
  })

  it('waits for facts asked for but not awaited', async () => {
    const asked: Promise<unknown>[] = []
    for await (const part of readPacket(two)) if (part.kind === 'attachment') asked.push(part.facts())
    const facts = (await Promise.all(asked)) as Awaited<ReturnType<AttachmentPart['facts']>>[]
    assert.deepEqual(
      facts.map(({ file }) => file?.size),
      [pdf.length, pdf.length],
    )
  })

  it('gives a content once', async () => {
    for await (const part of readPacket(two)) {
      if (part.kind === 'header') continue
      await collect(part.content)
      await assert.rejects(collect(part.content), { code: 'INTERNAL' })
    }
  })

  it('leaves the source when it is left, in the middle of a content too', async () => {
    const large = packetWithPayload(zipOf([{ name: 'a', data: Buffer.alloc(4_000_000, '0123456789') }]))
    for (const where of ['header', 'content'] as const) {
      let closed = false
      const source = async function* (): AsyncIterable<Uint8Array> {
        try {
          yield* inChunks(large, 1000)
        } finally {
          closed = true
        }
      }
      for await (const part of readPacket(source())) {
        if (part.kind === 'attachment') for await (const _ of part.content) break
        if (part.kind === where || part.kind === 'attachment') break
      }
      assert.equal(closed, true)
    }
  })

  it('does not mind a source that uses its buffer again', async () => {
    const packet = packetWithText(encoded(zipped).replace(/.{76}/g, '$&\n'), 'Quyết định số một.pdf')
    for (let bufferBytes = 1; bufferBytes < 12; bufferBytes++) {
      const buffer = Buffer.alloc(bufferBytes)
      const source = async function* (): AsyncIterable<Uint8Array> {
        for (let at = 0; at < packet.length; at += buffer.length) {
          yield buffer.subarray(0, packet.copy(buffer, 0, at, at + buffer.length))
          buffer.fill(0x21)
        }
      }
      const { content, facts } = await readOne(source())
      assert.deepEqual(content, pdf)
      assert.equal(facts.name, 'Quyết định số một.pdf')
    }
  })

  it('passes an error of the source through, to whoever waits for bytes', async () => {
    const broken = new Error('disk')
    const half = packetWithPayload(zipped)
    const source = async function* (): AsyncIterable<Uint8Array> {
      yield half.subarray(0, half.length - 120)
      throw broken
    }
    const reader = readPacket(source())
    await reader.next()
    const { value } = await reader.next()
    await assert.rejects(collect((value as AttachmentPart).content), broken)
    await assert.rejects(reader.next(), broken)
  })

  it('brings any files through, however they are packed and the packet is cut', async () => {
    const file = fc.record({
      data: fc.uint8Array({ maxLength: 3000 }),
      sizes: fc.constantFrom('front', 'descriptor', 'descriptor-unsigned', 'descriptor-64', 'zip64-front'),
      wrap: fc.integer({ min: 1, max: 200 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { maxLength: 4 }),
        fc.integer({ min: 1, max: 3000 }),
        async (files, chunkBytes) => {
          const elements = files.map(({ data, sizes, wrap }) => {
            const text = encoded(zipOf([{ name: 'n', data, sizes }])).replace(new RegExp(`.{${wrap}}`, 'g'), '$&\n')
            return `<Attachment><ContentTransferEncoded>${text}</ContentTransferEncoded></Attachment>`
          })
          const packet = packetOf(envelope, `<AttachmentEncoded>${elements.join('')}</AttachmentEncoded>`)
          const { attachments } = await readAll(inChunks(packet, chunkBytes))
          assert.deepEqual(
            attachments.map(({ content, facts }) => [content, facts.file?.sha256]),
            files.map(({ data }) => [Buffer.from(data), sha256(data)]),
          )
        },
      ),
      { numRuns: 60 },
    )
  })
})

function namespaceOf(prefix: string): string {
  return ` xmlns:${prefix}="http://www.mic.gov.vn/TBT/QCVN_102_2016"`
}

/** Elements with one prefix, the content with another. */
function attachment(outer: string, inner: string, declaration = ''): string {
  const element = (name: string, content: string): string =>
    `<${outer}${name}${declaration}>${content}</${outer}${name}>`
  const content = `<${inner}ContentTransferEncoded${declaration}>${encoded(zipped)}</${inner}ContentTransferEncoded>`
  return element('AttachmentEncoded', element('Attachment', element('AttachmentName', 'a.pdf') + content))
}
