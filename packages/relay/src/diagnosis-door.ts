/** What an operator asks of the ways of documents, and what comes back. */
import type { NodeId, OrganId, WayLink, Whereabouts } from '@lienthong/core'
import type { TrackKey } from '@lienthong/store'

/** Every call asks the nodes on the way at once, through the links that documents take. */
export interface DiagnosisDoor {
  /** To the node that serves an organisation and back. Throws RECEIVER_UNKNOWN, _CLOSED, _NOT_YET, _SPLIT. */
  ping(organ: string, options?: Patience): Promise<PingReply>
  /** Each node on the way. Throws as `ping` does. */
  trace(organ: string, options?: Patience): Promise<TraceReply>
  /**
   * Who has it now, for each recipient. What others sent is known by its uid only, and only if it came through here.
   * At most 5 documents, newest last. Throws NOT_FOUND.
   */
  where(question: WhereQuestion, options?: Patience): Promise<readonly WhereDocument[]>
}

export interface Patience {
  /** Whoever has not answered by then is silent, ms, 100 … 25,000; a node found only by an answer has as long again. @default 5,000 */
  readonly timeoutMs?: number
}

export interface PingReply {
  readonly organ: OrganId
  readonly node: NodeId
  /** null: no answer in time. */
  readonly ms: number | null
  /** Its clock less this node's, as if both ways took as long; null: no answer in time. */
  readonly clockOffsetMs: number | null
}

export interface TraceReply {
  readonly organ: OrganId
  readonly name: string
  readonly hops: readonly TracedHop[]
  /** The first hop that does not carry: the last node that answered and the one behind it. null: all answered. */
  readonly broken: { readonly from: NodeId | null; readonly to: NodeId } | null
}

/** A node on the way; null: it did not answer in time. */
export interface TracedHop {
  readonly node: NodeId
  readonly tier: string
  readonly ms: number | null
  readonly tableVersion: number | null
  readonly directoryVersion: number | null
  /** The node it sends to, and how the link there does; null at the end. */
  readonly next: NodeId | null
  readonly link: WayLink | null
}

export interface WhereQuestion {
  readonly key: TrackKey
  /** Date of the document, `yyyy/MM/dd` as written in it, or with `-`; any other is USAGE. */
  readonly date?: string
  /** Only this recipient. */
  readonly to?: string
}

export interface WhereDocument {
  readonly uid: string
  /** null: known at its origin only. */
  readonly documentId: string | null
  readonly number: string | null
  readonly from: OrganId | null
  readonly acceptedAt: number | null
  readonly origin: NodeId
  readonly recipients: readonly WhereRecipient[]
  /** Recipients that were not looked for: at most 64 are. */
  readonly left: number
}

export interface WhereRecipient {
  readonly organ: OrganId
  readonly generation: number
  /** The node that serves it. */
  readonly node: NodeId
  readonly whereabouts: Whereabouts
}
