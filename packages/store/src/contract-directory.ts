/**
 * The part of the store behind a living directory: announcements that count, keys that ever counted, what was declared
 * when, and the accounts of neighbours. Announcements are bytes here, and secrets sealed ones.
 */
import type { AnnouncementVersion, DeclaredVersion, NodeId, NodeKey, RootKey } from '@lienthong/core'
import type { ActRecord, SealedSecret } from './contract-doors.ts'

/** An announcement as it was sealed. */
export interface StoredAnnouncement extends AnnouncementVersion {
  readonly node: NodeId
  readonly bytes: Uint8Array
  readonly seal: Uint8Array
  /** The key that its seal was checked with, base64url. */
  readonly publicKey: string
  /** When it was taken, ms. */
  readonly at: number
}

/** How a neighbour comes in, or how it is reached; sealed under the vault. */
export interface NeighbourRecord {
  readonly node: NodeId
  readonly role: 'parent' | 'child'
  readonly sealed: SealedSecret
}

export interface DirectoryState {
  /** Of the directory as this node counts its own; 0 before the first. */
  readonly version: number
  /** At least the epoch of this node's next announcement; above that of any it may have forgotten. */
  readonly nextEpoch: number
  /**
   * Whom this node pins since it joined, unless its configuration says whom. null: it has left, and pins nobody whatever its
   * configuration says.
   * @default none
   */
  readonly roots?: readonly RootKey[] | null
}

/** Somebody may join as this child, once. */
export interface InvitationRecord {
  readonly id: string
  readonly child: NodeId
  readonly createdAt: number
  readonly expiresAt: number
  /** The key that has joined with it; null before. */
  readonly usedBy: RootKey | null
  /** What only the node may read of it. */
  readonly sealed: SealedSecret
}

/** A version of the announcement that left what is declared as it was in its base. */
export interface UnchangedVersion extends Omit<DeclaredVersion, 'base' | 'content'> {
  readonly base: AnnouncementVersion
}

export interface DirectoryChange {
  readonly announcements?: readonly StoredAnnouncement[]
  /** Nodes whose announcement does not count any more. */
  readonly dropped?: readonly NodeId[]
  readonly keys?: readonly (readonly [node: NodeId, key: NodeKey])[]
  readonly declared?: DeclaredVersion
  readonly unchanged?: UnchangedVersion
  readonly state?: DirectoryState
  /** A record is stored by its node; without `sealed` in it the neighbour goes. */
  readonly neighbours?: readonly (NeighbourRecord | { readonly node: NodeId })[]
  /** A record is stored by its id; without `sealed` in it the invitation goes. */
  readonly invitations?: readonly (InvitationRecord | { readonly id: string })[]
  readonly acts?: readonly ActRecord[]
}

export interface DirectoryStore {
  load(): Promise<{
    readonly announcements: readonly StoredAnnouncement[]
    readonly keys: readonly (readonly [node: NodeId, key: NodeKey])[]
    readonly neighbours: readonly NeighbourRecord[]
    readonly invitations: readonly InvitationRecord[]
    /** The newest that changed something; null before the first. */
    readonly declared: DeclaredVersion | null
    readonly state: DirectoryState
  }>
  /** All of it in one transaction. */
  write(change: DirectoryChange): Promise<void>
  /**
   * Newest first; `before` leaves out that version and what was declared after it. One that left all as it was has the
   * content of its base.
   */
  history(options: {
    readonly limit: number
    readonly before?: AnnouncementVersion
  }): Promise<readonly DeclaredVersion[]>
}
