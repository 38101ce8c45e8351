/**
 * The doors of a node for document software, as a gateway or a program sees them. Every `as` is a code of an
 * organisation served here (else SENDER_NOT_ALLOWED); whether a *system* may speak for it is asked once, by
 * `systems.actingAs`.
 */
import type { HookEventType, Kind, OrganId, PacketKind, SystemScope, TransportState } from '@lienthong/core'
import type {
  HookEvent,
  HookRecord,
  MailItem,
  SentChange,
  TrackedDocument,
  TrackKey,
  TrafficOptions,
  TrafficPage,
  UploadState,
} from '@lienthong/store'
import type { LinkDoor, NodeHealth, OperatorDoor } from './admin-doors.ts'
import type { BundleDoor } from './bundle-door.ts'
import type { DiagnosisDoor } from './diagnosis-door.ts'
import type { SplitDoor } from './split-door.ts'

/** What a node gives document software beside `submit`. */
export interface NodeDoors {
  readonly mailbox: MailboxDoor
  readonly sent: SentDoor
  readonly uploads: UploadDoor
  readonly systems: SystemDoor
  readonly operators: OperatorDoor
  readonly links: LinkDoor
  /** Where documents are, and whether ways carry. */
  readonly diagnosis: DiagnosisDoor
  /** Support bundles to the parent and from children. */
  readonly bundles: BundleDoor
  /** What came for organisations that were split, and who gets it. */
  readonly splits: SplitDoor
  readonly hooks: HookDoor
  /** Hears of arrivals and changes after they are durable, in order. Must not throw. Returns a function that stops it. */
  watch(listener: (change: NodeChange) => void): () => void
  /** Whether the node can do its work right now. Never throws; asked often, the answer is up to a second old. */
  probe(options?: { readonly timeoutMs?: number }): Promise<Probe>
  /** All that an operator looks at. Cheaper than it looks, dearer than `figures`. */
  health(): Promise<NodeHealth>
  /** What this node's organisations sent to whom; at most 1,000 documents a page. */
  traffic(options: TrafficOptions): Promise<TrafficPage>
  /** Every figure of `figureTable` by its name; null = not known now. Cheap. */
  figures(): Promise<Readonly<Record<FigureName, number | null>>>
}

/* ---- mailbox ---- */

export interface MailboxDoor {
  /** Waiting items, oldest first; `all` also acknowledged ones. Leased items are listed too. `limit` defaults to 100. */
  list(as: OrganId, options?: ListOptions & { readonly all?: boolean }): Promise<readonly MailItem[]>
  /** How many wait. */
  count(as: OrganId, options?: { readonly kind?: PacketKind }): Promise<number>
  /**
   * Throws NOT_FOUND, RANGE_INVALID. The body comes in chunks and is identical to what was submitted. `start` is the first
   * byte (default 0), `end` the first byte left out (default and at most the size).
   */
  read(
    as: OrganId,
    id: number,
    range?: { readonly start?: number; readonly end?: number },
  ): Promise<{ readonly item: MailItem; readonly body: AsyncIterable<Uint8Array> }>
  /**
   * The oldest waiting items that nobody has leased, which nobody else gets by `lease` for `leaseMs`
   * (1 s … 24 h) or until they are released. A lease survives a restart.
   */
  lease(
    as: OrganId,
    options: { readonly limit: number; readonly leaseMs: number; readonly kind?: PacketKind },
  ): Promise<readonly LeasedItem[]>
  /** Makes the lease end `leaseMs` from now. Throws NOT_FOUND, LEASE_LOST when it is over or was given to another. */
  renew(as: OrganId, id: number, options: { readonly lease: string; readonly leaseMs: number }): Promise<MailItem>
  /**
   * Gives an item back before its lease ends. With a `reason` (shown as `stateReason`) its state becomes `fail`;
   * for `delayMs` nobody gets it by `lease`. Throws NOT_FOUND, LEASE_LOST.
   */
  release(
    as: OrganId,
    id: number,
    options: { readonly lease: string; readonly reason?: string; readonly delayMs?: number },
  ): Promise<MailItem>
  /**
   * Idempotent. With `lease`, throws LEASE_LOST when another has leased the item since; an expired lease that nobody took
   * over still counts. Throws NOT_FOUND.
   */
  acknowledge(as: OrganId, id: number, options?: { readonly lease?: string }): Promise<MailItem>
  /** Sets the transport state; `done` acknowledges. An acknowledged item stays `done`. Throws NOT_FOUND. */
  mark(as: OrganId, id: number, state: TransportState, reason?: string): Promise<MailItem>
  /**
   * True as soon as an unacknowledged item with a higher id than `after` waits; false when `timeoutMs` is over. Told by the
   * node, not by looking again and again. Rejects with the signal's reason, NODE_STOPPING.
   */
  waitFor(as: OrganId, options: WaitOptions & { readonly kind?: PacketKind }): Promise<boolean>
}

export interface ListOptions {
  /** Only items with a higher id. @default 0 */
  readonly after?: number
  /** @default 100 */
  readonly limit?: number
  readonly kind?: PacketKind
}

export interface WaitOptions {
  readonly after: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export interface LeasedItem {
  readonly item: MailItem
  /** To acknowledge, renew or release this item with. */
  readonly lease: string
}

/* ---- what was sent ---- */

export interface SentDoor {
  /**
   * Documents the organisation sent. Newest first, or oldest first with `after`. A page goes on with the `seq` of its last
   * document as `before` or `after`. `since`: accepted at or after this instant (by the clock of that time).
   */
  list(
    as: OrganId,
    options?: {
      readonly after?: number
      readonly before?: number
      readonly limit?: number
      readonly kind?: PacketKind
      readonly since?: number
    },
  ): Promise<readonly TrackedDocument[]>
  /** Throws NOT_FOUND, also for a document another organisation sent. */
  get(as: OrganId, uid: string): Promise<TrackedDocument>
  /** By the sender's own id or number; only documents of this organisation, newest first, at most 100. */
  find(as: OrganId, key: TrackKey): Promise<readonly TrackedDocument[]>
  /**
   * What became of the organisation's documents, in order, kept 30 days. Go on with the `seq` of the last one. With
   * `after` null: only says where the history ends now.
   */
  changes(
    as: OrganId,
    options: { readonly after: number | null; readonly limit?: number },
  ): Promise<{ readonly changes: readonly SentChange[]; readonly last: number }>
  /** True as soon as there is a change after `after`; else as `mailbox.waitFor`. */
  waitFor(as: OrganId, options: WaitOptions): Promise<boolean>
}

/* ---- uploads ---- */

/**
 * A packet in several requests: `open`, `append` until `offset` is `size`, then `submit` with `upload`. What was
 * appended survives every crash. An upload untouched for 24 h goes; one that was accepted, after 10 minutes.
 */
export interface UploadDoor {
  /**
   * The same system, digest and size go on where they stopped. Throws DOCUMENT_TOO_LARGE, UPLOADS_FULL (try later; at most
   * 32 uploads and `maxUploadBytes` at once per system), FRAME_INVALID for a digest that is none.
   */
  open(system: string, options: { readonly sha256?: string; readonly size: number }): Promise<UploadState>
  /** Throws NOT_FOUND. */
  get(system: string, id: string): Promise<UploadState>
  /**
   * Resolves when the bytes are on disk; if the source breaks off, what came before stays. Throws NOT_FOUND,
   * UPLOAD_OFFSET (`detail.offset` says where to go on), DOCUMENT_TOO_LARGE, DISK_FULL.
   */
  append(
    system: string,
    id: string,
    options: { readonly offset: number; readonly source: AsyncIterable<Uint8Array> },
  ): Promise<UploadState>
  /** Idempotent. */
  drop(system: string, id: string): Promise<void>
}

/* ---- systems ---- */

/** Document software as anybody may see it: no secrets. */
export interface SystemView {
  readonly id: string
  readonly name: string
  readonly organisations: readonly OrganId[]
  readonly scopes: readonly SystemScope[]
  /** null for a declared one. */
  readonly createdAt: number | null
  readonly disabledAt: number | null
  /** Stands in node.yaml: its organisations and secret are changed there; API keys and certificates are added here. */
  readonly declared: boolean
  readonly credentials: readonly CredentialView[]
}

export interface CredentialView {
  readonly id: number
  readonly kind: CredentialKind
  readonly createdAt: number | null
  readonly expiresAt: number | null
  /** False: sealed under a key this node no longer has; issue a new one. */
  readonly readable: boolean
}

/** `secret`: the shared secret of VXP and the password over AMQP. */
export const credentialKinds = ['secret', 'apiKey', 'certificate'] as const
export type CredentialKind = (typeof credentialKinds)[number]

/** What was just made; the only time that a secret or key is told. */
export interface IssuedCredentials {
  readonly system: SystemView
  readonly secret?: string
  /** `lt_<system>_<40 hex digits>` */
  readonly apiKey?: string
}

export interface SystemDoor {
  list(): readonly SystemView[]
  /** null when there is none. */
  get(id: string): SystemView | null
  /** `by`: who does it, for the chain of events. Throws SYSTEM_EXISTS, CONFIG_INVALID (id), SENDER_NOT_ALLOWED (an organisation not served here). */
  add(request: NewSystem, by: string): Promise<IssuedCredentials>
  /**
   * Issues a new credential of this kind; older ones end after `overlapMs` (0 = now). Over AMQP only the newest secret holds.
   * Throws NOT_FOUND, SYSTEM_DECLARED for the secret of a declared one.
   */
  rotate(id: string, request: Rotation, by: string): Promise<IssuedCredentials>
  /** Changes what is named. Ends every access at once with `disabled`. Throws NOT_FOUND, SYSTEM_DECLARED, SENDER_NOT_ALLOWED. */
  change(id: string, request: SystemChange, by: string): Promise<SystemView>
  /** The system this API key belongs to; null when there is none, it has expired or its system is disabled. */
  authenticateKey(apiKey: string): SystemView | null
  /** The same for a client certificate; `fingerprint` is the SHA-256 of its DER, hex with or without colons. */
  authenticateCertificate(fingerprint: string): SystemView | null
  /** Secrets valid now, newest first; empty when there is no such system or it is disabled. */
  secretsOf(id: string): readonly string[]
  /**
   * The organisation behind `code`, in the directory's spelling, when this system may do this for it. Throws SCOPE_MISSING,
   * SENDER_NOT_ALLOWED.
   */
  actingAs(id: string, code: string, scope: SystemScope): OrganId
}

export interface NewSystem {
  readonly id: string
  /** @default the id */
  readonly name?: string
  readonly organisations: readonly string[]
  /** @default all */
  readonly scopes?: readonly SystemScope[]
  /** @default secret and API key */
  readonly issue?: readonly ('secret' | 'apiKey')[]
}

export type Rotation =
  | { readonly kind: 'secret' | 'apiKey'; readonly overlapMs: number }
  | { readonly kind: 'certificate'; readonly fingerprint: string; readonly overlapMs: number }

export interface SystemChange {
  readonly name?: string
  readonly organisations?: readonly string[]
  readonly scopes?: readonly SystemScope[]
  readonly disabled?: boolean
}

/* ---- webhooks ---- */

/**
 * Subscriptions and where each of them stands. The sending is the caller's: take what is `due`, send it in order, and say
 * how far it got. A subscription that fails is tried again with growing pauses (5 s … 6 h) for five days, then paused.
 */
export interface HookDoor {
  /** `secret` is told once. Throws SENDER_NOT_ALLOWED, SCOPE_MISSING, HOOKS_FULL (32 per system), USAGE for a URL that is none. */
  add(
    system: string,
    request: { readonly organ: string; readonly url: string; readonly events: readonly HookEventType[] },
  ): Promise<{ readonly hook: HookRecord; readonly secret: string }>
  list(system?: string): Promise<readonly HookRecord[]>
  /** One of them with its secrets, newest first, to be tried out. Throws NOT_FOUND. */
  open(system: string, id: string): Promise<Omit<DueHook, 'events'>>
  /** A new secret, told once; the one before it holds for `overlapMs` more, and both sign. Throws NOT_FOUND. */
  rotate(system: string, id: string, options: { readonly overlapMs: number }): Promise<{ readonly secret: string }>
  /** Throws NOT_FOUND. */
  remove(system: string, id: string): Promise<void>
  /** Throws NOT_FOUND. */
  pause(system: string, id: string, paused: boolean): Promise<void>
  /**
   * Subscriptions with something to tell now, each claimed for 5 minutes or until told how it went; claims end with the
   * process. At most 64, with at most 16 events each.
   */
  due(): Promise<readonly DueHook[]>
  /** True once `due` has found that there are no subscriptions: nothing will be due before something happens. */
  readonly none: boolean
  /** All of them were taken by the other side. */
  succeeded(due: DueHook): Promise<void>
  /** The first `told` events were taken, the next one was not. `error` is shown to the administrator. */
  failed(
    due: DueHook,
    failure: { readonly told: number; readonly error: string; readonly gone?: boolean },
  ): Promise<void>
}

export interface DueHook {
  readonly hook: HookRecord
  /** `whsec_` and base64 of 24 bytes, as Standard Webhooks has it. Newest first; each signs. */
  readonly secrets: readonly string[]
  /** In order; never empty. */
  readonly events: readonly HookEvent[]
}

/* ---- what happens ---- */

export type NodeChange =
  /** A document is in a mailbox. */
  | { readonly type: 'arrived'; readonly notice: Notice }
  /** Something became of a document this organisation sent. The changes themselves are read by `sent.changes`. */
  | { readonly type: 'changed'; readonly from: OrganId; readonly uid: string; readonly last: number }

/** What is also published to `lt.notify`. */
export interface Notice {
  readonly uid: string
  /** Of the mailbox item. */
  readonly id: number
  readonly organ: OrganId
  readonly kind: Kind
  readonly from: OrganId
  readonly number: string | null
  readonly subject: string | null
  readonly at: number
}

export interface Probe {
  readonly ready: boolean
  /** A message published to this node's broker and confirmed. */
  readonly broker: ProbePart
  /** A write to the store, on disk. */
  readonly store: ProbePart
}

export interface ProbePart {
  readonly ok: boolean
  readonly ms: number
  readonly error: string | null
}

/* ---- figures ---- */

/**
 * Every figure of a node: the one table that documentation and exporters are made from. Counters count since the node
 * started, ages and times are seconds.
 */
export const figureTable = {
  broker_open: { type: 'gauge', help: '1 when both connections to the own broker are open' },
  broker_blocked: { type: 'gauge', help: '1 when the broker has stopped reading (memory or disk alarm)' },
  link_open: { type: 'gauge', help: '1 when the link to the parent is open; absent at the root' },
  link_stalled: { type: 'gauge', help: "1 when the parent's relay does not answer; absent at the root" },
  link_canary_seconds: { type: 'gauge', help: 'round trip to the parent and back, newest' },
  backlog_documents: { type: 'gauge', help: 'accepted documents with a recipient not yet settled' },
  backlog_copies: { type: 'gauge', help: 'copies that wait to be sent on' },
  backlog_oldest_seconds: { type: 'gauge', help: 'age of the oldest document not yet settled' },
  assemblies_open: { type: 'gauge', help: 'documents being put together' },
  mailbox_documents: { type: 'gauge', help: 'documents that wait to be acknowledged' },
  mailbox_statuses: { type: 'gauge', help: 'status packets that wait to be acknowledged' },
  mailbox_oldest_document_seconds: { type: 'gauge', help: 'age of the oldest waiting document' },
  mailbox_oldest_status_seconds: { type: 'gauge', help: 'age of the oldest waiting status packet' },
  dead_letters: { type: 'gauge', help: 'dead letters kept' },
  store_bytes: { type: 'gauge', help: 'size of the database file' },
  accepted_total: { type: 'counter', help: 'documents accepted' },
  accepted_bytes_total: { type: 'counter', help: 'bytes of them' },
  delivered_total: { type: 'counter', help: 'items put into mailboxes' },
  collected_total: { type: 'counter', help: 'items acknowledged' },
  changed_total: { type: 'counter', help: 'changes of sent documents: receipts, ends, statuses' },
  received_segments_total: { type: 'counter', help: 'segments received from links' },
  sent_segments_total: { type: 'counter', help: 'segments sent on links' },
  dropped_total: { type: 'counter', help: 'segments dropped and deferred' },
  notices_given_up_total: { type: 'counter', help: 'collected items whose origin has left and is told no more' },
} as const satisfies Record<string, { type: 'gauge' | 'counter'; help: string }>

export type FigureName = keyof typeof figureTable
