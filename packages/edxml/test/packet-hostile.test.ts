import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RelayError } from '@lienthong/core'
import { type AttachmentLimits, type Refusal, readPacket } from '../src/index.ts'
import { envelope, inChunks, packetOf, packetWithText } from './packet-kit.ts'
import { readAll } from './read-kit.ts'

describe('packets against hostile senders', () => {
  const cases: readonly (readonly [string, Refusal, () => Buffer, AttachmentLimits?])[] = [
    [
      'more attachments than allowed',
      'too-many-attachments',
      () => packetOf(envelope, `<AttachmentEncoded>${'<Attachment/>'.repeat(11)}</AttachmentEncoded>`),
      { maxAttachments: 10 },
    ],
    [
      'two contents',
      'duplicate',
      () => inAttachment('<ContentTransferEncoded>QUJD</ContentTransferEncoded>'.repeat(2)),
    ],
    ['two names', 'duplicate', () => inAttachment('<AttachmentName>a</AttachmentName>'.repeat(2))],
    ['two lists', 'duplicate', () => packetOf(envelope, '<AttachmentEncoded/><AttachmentEncoded/>')],
    ['two envelopes', 'duplicate', () => packetOf(envelope, envelope)],
    ['an element in a content', 'mixed-content', () => packetWithText('QU<b/>JD')],
    ['a comment in a content', 'mixed-content', () => packetWithText('QU<!-- -->JD')],
    ['an instruction in a content', 'mixed-content', () => packetWithText('QU<?p?>JD')],
    ['a comment in a name', 'mixed-content', () => inAttachment('<AttachmentName>a<!-- -->b</AttachmentName>')],
    [
      'a name of 1 MB',
      'token-too-long',
      () => inAttachment(`<AttachmentName>${'x'.repeat(1_000_000)}</AttachmentName>`),
    ],
    [
      'a name of 65,537 letters',
      'field-too-long',
      () => inAttachment(`<AttachmentName>${'x'.repeat(65_537)}</AttachmentName>`),
    ],
    ['an unknown entity in a name', 'not-well-formed', () => inAttachment('<AttachmentName>&x;</AttachmentName>')],
    [
      'crossing tags behind the envelope',
      'not-well-formed',
      () => packetOf(envelope, '<AttachmentEncoded><Attachment></AttachmentEncoded></Attachment>'),
    ],
    [
      'a document type behind the envelope',
      'doctype',
      () => packetOf(envelope, '<AttachmentEncoded><Attachment><X><!DOCTYPE x></X></Attachment></AttachmentEncoded>'),
    ],
    [
      'bytes that are no UTF-8 in a content',
      'not-utf8',
      () =>
        Buffer.from(packetWithText('QUJD\u00ffREVG').toString('latin1').replace('\u00c3\u00bf', '\u00ff'), 'latin1'),
    ],
    ['text behind the root', 'not-well-formed', () => Buffer.concat([packetWithText('QUJD'), Buffer.from('x')])],
    ['a second root', 'not-well-formed', () => Buffer.concat([packetWithText('QUJD'), packetWithText('QUJD')])],
    [
      'no envelope but attachments',
      'envelope-missing',
      () => packetOf('<AttachmentEncoded><Attachment/></AttachmentEncoded>'),
    ],
    ['a packet cut in a content', 'truncated', () => packetWithText('QUJD').subarray(0, -60)],
    ['a packet cut before its last letter', 'truncated', () => packetWithText('QUJD').subarray(0, -1)],
  ]
  for (const [name, why, build, limits] of cases) {
    it(`refuse ${name}: ${why}`, async () => {
      const packet = build()
      for (const chunkBytes of [packet.length, 1021]) {
        await assert.rejects(readAll(inChunks(packet, chunkBytes), limits), (error: RelayError) => {
          assert.deepEqual([error.code, error.detail['why']], ['NOT_EDXML', why])
          return true
        })
      }
    })
  }

  it('pass 100 k elements beside attachments and ten thousand attachments nobody reads', async () => {
    const many = packetOf(
      '<z/>'.repeat(100_000),
      envelope,
      `<AttachmentEncoded>${'<Attachment/>'.repeat(10_000)}</AttachmentEncoded>`,
    )
    let count = 0
    for await (const part of readPacket(many, { maxAttachments: 10_000 })) if (part.kind === 'attachment') count++
    assert.equal(count, 10_000)
  })
})

function inAttachment(children: string): Buffer {
  return packetOf(envelope, `<AttachmentEncoded><Attachment>${children}</Attachment></AttachmentEncoded>`)
}
