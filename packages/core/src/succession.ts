/** Who stands for an organisation that has closed: one (merged, renamed), several (split), or nobody. */
import type { Organisation } from './directory.ts'
import { RelayError } from './errors.ts'
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
      if (onTheWay.has(unknownYet)) throw invalid('successors in a circle', unknownYet)
      stack.push(unknownYet)
    }
  }
  return heirs
}

function successorsOf<Item extends Listed>(item: Item, find: (code: string) => Item | undefined): readonly Item[] {
  const { successors = [], validTo } = item.organisation
  if (validTo === undefined) throw invalid('successors without validTo', item)
  return successors.map((code) => {
    const next = find(code)
    if (next === undefined) throw invalid('successor unknown', item)
    if (next.period.from > item.period.to) throw invalid('successor opens too late', item)
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

function invalid(reason: string, { organisation }: Listed): RelayError {
  return new RelayError('DIRECTORY_INVALID', { detail: { reason, id: organisation.id } })
}
