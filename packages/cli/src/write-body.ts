/** Brings a packet to a file or standard output, whole or not at all. */
import { type FileHandle, lstat, open, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import { systemReason } from './config/read-file.ts'
import { drained } from './drained.ts'
import type { Terminal } from './terminal.ts'

/**
 * `out` is a path, or `-` for standard output. A file appears under its name only when all of it is on
 * disk; what was there before is replaced then, not sooner. `mode` of the
 * file, less the mask of the process. Throws FILE_UNWRITABLE, and what `body` throws.
 */
export async function writeBody(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  out: string,
  terminal: Pick<Terminal, 'stdout' | 'workingDir'>,
  { mode = 0o666 }: { readonly mode?: number } = {},
): Promise<void> {
  if (out === '-') return writeStream(body, terminal.stdout)
  const target = await targetOf(resolve(terminal.workingDir, out))
  const unwritable = (cause: unknown) =>
    new RelayError('FILE_UNWRITABLE', { detail: { file: out, reason: systemReason(cause) }, cause })
  const attempt = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step()
    } catch (error) {
      throw unwritable(error)
    }
  }
  // A device or a pipe cannot be renamed into place; it takes the bytes as they come.
  const path = target.regular
    ? join(dirname(target.path), `.${basename(target.path)}.${process.pid}.part`)
    : target.path
  try {
    const handle = await attempt(() => open(path, target.regular ? 'wx' : 'w', mode))
    try {
      for await (const chunk of body) await attempt(() => writeAll(handle, chunk))
      if (target.regular) await attempt(() => handle.sync())
    } finally {
      await handle.close()
    }
    if (target.regular) await attempt(() => rename(path, target.path))
  } catch (error) {
    if (target.regular) await rm(path, { force: true })
    throw error
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    offset += (await handle.write(chunk, offset)).bytesWritten
  }
}

async function writeStream(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  stdout: NodeJS.WritableStream,
): Promise<void> {
  for await (const chunk of body) {
    if (!stdout.write(chunk)) await drained(stdout)
  }
}

/** Follows symbolic links, so that the file they point at is the one replaced. */
async function targetOf(path: string): Promise<{ path: string; regular: boolean }> {
  const real = await realpath(path).catch(() => path)
  const found = await lstat(real).catch(() => null)
  return { path: real, regular: found === null || found.isFile() || found.isDirectory() }
}
