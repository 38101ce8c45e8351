/** Sizes and times as people write them. */

const sizeUnits: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
}

const timeUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Bytes of `64MiB`, `1.5 GiB` or a plain whole number of bytes; null when it is none of these. */
export function parseBytes(value: unknown): number | null {
  return typeof value === 'number' ? whole(value) : withUnit(value, sizeUnits)
}

/** Milliseconds of `30s`, `1.5h`, `250ms`; a bare number is null, its unit would be a guess. */
export function parseDuration(value: unknown): number | null {
  return withUnit(value, timeUnits)
}

function withUnit(value: unknown, units: Readonly<Record<string, number>>): number | null {
  if (typeof value !== 'string') return null
  const match = /^(\d{1,15}(?:\.\d{1,6})?) ?([A-Za-z]{1,3})$/.exec(value)
  const factor = match?.[2] !== undefined && Object.hasOwn(units, match[2]) ? units[match[2]] : undefined
  return match?.[1] === undefined || factor === undefined ? null : whole(Number(match[1]) * factor)
}

function whole(value: number): number | null {
  return Number.isSafeInteger(value) && value >= 0 ? value : null
}
