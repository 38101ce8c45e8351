import { refuseAttachment } from './attachment-refusal.ts'
import type { ByteReader } from './byte-reader.ts'

/** The parts of a zip file around an entry's bytes [APPNOTE 4.3], fields by their offsets. */

export const signatures = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  listing: 0x02014b50,
  zip64End: 0x06064b50,
  zip64Locator: 0x07064b50,
  end: 0x06054b50,
} as const

/** What both of a zip's directories say about an entry. */
export interface EntryRecord {
  readonly flags: number
  readonly method: number
  readonly crc: number
  /** Null when this record leaves it to the data descriptor. */
  readonly compressedSize: number | null
  readonly size: number | null
  readonly name: Buffer
  /** Central directory only: where the entry begins. */
  readonly offset: number
  /** Length of the record itself. */
  readonly bytes: number
}

/** General purpose flags. */
export const flag = { encrypted: 1 << 0, descriptor: 1 << 3, patched: 1 << 5, strong: 1 << 6, masked: 1 << 13 } as const

const localBytes = 30
const listingBytes = 46
const endBytes = 22
const zip64EndBytes = 56
const zip64LocatorBytes = 20
const zip64Extra = 0x0001
/** Stands in a 32-bit field whose value is in the zip64 extra field. */
const elsewhere = 0xffffffff

/** Throws ATTACHMENT_TRUNCATED when the bytes end first. */
export async function need(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = await reader.take(length)
  if (bytes === null) throw refuseAttachment('ATTACHMENT_TRUNCATED')
  return bytes
}

export async function readLocal(reader: ByteReader): Promise<EntryRecord> {
  const fixed = Buffer.from(await need(reader, localBytes))
  const name = Buffer.from(await need(reader, fixed.readUInt16LE(26)))
  const extra = Buffer.from(await need(reader, fixed.readUInt16LE(28)))
  const flags = fixed.readUInt16LE(6)
  const sizes = [fixed.readUInt32LE(22), fixed.readUInt32LE(18)]
  const [size = 0, compressedSize = 0] = withZip64(sizes, extra)
  const open = (flags & flag.descriptor) !== 0 && compressedSize === 0
  return {
    flags,
    method: fixed.readUInt16LE(8),
    crc: fixed.readUInt32LE(14),
    compressedSize: open ? null : compressedSize,
    size: open ? null : size,
    name,
    offset: 0,
    bytes: localBytes + name.length + extra.length,
  }
}

export async function readListing(reader: ByteReader): Promise<EntryRecord> {
  const fixed = Buffer.from(await need(reader, listingBytes))
  const name = Buffer.from(await need(reader, fixed.readUInt16LE(28)))
  const extra = Buffer.from(await need(reader, fixed.readUInt16LE(30)))
  const comment = await need(reader, fixed.readUInt16LE(32))
  const [size = 0, compressedSize = 0, offset = 0] = withZip64(
    [fixed.readUInt32LE(24), fixed.readUInt32LE(20), fixed.readUInt32LE(42)],
    extra,
  )
  return {
    flags: fixed.readUInt16LE(8),
    method: fixed.readUInt16LE(10),
    crc: fixed.readUInt32LE(16),
    compressedSize,
    size,
    name,
    offset,
    bytes: listingBytes + name.length + extra.length + comment.length,
  }
}

/** Takes what may end a zip: the zip64 records, and the end record with its comment. Checks what it says of the directory. */
export async function readEnd(
  reader: ByteReader,
  directory: { readonly offset: number; readonly bytes: number },
): Promise<void> {
  const zip64 = (await nextSignature(reader)) === signatures.zip64End
  if (zip64) {
    const record = await need(reader, zip64EndBytes)
    demand(Number(record.readBigUInt64LE(4)) === zip64EndBytes - 12, 'end')
    demand(record.readBigUInt64LE(24) === 1n && record.readBigUInt64LE(32) === 1n, 'end')
    demand(Number(record.readBigUInt64LE(48)) === directory.offset, 'end')
    await expect(reader, signatures.zip64Locator, 'end')
    await need(reader, zip64LocatorBytes)
  }
  await expect(reader, signatures.end, 'end')
  const end = Buffer.from(await need(reader, endBytes))
  await need(reader, end.readUInt16LE(20))
  const is = (value: number, expected: number, unknown: number): boolean =>
    value === expected || (zip64 && value === unknown)
  demand(is(end.readUInt16LE(8), 1, 0xffff) && is(end.readUInt16LE(10), 1, 0xffff), 'end')
  demand(is(end.readUInt32LE(12), directory.bytes, elsewhere), 'end')
  demand(is(end.readUInt32LE(16), directory.offset, elsewhere), 'end')
}

/** Throws ATTACHMENT_TRUNCATED when nothing comes next, ATTACHMENT_ZIP_INVALID when it is not this record. */
export async function expect(reader: ByteReader, signature: number, part: string): Promise<void> {
  const found = await nextSignature(reader)
  if (found === 0) throw refuseAttachment('ATTACHMENT_TRUNCATED')
  demand(found === signature, part)
}

/** Of the record that comes next; 0 at the end. */
export async function nextSignature(reader: ByteReader): Promise<number> {
  const bytes = await reader.peek(4)
  return bytes.length < 4 ? 0 : bytes.readUInt32LE(0)
}

/** Throws ATTACHMENT_ZIP_INVALID naming the part. */
export function demand(holds: boolean, part: string): void {
  if (!holds) throw refuseAttachment('ATTACHMENT_ZIP_INVALID', { part })
}

/** Values that say they are elsewhere, in their order, from the zip64 extra field. */
function withZip64(values: readonly number[], extra: Buffer): readonly number[] {
  if (!values.includes(elsewhere)) return values
  const field = extraField(extra, zip64Extra)
  let at = 0
  return values.map((value) => {
    if (value !== elsewhere) return value
    demand(field !== null && field.length >= at + 8, 'zip64')
    const large = field?.readBigUInt64LE(at) ?? 0n
    at += 8
    demand(large <= BigInt(Number.MAX_SAFE_INTEGER), 'zip64')
    return Number(large)
  })
}

function extraField(extra: Buffer, id: number): Buffer | null {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2)
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, at + 4 + length)
    at += 4 + length
  }
  return null
}
