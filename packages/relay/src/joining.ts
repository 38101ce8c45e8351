/** How nodes come to belong to each other: what an administrator does at the parent, and at the child. */
import type { DeclaredChild, NodeId } from '@lienthong/core'
import type { Act, LeaveOutcome } from './membership.ts'

export interface InvitedChild {
  readonly child: NodeId
  /** `kept`: invited before, and that invitation holds still. `joined`: it is a child with a key already. */
  readonly state: 'invited' | 'kept' | 'joined'
  /** The line to hand to the child; null for one that has joined, and for a rehearsal. */
  readonly token: string | null
  readonly expiresAt: number | null
}

export interface InvitationView {
  readonly child: NodeId
  readonly createdAt: number
  readonly expiresAt: number
  /** `used`: the child has its account, and its link has not been seen yet. */
  readonly state: 'open' | 'used' | 'expired'
}

export interface JoinOutcome {
  readonly parent: NodeId
  readonly outcome: 'joined' | 'already'
  /** Whether the link was open when this was said. */
  readonly linked: boolean
}

export interface Leaving {
  /** null: it had none. */
  readonly parent: NodeId | null
  readonly outcome: LeaveOutcome
}

export interface Revoking {
  /** `left`: it was no child any more. `moved`: and belongs to another parent, whose it is to take its keys back. */
  readonly outcome: 'revoked' | 'left' | 'moved'
  /** When it left, or was taken out, ms. */
  readonly leftAt: number | null
  /** To which it belongs now. */
  readonly parent: NodeId | null
}

export interface InviteOptions {
  readonly validForMs: number
  /** Says what would be, and does nothing. */
  readonly dryRun?: boolean
}

export interface JoiningDoor {
  /**
   * Declares these children and makes each an invitation, once: who is invited or has joined stays so. Throws
   * NODE_NOT_JOINED at a node that has no root to give, DELEGATION_EXCEEDED, ANNOUNCEMENT_INVALID, and ACCOUNT_NOT_MADE while
   * the broker does not have their accounts: the same again goes on from there.
   */
  invite(children: readonly DeclaredChild[], options: InviteOptions, act: Act): Promise<readonly InvitedChild[]>
  /** By child. */
  invitations(): readonly InvitationView[]
  /**
   * Answers a request that came as a file. Throws TOKEN_INVALID, what `MembershipDoor.admit` throws, and ACCOUNT_NOT_MADE while
   * the broker does not have the account: the same again gives the answer.
   */
  grant(request: string, child: Omit<DeclaredChild, 'id'>, act: Act): Promise<{ child: NodeId; answer: string }>
  /**
   * Asks the parent and goes by it from then on. The same again gives the same. `insteadOf`: the parent it leaves for this
   * one, in one step; the spool goes on over the new link. Throws TOKEN_INVALID, TOKEN_OTHER_NODE, TOKEN_USED,
   * TOKEN_EXPIRED, JOIN_REFUSED, NODE_JOINED, NODE_IS_ROOT, BROKER_UNREACHABLE, LINK_DOWN.
   */
  join(token: string, act: Act & { readonly insteadOf?: NodeId }): Promise<JoinOutcome>
  /** A request to join that travels as a file. */
  request(): string
  /** Goes by the parent that has answered the request. Throws as `join` does. */
  accept(answer: string, act: Act): Promise<JoinOutcome>
  /**
   * Connects the axis of a root: the parent vouches for its key, it attests the parent's root to its own axis and stays
   * the root there. Throws as `join` does, and NODE_NOT_JOINED for a node that is no root.
   */
  bridge(token: string, act: Act): Promise<JoinOutcome>
  /**
   * Goes by itself from now on, and tells the parent, which closes its account. The same again changes nothing. Throws
   * NODE_NOT_DRAINED with what is left to do, unless `force`: its own documents without an end, mailboxes to hand over,
   * documents half here, and what waits for the parent.
   */
  leave(act: Act & { readonly force?: boolean }): Promise<Leaving>
  /**
   * Takes a child out that has left or will not come back; its keys stay good, so that it may join again. What its queues
   * hold stays. Idempotent. Throws NOT_FOUND for one that was never here.
   */
  dismiss(child: NodeId, act: Act): Promise<'dismissed' | 'already'>
  /**
   * Shuts a child out, its keys taken back for good; also those of one that has left, unless it belongs to another parent
   * now. What its queues hold stays. Idempotent. Throws NOT_FOUND for one that was never a child here.
   */
  revoke(child: NodeId, act: Act): Promise<Revoking>
}
