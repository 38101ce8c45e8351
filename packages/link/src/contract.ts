/**
 * One AMQP hop, as the relay sees it. No type of an AMQP library passes this door.
 */
import type { Envelope, Lane, LinkPhase, NodeId, PathEntry } from '@lienthong/core'

/* ---- the wire (wire/) ---- */

/** One segment as it travels. `core` and `seal` are forwarded as the bytes they came in. */
export interface Segment {
  readonly core: Uint8Array
  readonly seal: Uint8Array
  readonly envelope: Envelope
  readonly data: Uint8Array
  /**
   * CBOR map of fields this version does not know, exactly as it came; travels on. Absent for none:
   * whoever makes one segment of another spreads it (`{ ...segment, envelope }`).
   */
  readonly extra?: Uint8Array
}

/** A node's signing key. The private part never leaves this object and is never printed. */
export interface SealingKey {
  readonly kid: string
  readonly publicKey: string
  sign(bytes: Uint8Array): Uint8Array
  /**
   * 32 bytes that only this key and this purpose give (HKDF-SHA256 [RFC 5869] of the private part): for what the node
   * keeps encrypted on its own disk.
   */
  derive(purpose: string): Uint8Array
}

export interface Hello {
  readonly node: NodeId
  /** Random per process start; two at once under one node id raise NODE_CLONED. */
  readonly instance: string
  /** Major versions of the wire, ascending. */
  readonly versions: readonly number[]
  readonly maxFrameBytes: number
  readonly tableVersion: number
  /** How many kinds of core it reads; absent in those of nodes that know the first four. */
  readonly kinds?: number
}

/* ---- messages ---- */

/** AMQP `type` property: what a message body is. */
export const messageTypes = ['lt.frame', 'lt.hello', 'lt.canary', 'lt.directory'] as const
export type MessageType = (typeof messageTypes)[number]

export interface OutMessage {
  readonly exchange: string
  readonly routingKey: string
  readonly type: MessageType | 'lt.answer' | 'lt.notice'
  readonly body: Uint8Array
  readonly correlationId?: string
  /**
   * Default true: returned when no queue takes it. Default false for `lt.notice`, which may be lost, and for `lt.answer`:
   * a direct reply-to is no queue, and the broker returns every mandatory message to one, also when it has passed it on.
   */
  readonly mandatory?: boolean
  /** Default true: persistent. */
  readonly persistent?: boolean
}

/**
 * `confirmed`: on disk at the broker. `nacked`: refused (queue full). `returned`: no queue.
 * `late`: no confirm within the timeout. `lost`: the channel ended first. The last two may or may not have arrived.
 */
export type SendOutcome = 'confirmed' | 'nacked' | 'returned' | 'late' | 'lost'

/** Publishes with confirms over one connection. */
export interface Sender {
  readonly open: boolean
  /** Unconfirmed bytes. */
  readonly inFlightBytes: number
  /** Never throws and never waits for credit; `lost` at once when not open. In order of calls. */
  send(message: OutMessage): Promise<SendOutcome>
  /** Resolves when open, not blocked, and `bytes` more fit in flight; rejects NODE_STOPPING on close, or the signal's reason. */
  ready(bytes: number, signal?: AbortSignal): Promise<void>
  /** Waits for confirms up to its timeout. Idempotent. */
  close(): Promise<void>
}

/** A message taken from a queue. Settle each exactly once; acks are coalesced (`multiple`). */
export interface Delivery {
  readonly queue: string
  readonly exchange: string
  readonly routingKey: string
  readonly body: Uint8Array
  readonly type: string | undefined
  readonly userId: string | undefined
  readonly replyTo: string | undefined
  readonly correlationId: string | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly redelivered: boolean
  /** Acknowledges; a no-op after the channel was lost. */
  settle(): void
}

export interface Receiver {
  readonly open: boolean
  /** Deliveries taken and not settled. */
  readonly unsettled: number
  /** Closes the channel (unsettled ones go back to the queue, in order) until `resume`. */
  pause(): Promise<void>
  resume(): void
  close(): Promise<void>
}

export interface ReceiverOptions {
  readonly queue: string
  /** Unsettled deliveries, at most. */
  readonly prefetch: number
  /** Called in order of arrival; must not throw. */
  readonly onDelivery: (delivery: Delivery) => void
}

/* ---- connections ---- */

export interface BrokerAddress {
  /** `amqp://127.0.0.1:5672` or `amqps://…`, without credentials or vhost. */
  readonly url: string
  readonly vhost: string
  readonly user: string
  readonly password: string
  /** Authorities that may vouch for an `amqps` broker, PEM. @default those Node knows */
  readonly ca?: string
}

/** Reasons of a connection being unusable; empty = usable. */
export interface ConnectionStatus {
  readonly open: boolean
  /** Text of `connection.blocked`, null when not blocked. */
  readonly blocked: string | null
  readonly lastError: string | null
  readonly since: number
}

/** A supervised connection: reconnects with back-off (0.2 s … 10 s, jittered), heartbeats, noDelay. */
export interface Connection {
  readonly status: ConnectionStatus
  /** Called after every change of `status`; returns a function that stops it. */
  onChange(listener: (status: ConnectionStatus) => void): () => void
  openSender(options?: SenderOptions): Sender
  openReceiver(options: ReceiverOptions): Receiver
  /** Drops the TCP connection and reconnects: a confirm timeout heals itself this way. */
  recycle(reason: string): void
  close(): Promise<void>
}

export interface SenderOptions {
  /** Bytes unconfirmed before `ready` waits. @default 8 MiB */
  readonly maxInFlightBytes?: number
  /** Milliseconds until `late`. @default 10_000 */
  readonly confirmTimeoutMs?: number
  /** Milliseconds `close` waits for confirms. @default 5_000 */
  readonly closeTimeoutMs?: number
}

export interface ConnectionOptions extends BrokerAddress {
  /** Shown in the broker's list of connections. */
  readonly name: string
  /** Seconds. @default 10 */
  readonly heartbeatSeconds?: number
  /** Milliseconds to the first retry. @default 200 */
  readonly retryFirstMs?: number
  /** @default 10_000 */
  readonly retryMaxMs?: number
}

/* ---- topology ---- */

export interface Topology {
  readonly self: NodeId
  /** Without a password: its queues are there, and nobody may come in as it. */
  readonly children: readonly { readonly id: NodeId; readonly password: string | null }[]
  /** Accounts of document software that submit over AMQP; with `notices`, each has a queue of its own to read them from. */
  readonly systems: readonly { readonly id: string; readonly password: string; readonly notices?: boolean }[]
  /**
   * Systems that may not come in any more: what rights they have in this vhost are taken away, and their notices. The
   * same becomes of whoever has the rights of a child and is none; what its queues hold stays.
   */
  readonly gone?: readonly string[]
  /**
   * Invitations that hold: each has an account that may write to `lt.join` and nothing else. An account of an invitation
   * that is none any more is deleted. Without the list nobody can join here.
   */
  readonly invitations?: readonly { readonly id: string; readonly password: string }[]
  readonly limits: QueueLimits
}

export interface QueueLimits {
  /** Bytes in one link queue before the broker refuses more (reject-publish; soft). @default 1 GiB */
  readonly linkQueueBytes: number
  /** @default 4 GiB */
  readonly spoolBytes: number
}

/** Names of the broker objects of a node. */
export interface Names {
  submit: 'lt.submit'
  out: 'lt.out'
  dead: 'lt.dead'
  notify: 'lt.notify'
  join: 'lt.join'
  from(child: NodeId): string
  transit(lane: Lane): string
  up(lane: Lane): string
  link(child: NodeId, lane: Lane): string
  notices(system: string): string
  /** Account of whoever has been invited. */
  guest(invitation: string): string
}

export interface BrokerAdminOptions {
  /** `http://127.0.0.1:15672` */
  readonly managementUrl: string
  /** The node's own account; an administrator of the broker. */
  readonly user: string
  readonly password: string
  readonly vhost: string
}

/** Brokers as the nodes of one process administer them: what several ask at the same time is read once, few requests run at once. */
export interface Brokers {
  admin(options: BrokerAdminOptions): BrokerAdmin
}

/** The node's own broker through its management API (loopback). */
export interface BrokerAdmin {
  /** Creates vhost, exchanges, queues, bindings, policies, accounts and permissions; shuts out those gone and closes their connections. Idempotent. Throws BROKER_UNREACHABLE, BROKER_REFUSED, TOPOLOGY_DIFFERS. */
  declare(topology: Topology): Promise<void>
  /** False when any object is missing (the broker lost its data). For one vhost cheap enough for every few seconds. */
  intact(topology: Topology): Promise<boolean>
  /** True when an account of this name has tags: somebody's who administers. */
  isAdministrator(account: string): Promise<boolean>
  /** Names of the queues of the vhost. */
  queues(): Promise<readonly string[]>
  /** Messages (ready + unacked) per queue of the vhost. */
  counts(): Promise<ReadonlyMap<string, number>>
}

/* ---- the link to the parent ---- */

export interface LinkStatus {
  readonly phase: LinkPhase
  /** Each begins with a `LinkReason`; after `: ` may follow what the broker or the socket said. */
  readonly reasons: readonly string[]
  readonly since: number
  /** Round trip of the newest canary, ms. */
  readonly canaryMs: number | null
  readonly peer: Hello | null
}

export interface ParentLinkOptions {
  readonly self: NodeId
  readonly parent: NodeId
  readonly address: BrokerAddress
  readonly hello: () => Hello
  readonly prefetch: { readonly express: number; readonly bulk: number }
  /** Frames and messages about the directory from the parent, in order per lane. Hellos and canaries are handled inside. */
  readonly onFrame: (lane: Lane, delivery: Delivery) => void
  readonly onStatus: (status: LinkStatus) => void
  readonly sender?: SenderOptions
  readonly heartbeatSeconds?: number
  /** Between two canaries on a link in use; at rest every third goes. @default 10_000 */
  readonly canaryEveryMs?: number
}

/** Two connections to the parent: one consumes `lt.link.<self>.*`, one publishes to `lt.from.<self>`. */
export interface ParentLink {
  readonly status: LinkStatus
  /** True when frames may be published: `open` or `stalled`. */
  readonly usable: boolean
  send(lane: Lane, frame: Uint8Array): Promise<SendOutcome>
  /** A message about the directory, beside the frames and before none of them. */
  sendDirectory(body: Uint8Array): Promise<SendOutcome>
  ready(bytes: number, signal?: AbortSignal): Promise<void>
  /** Unsettled frames from the parent go back to their queues and come again, in order. */
  redeliver(): Promise<void>
  close(): Promise<void>
}

/** The parent's side of a hello or canary from a child: what to publish back on `lt.link.<child>.express`. */
export type ControlAnswer = (delivery: Delivery, hello: Hello) => OutMessage | null

export type { LinkPhase, PathEntry }
