/**
 * What is read out of a packet and what packets are written from: one vocabulary for both ways.
 *
 * Text is as written, without surrounding white space; an element that is absent or empty is null. A
 * number, flag or date out of form never stops a packet: numbers and flags are null then, dates and
 * times stay text, and the reader warns.
 */

/** A sender or recipient; only code and name are reliably filled. */
export interface Organization {
  /** As written; empty when the packet gives none. Compare only through core's `lookupKey`. */
  readonly organId: string
  readonly organName: string | null
  /** The superior body (cơ quan chủ quản). */
  readonly organizationInCharge: string | null
  readonly organAdd: string | null
  readonly email: string | null
  readonly telephone: string | null
  readonly fax: string | null
  readonly website: string | null
}

/** The document a packet answers. */
export interface ResponseFor {
  readonly organId: string | null
  /** Number and notation in one: `267/VPCP-TTĐT`. */
  readonly code: string | null
  readonly documentId: string | null
  readonly promulgationDate: string | null
}

export interface StaffInfo {
  readonly department: string | null
  readonly staff: string | null
  readonly email: string | null
  readonly mobile: string | null
}

export interface DocumentType {
  /** Producers disagree on the numbers; trust `typeName`. */
  readonly type: number | null
  readonly typeDetail: number | null
  /** Công văn, Quyết định, … */
  readonly typeName: string | null
}

export interface Signer {
  /** Authority signed under: TM., KT., TL., TUQ., Q. */
  readonly competence: string | null
  readonly position: string | null
  readonly fullName: string | null
}

/** A visit the packet itself records; relays of this project do not add any. */
export interface TraceHeader {
  readonly organId: string | null
  /** `yyyy/MM/dd HH:mm:ss`, Vietnam's time. */
  readonly timestamp: string | null
}

/** What an update (type 2) changes. */
export interface DocumentChange {
  /** Whether the content changed. */
  readonly documentInfo: boolean | null
  /** Whether the list of recipients changed. */
  readonly documentReceiver: boolean | null
  readonly receivers: readonly ChangedReceiver[]
}

export interface ChangedReceiver {
  readonly organId: string | null
  /** 0 removed, 1 added. */
  readonly receiverType: number | null
}

/** What a replacement (type 3) replaces. */
export interface Replacement {
  readonly documentId: string | null
  /** Who had received it. */
  readonly organIds: readonly string[]
}

/** `Bussiness` beside its type. */
export interface Business {
  /** The earlier document meant; an update has it, a recall usually not (`targetsOf` knows where to look). */
  readonly documentId: string | null
  readonly reason: string | null
  /** Whether a paper copy follows. */
  readonly paper: boolean | null
  readonly changes: readonly DocumentChange[]
  readonly replacements: readonly Replacement[]
  readonly staff: readonly StaffInfo[]
}

/** An attachment as the manifest announces it. */
export interface ManifestReference {
  /** As written, with or without `cid:`. */
  readonly contentId: string | null
  readonly contentType: string | null
  readonly description: string | null
  readonly attachmentName: string | null
}

/** Everything a packet says before its attachments. */
export interface PacketHeader {
  readonly kind: 'document' | 'status'
  readonly from: Organization
  /** In the order written; empty for a status packet, see `statusTargets`. */
  readonly to: readonly Organization[]
  /** Never null for a document. Opaque: never parse a date out of it. */
  readonly documentId: string | null
  /** `123` and `UBND-VP`; shown as `123/UBND-VP`. */
  readonly code: { readonly number: string | null; readonly notation: string | null }
  readonly place: string | null
  /** As written; `yyyy/MM/dd` when the sender keeps to the format. */
  readonly promulgationDate: string | null
  readonly documentType: DocumentType
  /** Trích yếu. */
  readonly subject: string | null
  readonly content: string | null
  readonly signer: Signer
  readonly dueDate: string | null
  /** 0 normal … 4 hoả tốc hẹn giờ; 0 when absent or not a number. */
  readonly priority: number
  readonly sphereOfPromulgation: string | null
  readonly typerNotation: string | null
  readonly promulgationAmount: number | null
  readonly pageAmount: number | null
  readonly direction: boolean | null
  readonly appendixes: readonly string[]
  readonly responseFor: readonly ResponseFor[]
  /** 1 not steering, 2 steering, 3 report on steering – by some; for display only. */
  readonly steeringType: number | null
  readonly toPlaces: readonly string[]
  readonly taskCodes: readonly string[]
  readonly applicationType: string | null
  readonly trace: readonly TraceHeader[]
  /** 0 new (also when the packet has no `Bussiness`), 1 recall, 2 update, 3 replacement; others are kept. */
  readonly businessType: number
  readonly business: Business
  /** 1 … 16; null for a document, and for a status whose code is not a number. */
  readonly statusCode: number | null
  /** A status packet's explanation, such as the reason of a refusal. */
  readonly description: string | null
  /** Who wrote a status packet. */
  readonly staff: readonly StaffInfo[]
  /** When a status packet was written, `yyyy/MM/dd HH:mm:ss`. */
  readonly timestamp: string | null
  /** The manifest. Empty for most status packets. */
  readonly references: readonly ManifestReference[]
}

/** An organisation by what is always known of it. */
export type OrganizationRef = Pick<Organization, 'organId' | 'organName'>
