/** Files that hold a secret: mode 0600, whole or not there. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RelayError } from '@lienthong/core'
import { systemReason } from './config/read-file.ts'

/** In the place of whatever has that name. Throws FILE_UNWRITABLE. */
export async function writePrivateFile(path: string, text: string, shown = path): Promise<void> {
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  let handle: FileHandle | null = null
  try {
    handle = await open(part, 'wx', 0o600)
    await handle.writeFile(text)
    await handle.sync()
    await handle.close()
    await rename(part, path)
  } catch (cause) {
    await handle?.close().catch(() => undefined)
    await rm(part, { force: true })
    throw new RelayError('FILE_UNWRITABLE', { detail: { file: shown, reason: systemReason(cause) }, cause })
  }
}
