/** What can be the code of an organisation, and where a packet hides one. */
import { lookupKey } from '@lienthong/core'
import type { ResponseFor } from './packet.ts'

/** Characters of an OrganId in either form, and of the test ids seen beside them. */
const codeShape = /^[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$/
const maxOrganIdLength = 35
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-/i

export function isCode(candidate: string | null): candidate is string {
  if (candidate === null || candidate.length > maxOrganIdLength || candidate.toLowerCase() === 'null') return false
  return codeShape.test(candidate)
}

/** `H29.18,2025/07/01,12/UBND` and `H29.18-2025-12/UBND` begin with an organisation; a UUID does not. */
export function idPrefix(documentId: string | null): string | null {
  if (documentId === null || uuidShape.test(documentId)) return null
  const end = documentId.search(/[,-]/)
  return end < 0 ? null : documentId.slice(0, end).trim()
}

export function sameCode(a: string, b: string): boolean {
  return lookupKey(a) === lookupKey(b)
}

/**
 * The other party of a reply: candidates, best first. `ResponseFor/OrganId` is the rule. One integrator swaps it
 * with `Code` and puts the recipient in front of `DocumentId`, so these follow, unless they name `self`.
 */
export function partiesOf(responseFor: readonly ResponseFor[], self: string): readonly string[] {
  const guesses = [
    ...responseFor.map((answered) => idPrefix(answered.documentId)),
    ...responseFor.map((answered) => answered.code),
  ].filter((candidate) => candidate !== null && !sameCode(candidate, self))
  return [...new Set([...responseFor.map((answered) => answered.organId), ...guesses].filter(isCode))]
}
