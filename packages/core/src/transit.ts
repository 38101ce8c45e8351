import type { Envelope, NodeId } from './document.ts'
import type { ErrorCode } from './errors.ts'
import type { Hop, RoutingTable } from './routing.ts'

/** Whose exchange or queue a frame came through; `self` for what this node's own outbox sends. */
export type Arrival =
  | { readonly from: 'child'; readonly child: NodeId }
  | { readonly from: 'parent' }
  | { readonly from: 'self' }

/** What one node does with one segment. Every index of `to` stands in exactly one place. */
export interface TransitDecision {
  /** Recipients served here. */
  readonly deliver: readonly number[]
  /** One entry per next hop, never the same hop twice. */
  readonly forward: readonly { readonly hop: Exclude<Hop, 'mailbox'>; readonly to: readonly number[] }[]
  /** `FROM_NOT_ALLOWED` (answered with deferred ROUTE_CHANGED), `LOOP` (dead letter), `RECEIVER_UNKNOWN` (undeliverable). */
  readonly refused: readonly { readonly code: ErrorCode; readonly to: readonly number[] }[]
}

/**
 * Routes one segment: may this link speak for `from`, hop limit and path rule, split of `to`.
 *
 * - A child may speak for organisations served by nodes in its subtree; the parent for all others.
 *   For a signal `core.from` and recipients are node ids.
 * - Going back over the link it came by, or to a node already in the path, only when this node's
 *   table is newer than at its last visit, at most 4 visits; same node, same version, or more than
 *   `maxHops` entries → LOOP.
 */
export declare function decideTransit(table: RoutingTable, arrival: Arrival, envelope: Envelope): TransitDecision
