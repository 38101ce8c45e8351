/** Mailboxes that move: what leaves for another node, and what comes from one. The rules are core's (`handover.ts`). */
import type { HandedRow, HandedTombstone, NodeId, OrganId, Path, Receipt, RowTraits } from '@lienthong/core'
import type { Headline, PayloadRef, Sealed, StagedPayload } from './contract-documents.ts'

/** Some of what stands here for an organisation. */
export interface KeptPart {
  readonly organ: OrganId
  /** Only rows like these, or only tombstones. @default all rows and tombstones */
  readonly of?: RowTraits | 'tombstones'
  /** Who gets these rows of a split organisation. @default as it was decided before */
  readonly heir?: OrganId
}

/** Rows of one organisation, with how many they are. */
export interface RowGroup extends RowTraits {
  readonly count: number
  /** When the first of them was delivered. */
  readonly oldestAt: number
}

export interface RowDecision {
  readonly organ: OrganId
  readonly key: { readonly uid: string } | { readonly number: string }
  /** Only documents of this sender. */
  readonly from?: OrganId
  readonly heir: OrganId
  /** Who decides, and why, for the chain of events. */
  readonly by: string
  readonly reason: string
  readonly at: number
}

/**
 * - `decided`: now, or before in the same words. - `late`: it has gone to `heir`, or was collected or withdrawn (null).
 * - `several`: the number is that of more than one document. - `unknown`: there is none.
 */
export type RowDecided =
  | { readonly outcome: 'decided'; readonly uid: string; readonly fresh: boolean }
  | { readonly outcome: 'late'; readonly uid: string; readonly heir: OrganId | null }
  | { readonly outcome: 'several'; readonly uids: readonly string[] }
  | { readonly outcome: 'unknown' }

/** A row, wherever it is now. */
export interface RowKey {
  readonly uid: string
  readonly generation: number
  readonly organ: OrganId
}

/** Mailboxes of organisations that were split, which are kept row by row. */
export interface SplitStore {
  /** What stands here for an organisation, by what decides who keeps it. */
  groups(organ: OrganId): Promise<readonly RowGroup[]>
  /** What decides about one row; `left`: it was handed over. null: it never came. */
  row(key: RowKey): Promise<(RowTraits & { readonly left: boolean }) | null>
  /** Who gets one document: recorded with the event, in one transaction. */
  decide(decision: RowDecision): Promise<RowDecided>
}

/** Rows that leave together. */
export interface LeavingRows {
  readonly rows: readonly HandedRow[]
  /** None beside rows with a payload. */
  readonly tombstones: readonly HandedTombstone[]
  /** Mailbox ids of the rows, in their order, and to whom those of a split organisation go. */
  readonly ids: readonly number[]
  readonly heirs: readonly (OrganId | null)[]
  /** What the rows share and nobody has collected; null for rows that go without payload. */
  readonly payload: PayloadRef | null
}

export interface HandOverRequest extends Pick<LeavingRows, 'ids' | 'heirs' | 'tombstones'> {
  readonly uid: string
  /** This node, as the sender of what it hands over. */
  readonly from: OrganId
  readonly documentId: string
  readonly segmentBytes: number
  /** A payload of this store, or the rows as one payload. */
  readonly payload: PayloadRef | { readonly bytes: Uint8Array; readonly sha256: string }
  readonly sealed: Sealed
  readonly recipient: { readonly organ: OrganId; readonly node: NodeId }
  readonly hop: `down:${NodeId}` | 'up'
  readonly acceptedAt: number
}

export interface TakeOverRequest {
  readonly uid: string
  readonly generation: number
  readonly from: NodeId
  /** This node, as the recipient of what is handed over. */
  readonly organ: OrganId
  readonly documentId: string
  readonly path: Path
  readonly payload: { readonly bytes: Uint8Array; readonly sha256: string } | StagedPayload | PayloadRef
  readonly headline: Headline
  readonly rows: readonly HandedRow[]
  readonly tombstones: readonly HandedTombstone[]
  /** In whose mailboxes the rows stand, in their order. */
  readonly mailboxes: readonly OrganId[]
  readonly deliveredAt: number
  readonly sealedAt: number
}

export interface TakeOverOutcome {
  /** Of the handover itself: the original one when it was there before. */
  readonly receipts: readonly Receipt[]
  /** What now waits in mailboxes here. */
  readonly arrivals: readonly { readonly row: HandedRow; readonly mailbox: OrganId; readonly id: number }[]
}

export interface HandoverProgress {
  /** Handovers that the other node has now; their payloads are released. */
  readonly arrived: number
  /** Handovers that ended badly: their rows are here as before. */
  readonly returned: number
  /** Under way still. */
  readonly open: number
  /** Rows of mailboxes in those. */
  readonly rows: number
}

export interface HandoverStore {
  /** Organisations that have rows or tombstones here. */
  organs(): Promise<readonly OrganId[]>
  /** The next of these: first tombstones and rows that go without payload, then document by document. null: none is left. */
  leaving(parts: readonly KeptPart[], limit: number): Promise<LeavingRows | null>
  /** How many rows and tombstones they are. */
  count(parts: readonly KeptPart[]): Promise<number>
  /** Accepts the handover and takes its rows out of their mailboxes, in one transaction. False: a row is not as it was read; nothing was written. */
  handOver(request: HandOverRequest): Promise<boolean>
  /** Looks what became of the handovers under way. */
  settle(): Promise<HandoverProgress>
  /** The transaction in which rows of another node come to stand here. */
  takeOver(request: TakeOverRequest): Promise<TakeOverOutcome>
  /**
   * Puts rows that stand here into the mailbox of whoever keeps them, at most `limit`; what waits gets new ids, behind all
   * that reader has seen. Returns what waits now.
   */
  keep(part: KeptPart, mailbox: OrganId, limit: number): Promise<TakeOverOutcome['arrivals']>
}
