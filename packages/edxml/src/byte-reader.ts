/** Bytes pulled from a stream, with a look ahead. */
export interface ByteReader {
  /** The next piece, of any length but 0; null at the end. */
  next(): Promise<Buffer | null>
  /** Puts back what is to be read again. */
  unread(bytes: Buffer): void
  /** The next `length` bytes, fewer only at the end, without taking them. */
  peek(length: number): Promise<Buffer>
  /** The next `length` bytes; null when there are not as many. For small lengths: they are held. */
  take(length: number): Promise<Buffer | null>
}

export function openByteReader(pull: () => Promise<Buffer | null>): ByteReader {
  let front: Buffer[] = []

  async function next(): Promise<Buffer | null> {
    for (;;) {
      const bytes = front.shift() ?? (await pull())
      if (bytes === null || bytes.length > 0) return bytes
    }
  }

  async function peek(length: number): Promise<Buffer> {
    const gathered: Buffer[] = []
    let size = 0
    while (size < length) {
      const bytes = await next()
      if (bytes === null) break
      gathered.push(bytes)
      size += bytes.length
    }
    const joined = gathered.length === 1 && gathered[0] !== undefined ? gathered[0] : Buffer.concat(gathered)
    if (joined.length > 0) front = [joined, ...front]
    return joined.subarray(0, length)
  }

  return {
    next,
    unread(bytes) {
      if (bytes.length > 0) front = [bytes, ...front]
    },
    peek,
    async take(length) {
      const bytes = await peek(length)
      if (bytes.length < length) return null
      const rest = (await next()) ?? bytes
      if (rest.length > length) front = [rest.subarray(length), ...front]
      return bytes
    },
  }
}
