/**
 * Codes of organisations in their two written forms, and what a code alone says about its place.
 *
 *   old form (QCVN 102:2016)   000.25.31.H05   read right to left, zeros = level unused
 *   new form (QD 20/2020)      H29.18.05       read left to right, one group per level
 *
 * Codes on the wire are never repaired; they are compared through `lookupKey`. Real ones break the
 * strict forms (`000.302.36.H05`, `28.22.H17`), so recognition is lenient unless asked otherwise.
 * Hierarchy comes from the directory; positions are only the fallback for codes it does not list.
 */
import type { OrganId } from './document.ts'

/** `strict`: exactly as the rule writes it. `lenient`: any spelling, and the ways real codes bend it. */
export type Recognition = 'strict' | 'lenient'

/** Longest code in the new form, characters. */
const maxNewFormLength = 35

const oldForms = { strict: /^\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}$/, lenient: /^\d+(?:\.\d+){1,3}\.[A-Z]+\d+$/ }
const newForms = { strict: /^[A-Z]\d{2}(?:\.[0-9A-Z]+)*$/, lenient: /^[A-Z]\d{2}(?:\.[0-9A-Z]+){0,10}$/ }
const codeShape = /^[0-9A-Za-z][0-9A-Za-z._-]{0,34}$/
const allZeros = /^0+$/
const digits = /^\d+$/

/** Digits of an old form's groups, outermost level first: level 2, 3 and 4. */
const groupWidths = [2, 2, 3] as const

/** The one form codes are compared in: without surrounding space, upper case. Nothing else is changed. */
export function lookupKey(code: OrganId): string {
  return code.trim().toUpperCase()
}

/**
 * True for what can stand as a code at all, of either form or none (`vxp.saas.02`): 1 to 35 letters,
 * digits, `.`, `_` and `-`, so that no pattern, path or header takes a part of it for its own.
 */
export function isCode(text: string): boolean {
  return codeShape.test(text)
}

/** True for codes read right to left, `000.25.31.H05`. */
export function isOldForm(code: string, as: Recognition = 'lenient'): boolean {
  return oldForms[as].test(as === 'strict' ? code : lookupKey(code))
}

/** True for codes read left to right, `H29.18.05`. */
export function isNewForm(code: string, as: Recognition = 'lenient'): boolean {
  const written = as === 'strict' ? code : lookupKey(code)
  return written.length <= maxNewFormLength && newForms[as].test(written)
}

/** How deep a code says its organisation is, 1 = ministry or province; null for a code of neither form. */
export function levelOf(code: string): number | null {
  const key = lookupKey(code)
  const groups = key.split('.')
  if (isNewForm(key)) return groups.length
  return isOldForm(key) ? groups.length - groups.findIndex((group) => !allZeros.test(group)) : null
}

/** Key of the superior a code implies: last group dropped, or leftmost used one zeroed. null at the top and for neither form. */
export function parentCode(code: string): string | null {
  return impliedAncestors(code).keys[0] ?? null
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

/**
 * `000.00.18.G12` → `G12.18`: groups reversed, unused levels dropped, leading zeros kept. null when
 * the code is not of the old form, or skips a level (the new form cannot say so).
 *
 * Numbers have been given out anew, so this is a guess and never outranks what a directory lists.
 */
export function toNewForm(code: string): string | null {
  const key = lookupKey(code)
  if (!isOldForm(key)) return null
  const groups = key.split('.').toReversed()
  while (allZeros.test(groups.at(-1) ?? '')) groups.pop()
  const converted = groups.join('.')
  return !groups.some((group) => allZeros.test(group)) && isNewForm(converted) ? converted : null
}

/**
 * `G12.18` → `000.00.18.G12`, numbers filled to the width of their group. null when the code is not
 * of the new form, lies deeper than level 4, or has a group that is zero or no number. As much a guess as `toNewForm`.
 */
export function toOldForm(code: string): string | null {
  const key = lookupKey(code)
  if (!isNewForm(key)) return null
  const [top = '', ...below] = key.split('.')
  if (below.length > groupWidths.length) return null
  if (below.some((group) => !digits.test(group) || allZeros.test(group))) return null
  const groups = groupWidths.map((width, index) => (below[index] ?? '').padStart(width, '0'))
  return [...groups.toReversed(), top].join('.')
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
