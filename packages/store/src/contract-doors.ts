/**
 * The part of the store behind the doors for document software: who may come in, uploads under way, the
 * history of what was sent, and webhooks. Bytes of secrets come sealed and go sealed: the store never reads one.
 */
import type {
  ArrivalType,
  ChangeType,
  HookEventType,
  Hop,
  Kind,
  Lane,
  LinkOrder,
  NodeId,
  OperatorRole,
  OrganId,
  PacketKind,
  RecipientState,
  SystemScope,
} from '@lienthong/core'
import type { StagedPayload } from './contract-documents.ts'
import type { MailItem } from './contract-mailbox.ts'

/* ---- access ---- */

/** Document software with credentials of its own. */
export interface SystemRecord {
  readonly id: string
  readonly name: string
  readonly organisations: readonly OrganId[]
  readonly scopes: readonly SystemScope[]
  readonly createdAt: number
  /** null = may come in. */
  readonly disabledAt: number | null
}

/**
 * A key that secrets are sealed under, itself sealed under the node's key `kid`: when the node's key is replaced, only
 * this is sealed anew.
 */
export interface VaultKey {
  readonly id: string
  readonly kid: string
  readonly bytes: Uint8Array
}

/** Sealed under the vault key named by `kid`. */
export interface SealedSecret {
  readonly kid: string
  readonly bytes: Uint8Array
}

/** `secret` is sealed, an API key is its SHA-256, a certificate the SHA-256 of its DER; the latter two hex and unique. */
export type CredentialValue =
  | { readonly kind: 'secret'; readonly sealed: SealedSecret }
  | { readonly kind: 'apiKey' | 'certificate'; readonly digest: string }

export type CredentialRecord = CredentialValue & {
  /** Ascending per node; 0 for one to be made. */
  readonly id: number
  readonly system: string
  readonly createdAt: number
  /** null = until it is replaced or revoked. */
  readonly expiresAt: number | null
}

/** A person who administers from elsewhere. */
export interface OperatorRecord {
  readonly id: string
  readonly name: string
  readonly role: OperatorRole
  readonly createdAt: number
  /** null = may come in. */
  readonly disabledAt: number | null
}

/** `digest`: SHA-256 of the key, hex, unique. */
export interface OperatorKeyRecord {
  /** Ascending per node; 0 for one to be made. */
  readonly id: number
  readonly operator: string
  readonly digest: string
  readonly createdAt: number
  /** null = until it is replaced. */
  readonly expiresAt: number | null
}

/** An administrative act for the chain of events. No secrets in `detail`. */
export interface ActRecord {
  readonly at: number
  readonly type: string
  readonly detail: Readonly<Record<string, unknown>>
}

export interface AccessStore {
  load(): Promise<{
    readonly vault: readonly VaultKey[]
    readonly systems: readonly SystemRecord[]
    readonly credentials: readonly CredentialRecord[]
  }>
  /** Stores a vault key by its id. */
  keep(key: VaultKey): Promise<void>
  loadOperators(): Promise<{
    readonly operators: readonly OperatorRecord[]
    readonly keys: readonly OperatorKeyRecord[]
  }>
  /** As `write`, of operators and their keys. With neither, only the act is kept. */
  writeOperators(change: {
    readonly operators?: readonly OperatorRecord[]
    readonly keys?: readonly OperatorKeyRecord[]
    readonly act: ActRecord
  }): Promise<readonly OperatorKeyRecord[]>
  /**
   * Stores systems and credentials by their ids, and the act, in one transaction; returns the credentials with their
   * ids. A credential that expired before `act.at` goes.
   */
  write(change: {
    readonly systems?: readonly SystemRecord[]
    readonly credentials?: readonly CredentialRecord[]
    readonly act: ActRecord
  }): Promise<readonly CredentialRecord[]>
}

/* ---- links ---- */

/** Copies in the outbox that wait for one hop. */
export interface HopBacklog {
  readonly hop: Hop
  readonly lane: Lane
  readonly copies: number
  /** When the document of the first in line was accepted. */
  readonly oldestAt: number | null
}

export interface LinkStore {
  /** All orders, also those whose time is over. */
  orders(): Promise<readonly LinkOrder[]>
  /** Stores the order by its neighbour, or takes it away, and the act, in one transaction. */
  order(change: {
    readonly neighbour: NodeId
    readonly order: LinkOrder | null
    readonly act: ActRecord
  }): Promise<void>
  backlog(): Promise<readonly HopBacklog[]>
}

/* ---- uploads ---- */

/** A payload that arrives in several requests. `offset`: bytes on disk, where the next request goes on. */
export interface UploadState {
  /** Random, 32 hex digits. */
  readonly id: string
  readonly system: string
  /** As announced; null = not announced. */
  readonly sha256: string | null
  readonly size: number
  readonly offset: number
  readonly touchedAt: number
  /** It belongs to an accepted document, and is only kept for a repeated submission. */
  readonly spent: boolean
}

export interface UploadStore {
  /**
   * Begins an upload, or goes on with the one of the same system, digest and size: then what is still being appended is
   * broken off first. Throws UPLOADS_FULL past `maxCount` or `maxBytes` of unspent uploads of this system, DISK_FULL.
   */
  open(request: {
    readonly system: string
    readonly sha256: string | null
    readonly size: number
    readonly now: number
    readonly maxCount: number
    readonly maxBytes: number
  }): Promise<UploadState>
  get(system: string, id: string): Promise<UploadState | null>
  /**
   * Writes from `offset` on, which must be the upload's. Bytes are synced and counted every 8 MiB and at the end, also
   * when `source` breaks off. Throws NOT_FOUND, UPLOAD_OFFSET, DOCUMENT_TOO_LARGE past the announced size, DISK_FULL.
   */
  append(
    key: UploadKey,
    options: { readonly offset: number; readonly source: AsyncIterable<Uint8Array>; readonly now: () => number },
  ): Promise<UploadState>
  /**
   * The whole upload as a payload, hashed by reading it back; `onChunk` sees each chunk. The upload stays until it is
   * spent, dropped or stale. Throws NOT_FOUND, UPLOAD_OFFSET when bytes are missing, NOT_AS_ANNOUNCED (the upload goes).
   */
  finish(key: UploadKey, options?: { readonly onChunk?: (chunk: Uint8Array) => void }): Promise<StagedPayload>
  /** A document owns the bytes now: the upload no longer counts, and goes with the stale ones. */
  spend(key: UploadKey, now: number): Promise<void>
  /** Idempotent. */
  drop(key: UploadKey): Promise<void>
  /** Removes those untouched since `before`, and spent ones untouched since `spentBefore`; returns how many. */
  expire(options: { readonly before: number; readonly spentBefore: number }): Promise<number>
}

export interface UploadKey {
  readonly system: string
  readonly id: string
}

/* ---- what was sent ---- */

/** One entry of the history of what an organisation sent: what became of one recipient. */
export interface SentChange {
  /** Ascending per node, in order of commit. */
  readonly seq: number
  readonly type: ChangeType
  readonly at: number
  readonly uid: string
  readonly documentId: string
  readonly kind: Kind
  /** The sender. */
  readonly from: OrganId
  /** The recipient. */
  readonly organ: OrganId
  readonly generation: number
  readonly state: RecipientState
  /** Why it is undeliverable. */
  readonly code: string | null
  /** Business status 01…16, for `status`. */
  readonly statusCode: number | null
}

/* ---- webhooks ---- */

/**
 * A subscription: two places in two streams that only grow, its organisation's mailbox and the history of what it sent.
 * Exact without a row per delivery, and what comes while it is paused is still there afterwards (the history 30 days).
 */
export interface HookRecord {
  /** Random, 32 hex digits. */
  readonly id: string
  readonly system: string
  readonly organ: OrganId
  readonly url: string
  readonly events: readonly HookEventType[]
  readonly createdAt: number
  /** null = active. */
  readonly pausedAt: number | null
  /** Attempts failed since the last success. */
  readonly failures: number
  /** Of the first of them. */
  readonly failingSince: number | null
  readonly lastError: string | null
  /** Earliest time of the next attempt; 0 = at once. */
  readonly nextAt: number
}

export interface HookKey {
  readonly system: string
  readonly id: string
}

export type HookEvent =
  | { readonly type: ArrivalType; readonly position: number; readonly item: MailItem }
  | { readonly type: ChangeType; readonly position: number; readonly change: SentChange }

/** A subscription with what its events are signed with. */
export interface SealedHook {
  readonly hook: HookRecord
  readonly secret: SealedSecret
  /** The secret before it, while it still holds. */
  readonly earlier: SealedSecret | null
}

export interface HookStore {
  /** Begins with what comes from now on. */
  add(
    hook: Omit<HookRecord, 'failures' | 'failingSince' | 'lastError' | 'nextAt'> & { secret: SealedSecret },
    act: ActRecord,
  ): Promise<void>
  list(system?: string): Promise<readonly HookRecord[]>
  get(key: HookKey, now: number): Promise<SealedHook | null>
  /** From now on `secret`; what was it before holds until `earlierUntil`. False when there is none. */
  rotate(
    key: HookKey,
    change: { readonly secret: SealedSecret; readonly earlierUntil: number },
    act: ActRecord,
  ): Promise<boolean>
  /** False when there was none. */
  remove(system: string, id: string, act: ActRecord): Promise<boolean>
  /**
   * Claims hooks that are not paused, due and have something to tell, for `claimMs`: nobody gets them again until then, or
   * until `settle`. `owners`: (system, organ) pairs that may be told. Each with up to `events` events, in order.
   */
  claim(options: {
    readonly now: number
    readonly claimMs: number
    readonly limit: number
    readonly events: number
    readonly owners: readonly (readonly [system: string, organ: OrganId])[]
  }): Promise<readonly (SealedHook & { readonly events: readonly HookEvent[] })[]>
  /** Ends every claim: those who made them are no more. */
  unclaim(): Promise<void>
  /** Moves on past the events told (in the order of `claim`) and says when to try again, or pauses. Ignored for a hook that has gone. */
  settle(
    id: string,
    outcome: {
      readonly told: readonly HookEvent[]
      readonly failures: number
      readonly failingSince: number | null
      readonly lastError: string | null
      readonly nextAt: number
      readonly pausedAt: number | null
    },
  ): Promise<void>
  /** Pauses at `pausedAt`, or resumes with null: then failures are forgotten. False when there is none. */
  pause(key: HookKey, pausedAt: number | null, act: ActRecord): Promise<boolean>
}

/* ---- figures ---- */

/** Counted in memory or read by one index search each. */
export interface StoreFigures {
  /** Documents not yet settled; copies not yet dispatched. */
  readonly documents: number
  readonly copies: number
  /** When the oldest unsettled document was accepted. */
  readonly oldestDocumentAt: number | null
  readonly waiting: Readonly<Record<PacketKind, number>>
  /** When the oldest waiting item was delivered. */
  readonly oldestWaitingAt: Readonly<Record<PacketKind, number | null>>
  readonly deadLetters: number
  readonly databaseBytes: number
}
