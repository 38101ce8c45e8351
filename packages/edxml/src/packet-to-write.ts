import type { DocumentType, Organization, PacketHeader, Signer } from './packet.ts'

/**
 * What the writer takes: the reader's `PacketHeader` under the same names, with everything left out that a
 * packet need not have. A header that was read is a packet to write once its attachments are added.
 *
 * Null, undefined, '' and an absent key write nothing, and are read back as null or []. What must be there
 * is a key that must be given; empty it is refused. White space at the ends of a text is not written.
 */

/** `T` with anything in it left out. */
export type Loose<T> = T extends readonly (infer Item)[]
  ? readonly Loose<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Loose<T[Key]> }
    : T | null

/** A sender or recipient as the writer puts it down. */
export type OrganizationToWrite = Pick<Organization, 'organId' | 'organName'> & Loose<Organization>

export interface Attachment {
  /** File name shown to the recipient, `Công văn 123.pdf`. */
  readonly name: string
  /** Of the file itself, not of the zip around it: `application/pdf`. */
  readonly contentType: string
  readonly description?: string | null
  /** Ties the file to its entry in the manifest; no two alike. @default `cid:1`, `cid:2`, … */
  readonly contentId?: string | null
  /** The file. A source is read once, while the packet is being written. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>
}

type RequiredField = 'documentId' | 'code' | 'promulgationDate' | 'subject'

type OptionalField =
  | 'place'
  | 'content'
  | 'dueDate'
  | 'priority'
  | 'sphereOfPromulgation'
  | 'typerNotation'
  | 'promulgationAmount'
  | 'pageAmount'
  | 'direction'
  | 'appendixes'
  | 'responseFor'
  | 'steeringType'
  | 'toPlaces'
  | 'taskCodes'
  | 'applicationType'
  | 'trace'
  | 'businessType'
  | 'business'

/**
 * A document of business type 0 … 3 (0 when not given). A recall (1) needs `business.reason`, an update (2)
 * `business.documentId` and `business.changes`, a replacement (3) `business.replacements`; no other type has changes
 * or replacements.
 */
export interface DocumentPacket extends Pick<PacketHeader, RequiredField>, Loose<Pick<PacketHeader, OptionalField>> {
  readonly from: OrganizationToWrite
  /** At least one. */
  readonly to: readonly OrganizationToWrite[]
  readonly documentType: Pick<DocumentType, 'type' | 'typeName'> & Loose<DocumentType>
  readonly signer: Pick<Signer, 'fullName'> & Loose<Signer>
  /** When the sender let go of it, ms since the epoch: makes its TraceHeader where `trace` has none. */
  readonly sentAt?: number
  /** At least one. */
  readonly attachments: readonly Attachment[]
}

/**
 * A reply about a document: it has no recipients of its own but what `responseFor` names. Codes 2, 13 and 16 need a
 * `description`.
 */
export interface StatusPacket
  extends Pick<PacketHeader, 'statusCode'>,
    Loose<Pick<PacketHeader, 'responseFor' | 'description' | 'staff' | 'timestamp'>> {
  readonly from: OrganizationToWrite
  /** At least one, each with the organisation that is told, and with the document's id or its code and date. */
  readonly responseFor: Loose<PacketHeader['responseFor']>
  /** When it was written, ms since the epoch: makes the `timestamp` where that is not given. */
  readonly sentAt?: number
}
