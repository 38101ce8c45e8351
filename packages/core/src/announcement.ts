/**
 * The living directory: one announcement for each node, that node's own signed word about its place.
 *
 * ```
 *   G22    children: H29 {keys, delegates: H29}          H29 is what its parent says it is …
 *    └ H29    children: H29.18 …   organisations: …      … and says what lies in what it was given
 *        └ H29.18 …
 * ```
 *
 * Merged (`announcement-merge.ts`), the newest of all nodes are the `Directory` that routing compiles. Which ones
 * count is said in `announcement-accept.ts`; how they travel, in PROTOCOL.md of the link package.
 */
import type { NodeKey, Organisation, RootKey } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import type { KeyRevocation } from './trust-change.ts'

/** Of one node's announcements the one with the higher epoch is newer, of one epoch that with the higher version. */
export interface AnnouncementVersion {
  /** Grows by one when the node came back from a backup; from 1. */
  readonly epoch: number
  /** Grows by one with each change; from 1. */
  readonly version: number
}

/** A child as its parent announces it. */
export interface AnnouncedChild {
  readonly id: NodeId
  /** A word for people. No code branches on it. */
  readonly tier: string
  /** Vouched for by the announcing node, oldest first, with all that the newest one follows; none before it has joined. */
  readonly keys: readonly NodeKey[]
  /** It may announce these codes and what lies below them, in either written form, and give parts of them further. */
  readonly delegates: readonly OrganId[]
}

/** An organisation as the node that serves it announces it. */
export type AnnouncedOrganisation = Omit<Organisation, 'node'>

export interface Announcement extends AnnouncementVersion {
  readonly node: NodeId
  /** null: the top of its axis. */
  readonly parent: NodeId | null
  /** ms, by the node's own clock; for people. */
  readonly issuedAt: number
  /** Counts for a pinned node only; for others their parent's word does. */
  readonly tier: string
  /** Of a pinned node only: the pinned key and those it was handed over to. */
  readonly keys: readonly NodeKey[]
  readonly children: readonly AnnouncedChild[]
  readonly organisations: readonly AnnouncedOrganisation[]
  readonly groups: Readonly<Record<string, readonly OrganId[]>>
  /** Keys of this node or of nodes below it, taken back by keys of this node. */
  readonly revocations: readonly KeyRevocation[]
  /** Of a pinned node only: whom its subtree shall pin for all that lies outside. */
  readonly attests: readonly RootKey[]
}

/** An announcement with the bytes that were sealed; decoded and encoded by the link package. */
export interface SignedAnnouncement {
  readonly announcement: Announcement
  /** Of the key that is said to have sealed it. */
  readonly kid: string
  readonly bytes: Uint8Array
  readonly seal: Uint8Array
  /** SHA-256 over bytes and seal, hex: tells two of the same version apart. */
  readonly digest: string
}

/** What is compared of two announcements of one node. */
export type AnnouncementRank = AnnouncementVersion & Pick<SignedAnnouncement, 'digest'>

/** Below zero when `one` is older. The digest decides between two of the same version: everywhere alike. */
export function compareAnnouncements(one: AnnouncementRank, other: AnnouncementRank): number {
  return compareVersions(one, other) || (one.digest < other.digest ? -1 : one.digest > other.digest ? 1 : 0)
}

/** Below zero when `one` is older. */
export function compareVersions(one: AnnouncementVersion, other: AnnouncementVersion): number {
  return one.epoch - other.epoch || one.version - other.version
}

/** What `compareAnnouncements` compares. */
export function rankOf({ announcement: { epoch, version }, digest }: SignedAnnouncement): AnnouncementRank {
  return { epoch, version, digest }
}
