/** What became of a document that was addressed to an organisation which had closed, or closed before it was there. */
import type { Language } from './catalogue.ts'
import { phrase } from './catalogue-phrases.ts'
import type { RecipientState } from './custody.ts'
import type { OrganId } from './document.ts'
import type { Resolution } from './organisation-index.ts'
import { periodOf } from './period.ts'
import type { RoutingTable } from './routing.ts'

export interface ClosedCode {
  /** As it was addressed. */
  readonly code: OrganId
  /** Its last day. */
  readonly validTo: string
  /** Who gets the document in its place; several while nobody has decided among them, none when nobody took over. */
  readonly successors: readonly OrganId[]
}

/**
 * A recipient that has closed without having had the document before; null for one that is open, or had it. The serving
 * node says when it delivered, and by the same clock the day was over there.
 */
export function closedOnTheWay(
  table: Pick<RoutingTable, 'listed' | 'resolve'>,
  { organ, deliveredAt }: { readonly organ: OrganId; readonly deliveredAt: number | null },
  from: OrganId,
): ClosedCode | null {
  const organisation = table.listed(organ)
  if (organisation?.validTo === undefined) return null
  if (deliveredAt !== null && deliveredAt < periodOf(organisation).to) return null
  const successors = successorsIn(table.resolve(organ, from))
  return successors === null ? null : { code: organ, validTo: organisation.validTo, successors }
}

/** null: it has not closed. */
function successorsIn(answer: Resolution): readonly OrganId[] | null {
  if (answer.found) return answer.by === 'successor' ? [answer.organ] : null
  switch (answer.code) {
    case 'RECEIVER_REPLACED':
      return [answer.successor]
    case 'RECEIVER_SPLIT':
      return answer.candidates
    case 'RECEIVER_CLOSED':
      return []
    case 'RECEIVER_NOT_YET':
    case 'RECEIVER_UNKNOWN':
      return null
  }
}

/** In one sentence, by how the document stands with that recipient. */
export function closedCodeText(
  language: Language,
  { code, validTo, successors }: ClosedCode,
  state: RecipientState,
): string {
  const values = { code, validTo, successors: successors.join(', ') }
  return phrase(language, `closedCode.${wordFor(successors.length, state)}`, values)
}

function wordFor(
  successors: number,
  state: RecipientState,
): 'delivered' | 'goes' | 'waits' | 'read' | 'nobody' | 'ended' {
  if (successors === 0) return 'nobody'
  if (state === 'undeliverable' || state === 'stopped') return 'ended'
  // A person may have decided this one alone, which its sender is not told: it may have moved, and is read where it went.
  if (successors > 1) return state === 'collected' ? 'read' : 'waits'
  return state === 'delivered' || state === 'collected' ? 'delivered' : 'goes'
}
