import { fieldProblems } from './field-warnings.ts'
import { elementAt } from './header-elements.ts'
import { written } from './header-sink.ts'
import { defaultLimits } from './limits.ts'
import { notEdxml, type Refusal } from './not-edxml.ts'
import { isCode } from './organ-shape.ts'
import type { HeaderWarningCode } from './warning.ts'

/** What a field may be given; null, undefined and '' leave it out. */
export type FieldValue = string | number | boolean | null | undefined

/** Anything outside XML 1.0's Char production, lone surrogates included. */
const notAllowed = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

/** What the reader would warn of is not written. The word null for a code is an empty one. */
const refusalOf: Partial<Record<HeaderWarningCode, Refusal>> = {
  FIELD_TOO_LONG: 'too-long',
  FIELD_ODD_CHARACTERS: 'hidden-character',
  ORGAN_ID_NULL: 'required',
}

/**
 * `value` as the text of the element at `path`, '' when there is nothing to write. Throws NOT_EDXML
 * `character`, `hidden-character`, `too-long` or `format` (of a date, time, number or organisation's code), naming the field.
 */
export function fieldText(path: string, value: FieldValue): string {
  const text = value === null || value === undefined ? null : written(String(value))
  if (text === null) return ''
  const field = nameOf(path)
  if (notAllowed.test(text)) throw notEdxml('character', { field })
  const [problem] = fieldProblems(elementAt(path), text)
  if (problem !== undefined) throw notEdxml(refusalOf[problem.code] ?? 'format', { ...problem.detail, field })
  if (field === 'OrganId' && !isCode(text)) throw notEdxml('format', { field })
  const limit = defaultLimits.maxFieldLength
  if (text.length > limit) throw notEdxml('too-long', { field, limit })
  return text
}

/** `value` itself when it is one of `allowed`, or not given. Throws NOT_EDXML `format`. */
export function oneOf<T extends number | null | undefined>(path: string, value: T, allowed: readonly number[]): T {
  if (typeof value === 'number' && !allowed.includes(value)) throw notEdxml('format', { field: nameOf(path) })
  return value
}

/** The last name of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Packets carry no time zone; all of Vietnam is seven hours ahead of UTC. */
const vietnamOffsetMs = 7 * 3_600_000

/** `2025/07/01`, in Vietnam, at `ms` since the epoch. */
export function formatDate(ms: number): string {
  return formatTimestamp(ms).slice(0, 10)
}

/** `2025/07/01 08:30:00`, in Vietnam, at `ms` since the epoch. Throws NOT_EDXML `format`. */
export function formatTimestamp(ms: number): string {
  const at = new Date(ms + vietnamOffsetMs)
  const year = at.getUTCFullYear()
  if (!(year >= 1 && year <= 9999)) throw notEdxml('format', { field: 'Timestamp' })
  return at.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
}
