/** What document software gives to, and gets from, a client of its nearest node. */
import type {
  Kind,
  Language,
  OrganId,
  PacketKind,
  RecallOutcome,
  RecipientState,
  RelayError,
  statusCodes,
  TransportState,
} from '@lienthong/core'
import type { PacketHeader } from '@lienthong/edxml'

/** How to reach the node, and for whom. */
export interface ClientOptions {
  /** Address of the node's gateway, `https://node.example.gov.vn`. */
  readonly url: string
  /** `lt_…`, as the node's administrator issued it. */
  readonly apiKey: string
  /** Code of the organisation this client works for; the system must stand for it. */
  readonly as: OrganId
  /** Also submits and hears of arrivals over AMQP. @default HTTP only */
  readonly amqp?: AmqpOptions
  /**
   * How long one call is tried again while the node is away, full or says "later", ms. `Infinity` never gives up;
   * 0 tries once. Not counted while an upload or download gets on.
   * @default 600_000
   */
  readonly retryForMs?: number
  /** Language of the node's sentences in `error.detail.text`. @default 'vi' */
  readonly language?: Language
  /** Hears of every failure that is tried again. Must not throw. @default nobody */
  readonly onTrouble?: (error: RelayError) => void
  /** Makes the calls: for proxies, client certificates, an authority of one's own. @default Node's fetch */
  readonly fetch?: typeof globalThis.fetch
}

/** An account at the node's broker. */
export interface AmqpOptions {
  /** `amqps://broker.example.gov.vn/vhost`, without account. */
  readonly url: string
  /** Id of the system, which is its account. */
  readonly system: string
  /** Its secret. */
  readonly password: string
}

/** A packet's bytes: in memory, the path of a file, or a stream, of which what exceeds 1 MiB is put into a temporary file first. */
export type PacketSource = Uint8Array | string | AsyncIterable<Uint8Array>

/** One organisation's door to the federation. Every method throws RelayError; match on `code`. */
export interface Client {
  /**
   * Hands a packet in; when this resolves, it is on the node's disk. Safe to repeat after any failure, also by another
   * process: the same bytes are the same document. Over AMQP when that is configured, open, and the packet has at most 1 MiB;
   * larger ones go up in pieces that survive breaks.
   */
  submit(source: PacketSource, options?: SubmitOptions): Promise<Submitted>
  /**
   * What comes in, one after the other, for ever; leaving the loop or the signal ends it. Each item is this client's alone
   * until `ack` or `fail`; if the process dies first, it comes again, here or at another one.
   */
  receive(options?: ReceiveOptions): AsyncIterable<ReceivedItem>
  /** One item of the mailbox by its id, acknowledged or not. Throws NOT_FOUND. */
  item(id: number, options?: CallOptions): Promise<ReceivedItem>
  /** What becomes of a sent document: each recipient as it stands, and again after each change. Ends when all have come to `until`. */
  track(uid: string, options?: TrackOptions): AsyncIterable<RecipientOutcome>
  /** One sent document. Throws NOT_FOUND. */
  document(uid: string, options?: CallOptions): Promise<SentDocument>
  /** Sent documents by the number and notation or by the own id they carry, newest first. */
  find(key: DocumentKey, options?: CallOptions): Promise<readonly SentDocument[]>
  /**
   * Recalls a sent document by a packet of type 1 that the node writes: it is stopped or withdrawn where nobody has taken it,
   * and asked for elsewhere. `recall` of each recipient in `track` and `document` says what became of it.
   */
  recall(uid: string, reason: string, options?: RecallOptions): Promise<Submitted>
  /** Replaces a sent document by a packet of type 3 that names it; NOT_EDXML when it does not. Up to 1 MiB; larger ones by `submit`. */
  replace(uid: string, packet: Uint8Array, options?: CallOptions): Promise<Submitted>
  /** Asks recipients of a sent document to give it back (status 13), with the reason; they answer 15 or 16. */
  takeBack(uid: string, reason: string, options?: TakeBackOptions): Promise<readonly TakenBack[]>
  /** Whom one can write to. */
  readonly organisations: OrganisationFinder
  /** Ends what is under way with CLIENT_CLOSED, and all connections. Idempotent. */
  close(): Promise<void>
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** What every call takes. */
export interface CallOptions {
  /** Breaks the call off; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** How a packet is handed in. */
export interface SubmitOptions extends CallOptions {
  /** Organisations or groups that get it instead of those named in the packet. @default the packet's */
  readonly to?: readonly string[]
}

/** An accepted packet. */
export interface Submitted {
  /** Name of the document in the whole federation: 64 hex digits, made from its content. */
  readonly uid: string
  /** Everybody it goes to; `already`: had it from an earlier submission. */
  readonly recipients: readonly { readonly organ: OrganId; readonly outcome: 'new' | 'already' }[]
}

/** What comes out of `receive`, and how. */
export interface ReceiveOptions extends CallOptions {
  /** Only documents, or only statuses. @default both */
  readonly kind?: PacketKind
  /**
   * How long an item stays this client's after the process has died, ms, 3 s … 24 h. While it lives the lease is
   * renewed.
   * @default 60_000
   */
  readonly leaseMs?: number
  /** Items leased at once, 1 … 100; they wait here for their turn. @default 10 */
  readonly atOnce?: number
}

/** A sentence about a status. */
export interface Said extends CallOptions {
  /** The reason, for people; needed for `refused` and `changeDeclined`. At most 500 characters. */
  readonly description?: string
  /** Who says so. */
  readonly staff?: {
    /** Unit the person works in. */
    readonly department?: string
    /** Name of the person. */
    readonly name?: string
    /** Address for questions. */
    readonly email?: string
    /** Telephone for questions. */
    readonly mobile?: string
  }
}

/** What a recipient can say of a document: 01 … 06, 15 and 16. */
export type StatusName = Exclude<keyof typeof statusCodes, 'takeBack'>

/** One packet in the mailbox. */
export interface ReceivedItem {
  /** Ascending in order of arrival. */
  readonly id: number
  /** Name of the document in the whole federation. Keep it to recognise what was received before. */
  readonly uid: string
  /** Grows when the sender sends the same document again after it had failed. */
  readonly generation: number
  /** Whether it is a document or a word about one. */
  readonly kind: Kind
  /** The organisation it came to. */
  readonly organ: OrganId
  /** The organisation that sent it. */
  readonly from: OrganId
  /** The sender's own id of it. */
  readonly documentId: string
  /** Number and notation, `123/UBND-VP`. */
  readonly number: string | null
  /** Trích yếu. */
  readonly subject: string | null
  /** Date of issue as written. */
  readonly date: string | null
  /** Bytes of the packet. */
  readonly size: number
  /** Digest of the packet, hex. */
  readonly sha256: string
  /** When it reached the mailbox, RFC 3339. */
  readonly deliveredAt: string
  /** When it was acknowledged, RFC 3339. */
  readonly collectedAt: string | null
  /** How it stood between node and software when it was read. */
  readonly state: TransportState
  /** Why it failed last time. */
  readonly stateReason: string | null
  /** The packet, which goes on by itself where it breaks. Throws DIGEST_MISMATCH at the end when bytes are not what was sent. */
  open(options?: CallOptions): AsyncIterable<Uint8Array>
  /** Writes the packet to this path: all of it, checked and on disk, or nothing. */
  save(path: string, options?: CallOptions): Promise<void>
  /** What the packet says before its attachments, which are not loaded. Throws NOT_EDXML, DOCUMENT_ID_MISSING. */
  header(options?: CallOptions): Promise<PacketHeader>
  /** Takes it: it does not come again, and its sender sees it as collected. Safe to repeat. Throws LEASE_LOST when another has it now. */
  ack(options?: CallOptions): Promise<void>
  /** Gives it back; it comes again after `retryAfterMs` (default 60_000, at most a day), to whoever asks. Throws LEASE_LOST. */
  fail(reason: string, options?: CallOptions & { readonly retryAfterMs?: number }): Promise<void>
  /** Tells the sender of a document how far it has come, `item.status.accepted()`. */
  readonly status: Readonly<Record<StatusName, (said?: Said) => Promise<Submitted>>>
}

/** How long a document is followed. */
export interface TrackOptions extends CallOptions {
  /**
   * `settled`: delivered, undeliverable or stopped; `collected`: also taken by the recipient's software.
   * @default 'settled'
   */
  readonly until?: 'settled' | 'collected'
}

/** How far one recipient has come. */
export interface RecipientOutcome {
  /** The recipient. */
  readonly organ: OrganId
  /** 1, or higher when it was sent again. */
  readonly generation: number
  /** From `accepted` to its end. */
  readonly state: RecipientState
  /** Undeliverable by the word of a node on the way; delivery may still follow. */
  readonly provisional: boolean
  /** Why it waits or is undeliverable: one of the project's codes. */
  readonly code: string | null
  /** Furthest business status heard, 1 … 16. */
  readonly statusCode: number | null
  /** When that was heard, RFC 3339. */
  readonly statusAt: string | null
  /** When it had left the first node, RFC 3339. */
  readonly dispatchedAt: string | null
  /** When it was in the mailbox, RFC 3339. */
  readonly deliveredAt: string | null
  /** When it was acknowledged, RFC 3339. */
  readonly collectedAt: string | null
  /** Past the time a receipt was expected. */
  readonly overdue: boolean
  /** Codes by which it was addressed and that had closed, or have closed before it was delivered. */
  readonly closed: readonly ClosedCode[]
  /** Nodes it came through. */
  readonly path: readonly { readonly node: string; readonly at: string }[]
  /** null: nobody asked for it back. */
  readonly recall: Recall | null
}

/** An organisation that is no more, in whose place somebody else gets the document. */
export interface ClosedCode {
  /** As it was addressed. */
  readonly code: string
  /** Its last day, `yyyy-MM-dd`. */
  readonly validTo: string
  /** Several while nobody has decided among them; none when nobody took over. */
  readonly successors: readonly string[]
}

/** What became of recalling, updating, replacing or taking a document back, at one recipient. */
export interface Recall {
  /** Of all packets together. */
  readonly outcome: RecallOutcome
  /** What was sent about it, oldest first. */
  readonly packets: readonly {
    /** The packet that asked. */
    readonly uid: string
    /** A recall, update or replacement is a document, a take-back a status. */
    readonly kind: Kind
    /** Of a document 1, 2 or 3; of a status 13. */
    readonly businessType: number
    /** RFC 3339. */
    readonly sentAt: string
    /** When it took effect at the node that serves the recipient, RFC 3339; null: not known. */
    readonly effectAt: string | null
    /** Of this packet. */
    readonly outcome: RecallOutcome
  }[]
}

/** A document this organisation sent. */
export interface SentDocument {
  /** Ascending in order of acceptance. */
  readonly seq: number
  /** Name of the document in the whole federation. */
  readonly uid: string
  /** Whether it is a document or a word about one. */
  readonly kind: Kind
  /** Of a document 0 new, 1 recall, 2 update, 3 replacement; of a status its code. */
  readonly businessType: number
  /** This organisation. */
  readonly from: OrganId
  /** The own id of it. */
  readonly documentId: string
  /** Number and notation. */
  readonly number: string | null
  /** Trích yếu. */
  readonly subject: string | null
  /** Date of issue as written. */
  readonly date: string | null
  /** Bytes of the packet. */
  readonly size: number
  /** RFC 3339. */
  readonly acceptedAt: string
  /** Every recipient has come to an end. */
  readonly settled: boolean
  /** Everybody it went to. */
  readonly recipients: readonly RecipientOutcome[]
}

/** What sent documents are found by. */
export type DocumentKey = { readonly number: string } | { readonly documentId: string }

/** Whom the document is recalled from, and who signs that. */
export interface RecallOptions extends CallOptions {
  /** Some of its recipients. @default all it went to */
  readonly to?: readonly OrganId[]
  /** Name of the person who signs. @default the organisation */
  readonly signer?: string
}

/** Whom the document is taken back from, and who says so. */
export interface TakeBackOptions extends Omit<Said, 'description'> {
  /** Some of its recipients. @default all it went to */
  readonly to?: readonly OrganId[]
}

/** One request to give a document back. */
export interface TakenBack {
  /** Who is asked. */
  readonly organ: OrganId
  /** Of the status packet that asks. */
  readonly uid: string
}

/** The directory as the node has it. */
export interface OrganisationFinder {
  /** Organisations whose name or codes hold these words (case and marks do not matter), in order of their codes. */
  search(words: string, options?: CallOptions): AsyncIterable<FoundOrganisation>
  /** One, by any of its codes, open or closed. Throws NOT_FOUND. */
  get(code: string, options?: CallOptions): Promise<FoundOrganisation>
  /** All of them with the version of the list; `null` instead when nothing has changed since `since`. */
  all(options?: CallOptions & { readonly since?: string }): Promise<OrganisationList | null>
}

/** All organisations at one time. */
export interface OrganisationList {
  /** Give it as `since` next time. */
  readonly version: string
  /** In order of their codes. */
  readonly organisations: readonly FoundOrganisation[]
}

/** An organisation of the directory. */
export interface FoundOrganisation {
  /** Today's code. */
  readonly id: OrganId
  /** As it calls itself. */
  readonly name: string
  /** Its code before today's. */
  readonly oldCode: string | null
  /** Its code by QCVN 102:2016. */
  readonly code102: string | null
  /** The organisation above it. */
  readonly parent: OrganId | null
  /** The node that serves it. */
  readonly node: string
  /** Its address. */
  readonly mail: string | null
  /** First day, `yyyy-mm-dd`. */
  readonly validFrom: string | null
  /** Last day, `yyyy-mm-dd`. */
  readonly validTo: string | null
  /** Who took over. */
  readonly successors: readonly OrganId[]
  /** It exists today: documents may be addressed to it. */
  readonly open: boolean
}
