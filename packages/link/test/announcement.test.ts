import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import type { Announcement, SignedAnnouncement } from '@lienthong/core'
import {
  batchesOf,
  collectBatches,
  createSealingKey,
  type DirectoryMessage,
  decodeAnnouncement,
  decodeDirectoryMessage,
  directoryDigest,
  directoryEntryOf,
  encodeDirectoryMessage,
  maxDirectoryEntries,
  openBatch,
  sealAnnouncement,
  sealHolds,
} from '@lienthong/link'
import fc from 'fast-check'
import { decodeCbor, encodeCbor } from '../src/wire/cbor.ts'
import { maxAnnouncementBytes } from '../src/wire/limits.ts'
import * as arbitrary from './arbitraries.ts'
import { refuses, survives } from './refusal.ts'

const key = createSealingKey('H29.18', 1)

const sample: Announcement = {
  node: 'H29.18',
  parent: 'H29',
  epoch: 1,
  version: 4,
  issuedAt: 1_768_435_200_000,
  tier: 'huyện',
  keys: [],
  children: [],
  organisations: [{ id: 'H29.18', name: 'Ủy ban nhân dân huyện', parent: 'H29' }],
  groups: {},
  revocations: [],
  attests: [],
}

function numbered(count: number, nameBytes = 40): SignedAnnouncement[] {
  // Names that nothing makes smaller.
  const name = () => Buffer.from(crypto.getRandomValues(new Uint8Array(nameBytes / 2))).toString('hex')
  return Array.from({ length: count }, (_, index) =>
    sealAnnouncement(
      { ...sample, version: index + 1, organisations: [{ id: 'H29.18', name: name(), parent: null }] },
      key,
    ),
  )
}

describe('an announcement', () => {
  it('comes back as it went, and proves itself', () => {
    fc.assert(
      fc.property(arbitrary.announcement, (announcement) => {
        const { bytes, seal, digest } = sealAnnouncement(announcement, key)
        const read = decodeAnnouncement(bytes, seal)
        assert.deepEqual(read.announcement, announcement)
        assert.deepEqual([read.kid, read.digest], [key.kid, digest])
        assert.ok(sealHolds(bytes, seal, key.publicKey))
        assert.ok(!sealHolds(bytes, seal, createSealingKey('H29.18', 1).publicKey))
        assert.ok(!sealHolds(Buffer.concat([bytes, Buffer.of(0)]), seal, key.publicKey))
      }),
      { numRuns: 60 },
    )
  })

  it('can be read by a node that knows fewer fields', () => {
    const [version, map] = decodeCbor(sealAnnouncement(sample, key).bytes, 'announcement') as [
      number,
      Map<number, unknown>,
    ]
    const { seal } = sealAnnouncement(sample, key)
    const later = encodeCbor([version, map.set(13, { more: true })])
    assert.deepEqual(decodeAnnouncement(later, seal).announcement, sample)
  })

  it('is refused when it breaks a rule', () => {
    const { bytes, seal } = sealAnnouncement(sample, key)
    const [, map] = decodeCbor(bytes, 'announcement') as [number, Map<number, unknown>]
    const reading = (change: [number, unknown]) => () =>
      decodeAnnouncement(encodeCbor([1, new Map([...map, change].sort(([a], [b]) => Number(a) - Number(b)))]), seal)
    refuses(reading([1, 7]), 'FRAME_INVALID', /node/)
    refuses(reading([3, 0]), 'FRAME_INVALID', /epoch/)
    refuses(reading([4, 0]), 'FRAME_INVALID', /version/)
    refuses(reading([7, [new Map([[1, 'H29#1']])]]), 'FRAME_INVALID', /keys/)
    refuses(reading([9, [new Map()]]), 'FRAME_INVALID', /organisations/)
    refuses(reading([12, [['H29#1', new Uint8Array(31)]]]), 'FRAME_INVALID', /attests/)
    refuses(
      reading([
        10,
        [
          ['a', []],
          ['a', []],
        ],
      ]),
      'FRAME_INVALID',
      /groups/,
    )
    refuses(() => decodeAnnouncement(encodeCbor([2, map]), seal), 'VERSION_UNSUPPORTED')
    refuses(() => decodeAnnouncement(bytes, new Uint8Array(3)), 'FRAME_INVALID')
    refuses(() => decodeAnnouncement(new Uint8Array(maxAnnouncementBytes + 1), seal), 'FRAME_INVALID', /longer/)
    const endless = { ...sample, organisations: [{ id: 'H29.18', name: 'x'.repeat(1025), parent: null }] }
    refuses(() => sealAnnouncement(endless, key), 'FRAME_INVALID', /organisations/)
  })

  it('spoilt anywhere throws nothing but refusals', () => {
    const { bytes, seal } = sealAnnouncement(sample, key)
    fc.assert(
      fc.property(arbitrary.mutated(fc.constant(bytes)), (spoilt) => survives(() => decodeAnnouncement(spoilt, seal))),
      { numRuns: 300 },
    )
  })
})

describe('a batch', () => {
  function through(all: readonly SignedAnnouncement[]): { read: SignedAnnouncement[]; messages: number } {
    const collector = collectBatches()
    const read: SignedAnnouncement[] = []
    let messages = 0
    for (const pieces of batchesOf(all)) {
      for (const piece of pieces) {
        const message = decodeDirectoryMessage(encodeDirectoryMessage(piece))
        assert.equal(message?.type, 'piece')
        const whole = collector.add(message)
        messages += 1
        if (whole !== null) read.push(...openBatch(whole).announcements)
      }
    }
    return { read, messages }
  }

  it('carries many in few messages, and one that is longer than a message in several', () => {
    const many = numbered(600)
    const small = through(many)
    assert.deepEqual(small.read, many)
    assert.ok(small.messages < 8, `${small.messages} messages`)
    const long = sealAnnouncement(
      {
        ...sample,
        organisations: Array.from({ length: 4_000 }, (_, index) => ({
          id: `H29.18.${index}`,
          name: Buffer.from(crypto.getRandomValues(new Uint8Array(100))).toString('base64'),
          parent: null,
        })),
      },
      key,
    )
    const parts = through([long])
    assert.deepEqual(parts.read, [long])
    assert.ok(parts.messages > 1, `${parts.messages} messages`)
    assert.deepEqual(through([]), { read: [], messages: 0 })
  })

  it('is dropped when a piece is missing, repeated or of another batch', () => {
    const [pieces = []] = batchesOf([numbered(1, 1_000)[0] ?? assert.fail()])
    const [one] = pieces
    assert.ok(one?.type === 'piece')
    const piece = (index: number, batch = one.batch) => ({ ...one, batch, index, count: 3 })
    const collector = collectBatches()
    assert.equal(collector.add(piece(0)), null)
    assert.equal(collector.add(piece(2)), null)
    assert.equal(collector.add({ ...piece(1, 'f'.repeat(16)), bytes: Uint8Array.of(9) }), null)
    assert.equal(collector.add(piece(1)), null)
    assert.equal(collector.add(piece(1)), null)
    assert.equal(collector.add(piece(2))?.length, one.bytes.length * 3)
    assert.equal(collector.add(piece(2)), null)
  })

  it('that grows beyond its limit is dropped before it is whole', () => {
    const collector = collectBatches()
    const bytes = new Uint8Array(256 * 1024)
    const piece = (index: number) => ({ type: 'piece' as const, batch: '0'.repeat(16), index, count: 128, bytes })
    for (let index = 0; index < 32; index += 1) assert.equal(collector.add(piece(index)), null)
    refuses(() => collector.add(piece(32)), 'FRAME_INVALID', /longer/)
    assert.equal(collector.add(piece(33)), null)
  })

  it('keeps what can be read beside what cannot', () => {
    const [good] = numbered(1)
    assert.ok(good)
    const packed = deflateRawSync(
      encodeCbor([
        [good.bytes, good.seal],
        [Uint8Array.of(1), good.seal],
        [good.bytes, Uint8Array.of(1)],
      ]),
    )
    const { announcements, broken } = openBatch(packed)
    assert.deepEqual(announcements, [good])
    assert.equal(broken.length, 2)
  })

  it('that would fill the memory, or is no batch, is refused', () => {
    const bomb = deflateRawSync(new Uint8Array(64 * 1024 * 1024))
    assert.ok(bomb.length < 100_000)
    refuses(() => openBatch(bomb), 'FRAME_INVALID')
    // As any batch, but for its length.
    const half = new Uint8Array(5 * 1024 * 1024)
    const long = deflateRawSync(encodeCbor([half, half].map((each) => [each, new Uint8Array(9)])))
    refuses(() => openBatch(long), 'FRAME_INVALID')
    refuses(() => openBatch(Uint8Array.of(1, 2, 3)), 'FRAME_INVALID')
    refuses(() => openBatch(deflateRawSync(encodeCbor(7))), 'FRAME_INVALID')
  })
})

describe('a message about the directory', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(arbitrary.directoryMessage, (message) => {
        assert.deepEqual(decodeDirectoryMessage(encodeDirectoryMessage(message)), message)
      }),
    )
  })

  it('of a kind to come is passed over, of a major to come refused', () => {
    assert.equal(decodeDirectoryMessage(encodeCbor([1, 5, 'later'])), null)
    refuses(() => decodeDirectoryMessage(encodeCbor([2, 0])), 'VERSION_UNSUPPORTED')
    for (const [type] of ['have', 'list', 'offer', 'want', 'piece'].entries()) {
      refuses(() => decodeDirectoryMessage(encodeCbor([1, type])), 'FRAME_INVALID')
    }
    refuses(
      () => decodeDirectoryMessage(encodeCbor([1, 4, new Uint8Array(8), 2, 2, new Uint8Array()])),
      'FRAME_INVALID',
    )
  })

  it('with as many entries as it may have fits a frame', () => {
    const entry = { epoch: 2 ** 53 - 1, version: 2 ** 53 - 1, mark: '0'.repeat(16) }
    const entries = Array.from({ length: maxDirectoryEntries }, (_, index) => ({
      ...entry,
      node: String(index).padStart(128, 'x'),
    }))
    const message: DirectoryMessage = { type: 'list', from: null, to: null, entries }
    assert.deepEqual(decodeDirectoryMessage(encodeDirectoryMessage(message)), message)
  })

  it('says by one number whether two hold the same', () => {
    const [one, other] = numbered(2).map(directoryEntryOf)
    assert.ok(one !== undefined && other !== undefined)
    assert.equal(directoryDigest([one]), directoryDigest([{ ...one }]))
    assert.notEqual(directoryDigest([one]), directoryDigest([other]))
    assert.notEqual(directoryDigest([one]), directoryDigest([one, other]))
    assert.notEqual(directoryDigest([one]), directoryDigest([{ ...one, mark: other.mark }]))
  })
})
