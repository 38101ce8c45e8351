/** What this node has accepted from its organisations, how it goes out, and what becomes of it. */
import type {
  ChangeState,
  ClosedCode,
  EarlierRecipient,
  Hop,
  Kind,
  Lane,
  Missing,
  NodeId,
  OrganId,
  PacketKind,
  RecallOutcome,
  RecipientRecord,
  ReroutedCopy,
  SealedSignal,
  Sending,
  StatusReport,
  WaitingCopy,
} from '@lienthong/core'
import type {
  BusinessStatus,
  DocumentName,
  Headline,
  Moved,
  PayloadRef,
  Sealed,
  StagedPayload,
} from './contract-documents.ts'
import type { SentChange } from './contract-doors.ts'

/** A closed code as a sender wrote it, and its last day. */
export type WrittenCode = Pick<ClosedCode, 'code' | 'validTo'>

/** One sealed core to accept. Several when recipients do not fit one core, or for several generations. */
export interface AcceptCore extends Sealed {
  readonly generation: number
  /** In the core's order. `closed`: closed codes that were written, and that it succeeds. */
  readonly recipients: readonly {
    readonly organ: OrganId
    readonly node: NodeId
    readonly closed?: readonly WrittenCode[]
  }[]
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
  /** Earlier documents of its sender that its cores say it recalls, updates, replaces or takes back. */
  readonly about: readonly Sending[]
  readonly cores: readonly AcceptCore[]
  readonly acceptedAt: number
  /**
   * Generations the caller believes are stored for this uid (highest per recipient); the request is
   * refused with `stale` when the store knows others, so that a plan is never applied twice.
   */
  readonly expected: readonly EarlierRecipient[]
  /** How far the caller believes recalls of this document reached; `stale` likewise. @default 0 */
  readonly recalledUpTo: number
  /** `refuse`: another payload under the same (from, kind, businessType, documentId) is an outcome `reused`. */
  readonly onReusedId: 'refuse' | 'warn'
}

export type AcceptOutcome =
  | { readonly outcome: 'accepted' }
  /** Nothing was written: plan again with these. */
  | { readonly outcome: 'stale'; readonly earlier: readonly EarlierRecipient[]; readonly recalledUpTo: number }
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
  /** Documents whose history grew: this one, and what it is about. */
  readonly moved: readonly Moved[]
}

export interface TrackedRecipient extends RecipientRecord {
  readonly generation: number
  /** The furthest business status heard (01 … 06), and when first; see core's `applyStatus`. */
  readonly statusCode: number | null
  readonly statusAt: number | null
  /** What became of taking the document back, recalling or updating it, as the recipient says. */
  readonly change: ChangeState | null
  /** The same, as far as nodes and recipient say; null when no packet to this recipient asked for it. */
  readonly recall: TrackedRecall | null
  /** Every status heard of this generation, in order of time; at most 100. */
  readonly statuses: readonly StatusReport[]
  /** Past the time a receipt was expected. */
  readonly overdue: boolean
  /** Closed codes by which it was addressed; from a node also what has closed before it was delivered. */
  readonly closed: readonly ClosedCode[]
  /** Id of its mailbox item; null before delivery, and always for a recipient that another node serves. */
  readonly item: number | null
}

/** What became of recalling, updating, replacing or taking back a document at one recipient. */
export interface TrackedRecall {
  readonly outcome: RecallOutcome
  /** What was sent about it, in order of acceptance. */
  readonly packets: readonly {
    readonly uid: string
    readonly kind: Kind
    readonly businessType: number
    readonly sentAt: number
    /** When it took effect, by the clock of the serving node; null: not known. */
    readonly effectAt: number | null
    readonly outcome: RecallOutcome
  }[]
}

/** What a list of names leads to. */
export interface NamedDocument {
  /** Several when later packets carry the same id. None: nobody here sent such a document, or another did. */
  readonly sendings: readonly Sending[]
  readonly isOthers: boolean
}

export interface TrackedDocument {
  /** Ascending per node, in order of acceptance. */
  readonly seq: number
  readonly uid: string
  readonly kind: Kind
  /** Of a document its edXML type, 0 … 3; of a status its code. */
  readonly businessType: number
  readonly from: OrganId
  readonly documentId: string
  readonly headline: Headline
  readonly size: number
  readonly acceptedAt: number
  readonly recipients: readonly TrackedRecipient[]
}

export type TrackKey = { readonly uid: string } | { readonly documentId: string } | { readonly number: string }

/** What was sent to whom, without what it was. */
export interface TrafficOptions {
  /** Accepted at or after this instant; found by halving, as in `SentOptions`. */
  readonly since: number
  /** `next` of the page before; 0 at first. */
  readonly after: number
  /** Documents and statuses looked at. */
  readonly limit: number
}

export interface TrafficPage {
  /** Each pair once a page; a document counts once for each of its recipients. */
  readonly pairs: readonly { readonly from: OrganId; readonly to: OrganId; readonly documents: number }[]
  /** null at the end. */
  readonly next: number | null
}

export interface SentOptions {
  readonly after?: number
  readonly before?: number
  readonly limit: number
  readonly kind?: PacketKind
  readonly since?: number
}

/** A signal with what the directory of today says of who sealed it. */
export type JudgedSignal = SealedSignal & {
  /** Organisations it has receipts of for which the sealing node may speak now, whoever served them when they were addressed. */
  readonly serves?: readonly OrganId[]
}

/** Recipients of one generation that are served by one node and not settled. */
export interface UnsettledSending {
  /** Ascending per node, in order of acceptance; several generations of one document share it. */
  readonly seq: number
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
  /** What has left for this node and is not settled, behind that place; in order. */
  unsettledFor(
    node: NodeId,
    options: { after: Pick<UnsettledSending, 'seq' | 'generation'>; limit: number },
  ): Promise<readonly UnsettledSending[]>
  /** Claims queries due now. `held`: (node, lane) pairs to leave alone. `about`: only this one, due or not. */
  dueQueries(options: {
    now: number
    limit: number
    held: readonly { node: NodeId; lane: Lane }[]
    about?: { uid: string; generation: number; node: NodeId }
  }): Promise<readonly DueQuery[]>
  /** Makes queries of unsettled recipients due at `now` (a link reopened, a hold was lifted); all nodes when none is given. */
  hurryQueries(now: number, nodes?: readonly NodeId[]): Promise<void>
  /** The documents of `from` that each list of names leads to, best first, but for `uid` itself and for recalls. */
  named(request: {
    from: OrganId
    lists: readonly (readonly DocumentName[])[]
    uid: string
  }): Promise<readonly NamedDocument[]>
  /** Of these organisations, those that one of the documents was addressed to. */
  addressed(uids: readonly string[], organs: readonly OrganId[]): Promise<readonly OrganId[]>
  track(key: TrackKey): Promise<readonly TrackedDocument[]>
  /** The same, of one sender only. */
  trackOf(from: OrganId, key: TrackKey): Promise<readonly TrackedDocument[]>
  /**
   * What one organisation sent: with `after`, oldest first; else newest first, older than `before` when given. `since`:
   * from the first document accepted at or after it; found by halving, so only as true as the clock was steady.
   */
  sent(from: OrganId, options: SentOptions): Promise<readonly TrackedDocument[]>
  /** How many documents went from whom to whom, in order of acceptance; statuses are not counted. */
  traffic(options: TrafficOptions): Promise<TrafficPage>
  /** What became of it, in order. */
  changes(from: OrganId, options: { readonly after: number; readonly limit: number }): Promise<readonly SentChange[]>
  /** Seq of the newest change of any sender. */
  lastChange(): Promise<number>
  /** Forgets changes older than `before`, at most 1,000 a call; returns how many. */
  trimChanges(before: number): Promise<number>
  /** Documents not yet settled, copies not yet dispatched. */
  backlog(): Promise<{ readonly documents: number; readonly copies: number }>
}
