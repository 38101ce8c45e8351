import { createHash } from 'node:crypto'
import { refuseAttachment } from './attachment-refusal.ts'
import { openBase64Decoder } from './base64-decode.ts'
import { type ByteReader, openByteReader } from './byte-reader.ts'
import { isDocumentZip, isReencoded, sniffedBytes, sniffType } from './file-type.ts'
import type { AttachmentLimits } from './limits.ts'
import { unzip } from './unzip.ts'

/** What was found out about a file by reading all of it. */
export interface FileFacts {
  /** The real type, by its bytes; `application/octet-stream` when these tell nothing. */
  readonly type: string
  /** Whether it came in a zip of its own, as it should. */
  readonly zipped: boolean
  readonly size: number
  /** Of the file itself, hexadecimal. */
  readonly sha256: string
}

/** A file on its way out of a packet. */
export interface AttachmentFile {
  /** Once. Throws ATTACHMENT_UNREADABLE. */
  readonly pieces: AsyncGenerator<Buffer, undefined>
  /** Null until the last piece was taken. */
  readonly facts: FileFacts | null
  /** Whether its bytes, or those of its zip, were once taken for text; the latter shows before the zip fails for it. */
  readonly corrupted: boolean
}

/**
 * The file in an attachment's text:
 *
 * `text → base64 → zip, when it is one → file`, hashed and measured on the way.
 */
export function openAttachmentFile(
  pullText: () => Promise<Uint8Array | null>,
  limits: Required<AttachmentLimits>,
): AttachmentFile {
  let facts: FileFacts | null = null
  let corrupted = false

  async function* pieces(): AsyncGenerator<Buffer, undefined> {
    const payload = openByteReader(decodedFrom(pullText))
    const start = await payload.peek(sniffedBytes)
    corrupted = isReencoded(start)
    const zipped = start.subarray(0, 4).equals(zipStart) && !isDocumentZip(start)
    const hash = createHash('sha256')
    const sample = openSample()
    let size = 0
    for await (const piece of zipped ? unzip(payload, limits) : asItIs(payload, limits)) {
      hash.update(piece)
      sample.take(piece)
      size += piece.length
      yield piece
    }
    corrupted ||= isReencoded(sample.head())
    const type = sniffType(sample.head(), sample.tail())
    facts = { type, zipped, size, sha256: hash.digest('hex') }
  }

  return {
    pieces: pieces(),
    get facts() {
      return facts
    },
    get corrupted() {
      return corrupted
    },
  }
}

const zipStart = Buffer.from('PK\x03\x04', 'latin1')

function decodedFrom(pullText: () => Promise<Uint8Array | null>): () => Promise<Buffer | null> {
  const decoder = openBase64Decoder()
  let ended = false
  return async () => {
    if (ended) return null
    const characters = await pullText()
    if (characters !== null) return decoder.write(characters)
    ended = true
    return decoder.end()
  }
}

async function* asItIs(payload: ByteReader, limits: Required<AttachmentLimits>): AsyncIterable<Buffer> {
  let size = 0
  for (let piece = await payload.next(); piece !== null; piece = await payload.next()) {
    size += piece.length
    if (size > limits.maxFileBytes) throw refuseAttachment('ATTACHMENT_TOO_LARGE', { limit: limits.maxFileBytes })
    yield piece
  }
}

/** Keeps copies of a stream's first and last bytes. */
function openSample(): { take(piece: Buffer): void; head(): Buffer; tail(): Buffer } {
  const head = Buffer.alloc(sniffedBytes)
  let headLength = 0
  let tail: Buffer = Buffer.alloc(0)
  return {
    take(piece) {
      if (headLength < sniffedBytes) headLength += piece.copy(head, headLength)
      tail = piece.length >= sniffedBytes ? Buffer.from(piece.subarray(-sniffedBytes)) : joined(tail, piece)
    },
    head: () => head.subarray(0, headLength),
    tail: () => tail,
  }
}

function joined(tail: Buffer, piece: Buffer): Buffer {
  return Buffer.concat([tail, piece]).subarray(-sniffedBytes)
}
