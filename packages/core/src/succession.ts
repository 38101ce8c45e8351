/** Who stands for an organisation that has closed: one (merged, renamed), several (split), or nobody. */
import type { Organisation } from './directory.ts'
import { directoryFault } from './directory-fault.ts'
import { type Period, phaseOf } from './period.ts'

/** An organisation with its period. */
export interface Listed {
  readonly organisation: Organisation
  readonly period: Period
}

/**
 * For each organisation with successors: those open at `at` that its chains of successors end in,
 * each once. `find` follows a written code. Throws RelayError DIRECTORY_INVALID for a successor that
 * is unknown, leads in a circle or opens only after its predecessor has closed, and for successors
 * of an organisation that never closes.
 */
export function findHeirs<Item extends Listed>(
  items: Iterable<Item>,
  find: (code: string) => Item | undefined,
  at: number,
): ReadonlyMap<Item, readonly Item[]> {
  const heirs = new Map<Item, readonly Item[]>()
  const onTheWay = new Set<Item>()
  for (const start of items) {
    if (start.organisation.successors === undefined) continue
    // A stack of its own: a chain may be as long as a directory.
    const stack = [start]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const successors = heirs.has(top) ? [] : successorsOf(top, find)
      const unknownYet = successors.find((next) => next.organisation.successors !== undefined && !heirs.has(next))
      if (unknownYet === undefined) {
        if (!heirs.has(top)) heirs.set(top, endsOf(successors, heirs, at))
        onTheWay.delete(top)
        stack.pop()
        continue
      }
      onTheWay.add(top)
      if (onTheWay.has(unknownYet)) throw directoryFault('successors in a circle', unknownYet.organisation.id)
      stack.push(unknownYet)
    }
  }
  return heirs
}

function successorsOf<Item extends Listed>(item: Item, find: (code: string) => Item | undefined): readonly Item[] {
  const { successors = [], validTo } = item.organisation
  if (validTo === undefined) throw directoryFault('successors without validTo', item.organisation.id)
  return successors.map((code) => {
    const next = find(code)
    if (next === undefined) throw directoryFault('successor unknown', item.organisation.id)
    if (next.period.from > item.period.to) throw directoryFault('successor opens too late', item.organisation.id)
    return next
  })
}

function endsOf<Item extends Listed>(
  successors: readonly Item[],
  heirs: ReadonlyMap<Item, readonly Item[]>,
  at: number,
): readonly Item[] {
  const ends = successors.flatMap((next) =>
    phaseOf(next.period, at) === 'closed' ? (heirs.get(next) ?? []) : phaseOf(next.period, at) === 'open' ? [next] : [],
  )
  return [...new Set(ends)]
}
