/**
 * Codes of organisations in their two written forms, and what a code alone says about its ancestors.
 *
 *   old form (QCVN 102:2016)   000.25.31.H05   read right to left, zeros = level unused
 *   new form (QD 20/2020)      H29.18.05       read left to right, one group per level
 *
 * Codes on the wire are never repaired; they are compared through `lookupKey`. Real ones break the
 * strict forms (`000.302.36.H05`, `28.22.H17`), so recognition is lenient. Hierarchy comes from the
 * directory; positions are only the fallback for codes the directory does not list.
 */
import type { OrganId } from './document.ts'

/** Longest code in the new form, characters. */
const maxNewFormLength = 35

const oldForm = /^\d+(?:\.\d+){1,3}\.[A-Z]+\d+$/
const newForm = /^[A-Z]\d{2}(?:\.[0-9A-Z]+){0,10}$/
const allZeros = /^0+$/

/** The one form codes are compared in: without surrounding space, upper case. */
export function lookupKey(code: OrganId): string {
  return code.trim().toUpperCase()
}

/** True for codes read right to left, `000.25.31.H05`. Takes any spelling. */
export function isOldForm(code: string): boolean {
  return oldForm.test(lookupKey(code))
}

/** True for codes read left to right, `H29.18.05`. Takes any spelling. */
export function isNewForm(code: string): boolean {
  const key = lookupKey(code)
  return key.length <= maxNewFormLength && newForm.test(key)
}

/** Keys of the ancestors a code implies, nearest first; `by` says how. Empty for any other form. */
export function impliedAncestors(code: string): {
  readonly by: 'prefix' | 'zeroing'
  readonly keys: readonly string[]
} {
  const key = lookupKey(code)
  if (isNewForm(key)) return { by: 'prefix', keys: prefixes(key) }
  return { by: 'zeroing', keys: isOldForm(key) ? zeroings(key) : [] }
}

function prefixes(key: string): string[] {
  const keys: string[] = []
  for (let end = key.lastIndexOf('.'); end > 0; end = key.lastIndexOf('.', end - 1)) keys.push(key.slice(0, end))
  return keys
}

/** Zeroes the leftmost non-zero group, again and again. A zeroed group has its regular width (3, 2, 2). */
function zeroings(key: string): string[] {
  const groups = key.split('.')
  const keys: string[] = []
  for (let place = 0; place < groups.length - 1; place++) {
    if (allZeros.test(groups[place] ?? '')) continue
    groups[place] = groups.length === 4 && place === 0 ? '000' : '00'
    keys.push(groups.join('.'))
  }
  return keys
}
