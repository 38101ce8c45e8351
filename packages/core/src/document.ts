/**
 * What travels: the sealed core of an envelope and what lies beside it, as plain data.
 *
 * The bytes on the wire are the link package's concern; here a uid or a digest is lower-case hex,
 * an instant is milliseconds since 1970 (UTC), and a recipient is named by its place in the core.
 */
import type { HandedRow } from './handover.ts'

/** Code of an organisation as written by its owner; compare only through `lookupKey`. */
export type OrganId = string

/** A node is named by the OrganId of its unit. */
export type NodeId = string

/**
 * `document` and `status` carry edXML packets; `signal` carries a list of signals to one node, `handover` rows of
 * mailboxes to the node that keeps them now, `bundle` a support bundle to the parent.
 */
export const kinds = ['document', 'status', 'signal', 'handover', 'bundle'] as const
export type Kind = (typeof kinds)[number]

/** True for what a node seals in its own name. */
export function isBetweenNodes(kind: Kind): kind is Exclude<Kind, 'document' | 'status'> {
  return kind === 'signal' || kind === 'handover' || kind === 'bundle'
}

/** `express`: signals, control, recalls and urgent documents of one segment. `bulk`: everything else. */
export const lanes = ['express', 'bulk'] as const
export type Lane = (typeof lanes)[number]

/** A document in all its generations up to this one. */
export interface Sending {
  readonly uid: string
  readonly generation: number
}

/** The sealed part of an envelope. No node between origin and recipient changes a byte of it. */
export interface Core {
  /** Major version of the wire. */
  readonly version: number
  /** SHA-256, hex, of the canonical CBOR of [kind, businessType, from, documentId, sha256]. */
  readonly uid: string
  /** 1 for the first sending; n+1 when recipients that ended badly get the same document again. */
  readonly generation: number
  readonly kind: Kind
  /** edXML BussinessDocType 0..3 for a document, the status code for a status, 0 for a signal. */
  readonly businessType: number
  /** The sending organisation; for what is between nodes, the id of the node that sealed it. */
  readonly from: OrganId
  readonly documentId: string
  /** Organisations; for a signal, ids of nodes; for a handover or bundle, one node (`nodeRecipient`). */
  readonly recipients: readonly OrganId[]
  /** Payload size in bytes. */
  readonly size: number
  /** SHA-256 of the payload, hex. */
  readonly sha256: string
  /** Every segment but the last has this many bytes. */
  readonly segmentBytes: number
  readonly lane: Lane
  readonly sealedAt: number
  readonly directoryVersion: number
  /** Earlier documents of the sender that this packet recalls, updates, replaces or takes back; absent: none. See `recall.ts`. */
  readonly about?: readonly Sending[]
  /** Of a handover: the rows whose payload this is; absent: the payload is a list of rows without payload. */
  readonly handed?: readonly HandedRow[]
}

/** One visit: `version` is that of the node's own routing table then; `at` is its clock, for display only. */
export interface PathEntry {
  readonly node: NodeId
  readonly version: number
  readonly at: number
}
export type Path = readonly PathEntry[]

/** What lies beside the core, unsealed, and may change at each hop. */
export interface Envelope {
  readonly core: Core
  /** The node whose key the seal names: claimed until the seal has been checked. */
  readonly origin: NodeId
  /** Indices into `core.recipients` that this copy still serves, ascending. */
  readonly to: readonly number[]
  /** 0-based number of the segment this envelope accompanies. */
  readonly segment: number
  readonly path: Path
}

/** Largest slice of a payload in one segment, bytes. */
export const maxSegmentBytes = 256 * 1024
/** Largest AMQP message on a link, bytes. */
export const maxFrameBytes = 512 * 1024
/** Largest encoded core, bytes; more recipients become several envelopes of one uid. */
export const maxCoreBytes = 64 * 1024
/** Most visits a path may record. */
export const maxHops = 16

/** How many segments a payload has; an empty payload has one, empty. */
export function segmentCount(size: number, segmentBytes: number): number {
  return Math.max(1, Math.ceil(size / segmentBytes))
}
