/** Instants as people write them in a file, and as the program writes them there. */

const form = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/**
 * Milliseconds since 1970 of `2026-07-01` (midnight UTC), `2026-07-01T08:00:00+07:00`, or a whole number of
 * them; null for anything else, also for a day that no month has.
 */
export function parseInstant(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : null
  const day = typeof value === 'string' ? form.exec(value)?.[1] : undefined
  // 31 June would be read as 1 July.
  if (day === undefined || !isDay(day)) return null
  const parsed = Date.parse(String(value))
  return Number.isNaN(parsed) || parsed < 0 ? null : parsed
}

function isDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

/** `2026-07-01T00:00:00Z`, to the second. */
export function writtenInstant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
