/**
 * Custody: the origin's knowledge of each recipient, and when it asks again.
 *
 *   accepted → dispatched → delivered → collected
 *        └──────────┴──→ undeliverable (provisional until a serving node says so; `delivered` overrides)
 *
 * States only move forward. Nothing here reads a clock: `now` comes in.
 */
import type { NodeId, OrganId, Path } from './document.ts'
import type { ErrorCode } from './errors.ts'
import type { DeferReason, Missing, SealedSignal } from './signal.ts'

export const recipientStates = ['accepted', 'dispatched', 'delivered', 'collected', 'undeliverable', 'stopped'] as const
export type RecipientState = (typeof recipientStates)[number]

/** One recipient of one generation as the origin knows it. Instants in ms; null = has not happened. */
export interface RecipientRecord {
  readonly organ: OrganId
  /** The node that serves it, by the origin's directory. */
  readonly node: NodeId
  readonly state: RecipientState
  /** Set while `undeliverable` rests on a transit node's word. */
  readonly provisional: boolean
  /** Why it is deferred or undeliverable. */
  readonly code: ErrorCode | DeferReason | null
  readonly dispatchedAt: number | null
  readonly deliveredAt: number | null
  readonly collectedAt: number | null
  /** First refusal for ROUTE_CHANGED since the last success; after 24 h of the same, undeliverable. */
  readonly refusedSince: number | null
  readonly path: Path | null
}

/** Settled: no more payload will be needed for this recipient. A provisional end does not settle. */
export declare function isSettled(record: Pick<RecipientRecord, 'state' | 'provisional'>): boolean

/**
 * Applies a signal about this recipient. Returns the same object when nothing changes or when the
 * sealing node may not say this: delivered, collected and answers only by the serving node
 * (`record.node`), deferred and undeliverable by any node.
 */
export declare function applySignal(record: RecipientRecord, sealed: SealedSignal, now: number): RecipientRecord

/** The one current query about (uid, generation, serving node). */
export interface QueryRecord {
  /** Number of the newest query sent; 0 = none yet. */
  readonly number: number
  /** When the next one goes out, ms; null = nothing to ask. */
  readonly nextAt: number | null
}

export interface QueryTiming {
  /** @default 30_000 */
  readonly firstMs: number
  /** @default 3_600_000 */
  readonly maxMs: number
}
export const defaultQueryTiming: QueryTiming = { firstMs: 30_000, maxMs: 3_600_000 }

/** The query to send now and when the one after it would go: firstMs × 2^(number-1), at most maxMs. */
export declare function advanceQuery(query: QueryRecord, now: number, timing: QueryTiming): QueryRecord

/** What an answer asks to be sent again; 'none' when stale (number neither the newest nor 0) or nothing is missing. */
export declare function missingToResend(
  query: QueryRecord,
  answer: { readonly number: number; readonly missing: Missing },
): Missing
