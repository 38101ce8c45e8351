/**
 * Custody: the origin's knowledge of each recipient, and when it asks again.
 *
 *   accepted → dispatched → delivered → collected
 *        ├──────────┴──→ undeliverable (provisional until a serving node says so; `delivered` overrides)
 *        └──→ stopped (recalled by its sender, and the serving node says that it never gets into the mailbox)
 *
 * States only move forward. Nothing here reads a clock: `now` comes in.
 */
import type { NodeId, OrganId, Path } from './document.ts'
import type { ErrorCode } from './errors.ts'
import { lookupKey } from './organisation-code.ts'
import type { RecallEffect } from './recall.ts'
import type { DeferReason, Missing, Receipt, SealedSignal } from './signal.ts'

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
  /** What it did to the documents it is about, as its receipt says; absent before that, and for other documents. */
  readonly effects?: readonly RecallEffect[]
}

/** Settled: no more payload will be needed for this recipient. A provisional end does not settle. */
export function isSettled(record: Pick<RecipientRecord, 'state' | 'provisional'>): boolean {
  switch (record.state) {
    case 'delivered':
    case 'collected':
    case 'stopped':
      return true
    case 'undeliverable':
      return !record.provisional
    case 'accepted':
    case 'dispatched':
      return false
  }
}

/** How long a recipient may be refused for ROUTE_CHANGED, without a success, before it is undeliverable. */
export const routeChangedLimitMs = 24 * 3_600_000

/**
 * Applies a signal about this recipient. Returns the same object when nothing changes or when the
 * sealing node may not say this: delivered, collected and answers only by the serving node
 * (`record.node`), deferred and undeliverable by any node.
 */
export function applySignal(record: RecipientRecord, sealed: SealedSignal, now: number): RecipientRecord {
  const { signal, sealedBy } = sealed
  switch (signal.type) {
    case 'delivered':
    case 'collected':
    case 'answer': {
      if (sealedBy !== record.node) return record
      const receipt = signal.receipts.find((candidate) => sameOrgan(candidate.organ, record.organ))
      return receipt === undefined ? record : withReceipt(record, receipt)
    }
    case 'undeliverable':
      if (!names(signal.organs, record)) return record
      if (signal.code === 'DOCUMENT_RECALLED' && sealedBy === record.node) return stopped(record)
      return withUndeliverable(record, signal.code, sealedBy !== record.node)
    case 'deferred':
      return names(signal.organs, record) ? withDeferral(record, signal.code, now) : record
    case 'noted':
    case 'query':
      return record
  }
}

/** The directory names another serving node: that one is asked and believed from now on. */
export function relocate(record: RecipientRecord, node: NodeId): RecipientRecord {
  return record.node === node ? record : { ...record, node }
}

/** The serving node has a tombstone for it. What was delivered before stays so. */
export function stopped(record: RecipientRecord): RecipientRecord {
  return isSettled(record) ? record : { ...record, state: 'stopped', provisional: false, code: null }
}

/** A receipt is the last word: it overrides any undeliverable. Of two instants the earlier one is kept. */
function withReceipt(record: RecipientRecord, receipt: Receipt): RecipientRecord {
  if (record.state === 'stopped') return record
  const earlier = record.deliveredAt === null || receipt.deliveredAt < record.deliveredAt
  const collectedAt = earliest(record.collectedAt, receipt.collectedAt)
  const state = collectedAt === null ? 'delivered' : 'collected'
  const effects = record.effects ?? receipt.effects
  const isNews = earlier || collectedAt !== record.collectedAt || state !== record.state || effects !== record.effects
  if (!isNews) return record
  return {
    ...record,
    state,
    provisional: false,
    code: null,
    deliveredAt: earlier ? receipt.deliveredAt : record.deliveredAt,
    collectedAt,
    refusedSince: null,
    path: earlier ? receipt.path : record.path,
    ...(effects !== undefined && { effects }),
  }
}

/** Of two words of equal weight the code first in the alphabet stays, so that order of arrival decides nothing. */
function withUndeliverable(record: RecipientRecord, code: ErrorCode, provisional: boolean): RecipientRecord {
  if (record.state === 'undeliverable') {
    if (provisional && !record.provisional) return record
    if (provisional === record.provisional && record.code !== null && record.code <= code) return record
  } else if (isSettled(record)) return record
  return { ...record, state: 'undeliverable', provisional, code }
}

function withDeferral(record: RecipientRecord, code: DeferReason, now: number): RecipientRecord {
  if (isSettled(record)) return record
  const refusedSince = code === 'ROUTE_CHANGED' ? (record.refusedSince ?? now) : record.refusedSince
  if (code === 'ROUTE_CHANGED' && refusedSince !== null && now - refusedSince >= routeChangedLimitMs) {
    return { ...record, state: 'undeliverable', provisional: false, code, refusedSince }
  }
  const shown = record.state === 'undeliverable' ? record.code : code
  if (shown === record.code && refusedSince === record.refusedSince) return record
  return { ...record, code: shown, refusedSince }
}

function names(organs: readonly OrganId[], record: RecipientRecord): boolean {
  return organs.some((organ) => sameOrgan(organ, record.organ))
}

function sameOrgan(a: OrganId, b: OrganId): boolean {
  return a === b || lookupKey(a) === lookupKey(b)
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

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
export function advanceQuery(query: QueryRecord, now: number, timing: QueryTiming): QueryRecord {
  const number = query.number + 1
  return { number, nextAt: now + Math.min(timing.firstMs * 2 ** (number - 1), timing.maxMs) }
}

/**
 * A copy has just left for this serving node: what answers to earlier queries lack may be in it, so
 * their number is no longer the newest. The next query goes when it was due.
 */
export function outdateQuery(query: QueryRecord): QueryRecord {
  return { ...query, number: query.number + 1 }
}

/** What an answer asks to be sent again; 'none' when stale (number neither the newest nor 0) or nothing is missing. */
export function missingToResend(
  query: QueryRecord,
  answer: { readonly number: number; readonly missing: Missing },
): Missing {
  if (answer.number !== 0 && answer.number !== query.number) return 'none'
  return answer.missing.length === 0 ? 'none' : answer.missing
}
