/**
 * From when until when an organisation exists. Days are days in Vietnam (UTC+7, no summer time) and
 * both ends count: valid to `2025-06-30` means closed from midnight on, 2025-06-30T17:00Z.
 */
import type { Organisation } from './directory.ts'
import { directoryFault } from './directory-fault.ts'

/** Half-open, ms; without an end ±Infinity. */
export interface Period {
  readonly from: number
  readonly to: number
}

const dayMs = 86_400_000
const aheadOfUtcMs = 7 * 3_600_000
const dayShape = /^\d{4}-\d{2}-\d{2}$/
const always: Period = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/** The instant at which a day `yyyy-MM-dd` begins in Vietnam, ms; null for what is no day of the calendar. */
export function dayStart(day: string): number | null {
  if (!dayShape.test(day)) return null
  const month = Number(day.slice(5, 7)) - 1
  const date = Number(day.slice(8))
  const midnight = new Date(0)
  midnight.setUTCFullYear(Number(day.slice(0, 4)), month, date)
  // 30 February would be 2 March: only a day that reads back the same exists.
  if (midnight.getUTCMonth() !== month || midnight.getUTCDate() !== date) return null
  return midnight.getTime() - aheadOfUtcMs
}

/** When an organisation exists. Throws RelayError DIRECTORY_INVALID for a day that does not exist, and for an end before the start. */
export function periodOf({ id, validFrom, validTo }: Organisation): Period {
  if (validFrom === undefined && validTo === undefined) return always
  const from = validFrom === undefined ? always.from : dayStart(validFrom)
  const last = validTo === undefined ? always.to : dayStart(validTo)
  if (from === null || last === null) throw directoryFault('no such day', id)
  if (last < from) throw directoryFault('closes before it opens', id)
  return { from, to: last + dayMs }
}

/** Where an instant lies. */
export function phaseOf(period: Period, at: number): 'early' | 'open' | 'closed' {
  if (at < period.from) return 'early'
  return at < period.to ? 'open' : 'closed'
}

/** True when both exist at some instant. */
export function overlap(a: Period, b: Period): boolean {
  return a.from < b.to && b.from < a.to
}

/** Of the instants at which something opens or closes: how many lie behind `at`, the last of them, and the next one; null for none. */
export interface Changes {
  readonly passed: number
  readonly last: number | null
  readonly next: number | null
}

export function changesAt(periods: Iterable<Period>, at: number): Changes {
  const passed = new Set<number>()
  let last = Number.NEGATIVE_INFINITY
  let next = Number.POSITIVE_INFINITY
  for (const period of periods) {
    if (period === always) continue
    for (const instant of [period.from, period.to]) {
      if (!Number.isFinite(instant)) continue
      if (instant <= at) {
        passed.add(instant)
        last = Math.max(last, instant)
      } else if (instant < next) next = instant
    }
  }
  return { passed: passed.size, last: finite(last), next: finite(next) }
}

function finite(instant: number): number | null {
  return Number.isFinite(instant) ? instant : null
}

/** Another day so many days later, or earlier; null for what is no day. */
export function dayAfter(day: string, days: number): string | null {
  if (dayStart(day) === null) return null
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}
