/**
 * Which codes a node may announce: those it was given, and what lies below them.
 *
 * A code lies below another when its own form says so (`H29.18.05` below `H29.18`, `000.05.18.H29` below
 * `000.00.18.H29`), or when its other written form does. The second is a guess, as everywhere; where it makes two
 * nodes claim one code, the merge decides.
 */
import type { OrganId } from './document.ts'
import { impliedAncestors, lookupKey, toNewForm, toOldForm } from './organisation-code.ts'

export interface Delegation {
  /** null: every code, as for the top of an axis. */
  readonly codes: readonly OrganId[] | null
  covers(code: OrganId): boolean
}

/** Every code there is. */
export const everyCode: Delegation = { codes: null, covers: () => true }

/** These codes and what lies below them. */
export function delegationOf(codes: readonly OrganId[]): Delegation {
  const given = new Set<string>()
  for (const code of codes) {
    given.add(lookupKey(code))
    const converted = otherForm(code)
    if (converted !== null) given.add(converted)
  }
  const holds = (code: string) => given.has(code) || impliedAncestors(code).keys.some((key) => given.has(key))
  return {
    codes,
    covers(code) {
      if (given.size === 0) return false
      const key = lookupKey(code)
      if (holds(key)) return true
      const converted = otherForm(key)
      return converted !== null && holds(converted)
    },
  }
}

/**
 * The first code given to two; null when there is none. One may lie below another's: that is how a unit leaves the one
 * it lay in (each may announce it, and of two that do the merge chooses), and is decided where it is given.
 */
export function givenTwice(
  given: Iterable<{ readonly id: string; readonly delegates: readonly OrganId[] }>,
): OrganId | null {
  const owners = new Map<string, string>()
  for (const { id, delegates } of given) {
    for (const code of delegates) {
      const key = lookupKey(code)
      const owner = owners.get(key) ?? id
      if (owner !== id) return key
      owners.set(key, owner)
    }
  }
  return null
}

function otherForm(code: string): string | null {
  return toNewForm(code) ?? toOldForm(code)
}
