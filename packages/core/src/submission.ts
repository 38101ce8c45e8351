/** The same document handed in again: who gets it now (DESIGN §3.1). */

import type { RecipientState } from './custody.ts'
import type { OrganId } from './document.ts'

/** A recipient of an earlier sending of the same uid: its newest generation. */
export interface EarlierRecipient {
  readonly organ: OrganId
  readonly generation: number
  readonly state: RecipientState
  readonly provisional: boolean
  /** Last business status heard (1..16), null = none. 2 = refused. */
  readonly statusCode: number | null
}

export interface ResubmissionPlan {
  /** To be sealed and sent: one entry per generation, recipients in the order given. */
  readonly send: readonly { readonly generation: number; readonly organs: readonly OrganId[] }[]
  /** Already sent; they keep their answer. */
  readonly kept: readonly OrganId[]
}

/**
 * Recipients never addressed: generation 1. Those whose outcome is final and negative
 * (undeliverable and not provisional, stopped, or status 02): their generation + 1. Others are kept.
 */
export declare function planResubmission(
  wanted: readonly OrganId[],
  earlier: readonly EarlierRecipient[],
): ResubmissionPlan
