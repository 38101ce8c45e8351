/** What this package reads out of a packet and what it writes packets from. */

export interface OrganizationRef {
  /** As written, without surrounding white space; empty when the packet gives none. */
  readonly organId: string
  readonly organName: string | null
}

/** The document a packet answers. All as written. */
export interface ResponseFor {
  readonly organId: string | null
  /** Number and notation in one: `267/VPCP-TTĐT`. */
  readonly code: string | null
  readonly documentId: string | null
  readonly promulgationDate: string | null
}

/** Enough of a packet to route it. Text is as written, without surrounding white space; empty becomes null. */
export interface PacketHeader {
  readonly kind: 'document' | 'status'
  readonly from: OrganizationRef
  /** In the order written; empty for a status packet, see `statusTargets`. */
  readonly to: readonly OrganizationRef[]
  /** Never null for a document. Opaque: never parse a date out of it. */
  readonly documentId: string | null
  /** `123` and `UBND-VP`; shown as `123/UBND-VP`. */
  readonly code: { readonly number: string | null; readonly notation: string | null }
  readonly subject: string | null
  /** As written; `yyyy/MM/dd` when the sender keeps to the format. */
  readonly promulgationDate: string | null
  /** 0 new (also when the packet has no `Bussiness`), 1 recall, 2 update, 3 replacement; others are kept. */
  readonly businessType: number
  /** 0 normal … 4 hoả tốc hẹn giờ; 0 when absent or not a number. */
  readonly priority: number
  readonly responseFor: readonly ResponseFor[]
  /** 1 … 16; null for a document, and for a status whose code is not a number. */
  readonly statusCode: number | null
  /** A status packet's explanation, such as the reason of a refusal. */
  readonly description: string | null
}

/** A sender or recipient as the writer puts it down. */
export interface Organization {
  readonly organId: string
  readonly organName: string | null
  readonly organizationInCharge?: string
  readonly organAdd?: string
  readonly email?: string
  readonly telephone?: string
  readonly fax?: string
  readonly website?: string
}

export interface StaffInfo {
  readonly department?: string
  readonly staff?: string
  readonly email?: string
  readonly mobile?: string
}

export interface Attachment {
  /** File name shown to the recipient, `Công văn 123.pdf`. */
  readonly name: string
  /** Of the file itself, not of the zip around it: `application/pdf`. */
  readonly contentType: string
  /** @default '' */
  readonly description?: string
  /** The file. A source is read once, while the packet is being written. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>
}

/** A new document (business type 0). Dates are `yyyy/MM/dd`. */
export interface DocumentPacket {
  readonly from: Organization
  /** At least one. */
  readonly to: readonly Organization[]
  readonly documentId: string
  readonly code: { readonly number: string; readonly notation: string }
  readonly promulgationDate: string
  readonly place?: string
  /** @default type 1, detail 0, "Công văn" */
  readonly documentType?: { readonly type: number; readonly typeDetail?: number; readonly typeName: string }
  readonly subject: string
  readonly content?: string
  readonly signer: { readonly competence?: string; readonly position?: string; readonly fullName: string }
  readonly dueDate?: string
  /** 0 … 4. @default 0 */
  readonly priority?: number
  readonly sphereOfPromulgation?: string
  readonly typerNotation?: string
  readonly promulgationAmount?: number
  readonly pageAmount?: number
  readonly direction?: boolean
  readonly appendixes?: readonly string[]
  readonly responseFor?: readonly ResponseFor[]
  /** 1 not steering, 2 steering, 3 report on steering. @default 1 */
  readonly steeringType?: number
  readonly toPlaces?: readonly string[]
  /** When the sender let go of it, ms since the epoch; written in Vietnam's time. */
  readonly sentAt: number
  readonly reason?: string
  /** A paper copy follows. @default false */
  readonly paper?: boolean
  readonly staff?: StaffInfo
  /** At least one. */
  readonly attachments: readonly Attachment[]
}

/** A reply about a document: it has no recipients of its own but what `responseFor` names. */
export interface StatusPacket {
  readonly from: Organization
  readonly responseFor: ResponseFor
  /** 1 … 99, written with two digits. */
  readonly statusCode: number
  readonly description?: string
  readonly staff?: StaffInfo
  /** ms since the epoch; written in Vietnam's time. */
  readonly timestamp: number
}
