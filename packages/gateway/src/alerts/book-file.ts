/** `alerts.json`: what was said and what waits to be, in one file that is whole or the one before. */
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyAlertWay } from '@lienthong/core'
import type { AlertBook } from './contract.ts'

const fileVersion = 1

export const emptyAlertBook: AlertBook = { conditions: [], ways: { mail: emptyAlertWay, webhook: emptyAlertWay } }

/** Empty when there is none; null when what is there cannot be read as one. */
export async function readAlertBook(dataDir: string): Promise<AlertBook | null> {
  try {
    const found = JSON.parse(await readFile(bookFile(dataDir), 'utf8')) as AlertBook & { readonly version?: unknown }
    if (found.version !== fileVersion) return null
    const { conditions, ways } = found
    return { conditions: [...conditions], ways: { mail: wayOf(ways.mail), webhook: wayOf(ways.webhook) } }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? emptyAlertBook : null
  }
}

/** Resolves when it is on disk. */
export async function writeAlertBook(dataDir: string, book: AlertBook): Promise<void> {
  const file = bookFile(dataDir)
  const next = `${file}.next`
  const handle = await open(next, 'w', 0o600)
  try {
    await handle.writeFile(JSON.stringify({ version: fileVersion, ...book }))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, file)
  const folder = await open(dataDir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function bookFile(dataDir: string): string {
  return join(dataDir, 'alerts.json')
}

/** A way may be new since the file was written. */
function wayOf(found: Partial<AlertBook['ways']['mail']> | undefined): AlertBook['ways']['mail'] {
  return { ...emptyAlertWay, ...found, queue: [...(found?.queue ?? [])] }
}
