/** A result of the bench: what was measured beside what it is compared with. */
export interface Figure {
  /** `relay/shovel 5KiB 3 hops`. */
  readonly name: string
  /** The rival's or the earlier value; null when there is none. */
  readonly reference: number | null
  readonly measured: number
  readonly unit: 'docs/s' | 'MB/s' | 'ms' | 's' | 'MB' | '% of a core' | 'bytes'
  /** Runs of which each value is the median. */
  readonly runs: number
}

/** `relay/shovel 5KiB 3 hops: 2.31x (5210 against 2255 docs/s, medians of 3)`. */
export function lineOf({ name, reference, measured, unit, runs }: Figure): string {
  const of = runs > 1 ? `, medians of ${runs}` : ''
  if (reference === null) return `${name}: ${shown(measured)} ${unit}${runs > 1 ? ` (median of ${runs})` : ''}`
  return `${name}: ${(measured / reference).toFixed(2)}x (${shown(measured)} against ${shown(reference)} ${unit}${of})`
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(3)
}
