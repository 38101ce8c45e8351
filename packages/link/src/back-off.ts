/** When to try again: doubling from `firstMs` to `maxMs`, and half of it left to chance so that many do not come at once. */
export interface BackOff {
  readonly firstMs: number
  readonly maxMs: number
}

/**
 * Milliseconds until the next try. `failures` counts tries in vain so far, 0 for the first.
 * `random` is in [0, 1): the delay lies between half and all of the doubled time.
 */
export function retryDelayMs(failures: number, backOff: BackOff, random: number): number {
  const ceiling = Math.min(backOff.maxMs, backOff.firstMs * 2 ** Math.min(failures, 30))
  return ceiling * (0.5 + random / 2)
}
