/** The doors of a node for those who administer it: who they are, the links, and how the node does. */
import type { Lane, LinkOrder, LinkPhase, LinkStop, NodeId, OperatorRole, PacketKind } from '@lienthong/core'
import type { DirectoryStep } from './administration.ts'
import type { NodeStatus } from './contract.ts'

/* ---- operators ---- */

/** Somebody who administers from elsewhere, without the key. */
export interface OperatorView {
  readonly id: string
  readonly name: string
  readonly role: OperatorRole
  readonly createdAt: number
  readonly disabledAt: number | null
  readonly keys: readonly { readonly id: number; readonly createdAt: number; readonly expiresAt: number | null }[]
}

/** The only time that a key is told: `lto_<operator>_<40 hex digits>`. */
export interface IssuedKey {
  readonly operator: OperatorView
  readonly key: string
}

/** `by`: who does it, for the chain of events. */
export interface OperatorDoor {
  list(): readonly OperatorView[]
  /** Throws OPERATOR_EXISTS, CONFIG_INVALID (id). */
  add(
    request: { readonly id: string; readonly name?: string; readonly role: OperatorRole },
    by: string,
  ): Promise<IssuedKey>
  /** Issues a new key; older ones end after `overlapMs` (0 = now). Throws NOT_FOUND. */
  rotate(id: string, request: { readonly overlapMs: number }, by: string): Promise<IssuedKey>
  /** Changes what is named. Ends every access at once with `disabled`. Throws NOT_FOUND. */
  change(id: string, request: OperatorChange, by: string): Promise<OperatorView>
  /** Whose key this is; null when there is none, it has expired or the operator is disabled. */
  authenticate(key: string): OperatorView | null
  /** An act that leaves no other trace of who did it. No secrets in `detail`. */
  record(act: { readonly type: string; readonly detail: Readonly<Record<string, unknown>> }, by: string): Promise<void>
}

export interface OperatorChange {
  readonly name?: string
  readonly role?: OperatorRole
  readonly disabled?: boolean
}

/* ---- links ---- */

/** How a link does, and what was ordered of it. */
export interface LinkView {
  readonly neighbour: NodeId
  readonly direction: 'up' | 'down'
  /** The broker of a parent, `amqps://host:port`; null of a child, which comes to ours. */
  readonly place: string | null
  /** A child's is `open` while it is heard, and `closed` otherwise. */
  readonly phase: LinkPhase
  /** Each begins with one of core's `linkReasons`, of `childReasons`, or `pause` or `drain` when that was ordered. */
  readonly reasons: readonly string[]
  /** Of the phase, by this node's clock; null while nothing is known. */
  readonly since: number | null
  readonly canaryMs: number | null
  /** What the other side said of itself last. */
  readonly peer: {
    readonly instance: string
    readonly versions: readonly number[]
    readonly tableVersion: number
  } | null
  /** What holds now; null: nothing was ordered, or its time is over. */
  readonly order: LinkOrder | null
  /** In this node's outbox. `oldestAt`: when the document of the first in line was accepted. */
  readonly copies: number
  readonly oldestAt: number | null
  /** Messages in its queues at this node's broker: the spool, or what the child has still to fetch. null: not known now. */
  readonly queued: Readonly<Record<Lane, number>> | null
}

/**
 * What is ordered survives a restart and stalls nobody else. `by`: who does it, for the chain of events. All throw
 * NOT_FOUND for a node that is no neighbour.
 */
export interface LinkDoor {
  list(): Promise<readonly LinkView[]>
  get(neighbour: string): Promise<LinkView>
  /** Stops what goes out on it (see core's `LinkStop`), in place of a stop before. */
  stop(
    neighbour: string,
    request: { readonly stop: LinkStop; readonly until: number | null; readonly reason: string },
    by: string,
  ): Promise<LinkView>
  /** Ends a stop; a rate stays. Idempotent. */
  resume(neighbour: string, by: string): Promise<LinkView>
  /** Bytes a second in the bulk lane up; null ends it. Throws USAGE for a child, which fetches at its own pace. */
  throttle(
    neighbour: string,
    request: { readonly bytesPerSecond: number | null; readonly reason: string },
    by: string,
  ): Promise<LinkView>
}

/* ---- health ---- */

/** Something with a last day. `endsAt`: ms, null = without end. */
export interface EndingHealth {
  readonly name: string
  readonly endsAt: number | null
}

export interface NodeHealth extends NodeStatus {
  /** This node's clock. */
  readonly at: number
  readonly links: readonly LinkView[]
  readonly oldestDocumentAt: number | null
  /** Items in mailboxes that nobody has acknowledged. */
  readonly waiting: Readonly<Record<PacketKind, number>>
  /** Rows of mailboxes that another node keeps now, and that are still to go there. */
  readonly handover: number
  readonly deadLetters: number
  readonly databaseBytes: number
  /** Where the store is; null when the system does not say. */
  readonly disk: { readonly path: string; readonly freeBytes: number; readonly totalBytes: number } | null
  /** Of this node, as the directory has them. */
  readonly keys: readonly (EndingHealth & { readonly inUse: boolean })[]
  /** Pinned for the organisations served here. */
  readonly certificates: readonly EndingHealth[]
  /** Whether the neighbours that were heard have the same directory; null: it is a file. */
  readonly directories: readonly DirectoryStep[] | null
}
