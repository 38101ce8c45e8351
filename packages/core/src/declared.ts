/** What an administrator declares for one node: its announcement without keys, and exceptions that stay local. */
import type { AnnouncedChild, AnnouncedOrganisation, AnnouncementVersion } from './announcement.ts'
import type { NodeId, OrganId } from './document.ts'

/** A child as declared: its keys stay with the node, out of every file. */
export type DeclaredChild = Omit<AnnouncedChild, 'keys'>

export interface Declared {
  readonly children: readonly DeclaredChild[]
  /** Served by this node. */
  readonly organisations: readonly AnnouncedOrganisation[]
  readonly groups: Readonly<Record<string, readonly OrganId[]>>
  readonly exceptions: readonly Exception[]
}

/** Departs from the directory at this node alone; nobody else hears of it. */
export type Exception = {
  readonly organ: OrganId
  /** For people. */
  readonly reason: string
  /** Last day on which it holds, `yyyy-MM-dd`, a day in Vietnam. @default until it is taken away */
  readonly until?: string
} & (
  | {
      /** The neighbour by which the organisation is reached instead: a child, or the parent. */
      readonly redirect: NodeId
    }
  | {
      /** Nothing new goes to it from here: refused at the origin, kept elsewhere. */
      readonly hold: true
    }
)

/** One version of what was declared, as history keeps it. */
export interface DeclaredVersion extends AnnouncementVersion {
  /** When it began to hold, ms. */
  readonly at: number
  /** Who made it. */
  readonly by: string
  readonly reason: string
  /** The version it was made from; null for the first. */
  readonly base: AnnouncementVersion | null
  readonly content: Declared
}

/** A node about which nobody has declared anything. */
export const nothingDeclared: Declared = { children: [], organisations: [], groups: {}, exceptions: [] }
