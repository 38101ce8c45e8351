/** A .tar.gz of a few small texts, by the `tar` of the system. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import { RelayError } from '@lienthong/core'
import { systemReason } from '../config/read-file.ts'

export interface ArchiveMember {
  /** Without folders. */
  readonly name: string
  readonly text: string
}

/** Everything under one folder of that name. Throws FILE_UNWRITABLE. */
export async function* archiveOf(folder: string, members: readonly ArchiveMember[]): AsyncIterable<Uint8Array> {
  const refuse = (cause: unknown, reason = systemReason(cause)) =>
    new RelayError('FILE_UNWRITABLE', { detail: { file: 'tar', reason }, cause })
  const place = await mkdtemp(join(tmpdir(), 'lienthong-')).catch((error: unknown) => {
    throw refuse(error)
  })
  try {
    await mkdir(join(place, folder), { mode: 0o700 })
    for (const { name, text } of members) await writeFile(join(place, folder, name), text, { mode: 0o600 })
    const names = members.map(({ name }) => `${folder}/${name}`)
    const tar = spawn('tar', ['-c', '-f', '-', '--owner=0', '--group=0', '-C', place, '--', ...names], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = once(tar, 'close').then(([exit]) => {
      if (exit !== 0) throw refuse(undefined, `exit ${String(exit)}`)
    })
    // Told when the bytes have been read; until then it must not end the process.
    ended.catch(() => undefined)
    yield* tar.stdout.pipe(createGzip()) as AsyncIterable<Uint8Array>
    await ended.catch((error: unknown) => {
      throw error instanceof RelayError ? error : refuse(error)
    })
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
