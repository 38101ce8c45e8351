/**
 * The packet in the body of `sendEdoc`: the body itself, or the part `file_doc` of a multipart body. Older clients
 * send the latter under the content type of the former, so the first two bytes decide; no packet begins with `--`.
 */
import { invalid } from './fields.ts'

const part = 'file_doc'
/** A boundary has at most 70 characters [RFC 2046 §5.1.1]; the headers of a part are a few lines. */
const maxLineBytes = 256
const maxPartHeaderBytes = 16 * 1024
const lineEnd = Buffer.from('\r\n')
const headersEnd = Buffer.from('\r\n\r\n')
const dashes = Buffer.from('--')

/** Throws FIELD_INVALID for a multipart body without the part, or cut short within it. */
export async function* filePart(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = openReader(source)
  try {
    yield* fileIn(reader)
  } finally {
    await reader.close()
  }
}

async function* fileIn(reader: Reader): AsyncGenerator<Uint8Array> {
  if (!(await reader.peek(dashes.length)).equals(dashes)) return yield* reader.rest()
  const boundary = await reader.line(lineEnd, maxLineBytes)
  const delimiter = Buffer.concat([lineEnd, boundary])
  // The line after a delimiter is empty, but for the dashes behind the last one.
  for (let after: Buffer = Buffer.alloc(0); after.length === 0; after = await reader.line(lineEnd, maxLineBytes)) {
    const headers = (await reader.line(headersEnd, maxPartHeaderBytes)).toString('utf8')
    if (isFile(headers)) return yield* reader.until(delimiter)
    for await (const _ of reader.until(delimiter));
  }
  throw invalid(part)
}

function isFile(headers: string): boolean {
  const [disposition = ''] = /^content-disposition:.*$/im.exec(headers) ?? []
  return new RegExp(`[;\\s]name="?${part}"?(?:[;\\s]|$)`, 'i').test(disposition)
}

type Reader = ReturnType<typeof openReader>

function openReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]()
  let held = Buffer.alloc(0)
  let ended = false

  async function more(): Promise<boolean> {
    const { value, done } = await chunks.next()
    if (done === true) ended = true
    else held = held.length === 0 ? Buffer.from(value) : Buffer.concat([held, value])
    return !ended
  }

  function take(length: number): Buffer {
    const taken = held.subarray(0, length)
    held = held.subarray(length)
    return taken
  }

  return {
    async close(): Promise<void> {
      await chunks.return?.()
    },
    /** Fewer when the source has no more. */
    async peek(length: number): Promise<Buffer> {
      while (held.length < length && (await more()));
      return held.subarray(0, length)
    },
    /** What stands before `end`, which is taken too. */
    async line(end: Buffer, maxBytes: number): Promise<Buffer> {
      for (;;) {
        const at = held.indexOf(end)
        if (at >= 0 && at <= maxBytes) {
          const line = take(at)
          take(end.length)
          return line
        }
        if (held.length > maxBytes || !(await more())) throw invalid(part)
      }
    },
    /** What stands before `end`, in chunks; `end` is taken too. */
    async *until(end: Buffer): AsyncGenerator<Uint8Array> {
      for (;;) {
        const at = held.indexOf(end)
        if (at >= 0) {
          if (at > 0) yield take(at)
          take(end.length)
          return
        }
        // The last bytes may be the beginning of `end`.
        const safe = held.length - end.length + 1
        if (safe > 0) yield take(safe)
        if (!(await more())) throw invalid(part)
      }
    },
    async *rest(): AsyncGenerator<Uint8Array> {
      while (held.length > 0 || (await more())) if (held.length > 0) yield take(held.length)
    },
  }
}
