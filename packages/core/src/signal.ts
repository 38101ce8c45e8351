/**
 * Signals: what nodes tell the origin of a document about its recipients, and what the origin asks.
 *
 * No signal causes another, but `collected` (answered by `noted`, which is never answered) and
 * `query` (answered by `answer`). A lost one is repaired by a query.
 */
import type { NodeId, OrganId, Path } from './document.ts'
import type { ErrorCode } from './errors.ts'
import type { RecallEffect } from './recall.ts'

/** First and last segment number, both included. */
export type SegmentRange = readonly [first: number, last: number]

/** What a serving node still lacks: nothing, the whole payload, or ranges of segments. */
export type Missing = 'none' | 'all' | readonly SegmentRange[]

/** A recipient's mailbox row as the serving node reports it. */
export interface Receipt {
  readonly organ: OrganId
  /** Clock of the serving node. */
  readonly deliveredAt: number
  /** null: not yet collected. */
  readonly collectedAt: number | null
  readonly path: Path
  /** What the packet did to the documents in its core's `about`, in that order; absent for one that names none. */
  readonly effects?: readonly RecallEffect[]
}

interface About {
  readonly uid: string
  readonly generation: number
}

/** Reasons a segment is dropped for now; the origin asks again later. */
export const deferReasons = ['LINK_FULL', 'ROUTE_CHANGED', 'ASSEMBLY_FULL'] as const
export type DeferReason = (typeof deferReasons)[number]

export type Signal =
  | (About & { readonly type: 'delivered'; readonly receipts: readonly Receipt[] })
  | (About & { readonly type: 'collected'; readonly receipts: readonly Receipt[] })
  | (About & { readonly type: 'noted'; readonly organs: readonly OrganId[] })
  | (About & { readonly type: 'undeliverable'; readonly organs: readonly OrganId[]; readonly code: ErrorCode })
  | (About & { readonly type: 'deferred'; readonly organs: readonly OrganId[]; readonly code: DeferReason })
  | (About & { readonly type: 'query'; readonly organs: readonly OrganId[]; readonly number: number })
  /** `number` is that of the query, 0 for an unasked answer. Receipts always count; `missing` only for the newest number or 0. */
  | (About & {
      readonly type: 'answer'
      readonly number: number
      readonly receipts: readonly Receipt[]
      readonly missing: Missing
    })

/** A signal whose seal was checked, with the node that sealed it. */
export interface SealedSignal {
  readonly sealedBy: NodeId
  readonly signal: Signal
}
