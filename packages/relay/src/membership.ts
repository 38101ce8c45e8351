/** Who belongs to whom in the living directory: what joining, leaving and bridging do at one node. */
import type { DeclaredChild, NodeId, NodeKey, RelayError, RootKey } from '@lienthong/core'
import type { ParentAccess } from './living.ts'

/** Who does it, for history and the chain of events. */
export interface Act {
  readonly by: string
  readonly reason: string
}

/**
 * How a node left: its parent has heard of it and closed its account, has been told and not closed it yet, or could not be told.
 * `already`: it had no parent.
 */
export type LeaveOutcome = 'closed' | 'told' | 'untold' | 'already'

export interface MembershipDoor {
  /**
   * Announces a child with its key, for which this node vouches, and lets it in by this password. The same again changes
   * nothing but the password. A child that has had a key needs one that follows it. null: the broker has its account; else
   * why not yet, and it is tried again. Throws KEY_EXISTS, KEY_HANDOVER_MISSING, DELEGATION_EXCEEDED, ANNOUNCEMENT_INVALID.
   */
  admit(
    child: DeclaredChild & { readonly key: NodeKey; readonly password: string },
    act: Act,
  ): Promise<RelayError | null>
  /**
   * A key a child has taken in the place of its former one, with the former one's signature or the grandparent's under it.
   * Throws NOT_FOUND for no child of this node, KEY_HANDOVER_MISSING.
   */
  vouch(key: NodeKey, act: Act): Promise<void>
  /**
   * Takes a child out, with what was announced below it; `revoke` takes its keys back for good as well, also those of one
   * that has left. What its queues hold stays. The same again changes nothing.
   */
  dismiss(child: NodeId, act: Act & { readonly revoke?: boolean }): Promise<void>
  /** Goes by this parent from now on. `roots`: whom the node pins then, unless its configuration says whom. */
  follow(parent: ParentAccess, act: Act & { readonly roots?: readonly RootKey[] }): Promise<void>
  /**
   * Goes by itself from now on, and tells the parent while the line is there. Cut off in the middle the parent hears of it
   * when the line is back, and the same again ends it. `forget`: it pins nobody from then on, whatever its configuration says,
   * until it follows a parent again.
   */
  leave(act: Act & { readonly forget?: boolean }): Promise<LeaveOutcome>
  /** Of a pinned node: whom its subtree pins for all that lies outside. */
  attest(roots: readonly RootKey[], act: Act): Promise<void>
}
