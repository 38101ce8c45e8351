/** The traffic that is expected, by the directory of today and by the one a re-organisation leads to. Nothing is sent. */
import type { Directory } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import type { NotFound } from './organisation-index.ts'
import { type CompiledDirectory, compileDirectory } from './routing.ts'
import { type Parents, parentsOf, wayBetween } from './tree-way.ts'

export interface TrafficPair {
  /** As they are written, today. */
  readonly from: string
  readonly to: string
  /** How many there are; unknown for what is only expected. */
  readonly documents?: number
}

/** `sender`: the one who writes has closed, and nobody or several took over. */
export type RehearsedWay =
  | { readonly organ: OrganId; readonly path: readonly NodeId[] }
  | { readonly refused: NotFound['code'] | 'sender'; readonly waits?: boolean }

export const rehearsalOutcomes = ['same', 'way', 'successor', 'waits', 'returned', 'nobody'] as const
/**
 * `same`: as before. `way`: to the same one by another way. `successor`: to who took over. `waits`: in the mailbox of one
 * that was split. `returned`: refused, with who took over. `nobody`: refused, and nobody takes it.
 */
export type RehearsalOutcome = (typeof rehearsalOutcomes)[number]

export interface RehearsedPair extends TrafficPair {
  readonly before: RehearsedWay
  readonly after: RehearsedWay
  readonly outcome: RehearsalOutcome
}

/** `at`: instants for which the two hold, ms. Throws DIRECTORY_INVALID. */
export function rehearseReorg(
  pairs: readonly TrafficPair[],
  directories: { readonly before: Directory; readonly after: Directory },
  at: { readonly before: number; readonly after: number },
): readonly RehearsedPair[] {
  const [before, after] = (['before', 'after'] as const).map((name) => waysIn(directories[name], at[name]))
  if (before === undefined || after === undefined) return []
  return pairs.map((pair) => {
    const [was, is] = [before(pair), after(pair)]
    return { ...pair, before: was, after: is, outcome: outcomeOf(was, is) }
  })
}

function waysIn(directory: Directory, at: number): (pair: TrafficPair) => RehearsedWay {
  const compiled = compileDirectory(directory, at)
  const parents = parentsOf(directory.nodes)
  return (pair) => wayOf(pair, compiled, parents)
}

function wayOf({ from, to }: TrafficPair, { index }: CompiledDirectory, parents: Parents): RehearsedWay {
  const sender = index.resolve(from)
  if (!sender.found) return { refused: 'sender' }
  const found = index.resolve(to, sender.organ)
  if (found.found) return { organ: found.organ, path: wayBetween(parents, sender.node, found.node) }
  return { refused: found.code, ...(found.code === 'RECEIVER_SPLIT' ? { waits: found.waits } : {}) }
}

function outcomeOf(before: RehearsedWay, after: RehearsedWay): RehearsalOutcome {
  if ('refused' in after) {
    if (after.waits === true) return 'waits'
    return after.refused === 'RECEIVER_SPLIT' || after.refused === 'RECEIVER_REPLACED' ? 'returned' : 'nobody'
  }
  if ('refused' in before || before.organ !== after.organ) return 'successor'
  return before.path.join(' ') === after.path.join(' ') ? 'same' : 'way'
}
