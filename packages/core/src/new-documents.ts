/** What becomes of documents that are addressed to an organisation after it has closed. */
import type { OrganId } from './document.ts'

/**
 * `follow`: they go to who took over. `return`: they are refused with who took over. `hold`: while nothing says which of
 * several took over, they go to its own mailbox and wait there for a decision; with one that took over as `follow`.
 */
export const newDocumentWays = ['follow', 'return', 'hold'] as const
export type NewDocumentWay = (typeof newDocumentWays)[number]

/** Of a split organisation: which successor gets what. Without `from` and `unit` everything. */
export interface SplitRule {
  /** The sender is this organisation, or lies below it. */
  readonly from?: OrganId
  /** The code written is this one, or lies below it: a unit that nothing lists any more. */
  readonly unit?: OrganId
  readonly to: OrganId
}

/** A document, as far as a rule looks at it. */
export interface Addressed {
  /** The code of the recipient as it was written. */
  readonly to: string
  readonly from?: OrganId
  /** Who got it, when that was decided before; see `Chosen`. */
  readonly chosen?: Chosen
}

/** The successor that a document in the mailbox of a split organisation was given to. */
export interface Chosen {
  readonly heir: OrganId
  /** For this document alone, by a person: no rule changes it. What a rule decided, another rule decides anew. */
  readonly byHand: boolean
}

/** Whom the first rule that fits names; null for none. */
export function ruledTo(
  rules: readonly SplitRule[],
  { to, from }: Addressed,
  isAtOrBelow: (code: string, top: OrganId) => boolean,
): OrganId | null {
  const fits = ({ from: sender, unit }: SplitRule) =>
    (sender === undefined || (from !== undefined && isAtOrBelow(from, sender))) &&
    (unit === undefined || isAtOrBelow(to, unit))
  return rules.find(fits)?.to ?? null
}
