/** Small files that are on disk whole, or not there. */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RelayError } from '@lienthong/core'
import { systemReason } from './config/read-file.ts'

interface FileOptions {
  /** Less the mask of the process. @default 0o600, for what holds a secret */
  readonly mode?: number
  /** The name that a refusal carries. @default the path */
  readonly shown?: string
}

/** Never over what has that name already. Throws FILE_UNWRITABLE. */
export async function createFile(path: string, text: string, { mode = 0o600, shown = path }: FileOptions = {}) {
  await writable(shown, () => writeNew(path, text, mode))
}

/** In the place of whatever has that name. `was`: only if it still holds that, else the reason is EBUSY. Throws FILE_UNWRITABLE. */
export async function replaceFile(
  path: string,
  text: string,
  { mode = 0o600, shown = path, was }: FileOptions & { readonly was?: string } = {},
) {
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  await writable(shown, async () => {
    try {
      await writeNew(part, text, mode)
      if (was !== undefined && (await readFile(path, 'utf8')) !== was) {
        throw Object.assign(new Error('changed'), { code: 'EBUSY' })
      }
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
    // The new name as well.
    const folder = await open(dirname(path), 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  })
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writable(shown: string, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (cause) {
    throw new RelayError('FILE_UNWRITABLE', { detail: { file: shown, reason: systemReason(cause) }, cause })
  }
}
