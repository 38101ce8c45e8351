/** How bad a measured value is, by the bounds somebody set; as monitoring systems count it. */

/** Mildest first, with the exit code of a check: those of monitoring plugins. */
export const healthLevels = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const
export type HealthLevel = keyof typeof healthLevels

export interface HealthBound {
  readonly warning: number
  readonly critical: number
  /** On which side of the bound it is bad. At the bound it is. */
  readonly bad: 'above' | 'below'
}

/** A value that is not known is `unknown`, one without bounds is `ok`. */
export function healthLevelOf(value: number | null, bound: HealthBound | null): HealthLevel {
  if (bound === null) return 'ok'
  if (value === null) return 'unknown'
  const reaches = (limit: number) => (bound.bad === 'above' ? value >= limit : value <= limit)
  return reaches(bound.critical) ? 'critical' : reaches(bound.warning) ? 'warning' : 'ok'
}

/** The worst of them: what is known to be bad counts more than what is not known. */
export function worstLevel(levels: readonly HealthLevel[]): HealthLevel {
  const order: readonly HealthLevel[] = ['critical', 'unknown', 'warning']
  return order.find((level) => levels.includes(level)) ?? 'ok'
}
