/** Mailboxes that move: what leaves for another node, and what comes from one. The rules are core's (`handover.ts`). */
import type { HandedRow, HandedTombstone, NodeId, OrganId, Path, Receipt } from '@lienthong/core'
import type { Headline, PayloadRef, Sealed, StagedPayload } from './contract-documents.ts'

/** Rows that leave together. */
export interface LeavingRows {
  readonly rows: readonly HandedRow[]
  /** None beside rows with a payload. */
  readonly tombstones: readonly HandedTombstone[]
  /** Mailbox ids of the rows, in their order. */
  readonly ids: readonly number[]
  /** What the rows share and nobody has collected; null for rows that go without payload. */
  readonly payload: PayloadRef | null
}

export interface HandOverRequest extends Pick<LeavingRows, 'ids' | 'tombstones'> {
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
  /** Whose mailbox a row stands in, where that is not the organisation it was addressed to. */
  readonly keepers: Readonly<Record<OrganId, OrganId>>
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
  /** The next rows for these organisations: first tombstones and those that go without payload, then document by document. null: none is left. */
  leaving(organs: readonly OrganId[], limit: number): Promise<LeavingRows | null>
  /** How many rows and tombstones these organisations have here. */
  count(organs: readonly OrganId[]): Promise<number>
  /** Accepts the handover and takes its rows out of their mailboxes, in one transaction. False: a row is not as it was read; nothing was written. */
  handOver(request: HandOverRequest): Promise<boolean>
  /** Looks what became of the handovers under way. */
  settle(): Promise<HandoverProgress>
  /** The transaction in which rows of another node come to stand here. */
  takeOver(request: TakeOverRequest): Promise<TakeOverOutcome>
  /**
   * Puts what stands here for an organisation into the mailbox of the one that stands for it, at most `limit` rows; what
   * waits gets new ids, behind all that reader has seen. Returns what waits now.
   */
  keep(organ: OrganId, mailbox: OrganId, limit: number): Promise<TakeOverOutcome['arrivals']>
}
