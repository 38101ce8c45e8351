import type { PacketHeader } from './packet.ts'

/** Characters of an OrganId in either form, and of the test ids seen beside them. */
const codeShape = /^[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$/
const maxOrganIdLength = 35
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-/i

/**
 * Who a status packet goes to: candidates, best first, of which the caller takes the first it can
 * resolve. `ResponseFor/OrganId` is the rule. One integrator swaps it with `Code` and puts the
 * recipient in front of `DocumentId`, so these follow; what cannot be a code, and the packet's own
 * sender among the guesses, is left out.
 */
export function statusTargets(header: PacketHeader): readonly string[] {
  const self = canonical(header.from.organId)
  const stated = header.responseFor.map((answered) => answered.organId)
  const guessed = [
    ...header.responseFor.map((answered) => idPrefix(answered.documentId)),
    ...header.responseFor.map((answered) => answered.code),
  ].filter((candidate) => candidate !== null && canonical(candidate) !== self)
  return unique([...stated, ...guessed].filter(isCode))
}

/** Ids under which the document a packet answers may be known, best first. */
export function answeredDocuments(header: PacketHeader): readonly string[] {
  const ids = [...header.responseFor.map((answered) => answered.documentId), header.documentId]
  return unique(ids.filter((id) => id !== null))
}

/** `H29.18,2025/07/01,12/UBND` and `H29.18-2025-12/UBND` begin with an organisation; a UUID does not. */
function idPrefix(documentId: string | null): string | null {
  if (documentId === null || uuidShape.test(documentId)) return null
  const end = documentId.search(/[,-]/)
  return end < 0 ? null : documentId.slice(0, end).trim()
}

function isCode(candidate: string | null): candidate is string {
  if (candidate === null || candidate.length > maxOrganIdLength || candidate.toLowerCase() === 'null') return false
  return codeShape.test(candidate)
}

function canonical(organId: string): string {
  return organId.trim().toUpperCase()
}

function unique(list: readonly string[]): readonly string[] {
  return [...new Set(list)]
}
