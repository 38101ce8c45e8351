/** A packet out of the mailbox, which goes on where it broke off. */
import { createHash, randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { RelayError } from '@lienthong/core'
import { anySignal } from './any-signal.ts'
import { type HttpLine, unreachable } from './http.ts'

export interface Wanted {
  /** `/v1/mailbox/7/packet` */
  readonly path: string
  readonly size: number
  readonly sha256: string
}

/** Throws DIGEST_MISMATCH behind the last byte. */
export async function* download(
  http: HttpLine,
  { path, size, sha256 }: Wanted,
  given: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  using linked = anySignal([given, http.closing])
  const { signal } = linked
  const patience = http.patience(signal)
  const hash = createHash('sha256')
  let at = 0
  while (at < size) {
    try {
      for await (const chunk of piece(http, { path, sha256, at, signal })) {
        hash.update(chunk)
        at += chunk.byteLength
        if (at > size) throw new RelayError('DIGEST_MISMATCH', { detail: { sha256 } })
        yield chunk
        // Behind it: how long the chunk was worked on is no time the node was away.
        patience.renew()
      }
      if (at < size) throw unreachable(path, new Error('the answer ended early'))
    } catch (error) {
      signal.throwIfAborted()
      await patience.wait(error instanceof RelayError ? error : unreachable(path, error))
    }
  }
  if (hash.digest('hex') !== sha256) throw new RelayError('DIGEST_MISMATCH', { detail: { sha256 } })
}

async function* piece(
  http: HttpLine,
  from: { readonly path: string; readonly sha256: string; readonly at: number; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array, void, undefined> {
  const { path, sha256, at, signal } = from
  const headers = at === 0 ? {} : { range: `bytes=${at}-`, 'if-range': `"${sha256}"` }
  const response = await http.open({ method: 'GET', path, headers, signal })
  if (at > 0 && response.status !== 206) {
    await response.body?.cancel()
    throw new RelayError('ANSWER_INVALID', { detail: { status: response.status, reason: 'no range' } })
  }
  if (response.body !== null) yield* response.body as unknown as AsyncIterable<Uint8Array>
}

/** All of it at `path`, checked and on disk, or nothing. Throws FILE_UNWRITABLE. */
export async function save(packet: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const part = `${path}.${randomUUID()}.part`
  const file = await open(part, 'wx', 0o600).catch((cause: unknown) => unwritable(path, cause))
  try {
    try {
      for await (const chunk of packet) await file.writeFile(chunk).catch((cause: unknown) => unwritable(path, cause))
      await file.sync().catch((cause: unknown) => unwritable(path, cause))
    } finally {
      await file.close()
    }
    await rename(part, path).catch((cause: unknown) => unwritable(path, cause))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

function unwritable(file: string, cause: unknown): never {
  throw new RelayError('FILE_UNWRITABLE', { detail: { file }, cause })
}
