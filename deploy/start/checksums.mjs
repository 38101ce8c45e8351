/** SHA-256 of every file of a folder, in the form of `sha256sum`. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const file = 'SHA256SUMS'

/**
 * @param {string} folder
 * @returns {string} a line a file, sorted by path
 */
export function checksumsOf(folder) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => path !== file)
    .sort()
  return paths.map((path) => `${digestOf(join(folder, path))}  ${path}\n`).join('')
}

/**
 * The first path that is not what SHA256SUMS says, is missing, or is not in it; null when there is none.
 *
 * @param {string} folder
 */
export function firstDifference(folder) {
  const said = new Set(readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean))
  const found = checksumsOf(folder).split('\n').filter(Boolean)
  const other = found.find((line) => !said.delete(line)) ?? said.values().next().value
  return other?.split('  ').slice(1).join('  ') ?? null
}

/** @param {string} path */
function digestOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
