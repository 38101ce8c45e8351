import type { Directory } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import { RelayError } from './errors.ts'
import { compileGroups } from './groups.ts'
import { indexOrganisations, type Resolution } from './organisation-index.ts'
import { plantTree, type Tree } from './tree.ts'

export type { Resolution }

/** Where an organisation's copy goes next: this node's own mailbox, its parent, or one child. */
export type Hop = 'mailbox' | 'up' | `down:${NodeId}`

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
  /**
   * Nodes that may send in this organisation's name: the one listed for it and, once it has closed,
   * also its successor's. None when the directory does not list the code.
   */
  speakersOf(code: string): readonly NodeId[]
  /** Next hop towards a node; null when the directory does not know it. At the root an unknown node has no hop. */
  hopToNode(node: NodeId): Hop | null
  /** True when `node` is `top` or lies below it in the tree. */
  isBelow(node: NodeId, top: NodeId): boolean
  /** Members of a group (`H29.*`, a named group) at this directory version; null when it is no group. */
  expand(group: string): readonly OrganId[] | null
}

/** Compiles the table of one node. Throws RelayError DIRECTORY_INVALID (cycle, two roots, unknown parent). */
export function compileTable(self: NodeId, directory: Directory, version: number): RoutingTable {
  const tree = plantTree(directory.nodes)
  if (tree.roots.length !== 1) throw invalid('not exactly one root', tree.roots.join(' '))
  if (!tree.has(self)) throw invalid('node unknown', self)
  for (const { id, node } of directory.organisations) {
    if (!tree.has(node)) throw invalid('serving node unknown', id)
  }
  const index = indexOrganisations(directory)
  const hops = hopsFrom(self, directory, tree)
  return {
    self,
    parent: directory.nodes.find((node) => node.id === self)?.parent ?? null,
    children: tree.childrenOf(self),
    version,
    directoryVersion: directory.version,
    resolve: index.resolve,
    speakersOf: (code) => {
      const listed = index.listed(code)
      if (listed === undefined) return []
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

function invalid(reason: string, id: string): RelayError {
  return new RelayError('DIRECTORY_INVALID', { detail: { reason, id } })
}
