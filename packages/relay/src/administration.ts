/** What an administrator may do with the living directory at one node. */
import type { AnnouncementVersion, Declared, DeclaredVersion, NodeId, OrganId } from '@lienthong/core'

/** An announcement that counts here. */
export interface AnnouncementView extends AnnouncementVersion {
  readonly node: NodeId
  /** When this node took it, ms. */
  readonly at: number
}

/** Whether a neighbour has the same directory. */
export interface DirectoryStep {
  readonly node: NodeId
  /** By this node's clock, ms; null: it has the same. */
  readonly differsSince: number | null
}

export interface DeclaredChange {
  /** What it was made from: must be the current version still. */
  readonly base: AnnouncementVersion
  readonly content: Declared
  /** Who makes it, for history and the chain of events. */
  readonly by: string
  readonly reason: string
}

export interface AdministrationDoor {
  current(): Promise<DeclaredVersion>
  /** Newest first; `before` leaves out that version and all that are newer. */
  history(options: {
    readonly limit: number
    readonly before?: AnnouncementVersion
  }): Promise<readonly DeclaredVersion[]>
  /**
   * Makes this the declared content: announced, durable and in the table when it resolves. Throws BASE_MOVED,
   * ANNOUNCEMENT_INVALID, DELEGATION_EXCEEDED.
   */
  apply(change: DeclaredChange): Promise<DeclaredVersion>
  /** Codes the parent has delegated to this node; null at the top of an axis, which may announce any. */
  delegates(): Promise<readonly OrganId[] | null>
  /** Neighbours heard within three minutes; a difference of a minute is the time a change takes. */
  steps(): Promise<readonly DirectoryStep[]>
  /** By node id. */
  announcements(): Promise<readonly AnnouncementView[]>
}
