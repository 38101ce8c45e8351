/** The door for support bundles: what an operator sends to the node above, and what children have sent here. */
import type { DeferReason, ErrorCode, NodeId } from '@lienthong/core'
import type { BundleRecord } from '@lienthong/store'

/** A bundle of this node, as far as it knows. */
export interface SentBundle {
  readonly uid: string
  readonly parent: NodeId
  readonly size: number
  readonly state: 'waiting' | 'arrived' | 'failed'
  /** Why it failed, or is late; null: nothing is wrong. */
  readonly code: ErrorCode | DeferReason | null
  readonly sentAt: number
  /** By the parent's clock. */
  readonly arrivedAt: number | null
}

/** `by`: who does it, for the chain of events. */
export interface BundleDoor {
  /**
   * Resolves once the bundle is durable; it gets there when the link is open. Throws NODE_NO_PARENT, PARENT_OLDER where that
   * is known, BUNDLES_WAITING when as many are under way as the parent keeps, BUNDLE_TOO_LARGE, DISK_FULL.
   */
  send(body: AsyncIterable<Uint8Array>, by: string): Promise<SentBundle>
  /** Waits up to `timeoutMs` for it to arrive or fail. Throws NOT_FOUND, NODE_STOPPING. */
  sent(uid: string, options?: { readonly timeoutMs?: number }): Promise<SentBundle>
  /** Newest first. */
  list(): Promise<readonly BundleRecord[]>
  /** The archive as the child made it. Throws NOT_FOUND. */
  read(id: number, by: string): Promise<{ readonly bundle: BundleRecord; readonly body: AsyncIterable<Uint8Array> }>
  /** Throws NOT_FOUND. */
  remove(id: number, by: string): Promise<BundleRecord>
}
