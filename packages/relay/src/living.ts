/**
 * What may change while a node runs: the directory it routes by, the accounts of its children, its parent.
 *
 * A change stops nothing and loses nothing. What waits in the outbox takes the way of the new table; frames on a way
 * that is no more are taken back and routed again; what climbs waits in the spool until there is a parent.
 */
import type { Directory, Exception, NodeId, RelayError, RootKey } from '@lienthong/core'
import type { BrokerAddress, SendOutcome } from '@lienthong/link'

/** What a node routes by: the directory as published, and where this node departs from it. */
export interface DirectoryView {
  readonly directory: Directory
  readonly exceptions: readonly Exception[]
}

/** In the place of a directory: it is kept by the node and its neighbours, from announcements. */
export interface LivingDirectory {
  readonly living: true
  /** Pinned: the top of this node's axis. None: this node is it. */
  readonly roots: readonly RootKey[]
  /** Of a pinned node: a word for people. @default empty */
  readonly tier?: string
}

/** A child and the password of its account at this node's broker. */
export interface ChildAccount {
  readonly id: NodeId
  readonly password: string
}

/** The parent and where its broker is. The account there is this node's id. */
export interface ParentAccess {
  readonly id: NodeId
  readonly address: BrokerAddress
}

export interface LivingParts {
  /**
   * Routes by this from now on. Its version is this node's own: the version of the table before and one more, so that
   * a table's version does not fall either when the node starts again. Queues of new children are declared first, as
   * far as the broker is there. Throws DIRECTORY_INVALID and changes nothing.
   */
  changeDirectory(next: DirectoryView): Promise<void>
  /**
   * These and no other accounts may come in as children. Who has left loses its rights and connections; what its queues
   * hold stays, and is routed again once the directory knows no such child. null: the broker has it; else why not yet, and
   * it is tried again.
   */
  changeChildren(children: readonly ChildAccount[]): Promise<RelayError | null>
  /** Opens a link to this parent in the place of the one before; null closes it, and what climbs waits. */
  changeParent(parent: ParentAccess | null): Promise<void>
  /** Those a message about the directory can be sent to. */
  readonly neighbours: { readonly parent: NodeId | null; readonly children: readonly NodeId[] }
  /**
   * To a neighbour's `onDirectoryMessage`; `unknown` when it is none. A child that is away finds it in its queue when it
   * comes back: send it nothing by the clock. At most one message of 512 KiB at a time to one neighbour.
   */
  sendToNeighbour(neighbour: NodeId, body: Uint8Array): Promise<SendOutcome | 'unknown'>
  /**
   * Messages of neighbours, proved by exchange and `user_id`. They are acknowledged when the listener returns, so that
   * frames never wait for them: one may be lost. The bytes are the listener's only until it returns.
   */
  onDirectoryMessage(listener: (neighbour: NodeId, body: Uint8Array) => void): () => void
  /** The link to the parent opened or closed; or a child said hello, which it does whenever it connects. */
  onLink(listener: (neighbour: NodeId, open: boolean) => void): () => void
}
