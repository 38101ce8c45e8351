/** When a webhook that failed is tried again, and when it is no use any more. */

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Pauses after the first, second, … failure in a row; the last one repeats. */
const pausesMs = [5_000, 30_000, 2 * minuteMs, 10 * minuteMs, 30 * minuteMs, hourMs, 3 * hourMs, 6 * hourMs] as const
const longestPauseMs = 6 * hourMs

/** A webhook that has failed for so long is paused: its owner must look at it. */
export const hookPatienceMs = 5 * 24 * hourMs

export interface HookTrouble {
  /** Failures in a row. */
  readonly failures: number
  readonly failingSince: number | null
}

export interface HookVerdict extends HookTrouble {
  readonly nextAt: number
  readonly pausedAt: number | null
}

/**
 * What follows from one more failure. `random`: 0 … 1, spreads what failed together by up to a fifth. `progress`: something
 * was taken before it, so the trouble begins anew. `gone`: the other side wants no more.
 */
export function afterHookFailure(
  before: HookTrouble,
  { now, random, progress, gone }: { now: number; random: number; progress: boolean; gone: boolean },
): HookVerdict {
  const failures = progress ? 1 : before.failures + 1
  const failingSince = progress ? now : (before.failingSince ?? now)
  const pauseMs = pausesMs[failures - 1] ?? longestPauseMs
  const givenUp = gone || now - failingSince >= hookPatienceMs
  return {
    failures,
    failingSince,
    nextAt: now + Math.round(pauseMs * (1 + random / 5)),
    pausedAt: givenUp ? now : null,
  }
}
