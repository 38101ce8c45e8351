/**
 * What nodes ask each other about themselves: how they stand towards an organisation, and when they saw a document last.
 *
 * An `ask` is answered by one `standing` and by nothing else; neither is kept, repeated or missed by custody.
 */
import type { NodeId, OrganId } from './document.ts'
import type { LinkPhase } from './link-state.ts'

/** From any node to any node of the directory. */
export interface Ask {
  readonly type: 'ask'
  /** The asker's own, 1 … 2^32 − 1; comes back in the answer. */
  readonly number: number
  /** The document asked about; null: none. */
  readonly uid: string | null
  readonly generation: number
  /** At most `maxAskedOrgans`. None: only whether the node is there. */
  readonly organs: readonly OrganId[]
}

/** How one node stands, by its own clock and table. */
export interface Standing {
  readonly type: 'standing'
  readonly number: number
  readonly at: number
  readonly tableVersion: number
  readonly directoryVersion: number
  /** Since when this node remembers what went through it: what was there before may be forgotten. */
  readonly rememberedSince: number
  /** Towards the organisations asked about; those it does not know are left out. */
  readonly ways: readonly Way[]
  /** What it knows of the document and may tell the asker; one per organisation, the newest. */
  readonly sightings: readonly Sighting[]
}

export type Enquiry = Ask | Standing

export const maxAskedOrgans = 64

/** Where a node sends what is for these organisations. */
export interface Way {
  readonly organs: readonly OrganId[]
  /** null: it serves them itself. */
  readonly next: NodeId | null
  /** The link there; null where nothing leaves the node. */
  readonly link: WayLink | null
}

export interface WayLink {
  readonly phase: LinkPhase
  /** Words of `linkReasons`, `pause`, `drain`, `never-heard`, `silent`, `hold`: never anybody's own text. */
  readonly reasons: readonly string[]
  /** Of the phase, or of what was ordered; null: not known. */
  readonly since: number | null
  /** Copies in the node's outbox for this hop, and when the document of the first of them was accepted. */
  readonly copies: number
  readonly oldestAt: number | null
  /** Messages on their way in the node's own queues; null: its broker does not say. */
  readonly queued: number | null
}

/** The last thing that happened to a document at a node. The number of a step on the wire is its place here. */
export const sightingSteps = [
  'waiting',
  'received',
  'sent',
  'dropped',
  'dead',
  'delivered',
  'collected',
  'undeliverable',
  'stopped',
] as const
export type SightingStep = (typeof sightingSteps)[number]

export interface Sighting {
  readonly organ: OrganId
  readonly step: SightingStep
  readonly at: number
  /** Where it came from, went to or was dropped before; null: nowhere else. */
  readonly neighbour: NodeId | null
  /** Why it was dropped, is dead or undeliverable. */
  readonly code: string | null
  /** Number of the newest segment seen, from 1, and how many there are; null for the whole. */
  readonly part: readonly [newest: number, of: number] | null
}
