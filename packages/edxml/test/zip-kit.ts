import { crc32, deflateRawSync } from 'node:zlib'

/** One file of a zip, and how it is told wrongly. */
export interface ZipFile {
  readonly name: string
  readonly data: Uint8Array
  /** 8 deflates, anything else is written as it is under that number. @default 8 */
  readonly method?: number
  /** Where crc and sizes stand. @default 'descriptor', as streaming writers do */
  readonly sizes?: 'front' | 'descriptor' | 'descriptor-unsigned' | 'descriptor-64' | 'zip64-front'
  readonly flags?: number
  readonly crc?: number
  /** In place of the deflated data. */
  readonly packed?: Uint8Array
  /** Instead of `name`, at the end. */
  readonly listedName?: string
  readonly listedSize?: number
  readonly listedOffset?: number
  readonly listedCrc?: number
  readonly listedMethod?: number
  /** Sizes of what somebody else puts in place of the data. */
  readonly pretend?: { readonly packedBytes: number; readonly bytes: number }
}

export interface ZipShape {
  readonly comment?: string
  /** Between entries and directory. */
  readonly gap?: Uint8Array
  readonly zip64End?: boolean
  readonly count?: number
  /** What the end record says of the directory. */
  readonly endBytes?: number
  readonly endOffset?: number
}

/** A zip of these files, byte by byte, so that any of them can lie. */
export function zipOf(files: readonly ZipFile[], shape: ZipShape = {}): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  let pretended = 0
  for (const file of files) {
    pretended += file.pretend?.packedBytes ?? 0
    const { entry, listed } = fileParts(file, offset)
    parts.push(entry)
    directory.push(listed)
    offset += entry.length
  }
  const gap = Buffer.from(shape.gap ?? [])
  const list = Buffer.concat(directory)
  return Buffer.concat([
    ...parts,
    gap,
    list,
    endOf({ count: shape.count ?? files.length, bytes: list.length, offset: offset + gap.length + pretended }, shape),
  ])
}

function fileParts(file: ZipFile, offset: number): { readonly entry: Buffer; readonly listed: Buffer } {
  const { method = 8, sizes = 'descriptor', name, data } = file
  const packed = Buffer.from(file.packed ?? (method === 8 ? deflateRawSync(data) : data))
  const crc = file.crc ?? crc32(data)
  const { packedBytes, bytes } = file.pretend ?? { packedBytes: packed.length, bytes: data.length }
  const front = sizes === 'front' || sizes === 'zip64-front'
  const wide = sizes === 'zip64-front'
  const flags = (file.flags ?? 0) | (front ? 0 : 8)
  const extra = wide ? Buffer.concat([words16(1, 16), words64(data.length, packed.length)]) : Buffer.alloc(0)
  const stated = wide ? [0xffffffff, 0xffffffff] : front ? [packed.length, data.length] : [0, 0]
  const local = Buffer.concat([
    words32(0x04034b50),
    words16(20, flags, method, 0, 0x4a21),
    words32(front ? crc : 0, ...stated),
    words16(Buffer.byteLength(name), extra.length),
    Buffer.from(name),
    extra,
  ])
  const listedName = file.listedName ?? name
  const listed = Buffer.concat([
    words32(0x02014b50),
    words16(20, 20, flags, file.listedMethod ?? method, 0, 0x4a21),
    words32(file.listedCrc ?? crc, packedBytes, file.listedSize ?? bytes),
    words16(Buffer.byteLength(listedName), 0, 0, 0, 0),
    words32(0, file.listedOffset ?? offset),
    Buffer.from(listedName),
  ])
  return { entry: Buffer.concat([local, packed, descriptorOf(sizes, [crc, packedBytes, bytes])]), listed }
}

function descriptorOf(sizes: ZipFile['sizes'], [crc = 0, packed = 0, size = 0]: readonly number[]): Buffer {
  switch (sizes) {
    case 'descriptor':
      return words32(0x08074b50, crc, packed, size)
    case 'descriptor-unsigned':
      return words32(crc, packed, size)
    case 'descriptor-64':
      return Buffer.concat([words32(0x08074b50, crc), words64(packed, size)])
    default:
      return Buffer.alloc(0)
  }
}

function endOf(
  list: { readonly count: number; readonly bytes: number; readonly offset: number },
  shape: ZipShape,
): Buffer {
  const comment = Buffer.from(shape.comment ?? '')
  const zip64 = Buffer.concat([
    words32(0x06064b50),
    words64(44),
    words16(45, 45),
    words32(0, 0),
    words64(list.count, list.count, list.bytes, list.offset),
    words32(0x07064b50, 0),
    words64(list.offset + list.bytes),
    words32(1),
  ])
  const [count, bytes, offset] =
    shape.zip64End === true ? [0xffff, 0xffffffff, 0xffffffff] : [list.count, list.bytes, list.offset]
  return Buffer.concat([
    shape.zip64End === true ? zip64 : Buffer.alloc(0),
    words32(0x06054b50),
    words16(0, 0, count, count),
    words32(shape.endBytes ?? bytes, shape.endOffset ?? offset),
    words16(comment.length),
    comment,
  ])
}

function words16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length)
  for (const [at, value] of values.entries()) bytes.writeUInt16LE(value, 2 * at)
  return bytes
}

function words32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at)
  return bytes
}

function words64(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length)
  for (const [at, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * at)
  return bytes
}
