/** Small things about files that the standard library leaves to its callers. */
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises'
import { RelayError } from '@lienthong/core'

/** Mode of every file here; directories are 0700. */
export const privateFile = 0o600

export async function makePrivateDirectory(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
}

/** Makes the names in a directory durable: created, renamed, linked or removed. */
export async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes all of it at `position`; a single write may take less. */
export async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, position + done)
    done += bytesWritten
  }
}

/** Reads up to `length` bytes from `position`; fewer only at the end of the file. The result owns its buffer. */
export async function readFully(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done === length ? bytes : bytes.slice(0, done)
}

/** Removes a file; one that is not there is as good. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (!isMissing(error)) throw diskError(error)
  }
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT'
}

/** A file system error under the project's codes; others unchanged. */
export function diskError(error: unknown): unknown {
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new RelayError('DISK_FULL', { cause: error })
  if (code?.startsWith('E') === true) return new RelayError('STORE_FAILED', { detail: { reason: code }, cause: error })
  return error
}

function codeOf(error: unknown): string | undefined {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown }
  return typeof code === 'string' && syscall !== undefined ? code : undefined
}

/** Names of files come from other nodes (uid, digest): only these are let near a path. Throws FRAME_INVALID. */
export function hexName(name: string): string {
  if (!/^[0-9a-f]{64}$/.test(name)) throw new RelayError('FRAME_INVALID', { detail: { name } })
  return name
}

/** Runs tasks about one name one after the other, different names side by side. */
export class NameQueue {
  readonly #last = new Map<string, Promise<unknown>>()

  async run<Result>(name: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name)
    const mine = before === undefined ? task() : before.then(task, task)
    this.#last.set(name, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name)
    }
  }
}
