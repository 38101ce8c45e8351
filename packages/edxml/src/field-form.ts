import { maxLengthOf } from './header-elements.ts'
import { notEdxml } from './not-edxml.ts'

/** `value` itself, of the element at `path`. Throws NOT_EDXML `too-long`. */
export function within(path: string, value: string): string {
  const limit = maxLengthOf(path)
  const field = path.slice(path.lastIndexOf('/') + 1)
  if (value.length > limit && [...value].length > limit) throw notEdxml('too-long', { field, limit })
  return value
}

/** `value` itself when it is `yyyy/MM/dd`. Throws NOT_EDXML `format`. */
export function dated(field: string, value: string): string {
  if (!/^\d{4}\/(0[1-9]|1[0-2])\/(0[1-9]|[12]\d|3[01])$/.test(value)) throw notEdxml('format', { field })
  return value
}

/** `value` itself when it is a whole number from `least` to `most`. Throws NOT_EDXML `format`. */
export function whole(field: string, value: number, [least, most]: readonly [number, number]): number {
  if (!Number.isInteger(value) || value < least || value > most) throw notEdxml('format', { field })
  return value
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
