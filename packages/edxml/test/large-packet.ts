import { createHash } from 'node:crypto'
import { constants, crc32, deflateRawSync } from 'node:zlib'
import { base64 } from '../src/base64.ts'
import { envelope } from './packet-kit.ts'
import { zipOf } from './zip-kit.ts'

const blockBytes = 1024 * 1024

export interface LargePacket {
  /** Size of each attachment's file, MiB. */
  readonly mebibytes: number
  /** @default 1 */
  readonly attachments?: number
  /** Attachments first, as some producers write. @default false */
  readonly inFront?: boolean
}

/**
 * A packet of any size, made as fast as it can be encoded: a block deflated and flushed once may be
 * repeated. It does not compress, as scanned pages do not.
 */
export async function* largePacket({
  mebibytes,
  attachments = 1,
  inFront = false,
}: LargePacket): AsyncIterable<Buffer> {
  const namespace = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'
  yield Buffer.from(`<?xml version="1.0"?><edXML xmlns="${namespace}">${inFront ? '' : envelope}<AttachmentEncoded>`)
  for (let number = 1; number <= attachments; number++) {
    yield Buffer.from(`<Attachment><AttachmentName>${number}.bin</AttachmentName><ContentTransferEncoded>`)
    for await (const text of base64(largeZip(mebibytes))) yield text as Buffer
    yield Buffer.from('</ContentTransferEncoded></Attachment>')
  }
  yield Buffer.from(`</AttachmentEncoded>${inFront ? envelope : ''}</edXML>`)
}

/** Of the file in each attachment of such a packet. */
export function largeFileDigest(mebibytes: number): string {
  const hash = createHash('sha256')
  for (let at = 0; at < mebibytes; at++) hash.update(block)
  return hash.digest('hex')
}

const block = noise(blockBytes)
const packedBlock = deflateRawSync(block, { level: 1, finishFlush: constants.Z_FULL_FLUSH })
const packedEnd = deflateRawSync(Buffer.alloc(0))

async function* largeZip(mebibytes: number): AsyncIterable<Uint8Array> {
  let crc = 0
  for (let at = 0; at < mebibytes; at++) crc = crc32(block, crc)
  const packedBytes = mebibytes * packedBlock.length + packedEnd.length
  const file = { name: 'a.bin', data: Buffer.alloc(0), crc, packed: Buffer.alloc(0) }
  const empty = zipOf([{ ...file, pretend: { packedBytes, bytes: mebibytes * blockBytes } }])
  const descriptor = empty.indexOf('PK\x07\x08', 0, 'latin1')
  yield empty.subarray(0, descriptor)
  for (let at = 0; at < mebibytes; at++) yield packedBlock
  yield packedEnd
  yield empty.subarray(descriptor)
}

/** Pseudo-random, the same every time. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = 1
  for (let at = 0; at < length; at++) {
    state = (state * 48_271) % 2_147_483_647
    bytes[at] = state >>> 8
  }
  return bytes
}
