import { createHash } from 'node:crypto'

/** Bytes that follow from the name: every third payload is a file. */
export function loadBytes(name: string): Uint8Array {
  const seed = createHash('sha256').update(name).digest()
  const bytes = new Uint8Array((seed[0] ?? 0) % 3 === 0 ? 70_000 + (seed[1] ?? 0) : 2000)
  for (let offset = 0; offset < bytes.length; offset += seed.length) {
    bytes.set(seed.subarray(0, Math.min(seed.length, bytes.length - offset)), offset)
  }
  return bytes
}

/** The chunk of this number of an endless upload: 1 MiB. */
export function uploadChunk(index: number): Uint8Array {
  return Buffer.alloc(1024 * 1024, createHash('sha256').update(String(index)).digest())
}
