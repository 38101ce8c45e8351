/** What has arrived for the organisations of this node. */
import type {
  Kind,
  NodeId,
  OrganId,
  PacketKind,
  Path,
  QueryTiming,
  Receipt,
  Sending,
  TransportState,
} from '@lienthong/core'
import type { BusinessStatus, Headline, Moved, PayloadRef, StagedPayload } from './contract-documents.ts'

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
  /** The unit below one of them that the packet names in its stead. @default none */
  readonly units?: Readonly<Record<OrganId, string>>
  /** In whose mailbox it goes for those of them that have closed. @default each in its own */
  readonly keepers?: Readonly<Record<OrganId, OrganId>>
  /** Closed organisations that one of them, or the sender, has succeeded: a status may be about what those had. @default none */
  readonly predecessors?: Readonly<Record<OrganId, readonly OrganId[]>>
  readonly path: Path
  readonly headline: Headline
  /** Bytes in memory (over 64 KiB they go to a file first), a staged payload, or a payload this store already has. */
  readonly payload: { readonly bytes: Uint8Array; readonly sha256: string } | StagedPayload | PayloadRef
  /** What `from` says of a document one of `organs` had sent it. */
  readonly businessStatus: BusinessStatus | null
  /** Earlier documents of `from` that it recalls, updates, replaces or takes back, as its core says. */
  readonly about: readonly Sending[]
  readonly deliveredAt: number
  readonly sealedAt: number
}

export interface DeliverOutcome {
  readonly receipts: readonly Receipt[]
  readonly fresh: readonly OrganId[]
  /** Those who never get it: it was recalled before it came. */
  readonly stopped: readonly OrganId[]
  /** Those who do not get it, since it means a document of another sender. */
  readonly refused: readonly OrganId[]
  /** Documents it stopped that were being assembled: nobody is to get them any more. */
  readonly ended: readonly string[]
  /** Mailbox ids of the fresh ones, without those that nobody need look at: a recall that left nothing to do, a document its reader has. */
  readonly arrivals: readonly { readonly organ: OrganId; readonly mailbox: OrganId; readonly id: number }[]
  /** Documents a business status was noted beside. */
  readonly moved: readonly Moved[]
}

export interface MailItem {
  /** Ascending per node. */
  readonly id: number
  readonly uid: string
  readonly generation: number
  readonly kind: Kind
  /** In whose mailbox it is. */
  readonly organ: OrganId
  /** Whom it was addressed to: the same, or a closed organisation that it has succeeded. */
  readonly addressed: OrganId
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

/** An item that is collected, with what its origin is told. */
export interface Acknowledged extends MailItem {
  readonly origin: NodeId
  /** Of all recipients for whom the same document stands in this mailbox. */
  readonly receipts: readonly Receipt[]
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
   * The transaction of DESIGN §3.4. One receipt per organ that has it, the original one where it was there before. What it
   * does to earlier documents (`about`) happens in it, by core's `decideRecall`. Payloads given as bytes get their mailbox
   * ids in the order of the calls.
   */
  deliver(request: DeliverRequest): Promise<DeliverOutcome>
  /** Newest last. `all` also lists collected ones. What was withdrawn is in no list, and all else about it throws DOCUMENT_RECALLED. */
  list(
    organ: OrganId,
    options: { after: number; limit: number; all: boolean; kind?: PacketKind },
  ): Promise<readonly MailItem[]>
  /** How many wait. */
  count(organ: OrganId, kind?: PacketKind): Promise<number>
  get(organ: OrganId, id: number): Promise<MailItem | null>
  /** Idempotent; null when there is no such item for this organ. Throws LEASE_LOST when `lease` is not the item's, unless it is collected. */
  acknowledge(organ: OrganId, id: number, now: number, lease?: string): Promise<Acknowledged | null>
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
  /** Payload of a document already delivered here, for a core that arrives later; null when unknown, or withdrawn from all. */
  payloadOf(uid: string): Promise<PayloadRef | null>
  /** Of these organs, those before whom a document is stopped: one of this sender, or one that this node sealed. */
  stopped(
    uid: string,
    generation: number,
    organs: readonly OrganId[],
    by: { readonly from: OrganId } | { readonly origin: NodeId },
  ): Promise<readonly OrganId[]>
}
