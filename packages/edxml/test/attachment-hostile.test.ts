import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { constants, deflateRawSync } from 'node:zlib'
import { RelayError } from '@lienthong/core'
import fc from 'fast-check'
import { type AttachmentLimits, attachmentWarnings, readPacket, type WarningCode } from '../src/index.ts'
import { growth } from './memory-kit.ts'
import { envelope, inChunks, packetOf, packetWithPayload, packetWithText } from './packet-kit.ts'
import { codesOf, readAll, readOne } from './read-kit.ts'
import { zipOf } from './zip-kit.ts'

const mebibyte = 1024 * 1024
const data = Buffer.from('%PDF-1.7\nan official letter, long enough to be cut\n'.repeat(40))
const good = zipOf([{ name: 'a.pdf', data }])
const one = (more: Partial<Parameters<typeof zipOf>[0][number]>): Buffer => zipOf([{ name: 'a.pdf', data, ...more }])
const text = (payload: Uint8Array): string => Buffer.from(payload).toString('base64')
const replaced = (bytes: Buffer, at: number, value: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at] = value
  return copy
}
/** What software does that takes bytes for text. */
const reencoded = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('utf8'))
const binaryPdf = Buffer.concat([Buffer.from('%PDF-1.7\n%'), Buffer.from([0xe2, 0xe3, 0xcf, 0xd3]), data])

/** Each refused with its code, and nothing believed of it. */
const refused: readonly (readonly [string, WarningCode, () => Buffer, AttachmentLimits?])[] = [
  [
    'a letter outside the alphabet',
    'ATTACHMENT_BASE64_INVALID',
    () => packetWithText(`${text(good).slice(0, 40)}!${text(good).slice(40)}`),
  ],
  ['URL-safe base64', 'ATTACHMENT_BASE64_INVALID', () => packetWithText('JVBERi0_LQ==')],
  [
    'a letter that only ends like one of base64',
    'ATTACHMENT_BASE64_INVALID',
    () => packetWithText('JVBE\u0141\u0141\u0141\u0141'),
  ],
  ['padding in the middle', 'ATTACHMENT_BASE64_INVALID', () => packetWithText('JVBERg==JVBE')],
  ['padding that is missing', 'ATTACHMENT_BASE64_INVALID', () => packetWithText('JVBERg=')],
  ['padding alone', 'ATTACHMENT_BASE64_INVALID', () => packetWithText('=')],
  ['three paddings', 'ATTACHMENT_BASE64_INVALID', () => packetWithText('J===')],
  ['a letter written as a reference', 'ATTACHMENT_BASE64_INVALID', () => packetWithText('JVB&#69;')],
  ['a reference without end', 'ATTACHMENT_BASE64_INVALID', () => packetWithText(`JVBE&#${'0'.repeat(5000)}13;`)],
  ['a zero byte', 'ATTACHMENT_BASE64_INVALID', () => packetWithText('JVBE\0JVBE')],
  ['an encrypted entry', 'ATTACHMENT_ENCRYPTED', () => packetWithPayload(one({ flags: 1 }))],
  ['strong encryption', 'ATTACHMENT_ENCRYPTED', () => packetWithPayload(one({ flags: 0x40 }))],
  ['an encrypted directory', 'ATTACHMENT_ENCRYPTED', () => packetWithPayload(one({ flags: 0x2000 }))],
  ['AES of WinZip', 'ATTACHMENT_ENCRYPTED', () => packetWithPayload(one({ method: 99, sizes: 'front' }))],
  ['another compression', 'ATTACHMENT_ZIP_METHOD', () => packetWithPayload(one({ method: 14, sizes: 'front' }))],
  ['a stored file without its length', 'ATTACHMENT_ZIP_METHOD', () => packetWithPayload(one({ method: 0 }))],
  ['a patch', 'ATTACHMENT_ZIP_INVALID', () => packetWithPayload(one({ flags: 0x20 }))],
  ['a wrong CRC in front', 'ATTACHMENT_CRC_WRONG', () => packetWithPayload(one({ crc: 1, sizes: 'front' }))],
  ['a wrong CRC behind', 'ATTACHMENT_CRC_WRONG', () => packetWithPayload(one({ crc: 1 }))],
  [
    'two files',
    'ATTACHMENT_ZIP_ENTRIES',
    () =>
      packetWithPayload(
        zipOf([
          { name: 'a', data },
          { name: 'b', data },
        ]),
      ),
  ],
  [
    'a folder beside the file',
    'ATTACHMENT_ZIP_ENTRIES',
    () =>
      packetWithPayload(
        zipOf([
          { name: 'a', data },
          { name: 'f/', data: Buffer.alloc(0) },
        ]),
      ),
  ],
  ['a second file only the directory knows', 'ATTACHMENT_ZIP_ENTRIES', () => packetWithPayload(secondOnlyListed())],
  [
    'two zips on end',
    'ATTACHMENT_ZIP_ENTRIES',
    () => packetWithPayload(Buffer.concat([good.subarray(0, good.indexOf('PK\x01\x02', 0, 'latin1')), good])),
  ],
  ['bytes behind the zip', 'ATTACHMENT_ZIP_TRAILING', () => packetWithPayload(Buffer.concat([good, Buffer.from('x')]))],
  ['a zip behind the zip', 'ATTACHMENT_ZIP_TRAILING', () => packetWithPayload(Buffer.concat([good, good]))],
  [
    'bytes between file and directory',
    'ATTACHMENT_ZIP_INVALID',
    () => packetWithPayload(zipOf([{ name: 'a', data }], { gap: Buffer.from('gap!') })),
  ],
  ['another name in the directory', 'ATTACHMENT_ZIP_INVALID', () => packetWithPayload(one({ listedName: 'b.pdf' }))],
  ['another size in the directory', 'ATTACHMENT_ZIP_INVALID', () => packetWithPayload(one({ listedSize: 1 }))],
  ['another place in the directory', 'ATTACHMENT_ZIP_INVALID', () => packetWithPayload(one({ listedOffset: 4 }))],
  ['another CRC in the directory', 'ATTACHMENT_ZIP_INVALID', () => packetWithPayload(one({ listedCrc: 1 }))],
  ['another method in the directory', 'ATTACHMENT_ZIP_INVALID', () => packetWithPayload(one({ listedMethod: 0 }))],
  [
    'a directory said to be elsewhere',
    'ATTACHMENT_ZIP_INVALID',
    () => packetWithPayload(zipOf([{ name: 'a', data }], { endOffset: 4 })),
  ],
  [
    'a directory said to be shorter',
    'ATTACHMENT_ZIP_INVALID',
    () => packetWithPayload(zipOf([{ name: 'a', data }], { endBytes: 46 })),
  ],
  [
    'zip64 sizes of which one is missing',
    'ATTACHMENT_ZIP_INVALID',
    () => packetWithPayload(replaced(one({ sizes: 'zip64-front' }), 37, 8)),
  ],
  [
    'another number of files at the end',
    'ATTACHMENT_ZIP_INVALID',
    () => packetWithPayload(zipOf([{ name: 'a', data }], { count: 2 })),
  ],
  [
    'sizes that promise less',
    'ATTACHMENT_ZIP_INVALID',
    () => packetWithPayload(replaced(one({ sizes: 'front' }), 22, 1)),
  ],
  ['deflate that is none', 'ATTACHMENT_ZIP_INVALID', () => packetWithPayload(one({ packed: Buffer.alloc(40, 0xff) }))],
  ['a zip64 size beyond numbers', 'ATTACHMENT_ZIP_INVALID', () => packetWithPayload(hugeZip64())],
  [
    'zip64 sizes that are not there',
    'ATTACHMENT_ZIP_INVALID',
    () => packetWithPayload(replaced(one({ sizes: 'zip64-front' }), 35, 9)),
  ],
  [
    'a file larger than allowed',
    'ATTACHMENT_TOO_LARGE',
    () => packetWithPayload(good),
    { maxFileBytes: data.length - 1 },
  ],
  [
    'a stored file larger than allowed',
    'ATTACHMENT_TOO_LARGE',
    () => packetWithPayload(one({ method: 0, sizes: 'front' })),
    { maxFileBytes: 100 },
  ],
  ['a bare file larger than allowed', 'ATTACHMENT_TOO_LARGE', () => packetWithPayload(data), { maxFileBytes: 100 }],
  [
    'a small bomb',
    'ATTACHMENT_EXPANDS',
    () => packetWithPayload(zipOf([{ name: 'a', data: Buffer.alloc(100_000) }])),
    { freeFileBytes: 50_000 },
  ],
]

describe('attachments against hostile senders', () => {
  for (const [name, code, build, limits] of refused) {
    it(`refuse ${name}: ${code}`, async () => {
      const packet = build()
      for (const chunkBytes of [packet.length, 1021, 1]) {
        const { content, why, facts } = await readOne(inChunks(packet, chunkBytes), limits)
        assert.equal(why, code)
        assert.equal(content, null)
        assert.equal(facts.file, null)
        assert.ok(codesOf(facts).includes(code))
      }
    })
  }

  it('cover every refusal there is', () => {
    const tried = new Set(refused.map(([, code]) => code)).add('ATTACHMENT_TRUNCATED')
    const all = Object.entries(attachmentWarnings).filter(([, content]) => content === 'refused')
    assert.deepEqual(
      all.map(([code]) => code).filter((code) => !tried.has(code as WarningCode)),
      [],
    )
  })

  it('give nothing of a file that says in front it is larger than allowed', async () => {
    const large = zipOf([{ name: 'a', data: Buffer.alloc(300_000, 'abc'), sizes: 'front' }])
    for await (const part of readPacket(packetWithPayload(large), { maxFileBytes: 200_000 })) {
      if (part.kind === 'header') continue
      const first = part.content[Symbol.asyncIterator]().next()
      await assert.rejects(first, { code: 'ATTACHMENT_UNREADABLE' })
    }
  })

  it('call a zip that is cut anywhere truncated, and never give its end', async () => {
    for (const sizes of ['descriptor', 'front', 'zip64-front'] as const) {
      const zip = one({ sizes })
      for (let cut = 4; cut < zip.length; cut += 3) {
        const { why, facts } = await readOne(packetWithPayload(zip.subarray(0, cut)))
        assert.equal(why, 'ATTACHMENT_TRUNCATED', `${sizes} cut at ${cut} of ${zip.length}`)
        assert.equal(facts.file, null)
      }
    }
  })

  it('take honest zip64 and comments', async () => {
    for (const zip of [
      one({ sizes: 'zip64-front' }),
      one({ sizes: 'descriptor-64' }),
      zipOf([{ name: 'a.pdf', data }], { zip64End: true, comment: 'of a careful writer' }),
      one({ method: 0, sizes: 'front' }),
    ]) {
      const { content, facts } = await readOne(packetWithPayload(zip))
      assert.deepEqual(content, data)
      assert.deepEqual(codesOf(facts), [])
    }
  })

  it('go on with the next attachment after a refused one', async () => {
    const element = (payload: Uint8Array): string =>
      `<Attachment><AttachmentName>a.pdf</AttachmentName><ContentTransferEncoded>${text(payload)}</ContentTransferEncoded></Attachment>`
    const bad = one({ packed: Buffer.alloc(300_000, 0xff) })
    const packet = packetOf(envelope, `<AttachmentEncoded>${element(bad)}${element(good)}</AttachmentEncoded>`)
    const { attachments } = await readAll(packet)
    assert.equal(attachments[0]?.why, 'ATTACHMENT_ZIP_INVALID')
    assert.deepEqual(attachments[1]?.content, data)
  })

  it('tell what was taken for text by whoever sent it', async () => {
    const bare = await readOne(packetWithPayload(reencoded(binaryPdf)))
    assert.deepEqual(bare.content, reencoded(binaryPdf))
    assert.deepEqual(codesOf(bare.facts), ['ATTACHMENT_NOT_ZIPPED', 'ATTACHMENT_CORRUPTED'])

    const inside = await readOne(packetWithPayload(zipOf([{ name: 'a', data: reencoded(binaryPdf) }])))
    assert.deepEqual(codesOf(inside.facts), ['ATTACHMENT_CORRUPTED'])

    const wholeZip = await readOne(packetWithPayload(reencoded(zipOf([{ name: 'a', data: deflateRawSync(data) }]))))
    assert.equal(wholeZip.facts.file, null)
    assert.equal(codesOf(wholeZip.facts)[0], 'ATTACHMENT_CORRUPTED')

    const sound = await readOne(packetWithPayload(Buffer.concat([binaryPdf, Buffer.from([0xef, 0xbf, 0xbd])])))
    assert.deepEqual(codesOf(sound.facts), ['ATTACHMENT_NOT_ZIPPED'])
  })

  for (const [name, payload, fileName, codes] of [
    [
      'a program called a letter',
      Buffer.from('MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff', 'latin1'),
      'a.pdf',
      ['ATTACHMENT_TYPE_DIFFERS', 'ATTACHMENT_PROGRAM'],
    ],
    [
      'an archive in the zip',
      zipOf([
        { name: 'x', data },
        { name: 'y', data },
      ]),
      'a.zip',
      ['ATTACHMENT_ARCHIVE'],
    ],
    ['a zip called docx', zipOf([{ name: 'x', data }]), 'a.docx', ['ATTACHMENT_TYPE_DIFFERS', 'ATTACHMENT_ARCHIVE']],
    ['a picture called a letter', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'a.PDF', ['ATTACHMENT_TYPE_DIFFERS']],
    ['a path for a name', data, '../../etc/passwd', ['ATTACHMENT_NAME_UNSAFE']],
    ['a name that turns round', data, 'a\u202efdp.exe', ['ATTACHMENT_NAME_UNSAFE', 'ATTACHMENT_TYPE_DIFFERS']],
    ['a device for a name', data, 'AUX.pdf', ['ATTACHMENT_NAME_UNSAFE']],
    ['a file of no bytes', Buffer.alloc(0), 'a.pdf', ['ATTACHMENT_EMPTY']],
  ] as const) {
    it(`warn of ${name}, and give it`, async () => {
      const { content, facts } = await readOne(packetWithPayload(zipOf([{ name: 'u', data: payload }]), fileName))
      assert.deepEqual(content, Buffer.from(payload))
      assert.deepEqual(codesOf(facts), codes)
    })
  }

  it('have names that are missing and contents that are not there', async () => {
    const packet = packetOf(
      envelope,
      '<AttachmentEncoded><Attachment/><Attachment><ContentTransferEncoded/></Attachment><Attachment><ContentTransferEncoded> \n </ContentTransferEncoded></Attachment></AttachmentEncoded>',
    )
    const { attachments } = await readAll(packet)
    assert.equal(attachments.length, 3)
    for (const { content, facts } of attachments) {
      assert.equal(content?.length, 0)
      assert.deepEqual(codesOf(facts), ['ATTACHMENT_NAME_MISSING', 'ATTACHMENT_EMPTY'])
    }
  })

  it('end every damaged packet in parts or a RelayError, the same however it is cut', async () => {
    const packet = packetWithPayload(good)
    const start = packet.indexOf('<AttachmentEncoded>')
    const outcome = async (bytes: Buffer, chunkBytes: number): Promise<unknown> => {
      try {
        const { attachments } = await readAll(inChunks(bytes, chunkBytes))
        return attachments
      } catch (cause) {
        assert.ok(cause instanceof RelayError, String(cause))
        return cause.message
      }
    }
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: packet.length - 1 }),
        fc.oneof(fc.nat(255), fc.constantFrom(0x3c, 0x3e, 0x26, 0x3d, 0x41)),
        fc.integer({ min: 1, max: 300 }),
        async (at, byte, chunkBytes) => {
          const damaged = replaced(packet, at, byte)
          assert.deepEqual(await outcome(damaged, chunkBytes), await outcome(damaged, damaged.length))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('zip bombs', () => {
  for (const [name, mebibytes] of [
    ['of a gibibyte', 1024],
    ['that stops just behind what is free', 65],
  ] as const) {
    it(`${name} is refused within 3 seconds of work and 32 MiB`, async () => {
      const packet = packetWithPayload(zipOf([{ name: 'a', data: Buffer.alloc(0), packed: bomb(mebibytes) }]))
      const start = process.cpuUsage()
      const grown = await growth(async (sample) => {
        for await (const part of readPacket(packet)) {
          if (part.kind === 'header') continue
          const read = async (): Promise<void> => {
            for await (const _ of part.content) sample()
          }
          await assert.rejects(read, {
            code: 'ATTACHMENT_UNREADABLE',
            detail: { number: 1, why: 'ATTACHMENT_EXPANDS', limit: 200 },
          })
        }
      })
      const { user, system } = process.cpuUsage(start)
      assert.ok((user + system) / 1000 < 3000, `took ${(user + system) / 1000} ms`)
      assert.ok(grown < 32 * mebibyte, `grew by ${grown}`)
    })
  }

  it('are not what honest tables of zeros are', async () => {
    const zeros = Buffer.alloc(8 * mebibyte)
    const { content } = await readOne(packetWithPayload(zipOf([{ name: 'a', data: zeros }])))
    assert.equal(content?.length, zeros.length)
  })
})

function secondOnlyListed(): Buffer {
  const two = zipOf([
    { name: 'a', data },
    { name: 'b', data },
  ])
  const second = two.indexOf('PK\x03\x04', 4, 'latin1')
  const directory = two.indexOf('PK\x01\x02', 0, 'latin1')
  return Buffer.concat([two.subarray(0, second), two.subarray(directory)])
}

function hugeZip64(): Buffer {
  const zip = one({ sizes: 'zip64-front' })
  // Behind the 30 fixed bytes, the name and the head of the extra field.
  zip.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, 30 + 'a.pdf'.length + 4)
  return zip
}

/** Zeros, deflated: whole blocks after a full flush can be repeated, so nobody has to deflate them all. */
function bomb(mebibytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(mebibyte), { level: 9, finishFlush: constants.Z_FULL_FLUSH })
  return Buffer.concat([...Array.from({ length: mebibytes }, () => block), deflateRawSync(Buffer.alloc(0))])
}
