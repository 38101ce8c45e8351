/** What travels in the simulation: core's envelopes as they are, with a seal that is merely a name. */
import type { Envelope, NodeId, OrganId, Signal } from '@lienthong/core'

export interface Segment {
  readonly envelope: Envelope
  /** Whose key made the seal over the core. No one can seal with another's key. */
  readonly sealedBy: NodeId
  /** The payload of a signal core, null for a document. */
  readonly signals: readonly Signal[] | null
  /** For the observer only; no decision may read it. */
  readonly mark: Mark
}

export interface Mark {
  readonly forged: boolean
  /** The captured node that made it up. */
  readonly forgedBy?: NodeId
  /** Counts the times an origin put this document on a way. 0 for signals. */
  readonly sending: number
}

export type Frame = readonly Segment[]

export function recipientsOf(segment: Segment): readonly OrganId[] {
  const { core, to } = segment.envelope
  return to.map((place) => core.recipients[place] ?? '')
}

export function segmentKey(segment: Segment): string {
  const { core, segment: number } = segment.envelope
  return `${core.uid} g${core.generation} s${number}`
}
