/** Middle value, the mean of the two middle ones for an even count. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Smallest value that is at least as large as `share` (0 … 1) of all values: nearest rank. NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = ascending(values)
  const rank = Math.max(1, Math.ceil(share * sorted.length))
  return sorted[rank - 1] ?? Number.NaN
}

function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b)
}
