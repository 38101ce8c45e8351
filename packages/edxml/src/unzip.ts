/**
 * A zip with one file, read from front to back while it comes: entry, descriptor, both directories.
 *
 * Some readers in the field go by the entry in front, others by the directory at the end. Only a zip
 * whose two stories agree to the byte is taken, so that all of them find the same file in it:
 * exactly one entry, the same name, method, sizes and CRC in both places, nothing behind the end.
 * The name inside is of no use to anybody and is not given.
 */
import { crc32 } from 'node:zlib'
import { refuseAttachment } from './attachment-refusal.ts'
import type { ByteReader } from './byte-reader.ts'
import { openInflater } from './inflate.ts'
import type { AttachmentLimits } from './limits.ts'
import {
  demand,
  type EntryRecord,
  expect,
  flag,
  need,
  nextSignature,
  readEnd,
  readListing,
  readLocal,
  signatures,
} from './zip-records.ts'

const stored = 0
const deflated = 8
/** WinZip's AES: the real method is in an extra field. */
const encryptedMethod = 99

interface Measure {
  crc: number
  size: number
  compressedSize: number
}

/** The file's bytes. What follows them is checked before the last piece is followed by the end. Throws ATTACHMENT_UNREADABLE. */
export async function* unzip(
  reader: ByteReader,
  limits: Required<AttachmentLimits>,
): AsyncGenerator<Buffer, undefined> {
  const entry = await readLocal(reader)
  if ((entry.flags & (flag.encrypted | flag.strong | flag.masked)) !== 0 || entry.method === encryptedMethod) {
    throw refuseAttachment('ATTACHMENT_ENCRYPTED')
  }
  demand((entry.flags & flag.patched) === 0, 'flags')
  if ((entry.size ?? 0) > limits.maxFileBytes) throw tooLarge(limits)
  const measure: Measure = { crc: 0, size: 0, compressedSize: 0 }
  for await (const piece of contentOf(entry, reader, measure)) {
    measure.size += piece.length
    admit(measure, limits)
    measure.crc = crc32(piece, measure.crc)
    yield piece
  }
  const descriptorBytes = await checkEntry(reader, entry, measure)
  await checkDirectory(reader, entry, measure, entry.bytes + measure.compressedSize + descriptorBytes)
  if ((await reader.peek(1)).length > 0) throw refuseAttachment('ATTACHMENT_ZIP_TRAILING')
}

function contentOf(entry: EntryRecord, reader: ByteReader, measure: Measure): AsyncIterable<Buffer> {
  if (entry.method === deflated) return inflated(reader, measure)
  // The end of a stored file whose length comes behind it can only be guessed.
  if (entry.method === stored && entry.compressedSize !== null) return copied(reader, entry.compressedSize, measure)
  throw refuseAttachment('ATTACHMENT_ZIP_METHOD', { method: entry.method })
}

async function* inflated(reader: ByteReader, measure: Measure): AsyncIterable<Buffer> {
  const inflater = openInflater(reader)
  for await (const piece of inflater.pieces()) {
    measure.compressedSize = inflater.consumed
    yield piece
  }
  measure.compressedSize = inflater.consumed
}

async function* copied(reader: ByteReader, length: number, measure: Measure): AsyncIterable<Buffer> {
  while (measure.compressedSize < length) {
    const bytes = await reader.next()
    if (bytes === null) throw refuseAttachment('ATTACHMENT_TRUNCATED')
    const piece = bytes.subarray(0, length - measure.compressedSize)
    reader.unread(bytes.subarray(piece.length))
    measure.compressedSize += piece.length
    yield piece
  }
}

function admit(measure: Measure, limits: Required<AttachmentLimits>): void {
  if (measure.size > limits.maxFileBytes) throw tooLarge(limits)
  const { maxExpansion, freeFileBytes } = limits
  if (measure.size > freeFileBytes && measure.size > measure.compressedSize * maxExpansion) {
    throw refuseAttachment('ATTACHMENT_EXPANDS', { limit: maxExpansion })
  }
}

function tooLarge(limits: Required<AttachmentLimits>): Error {
  return refuseAttachment('ATTACHMENT_TOO_LARGE', { limit: limits.maxFileBytes })
}

/** What the entry says of itself, in front or in its descriptor, against what it was. Returns the descriptor's length. */
async function checkEntry(reader: ByteReader, entry: EntryRecord, measure: Measure): Promise<number> {
  if ((entry.flags & flag.descriptor) !== 0) return takeDescriptor(reader, measure)
  demand(entry.compressedSize === measure.compressedSize && entry.size === measure.size, 'size')
  if (entry.crc !== measure.crc) throw refuseAttachment('ATTACHMENT_CRC_WRONG')
  return 0
}

/** It may have a signature or not, and sizes of 32 or 64 bits, whatever the entry promised: one of the four must fit. */
async function takeDescriptor(reader: ByteReader, measure: Measure): Promise<number> {
  const forms = [true, false].flatMap((wide) => [true, false].map((signed) => descriptor(measure, wide, signed)))
  const longest = Math.max(...forms.map((form) => form.length))
  const bytes = await reader.peek(longest)
  const form = forms.find((candidate) => bytes.subarray(0, candidate.length).equals(candidate))
  if (form !== undefined) {
    await need(reader, form.length)
    return form.length
  }
  if (bytes.length < longest) throw refuseAttachment('ATTACHMENT_TRUNCATED')
  const sizes = descriptor(measure, false, false).subarray(4)
  demand(bytes.includes(sizes), 'descriptor')
  throw refuseAttachment('ATTACHMENT_CRC_WRONG')
}

function descriptor({ crc, size, compressedSize }: Measure, wide: boolean, signed: boolean): Buffer {
  const bytes = Buffer.alloc((signed ? 8 : 4) + (wide ? 16 : 8))
  let at = 0
  if (signed) at = bytes.writeUInt32LE(signatures.descriptor, at)
  at = bytes.writeUInt32LE(crc, at)
  for (const value of [compressedSize, size]) {
    at = wide ? bytes.writeBigUInt64LE(BigInt(value), at) : bytes.writeUInt32LE(value % 2 ** 32, at)
  }
  return bytes
}

/** The directory at the end: one entry, and the same one. `offset` is where it begins. */
async function checkDirectory(reader: ByteReader, entry: EntryRecord, measure: Measure, offset: number): Promise<void> {
  if ((await nextSignature(reader)) === signatures.local) throw refuseAttachment('ATTACHMENT_ZIP_ENTRIES')
  await expect(reader, signatures.listing, 'directory')
  const listed = await readListing(reader)
  if ((await nextSignature(reader)) === signatures.listing) throw refuseAttachment('ATTACHMENT_ZIP_ENTRIES')
  demand(listed.name.equals(entry.name) && listed.method === entry.method, 'directory')
  demand(listed.size === measure.size && listed.compressedSize === measure.compressedSize, 'directory')
  demand(listed.crc === measure.crc && listed.offset === 0, 'directory')
  demand((listed.flags & flag.encrypted) === 0, 'directory')
  await readEnd(reader, { offset, bytes: listed.bytes })
}
