/** `hash-file`: SHA-256 of the packet in hex, as VNPT's SDK writes it. */
import { createHash } from 'node:crypto'
import { RelayError } from '@lienthong/core'

/** The SDK leaves out the leading zero of each byte: 05 goes out as 5. */
export function isHashFile(claimed: string, digest: Uint8Array): boolean {
  const wanted = claimed.toLowerCase()
  const bytes = [...digest].map((byte) => byte.toString(16))
  return wanted === bytes.join('') || wanted === bytes.map((byte) => byte.padStart(2, '0')).join('')
}

/** The same bytes; in place of their end NOT_AS_ANNOUNCED when they are not those announced. */
export async function* checkedFile(source: AsyncIterable<Uint8Array>, claimed: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
  if (!isHashFile(claimed, hash.digest())) throw new RelayError('NOT_AS_ANNOUNCED')
}
