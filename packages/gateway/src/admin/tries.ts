/**
 * Wrong keys, counted by where they come from. Nobody guesses 160 random bits; what this ends is the noise of trying, and
 * it makes trying visible.
 */
import { RelayError } from '@lienthong/core'

export interface Tries {
  /** Throws OPERATOR_LOCKED with `retryAfterSeconds` while one of these names is shut out, also for the right key. */
  check(names: readonly TryName[]): void
  /** Counts a wrong key; true when one of the names is shut out by it. */
  failed(names: readonly TryName[]): boolean
  /** The right key: forgets what was wrong before. */
  succeeded(names: readonly TryName[]): void
}

/** What tries are counted under, and how many wrong ones shut it out. */
export interface TryName {
  readonly name: string
  readonly limit: number
}

/** Wrong keys count for this long after the newest of them, and shut out for as long, ms. */
export const tryWindowMs = 15 * 60_000
/** Names remembered; past it the one longest untouched goes. */
const maxNames = 10_000

export function openTries(now: () => number): Tries {
  /** In the order in which they were touched. */
  const counts = new Map<string, { wrong: number; at: number }>()

  function countOf(name: string): { wrong: number; at: number } | undefined {
    const count = counts.get(name)
    if (count === undefined || now() - count.at < tryWindowMs) return count
    counts.delete(name)
    return undefined
  }

  return {
    check(names) {
      for (const { name, limit } of names) {
        const count = countOf(name)
        if (count === undefined || count.wrong < limit) continue
        const retryAfterSeconds = Math.ceil((count.at + tryWindowMs - now()) / 1000)
        throw new RelayError('OPERATOR_LOCKED', { detail: { retryAfterSeconds } })
      }
    },
    failed(names) {
      let locked = false
      for (const { name, limit } of names) {
        const wrong = (countOf(name)?.wrong ?? 0) + 1
        counts.delete(name)
        counts.set(name, { wrong, at: now() })
        locked ||= wrong === limit
      }
      while (counts.size > maxNames) counts.delete(counts.keys().next().value ?? '')
      return locked
    },
    succeeded(names) {
      for (const { name } of names) counts.delete(name)
    },
  }
}
