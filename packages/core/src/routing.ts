import type { Directory, Organisation } from './directory.ts'
import { directoryFault } from './directory-fault.ts'
import type { NodeId, OrganId } from './document.ts'
import { compileGroups } from './groups.ts'
import { indexOrganisations, type NotFound, type Resolution } from './organisation-index.ts'
import { plantTree, type Tree } from './tree.ts'

export type { NotFound, Resolution }

/** Where an organisation's copy goes next: this node's own mailbox, its parent, or one child. */
export type Hop = 'mailbox' | 'up' | `down:${NodeId}`

/**
 * A compiled routing table: a pure function of (node, directory, version, instant).
 *
 * It holds from the instant it was compiled for until `nextChangeAt`, when an organisation opens or
 * closes; then it is compiled anew. `version` is compared only with itself and never falls: it is the one given
 * and one more for each such day that has passed, so that a node which starts again counts alike.
 */
export interface RoutingTable {
  readonly self: NodeId
  readonly parent: NodeId | null
  readonly children: readonly NodeId[]
  readonly version: number
  readonly directoryVersion: number
  /** When this table stops being true, ms; null when never. */
  readonly nextChangeAt: number | null
  /** Who is addressed by a written code now; see `organisation-index.ts`. Asked once, at the origin. */
  resolve(code: string): Resolution
  /**
   * The organisation that lists this code, open or closed: whose mailbox it is. What is under way
   * goes by this, so that no document changes its recipient between two nodes. null when none does.
   */
  listed(code: string): Organisation | null
  /**
   * Nodes that may send in this organisation's name: the one listed for it and, once it has closed,
   * also its one successor's. None when the directory does not list the code.
   */
  speakersOf(code: string): readonly NodeId[]
  /** Next hop towards a node; null when the directory does not know it. At the root an unknown node has no hop. */
  hopToNode(node: NodeId): Hop | null
  /** True when `node` is `top` or lies below it in the tree. */
  isBelow(node: NodeId, top: NodeId): boolean
  /** Members of a group (`H29.*`, a named group) now; null when it is no group. */
  expand(group: string): readonly OrganId[] | null
}

/** Compiles the table of one node as of `at`, ms. Throws RelayError DIRECTORY_INVALID (cycle, two roots, unknown parent …). */
export function compileTable(self: NodeId, directory: Directory, version: number, at: number): RoutingTable {
  const tree = plantTree(directory.nodes)
  if (tree.roots.length !== 1) throw directoryFault('not exactly one root', tree.roots.join(' '))
  if (!tree.has(self)) throw directoryFault('node unknown', self)
  for (const { id, node } of directory.organisations) {
    if (!tree.has(node)) throw directoryFault('serving node unknown', id)
  }
  const index = indexOrganisations(directory, at)
  const hops = hopsFrom(self, directory, tree)
  return {
    self,
    parent: directory.nodes.find((node) => node.id === self)?.parent ?? null,
    children: tree.childrenOf(self),
    version: version + index.changesPassed,
    directoryVersion: directory.version,
    nextChangeAt: index.nextChangeAt,
    resolve: index.resolve,
    listed: index.listed,
    speakersOf: (code) => {
      const listed = index.listed(code)
      if (listed === null) return []
      const living = index.resolve(code)
      return living.found && living.node !== listed.node ? [listed.node, living.node] : [listed.node]
    },
    hopToNode: (node) => hops.get(node) ?? null,
    isBelow: tree.isBelow,
    expand: compileGroups(directory, index),
  }
}

/** Everything is up but this node itself and what lies below one of its children. */
function hopsFrom(self: NodeId, directory: Directory, tree: Tree): Map<NodeId, Hop> {
  const hops = new Map<NodeId, Hop>()
  for (const { id } of directory.nodes) hops.set(id, 'up')
  hops.set(self, 'mailbox')
  for (const child of tree.childrenOf(self)) {
    const hop: Hop = `down:${child}`
    hops.set(child, hop)
    for (const node of tree.allBelow(child)) hops.set(node, hop)
  }
  return hops
}
