import type { Directory } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'

/** Where an organisation's copy goes next: this node's own mailbox, its parent, or one child. */
export type Hop = 'mailbox' | 'up' | `down:${NodeId}`

/** How a written code was understood. */
export type Resolution =
  | {
      readonly found: true
      readonly organ: OrganId
      readonly node: NodeId
      readonly by: 'code' | 'successor' | 'prefix' | 'zeroing'
    }
  | { readonly found: false; readonly code: 'RECEIVER_UNKNOWN' }

/**
 * A compiled routing table: a pure function of (node, directory, version).
 * `version` grows with every compilation at one node and is compared only with itself.
 */
export interface RoutingTable {
  readonly self: NodeId
  readonly parent: NodeId | null
  readonly children: readonly NodeId[]
  readonly version: number
  readonly directoryVersion: number
  /** Understands a written code; longest-prefix and zeroing apply only to codes the directory does not list. */
  resolve(code: string): Resolution
  /** Next hop towards a node; null when the directory does not know it. At the root an unknown node has no hop. */
  hopToNode(node: NodeId): Hop | null
  /** True when `node` is `top` or lies below it in the tree. */
  isBelow(node: NodeId, top: NodeId): boolean
  /** Members of a group (`H29.*`, a named group) at this directory version; null when it is no group. */
  expand(group: string): readonly OrganId[] | null
}

/** Compiles the table of one node. Throws RelayError DIRECTORY_INVALID (cycle, two roots, unknown parent). */
export declare function compileTable(self: NodeId, directory: Directory, version: number): RoutingTable
