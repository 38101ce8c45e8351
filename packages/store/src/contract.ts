/**
 * The durable state of one node, as the relay sees it.
 *
 * Every promise resolves after the transaction is on disk (fsync). Calls made in the same tick share
 * one transaction (group commit) without sharing their failure. Digests and uids are lower-case hex,
 * instants ms since 1970.
 */
import type {
  ChangeState,
  EarlierRecipient,
  Hop,
  Kind,
  Lane,
  Missing,
  NodeId,
  OrganId,
  PacketKind,
  Path,
  QueryTiming,
  Receipt,
  RecipientRecord,
  ReroutedCopy,
  SealedSignal,
  StatusReport,
  TransportState,
  WaitingCopy,
} from '@lienthong/core'
import type { DirectoryStore } from './contract-directory.ts'
import type { AccessStore, HookStore, SentChange, StoreFigures, UploadStore } from './contract-doors.ts'

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

/** One sealed core to accept. Several when recipients do not fit one core, or for several generations. */
export interface AcceptCore extends Sealed {
  readonly generation: number
  /** In the core's order. */
  readonly recipients: readonly { readonly organ: OrganId; readonly node: NodeId }[]
  /** One copy per next hop: indices into this core's recipients. */
  readonly copies: readonly { readonly hop: Hop; readonly to: readonly number[] }[]
}

export interface AcceptRequest {
  readonly uid: string
  readonly kind: Kind
  readonly businessType: number
  readonly from: OrganId
  readonly documentId: string
  readonly lane: Lane
  /** Its copies go before those in line that are not urgent. */
  readonly urgent: boolean
  readonly segmentBytes: number
  readonly headline: Headline
  readonly payload: StagedPayload
  /** What the sender asks of the recipients about an earlier document of its own: 13. */
  readonly businessStatus: BusinessStatus | null
  readonly cores: readonly AcceptCore[]
  readonly acceptedAt: number
  /**
   * Generations the caller believes are stored for this uid (highest per recipient); the request is
   * refused with `stale` when the store knows others, so that a plan is never applied twice.
   */
  readonly expected: readonly EarlierRecipient[]
  /** `refuse`: another payload under the same (from, kind, businessType, documentId) is an outcome `reused`. */
  readonly onReusedId: 'refuse' | 'warn'
}

export type AcceptOutcome =
  | { readonly outcome: 'accepted' }
  /** Nothing was written: plan again with these. */
  | { readonly outcome: 'stale'; readonly earlier: readonly EarlierRecipient[] }
  | { readonly outcome: 'reused'; readonly uid: string }

/** A copy waiting to be sent over one hop. */
export interface DispatchItem extends Sealed {
  /** Ascending; the order of sending within (hop, lane). */
  readonly seq: number
  readonly uid: string
  readonly generation: number
  readonly to: readonly number[]
  /** Organisations and serving nodes behind `to`, same order. */
  readonly recipients: readonly { readonly organ: OrganId; readonly node: NodeId }[]
  /** Which segments to send; 'all' at first. */
  readonly segments: Missing
  readonly segmentBytes: number
  readonly payload: PayloadRef
  /** The payload when it is at most 64 KiB, so that small documents cost no second read. */
  readonly inline: Uint8Array | null
  readonly lane: Lane
}

export interface DueQuery {
  readonly uid: string
  readonly generation: number
  readonly node: NodeId
  readonly organs: readonly OrganId[]
  readonly lane: Lane
  /** The number this query carries; already stored as the newest. */
  readonly number: number
}

/** What a signal brought about at the origin. */
export interface SignalOutcome {
  /** False: unknown document, or nothing new. */
  readonly changed: boolean
  /** Recipients of the signal that now are collected here and may be answered `noted`. */
  readonly noted: readonly OrganId[]
  /** Segments an answer asks for, with the recipients not yet settled at that node; null = nothing to send. */
  readonly resend: {
    readonly uid: string
    readonly generation: number
    readonly node: NodeId
    readonly organs: readonly OrganId[]
    readonly missing: Missing
  } | null
  /** Lane of the document, null when unknown. */
  readonly lane: Lane | null
  /** The history of the document grew. */
  readonly moved: Moved | null
}

/** A sent document whose history grew. */
export interface Moved {
  readonly uid: string
  /** The sender. */
  readonly from: OrganId
  /** Of its newest change. */
  readonly seq: number
}

export interface TrackedRecipient extends RecipientRecord {
  readonly generation: number
  /** The furthest business status heard (01 … 06), and when first; see core's `applyStatus`. */
  readonly statusCode: number | null
  readonly statusAt: number | null
  /** What became of taking the document back, recalling or updating it. */
  readonly change: ChangeState | null
  /** Every status heard of this generation, in order of time; at most 100. */
  readonly statuses: readonly StatusReport[]
  /** Past the time a receipt was expected. */
  readonly overdue: boolean
  /** Id of its mailbox item; null before delivery, and always for a recipient that another node serves. */
  readonly item: number | null
}

export interface TrackedDocument {
  /** Ascending per node, in order of acceptance. */
  readonly seq: number
  readonly uid: string
  readonly kind: Kind
  readonly from: OrganId
  readonly documentId: string
  readonly headline: Headline
  readonly size: number
  readonly acceptedAt: number
  readonly recipients: readonly TrackedRecipient[]
}

export type TrackKey = { readonly uid: string } | { readonly documentId: string } | { readonly number: string }

export interface SentOptions {
  readonly after?: number
  readonly before?: number
  readonly limit: number
  readonly kind?: PacketKind
  readonly since?: number
}

/** A signal with what the directory of today says of who sealed it. */
export type JudgedSignal = SealedSignal & {
  /** Organisations it has receipts of that the sealing node serves now, whoever served them when they were addressed. */
  readonly serves?: readonly OrganId[]
}

/** Recipients of one generation that are served by one node and not settled. */
export interface UnsettledSending {
  readonly uid: string
  readonly generation: number
  readonly organs: readonly OrganId[]
}

/** What this node has accepted from its organisations and must bring to an outcome. */
export interface OutboxStore {
  /** The transaction of DESIGN §3.1. */
  accept(request: AcceptRequest): Promise<AcceptOutcome>
  /** Copies for this hop and lane with seq > `after`, in order. */
  page(hop: Hop, lane: Lane, options: { after: number; limit: number }): Promise<readonly DispatchItem[]>
  /**
   * The hop confirmed all segments of these copies: the copies go, their recipients become
   * dispatched, and a first query is scheduled. `remaining` keeps a copy for the recipients left out.
   */
  dispatched(
    sent: readonly { readonly seq: number; readonly remaining?: readonly number[] }[],
    now: number,
  ): Promise<void>
  /** Applies signals with core's `applySignal`; in order, one transaction. Payloads of settled documents are released. */
  apply(signals: readonly JudgedSignal[], now: number): Promise<readonly SignalOutcome[]>
  /** Puts segments in line again for these recipients, as one copy on `hop`. No-op for settled ones or when an equal copy waits. */
  resend(request: {
    uid: string
    generation: number
    organs: readonly OrganId[]
    missing: Missing
    hop: Hop
  }): Promise<void>
  /** Copies in line for any hop with seq > `after`, in order. */
  waiting(options: { after: number; limit: number }): Promise<readonly WaitingCopy[]>
  /** Gives copies their new places, as core's `reroute` decided. One that was sent meanwhile is left alone. */
  reroute(copies: readonly ReroutedCopy[]): Promise<void>
  /** Another node serves these recipients: it is believed, and asked about them at `askAt`. No-op for settled ones. */
  relocate(request: {
    uid: string
    generation: number
    organs: readonly OrganId[]
    node: NodeId
    askAt: number
  }): Promise<void>
  /** Nodes about which a query is or was due. */
  askedNodes(): Promise<readonly NodeId[]>
  /** What has left for this node and is not settled. */
  unsettledFor(node: NodeId): Promise<readonly UnsettledSending[]>
  /** Claims queries due now. `held`: (node, lane) pairs to leave alone. `about`: only this one, due or not. */
  dueQueries(options: {
    now: number
    limit: number
    held: readonly { node: NodeId; lane: Lane }[]
    about?: { uid: string; generation: number; node: NodeId }
  }): Promise<readonly DueQuery[]>
  /** Makes queries of unsettled recipients due at `now` (a link reopened, a hold was lifted); all nodes when none is given. */
  hurryQueries(now: number, nodes?: readonly NodeId[]): Promise<void>
  track(key: TrackKey): Promise<readonly TrackedDocument[]>
  /** The same, of one sender only. */
  trackOf(from: OrganId, key: TrackKey): Promise<readonly TrackedDocument[]>
  /**
   * What one organisation sent: with `after`, oldest first; else newest first, older than `before` when given. `since`:
   * from the first document accepted at or after it; found by halving, so only as true as the clock was steady.
   */
  sent(from: OrganId, options: SentOptions): Promise<readonly TrackedDocument[]>
  /** What became of it, in order. */
  changes(from: OrganId, options: { readonly after: number; readonly limit: number }): Promise<readonly SentChange[]>
  /** Seq of the newest change of any sender. */
  lastChange(): Promise<number>
  /** Forgets changes older than `before`, at most 1,000 a call; returns how many. */
  trimChanges(before: number): Promise<number>
  /** Documents not yet settled, copies not yet dispatched. */
  backlog(): Promise<{ readonly documents: number; readonly copies: number }>
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

export interface DeliverRequest {
  readonly uid: string
  readonly generation: number
  readonly kind: Kind
  readonly businessType: number
  readonly from: OrganId
  readonly origin: NodeId
  readonly documentId: string
  /** Organisations served here. */
  readonly organs: readonly OrganId[]
  readonly path: Path
  readonly headline: Headline
  /** Bytes in memory (over 64 KiB they go to a file first), a staged payload, or a payload this store already has. */
  readonly payload: { readonly bytes: Uint8Array; readonly sha256: string } | StagedPayload | PayloadRef
  /** What `from` says of a document one of `organs` had sent it. */
  readonly businessStatus: BusinessStatus | null
  readonly deliveredAt: number
  readonly sealedAt: number
}

export interface DeliverOutcome {
  readonly receipts: readonly Receipt[]
  readonly fresh: readonly OrganId[]
  /** Mailbox ids of the fresh ones. */
  readonly arrivals: readonly { readonly organ: OrganId; readonly id: number }[]
  /** Documents a business status was noted beside. */
  readonly moved: readonly Moved[]
}

export interface MailItem {
  /** Ascending per node. */
  readonly id: number
  readonly uid: string
  readonly generation: number
  readonly kind: Kind
  readonly organ: OrganId
  readonly from: OrganId
  readonly documentId: string
  readonly headline: Headline
  readonly payload: PayloadRef
  readonly deliveredAt: number
  readonly collectedAt: number | null
  readonly path: Path
  /** Between the node and document software. */
  readonly state: TransportState
  /** Why it is `fail`, in the software's words. */
  readonly stateReason: string | null
  /** Until when it is leased or held back; null when it is free. May lie in the past. */
  readonly leasedUntil: number | null
}

/** A collected receipt the origin has not yet noted. */
export interface CollectedNotice {
  readonly uid: string
  readonly generation: number
  readonly origin: NodeId
  readonly receipts: readonly Receipt[]
}

/** What waits for the organisations of this node; also the uniqueness rows (uid, organ, generation). */
export interface MailboxStore {
  /**
   * The transaction of DESIGN §3.4. One receipt per organ, the original one where it was there before. Payloads given as
   * bytes get their mailbox ids in the order of the calls.
   */
  deliver(request: DeliverRequest): Promise<DeliverOutcome>
  /** Newest last. `all` also lists collected ones. */
  list(
    organ: OrganId,
    options: { after: number; limit: number; all: boolean; kind?: PacketKind },
  ): Promise<readonly MailItem[]>
  /** How many wait. */
  count(organ: OrganId, kind?: PacketKind): Promise<number>
  get(organ: OrganId, id: number): Promise<MailItem | null>
  /** Idempotent; null when there is no such item for this organ. Throws LEASE_LOST when `lease` is not the item's, unless it is collected. */
  acknowledge(
    organ: OrganId,
    id: number,
    now: number,
    lease?: string,
  ): Promise<(MailItem & { readonly origin: NodeId }) | null>
  /** The oldest waiting items that are not leased or held back at `now`; each gets a lease until `until`. */
  lease(
    organ: OrganId,
    options: { readonly now: number; readonly until: number; readonly limit: number; readonly kind?: PacketKind },
  ): Promise<readonly { readonly item: MailItem; readonly lease: string }[]>
  /** Throws LEASE_LOST, NOT_FOUND. */
  renew(organ: OrganId, id: number, lease: string, until: number): Promise<MailItem>
  /** Gives it back; nobody leases it before `heldUntil`. With a reason it is `fail`. Throws LEASE_LOST, NOT_FOUND. */
  release(
    organ: OrganId,
    id: number,
    options: { readonly lease: string; readonly reason: string | null; readonly heldUntil: number },
  ): Promise<MailItem>
  /** Of a waiting item; a collected one stays as it is. Throws NOT_FOUND. */
  mark(organ: OrganId, id: number, state: Exclude<TransportState, 'done'>, reason: string | null): Promise<MailItem>
  receipts(uid: string, generation: number, organs: readonly OrganId[]): Promise<readonly Receipt[]>
  /**
   * Notices to repeat, until `noted`: the caller of `acknowledge` sends the first one itself, this gives it again
   * after the store's `queryTiming.firstMs`, doubling by `timing`. The next time is stored with the claim.
   */
  dueCollected(now: number, limit: number, timing: QueryTiming): Promise<readonly CollectedNotice[]>
  /** Only for documents that `origin` sealed: nobody else knows whether it heard. */
  noted(uid: string, generation: number, organs: readonly OrganId[], origin: NodeId): Promise<void>
  /** Payload of a document already delivered here, for a core that arrives later; null when unknown. */
  payloadOf(uid: string): Promise<PayloadRef | null>
}

/** What is known of a payload whose segments are arriving. */
export interface AssemblyState {
  readonly uid: string
  readonly segmentBytes: number
  readonly payload: PayloadRef
  /** Bitmap of segments on disk, least significant bit first. */
  readonly have: Uint8Array
  /** Checked cores gathered so far. `organs`: those served here that this copy named. */
  readonly cores: readonly (Sealed & {
    readonly generation: number
    readonly organs: readonly OrganId[]
    readonly path: Path
  })[]
  readonly failures: number
}

export interface AssemblyFile {
  /** Writes at the segment's offset; not yet durable. */
  write(segment: number, bytes: Uint8Array): Promise<void>
  /** fdatasync. */
  sync(): Promise<void>
  /** SHA-256 of the whole file, hex, read back in chunks without blocking the event loop for long. */
  digest(): Promise<string>
  close(): Promise<void>
}

export interface AssemblyStore {
  load(uid: string): Promise<AssemblyState | null>
  /** All open ones: uid, arrival link, last touched. */
  list(): Promise<readonly { readonly uid: string; readonly link: string; readonly touchedAt: number }[]>
  /** Creates or opens the file of this assembly at its full size. Close it before `finish`. */
  file(uid: string, size: number, segmentBytes: number): Promise<AssemblyFile>
  /** Commits segments already synced, and cores not yet known (equal core bytes are merged by union of organs). */
  commit(request: {
    uid: string
    link: string
    segmentBytes: number
    payload: PayloadRef
    segments: readonly number[]
    cores: AssemblyState['cores']
    now: number
  }): Promise<void>
  /**
   * Turns a complete assembly whose digest was checked into a staged payload, readable by its digest from now on; the
   * assembly's row and file go with `deliver`. Throws NOT_FOUND.
   */
  finish(uid: string): Promise<StagedPayload>
  /** Forgets the bytes and bitmap; counts a failure and keeps the cores when `failed`. */
  drop(uid: string, failed: boolean): Promise<number>
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
  readonly assemblies: AssemblyStore
  readonly ledger: LedgerStore
  readonly access: AccessStore
  readonly directory: DirectoryStore
  readonly uploads: UploadStore
  readonly hooks: HookStore
  figures(): Promise<StoreFigures>
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
