/** A whole number of at most 15 digits as people write it, no sign, no exponent; null for anything else. */
export function parseWhole(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}
