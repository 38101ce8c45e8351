/** What the door says and takes about routing tables and organisations. */
import type {
  AnnouncementVersion,
  Declared,
  DeclaredDifference,
  DeclaredProblem,
  DeclaredVersion,
  NodeId,
  OrganId,
  Organisation,
  Resolution,
  RouteExpectation,
} from '@lienthong/core'

/** Versions of one listing, at most this many. */
export const maxHistoryItems = 1000
export const defaultHistoryItems = 20

export interface DeclaredView {
  readonly node: NodeId
  readonly parent: NodeId | null
  readonly directoryVersion: number
  readonly current: DeclaredVersion
}

/** A version without its content, which may be large. */
export interface VersionItem extends Omit<DeclaredVersion, 'content'> {
  /** What it changed in the version before it, counted; null for the oldest there is. */
  readonly changes: { readonly added: number; readonly changed: number; readonly removed: number } | null
}

export interface DeclaredPlan {
  /** The version it would change. */
  readonly base: AnnouncementVersion
  readonly changes: readonly DeclaredDifference[]
  readonly problems: readonly DeclaredProblem[]
}

/** Who asks for it is said apart. */
export interface DeclaredOrder {
  readonly base: AnnouncementVersion
  readonly content: Declared
  readonly reason: string
}

export interface ExpectationOrder {
  readonly expectations: readonly RouteExpectation[]
  /** Tested as if this were declared. @default what is */
  readonly content?: Declared
}

export interface OrganisationView {
  readonly organisation: Organisation
  /** What a document addressed to its code meets today. */
  readonly resolution: Resolution
  /** This very node declares it. */
  readonly declaredHere: boolean
  /** Organisations directly below it. */
  readonly below: readonly OrganId[]
}
