/** Organisations of a directory, found by any of their written codes. */
import type { Directory, Organisation } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import { RelayError } from './errors.ts'
import { impliedAncestors, lookupKey } from './organisation-code.ts'

/** How a written code was understood. */
export type Resolution =
  | {
      readonly found: true
      readonly organ: OrganId
      readonly node: NodeId
      readonly by: 'code' | 'successor' | 'prefix' | 'zeroing'
    }
  | { readonly found: false; readonly code: 'RECEIVER_UNKNOWN' }

export interface OrganisationIndex {
  /** Understands a written code; longest-prefix and zeroing apply only to codes the directory does not list. */
  resolve(code: string): Resolution
  /** The organisation that lists this code, closed or not. */
  listed(code: string): Organisation | undefined
}

const unknownReceiver: Resolution = { found: false, code: 'RECEIVER_UNKNOWN' }

/** Throws RelayError DIRECTORY_INVALID for a code of two organisations and for a successor that is unknown or leads in a circle. */
export function indexOrganisations(directory: Directory): OrganisationIndex {
  const byKey = keysOf(directory.organisations)
  const answers = new Map<string, Resolution>()
  const answerOf = new Map<Organisation, Resolution>()
  for (const [key, organisation] of byKey) {
    let answer = answerOf.get(organisation)
    if (answer === undefined) {
      const living = lastSuccessor(organisation, byKey)
      const by = living === organisation ? 'code' : 'successor'
      answer = { found: true, organ: living.id, node: living.node, by }
      answerOf.set(organisation, answer)
    }
    answers.set(key, answer)
  }
  return {
    // Codes are nearly always written as listed: one probe. Only a miss pays for the canonical form.
    resolve: (code) => answers.get(code) ?? answers.get(lookupKey(code)) ?? fromPosition(code, answers),
    listed: (code) => byKey.get(code) ?? byKey.get(lookupKey(code)),
  }
}

/** Ids first: a number given to another organisation anew outweighs its use as an old code. */
function keysOf(organisations: readonly Organisation[]): Map<string, Organisation> {
  const byKey = new Map<string, Organisation>()
  for (const organisation of organisations) {
    const key = lookupKey(organisation.id)
    if (byKey.has(key)) throw invalid('code twice', organisation.id)
    byKey.set(key, organisation)
  }
  const ids = new Set(byKey.keys())
  for (const organisation of organisations) {
    for (const alias of organisation.aliases ?? []) {
      const key = lookupKey(alias)
      if (ids.has(key)) continue
      const other = byKey.get(key)
      if (other !== undefined && other !== organisation) throw invalid('code twice', alias)
      byKey.set(key, organisation)
    }
  }
  return byKey
}

function lastSuccessor(organisation: Organisation, byKey: ReadonlyMap<string, Organisation>): Organisation {
  let current = organisation
  const seen = new Set([current])
  while (current.successor !== undefined) {
    const next = byKey.get(lookupKey(current.successor))
    if (next === undefined) throw invalid('successor unknown', current.id)
    if (seen.has(next)) throw invalid('successors in a circle', current.id)
    seen.add(next)
    current = next
  }
  return current
}

function fromPosition(code: string, answers: ReadonlyMap<string, Resolution>): Resolution {
  const { by, keys } = impliedAncestors(code)
  for (const key of keys) {
    const answer = answers.get(key)
    if (answer?.found === true) return { ...answer, by }
  }
  return unknownReceiver
}

function invalid(reason: string, id: string): RelayError {
  return new RelayError('DIRECTORY_INVALID', { detail: { reason, id } })
}
