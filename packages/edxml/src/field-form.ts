import { notEdxml } from './not-edxml.ts'

/** Longest values in characters [NĐ 30/2020, Phụ lục VI; OrganId: QCVN 102:2016 sửa đổi 1:2022]. */
export const maxLengths = {
  OrganId: 35,
  OrganName: 200,
  CodeNumber: 11,
  CodeNotation: 30,
  TypeName: 100,
  Subject: 500,
  Description: 500,
  Position: 100,
  FullName: 50,
} as const

/** `value` itself. Throws NOT_EDXML `too-long`. */
export function within(field: keyof typeof maxLengths, value: string): string {
  const limit = maxLengths[field]
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
