import { createInflateRaw } from 'node:zlib'
import { refuseAttachment } from './attachment-refusal.ts'
import type { ByteReader } from './byte-reader.ts'

/** A raw DEFLATE stream of unknown length at the head of `reader`. */
export interface Inflater {
  /**
   * What it holds, in pieces of at most 64 KiB; what stands behind its end is left in the reader. One
   * piece is asked of zlib at a time, so a bomb costs no more than what has been taken out of it.
   * Throws ATTACHMENT_TRUNCATED and ATTACHMENT_ZIP_INVALID.
   */
  pieces(): AsyncGenerator<Buffer, undefined>
  /** Compressed bytes taken so far. */
  readonly consumed: number
}

const outputBytes = 64 * 1024

export function openInflater(reader: ByteReader): Inflater {
  const zlib = createInflateRaw({ chunkSize: outputBytes })
  let given = 0

  async function* pieces(): AsyncGenerator<Buffer, undefined> {
    let failure: unknown
    let written = true
    let wake = (): void => {}
    zlib.on('readable', () => wake())
    zlib.on('end', () => wake())
    zlib.on('error', (cause) => {
      failure = cause
      wake()
    })

    /** All that zlib makes of what it was last given. */
    async function* drain(isDone: () => boolean): AsyncGenerator<Buffer, undefined> {
      for (;;) {
        const piece = zlib.read() as Buffer | null
        if (piece !== null) yield piece
        else if (failure !== undefined) throw fault(failure)
        else if (isDone()) return
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    }

    try {
      for (;;) {
        const bytes = await reader.next()
        if (bytes === null) break
        given += bytes.length
        written = false
        zlib.write(bytes, () => {
          written = true
          wake()
        })
        yield* drain(() => written)
        // The stream ends where zlib stops taking bytes.
        if (zlib.bytesWritten < given) {
          reader.unread(bytes.subarray(bytes.length - (given - zlib.bytesWritten)))
          return
        }
      }
      zlib.end()
      yield* drain(() => zlib.readableEnded)
    } finally {
      zlib.destroy()
    }
  }

  return {
    pieces,
    get consumed() {
      return zlib.bytesWritten
    },
  }
}

function fault(cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? cause.code : ''
  if (code === 'Z_BUF_ERROR') return refuseAttachment('ATTACHMENT_TRUNCATED', {}, cause)
  return refuseAttachment('ATTACHMENT_ZIP_INVALID', { part: 'deflate' }, cause)
}
