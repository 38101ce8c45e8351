/** A packet that can be read again from any place, whatever it was given as: what broke off must be sent anew. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { PacketSource } from './contract.ts'

/** Up to here a packet is held in memory and sent in one call. */
export const smallBytes = 1024 * 1024

export interface PacketBytes extends AsyncDisposable {
  readonly size: number
  /** Hex. */
  readonly sha256: string
  /** Bytes `start` … `end`, the latter left out. Throws FILE_UNREADABLE when the file has become shorter. */
  read(start: number, end: number): Promise<Uint8Array>
}

/** Throws FILE_UNREADABLE for a file, FILE_UNWRITABLE when a stream cannot be kept; what the stream throws passes through. */
export async function openPacketBytes(source: PacketSource): Promise<PacketBytes> {
  if (source instanceof Uint8Array) return inMemory(source)
  return typeof source === 'string' ? inFile(source, false) : fromStream(source)
}

function inMemory(bytes: Uint8Array): PacketBytes {
  return {
    size: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    read: async (start, end) => bytes.subarray(start, end),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

async function inFile(path: string, temporary: boolean): Promise<PacketBytes> {
  try {
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      size += chunk.length
    }
    const file = await open(path, 'r')
    return {
      size,
      sha256: hash.digest('hex'),
      read: (start, end) => readExactly(file, path, { start, end }),
      async [Symbol.asyncDispose]() {
        await file.close()
        if (temporary) await rm(path, { force: true })
      },
    }
  } catch (cause) {
    if (temporary) await rm(path, { force: true })
    throw new RelayError('FILE_UNREADABLE', { detail: { file: path }, cause })
  }
}

async function readExactly(
  file: FileHandle,
  path: string,
  range: { readonly start: number; readonly end: number },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(range.end - range.start)
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, range.start + filled)
    if (bytesRead === 0)
      throw new RelayError('FILE_UNREADABLE', { detail: { file: path, reason: 'it became shorter' } })
    filled += bytesRead
  }
  return bytes
}

async function fromStream(source: AsyncIterable<Uint8Array>): Promise<PacketBytes> {
  const iterator = source[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const { done, value } = await iterator.next()
    if (done === true) return inMemory(Buffer.concat(chunks))
    chunks.push(value)
    bytes += value.byteLength
    if (bytes > smallBytes) break
  }
  const path = join(tmpdir(), `lienthong-${randomUUID()}.edxml`)
  try {
    await writeAll(path, chunks, iterator)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return inFile(path, true)
}

async function writeAll(path: string, first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): Promise<void> {
  const writing = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step()
    } catch (cause) {
      throw new RelayError('FILE_UNWRITABLE', { detail: { file: path }, cause })
    }
  }
  const file = await writing(() => open(path, 'wx', 0o600))
  try {
    for (const chunk of first) await writing(() => file.writeFile(chunk))
    for (;;) {
      const { done, value } = await rest.next()
      if (done === true) return
      await writing(() => file.writeFile(value))
    }
  } finally {
    await file.close()
  }
}
