/**
 * The durable state of one node, as the relay sees it.
 *
 * Every promise resolves after the transaction is on disk (fsync). Calls made in the same tick share
 * one transaction (group commit) without sharing their failure. Digests and uids are lower-case hex,
 * instants ms since 1970.
 */
import type { Lane, NodeId, QueryTiming } from '@lienthong/core'
import type { AssemblyStore } from './contract-assemblies.ts'
import type { BundleStore } from './contract-bundles.ts'
import type { DirectoryStore } from './contract-directory.ts'
import type { StagedPayload } from './contract-documents.ts'
import type { AccessStore, HookStore, LinkStore, StoreFigures, UploadStore } from './contract-doors.ts'
import type { HandoverStore, SplitStore } from './contract-handover.ts'
import type { MailboxStore } from './contract-mailbox.ts'
import type { OutboxStore } from './contract-outbox.ts'

export interface PayloadStore {
  /** Writes and fsyncs while hashing. `onChunk` sees each chunk first. Throws DOCUMENT_TOO_LARGE past `maxBytes`, DISK_FULL. */
  stage(
    source: AsyncIterable<Uint8Array>,
    options: { maxBytes: number; onChunk?: (chunk: Uint8Array) => void },
  ): Promise<StagedPayload>
  /** `length` bytes from `offset` (fewer at the end). Throws NOT_FOUND. */
  slice(sha256: string, offset: number, length: number): Promise<Uint8Array>
  /** The whole payload, or the bytes from `start` up to `end`, in chunks of at most 256 KiB. Throws NOT_FOUND before the first chunk. */
  stream(sha256: string, range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>
}

export interface DeadLetter {
  readonly id: number
  readonly at: number
  readonly reason: string
  readonly link: string
  readonly uid: string | null
  readonly detail: string
  /** What could not be read, as it came; else a frame of the one segment. */
  readonly bytes: Uint8Array
}

export interface LedgerStore {
  /** Dead letters and refusals. */
  bury(letter: Omit<DeadLetter, 'id'>): Promise<void>
  deadLetters(options: { after: number; limit: number }): Promise<readonly DeadLetter[]>
  /** Adds to the hash chain of events. */
  event(event: {
    at: number
    type: string
    uid: string | null
    detail: Readonly<Record<string, unknown>>
  }): Promise<void>
}

export interface Store {
  readonly payloads: PayloadStore
  readonly outbox: OutboxStore
  readonly mailbox: MailboxStore
  readonly handovers: HandoverStore
  readonly bundles: BundleStore
  readonly splits: SplitStore
  readonly assemblies: AssemblyStore
  readonly ledger: LedgerStore
  readonly access: AccessStore
  readonly directory: DirectoryStore
  readonly links: LinkStore
  readonly uploads: UploadStore
  readonly hooks: HookStore
  figures(): Promise<StoreFigures>
  /** When the next query or notice is due; it may lie in the past. null: none in sight. `held`: as `dueQueries` leaves them alone. */
  dueAt(held: readonly { readonly node: NodeId; readonly lane: Lane }[]): Promise<number | null>
  /** A write of a few bytes, for whoever wants to know whether writing works. */
  touch(now: number): Promise<void>
  /** Idempotent; waits for what was called before. */
  close(): Promise<void>
}

export interface StoreOptions {
  /** When receipts are asked for. @default core's `defaultQueryTiming` */
  readonly queryTiming?: QueryTiming
  /** Largest database file, bytes; past it writes fail with DISK_FULL. Payload files do not count. @default no limit but the disk */
  readonly maxDatabaseBytes?: number
}

/** The writer thread of the process; every store of the process shares it. */
export interface StoreHost {
  /** Opens or creates a store in `dir`. Throws STORE_LOCKED, STORE_NEWER, DISK_FULL, STORE_FAILED. */
  open(dir: string, options?: StoreOptions): Promise<Store>
  /** Closes every store and ends the thread. Idempotent. */
  close(): Promise<void>
}
