import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readHeader, readPacket, samplePacket } from '../src/index.ts'
import { packetWith } from './fixture.ts'
import { largeFileDigest, largePacket } from './large-packet.ts'
import { growth } from './memory-kit.ts'

const mebibyte = 1024 * 1024

async function* attachmentInFront(
  bytes: number,
  opener: string,
  closer: string,
  sample: () => void,
): AsyncIterable<Uint8Array> {
  const [head = '', tail = ''] = packetWith('', {
    beside: `<AttachmentEncoded><Attachment><C>${opener}|${closer}</C></Attachment></AttachmentEncoded>`,
  })
    .toString()
    .split('|')
  const chunk = Buffer.alloc(64 * 1024, 'QUJD')
  yield Buffer.from(head)
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    yield chunk
    sample()
  }
  yield Buffer.from(tail)
}

describe('memory', () => {
  for (const [name, opener, closer] of [
    ['text', '', ''],
    ['CDATA', '<![CDATA[', ']]>'],
    ['a comment', '<!--', '-->'],
  ] as const) {
    it(`stays flat while 200 MB of attachment go by as ${name}`, async () => {
      const grown = await growth(async (sample) => {
        const header = await readHeader(attachmentInFront(200e6, opener, closer, sample))
        assert.equal(header.documentId, 'd')
      })
      assert.ok(grown < 32 * mebibyte, `grew by ${grown}`)
    })
  }

  for (const inFront of [false, true]) {
    it(`stays flat while a packet of 150 MiB is read, attachments ${inFront ? 'first' : 'last'}`, async () => {
      const digest = largeFileDigest(55)
      const grown = await growth(async (sample) => {
        for await (const part of readPacket(largePacket({ mebibytes: 55, attachments: 2, inFront }))) {
          if (part.kind === 'header') continue
          for await (const _ of part.content) sample()
          assert.equal((await part.facts()).file?.sha256, digest)
        }
      })
      assert.ok(grown < 32 * mebibyte, `grew by ${grown}`)
    })
  }

  it('stays flat while 150 MiB of attachments go by that nobody reads', async () => {
    let parts = 0
    const grown = await growth(async (sample) => {
      for await (const _ of readPacket(largePacket({ mebibytes: 55, attachments: 2 }))) {
        parts++
        sample()
      }
    })
    assert.equal(parts, 3)
    assert.ok(grown < 32 * mebibyte, `grew by ${grown}`)
  })

  it('stays flat while 32 MB are zipped and encoded', async () => {
    const grown = await growth(async (sample) => {
      const organization = { organId: 'H29', organName: null }
      const packet = samplePacket({
        from: organization,
        to: [organization],
        number: '1',
        subject: 's',
        attachmentBytes: 32e6,
      })
      for await (const _ of packet) sample()
    })
    assert.ok(grown < 32 * mebibyte, `grew by ${grown}`)
  })
})
