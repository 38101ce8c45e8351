import type { Organization, ResponseFor, StaffInfo } from './packet.ts'

/** What the writer takes: the reader's vocabulary with everything left out that need not be there. */

/** A sender or recipient as the writer puts it down. */
export type OrganizationToWrite = Pick<Organization, 'organId' | 'organName'> & Partial<Organization>

export type StaffToWrite = Partial<StaffInfo>

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
  readonly from: OrganizationToWrite
  /** At least one. */
  readonly to: readonly OrganizationToWrite[]
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
  readonly staff?: StaffToWrite
  /** At least one. */
  readonly attachments: readonly Attachment[]
}

/** A reply about a document: it has no recipients of its own but what `responseFor` names. */
export interface StatusPacket {
  readonly from: OrganizationToWrite
  readonly responseFor: ResponseFor
  /** 1 … 99, written with two digits. */
  readonly statusCode: number
  readonly description?: string
  readonly staff?: StaffToWrite
  /** ms since the epoch; written in Vietnam's time. */
  readonly timestamp: number
}
