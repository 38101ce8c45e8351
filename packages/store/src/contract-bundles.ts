/** Support bundles of children, kept in a bounded place, and those of this node on their way. The rules are core's (`support-bundle.ts`). */
import type { BundleRoom, NodeId, OrganId, Path, Receipt } from '@lienthong/core'
import type { PayloadRef, StagedPayload } from './contract-documents.ts'

/** A bundle that a child has sent here. */
export interface BundleRecord extends PayloadRef {
  /** Ascending per node. */
  readonly id: number
  readonly uid: string
  readonly child: NodeId
  /** By the child's clock. */
  readonly sentAt: number
  readonly receivedAt: number
}

export interface TakeBundleRequest {
  readonly uid: string
  readonly generation: number
  readonly child: NodeId
  /** This node, as the recipient of the bundle. */
  readonly organ: OrganId
  readonly documentId: string
  readonly path: Path
  readonly payload: { readonly bytes: Uint8Array; readonly sha256: string } | StagedPayload | PayloadRef
  readonly deliveredAt: number
  readonly sealedAt: number
  readonly room: BundleRoom
}

export interface TakeBundleOutcome {
  /** The original one when it was there before. */
  readonly receipts: readonly Receipt[]
  /** Those that went for its sake. */
  readonly dropped: readonly BundleRecord[]
}

/** A bundle of this node that is not settled. */
export interface BundleUnderWay {
  readonly uid: string
  readonly generation: number
  readonly organ: OrganId
  readonly node: NodeId
}

export interface BundleStore {
  /** The transaction in which a bundle comes to be kept here, once, and older ones go for it, with what was theirs alone. */
  take(request: TakeBundleRequest): Promise<TakeBundleOutcome>
  /** Newest first. */
  list(): Promise<readonly BundleRecord[]>
  get(id: number): Promise<BundleRecord | null>
  /** Takes it away, and writes down who did. null: there is none. */
  remove(id: number, act: { readonly by: string; readonly at: number }): Promise<BundleRecord | null>
  underWay(): Promise<readonly BundleUnderWay[]>
}
