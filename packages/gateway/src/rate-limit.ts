import { RelayError } from '@lienthong/core'

export interface RateLimit {
  /** Counts one call. Throws RATE_LIMITED with `retryAfterSeconds`. */
  take(name: string): void
  /** Throws the same when `take` would; counts nothing. */
  check(name: string): void
}

/** Names remembered; past it, those with a full bucket go. */
const maxNames = 10_000

/** A bucket a name: `perMinute` calls at once, filled again evenly. */
export function openRateLimit(options: { readonly perMinute: number; readonly now: () => number }): RateLimit {
  const { perMinute, now } = options
  const perMs = perMinute / 60_000
  const buckets = new Map<string, { left: number; at: number }>()

  function forgetFull(at: number): void {
    for (const [name, bucket] of buckets) {
      if (bucket.left + (at - bucket.at) * perMs >= perMinute) buckets.delete(name)
    }
  }

  /** What is left for one more call. */
  function leftAt(name: string, at: number): number {
    const bucket = buckets.get(name) ?? { left: perMinute, at }
    const left = Math.min(perMinute, bucket.left + Math.max(0, at - bucket.at) * perMs)
    if (left >= 1) return left
    throw new RelayError('RATE_LIMITED', { detail: { retryAfterSeconds: Math.ceil((1 - left) / perMs / 1000) } })
  }

  return {
    take(name) {
      const at = now()
      const left = leftAt(name, at)
      if (buckets.size >= maxNames && !buckets.has(name)) forgetFull(at)
      buckets.set(name, { left: left - 1, at })
    },
    check(name) {
      leftAt(name, now())
    },
  }
}
