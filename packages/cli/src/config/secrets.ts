import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Language, phrase } from '@lienthong/core'
import { readSmallFile, unreadable } from './read-file.ts'
import type { SecretSource } from './schema.ts'

const maxSecretBytes = 64 * 1024

type Say = (language: Language) => string

export type FoundSecret =
  | { readonly value: string; readonly warning: Say | null }
  | { readonly value: null; readonly problem: Say }

export interface SecretPlaces {
  /** Folder that relative paths start at. */
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Fetches a secret from its file (one newline at the end is not part of it) or environment variable. */
export async function findSecret(source: SecretSource, places: SecretPlaces): Promise<FoundSecret> {
  if ('env' in source) {
    const value = places.env[source.env]
    if (value !== undefined && value !== '') return { value, warning: null }
    return { value: null, problem: (language) => phrase(language, 'config.envMissing', { name: source.env }) }
  }
  const file = resolve(places.dir, source.file)
  try {
    const text = await readSmallFile(file, { shown: source.file, maxBytes: maxSecretBytes })
    const value = text.replace(/\r?\n$/, '')
    if (value === '') {
      return { value: null, problem: (language) => phrase(language, 'config.secretEmpty', { file: source.file }) }
    }
    return { value, warning: await openToOthers(file, source.file) }
  } catch (error) {
    return { value: null, problem: unreadable(error, source.file) }
  }
}

/** A warning when people other than the owner and the group may read the file; null when not. */
async function openToOthers(file: string, shown: string): Promise<Say | null> {
  const { mode } = await stat(file)
  if ((mode & 0o007) === 0) return null
  const written = (mode & 0o777).toString(8).padStart(4, '0')
  return (language) => phrase(language, 'config.openToOthers', { file: shown, mode: written })
}
