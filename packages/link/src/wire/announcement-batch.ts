/** Announcements on their way: several together deflated, and cut into pieces that fit a message. */
import { randomBytes } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { SignedAnnouncement } from '@lienthong/core'
import { decodeAnnouncement } from './announcement.ts'
import { CborReader, encodeCbor } from './cbor.ts'
import type { DirectoryMessage } from './directory-message.ts'
import { bytes, list } from './fields.ts'
import { maxAnnouncementBytes, maxBatchBytes, maxPieceBytes, maxSealBytes } from './limits.ts'
import { frameInvalid, unreadable } from './refusal.ts'

type Piece = Extract<DirectoryMessage, { readonly type: 'piece' }>

/** Bytes a batch grows to before the next begins; one announcement may be longer. */
const fullBatchBytes = 256 * 1024

/** Batches of these announcements, in their order; each is made when it is asked for. */
export function* batchesOf(all: Iterable<SignedAnnouncement>): Generator<readonly Piece[]> {
  let batch: SignedAnnouncement[] = []
  let size = 0
  for (const signed of all) {
    if (size > 0 && size + signed.bytes.length > fullBatchBytes) {
      yield piecesOf(batch)
      batch = []
      size = 0
    }
    batch.push(signed)
    size += signed.bytes.length + signed.seal.length
  }
  if (batch.length > 0) yield piecesOf(batch)
}

function piecesOf(batch: readonly SignedAnnouncement[]): readonly Piece[] {
  const packed = deflateRawSync(encodeCbor(batch.map(({ bytes: said, seal }) => [said, seal])))
  const count = Math.ceil(packed.length / maxPieceBytes)
  const id = randomBytes(8).toString('hex')
  return Array.from({ length: count }, (_, index) => ({
    type: 'piece' as const,
    batch: id,
    index,
    count,
    bytes: new Uint8Array(packed.subarray(index * maxPieceBytes, (index + 1) * maxPieceBytes)),
  }))
}

/** What cannot be read of one announcement spoils no other. */
export interface OpenedBatch {
  readonly announcements: readonly SignedAnnouncement[]
  readonly broken: readonly unknown[]
}

/** Opens a batch whose pieces are all there, put together. Throws FRAME_INVALID when it is none. */
export function openBatch(packed: Uint8Array): OpenedBatch {
  const reader = new CborReader(inflated(packed), 'batch')
  const announcements: SignedAnnouncement[] = []
  const broken: unknown[] = []
  for (let left = reader.open('array'); left > 0; left -= 1) {
    const [said, seal] = list(reader.next(), 'batch', 2, 2)
    try {
      // Copies: what is kept of a batch must not keep all of it.
      const own = Uint8Array.from(bytes(said, 'announcement', maxAnnouncementBytes))
      announcements.push(decodeAnnouncement(own, Uint8Array.from(bytes(seal, 'seal', maxSealBytes))))
    } catch (error) {
      broken.push(error)
    }
  }
  reader.end()
  return { announcements, broken }
}

function inflated(packed: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: maxBatchBytes })
  } catch (error) {
    throw unreadable('batch', error)
  }
}

/** Puts the pieces of one sender together: they come in order, and what comes otherwise is dropped and asked for again. */
export interface BatchCollector {
  /** The whole batch with its last piece, else null. */
  add(piece: Piece): Uint8Array | null
}

export function collectBatches(): BatchCollector {
  let batch = ''
  let parts: Uint8Array[] = []
  let size = 0

  function begin(next: string): void {
    batch = next
    parts = []
    size = 0
  }

  return {
    add(piece) {
      if (piece.index === 0) begin(piece.batch)
      if (piece.batch !== batch || piece.index !== parts.length) return null
      size += piece.bytes.length
      if (size > maxBatchBytes) {
        begin('')
        throw frameInvalid('batch', `is longer than ${maxBatchBytes} bytes`)
      }
      parts.push(Uint8Array.from(piece.bytes))
      if (parts.length < piece.count) return null
      const whole = Buffer.concat(parts)
      begin('')
      return whole
    },
  }
}
