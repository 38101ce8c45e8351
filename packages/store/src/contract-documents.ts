/** What several parts of the store speak of: bytes, headers, seals and statuses of documents. */
import type { OrganId } from '@lienthong/core'

/** A payload on disk or, up to 64 KiB, in the database. */
export interface PayloadRef {
  readonly sha256: string
  readonly size: number
}

/**
 * Bytes received and hashed but not yet owned by a document. It stays usable after `accept` answers
 * `stale` or throws; call `discard` when it is given up.
 */
export interface StagedPayload extends PayloadRef {
  /** Idempotent; does nothing once a document owns the bytes. */
  discard(): Promise<void>
}

/** Facts of the packet's header kept for lists and look-up. Text as written; null = absent. */
export interface Headline {
  readonly subject: string | null
  /** Number and notation, `123/UBND-VP`. */
  readonly number: string | null
  /** Issue date as written, `yyyy/MM/dd`. */
  readonly date: string | null
}

export interface Sealed {
  /** Exact bytes of the core. */
  readonly core: Uint8Array
  readonly seal: Uint8Array
}

/** What an earlier document may be known by. */
export type DocumentName = { readonly documentId: string } | { readonly number: string; readonly date: string }

/** A business status that a packet carries, to be noted beside the document it is about. */
export interface BusinessStatus {
  /** Best first: the first found counts. */
  readonly about: readonly DocumentName[]
  readonly code: number
  readonly description: string | null
}

/** A sent document whose history grew. */
export interface Moved {
  readonly uid: string
  /** The sender. */
  readonly from: OrganId
  /** Of its newest change. */
  readonly seq: number
}
