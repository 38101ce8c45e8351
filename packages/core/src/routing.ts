import type { Exception } from './declared.ts'
import type { Directory, Organisation } from './directory.ts'
import { directoryFault } from './directory-fault.ts'
import type { NodeId, OrganId } from './document.ts'
import { exceptionPeriod, indexExceptions } from './exceptions.ts'
import { compileGroups } from './groups.ts'
import type { Addressed } from './new-documents.ts'
import {
  indexOrganisations,
  type Keeper,
  type NotFound,
  type OrganisationIndex,
  type Resolution,
} from './organisation-index.ts'
import { changesAt } from './period.ts'
import { plantTree, type Tree } from './tree.ts'

export type { Keeper, NotFound, Resolution }

/** Where an organisation's copy goes next: this node's own mailbox, its parent, or one child. */
export type Hop = 'mailbox' | 'up' | `down:${NodeId}`

/**
 * A compiled routing table: a pure function of (node, directory, version, instant, this node's exceptions).
 *
 * It holds from the instant it was compiled for until `nextChangeAt`, when an organisation opens or
 * closes or an exception ends; then it is compiled anew. `version` is compared only with itself and never falls: it is the one given
 * and one more for each such day that has passed, so that a node which starts again counts alike.
 */
export interface RoutingTable {
  readonly self: NodeId
  readonly parent: NodeId | null
  readonly children: readonly NodeId[]
  readonly version: number
  readonly directoryVersion: number
  /** The last day on which an organisation opened or closed, or an exception ended, ms; null: none has. */
  readonly changedAt: number | null
  /** When this table stops being true, ms; null when never. */
  readonly nextChangeAt: number | null
  /** Who is addressed by a written code now; see `organisation-index.ts`. Asked once, at the origin. */
  resolve(code: string, from?: OrganId): Resolution
  /**
   * The organisation that lists this code, open or closed; null when none does.
   */
  listed(code: string): Organisation | null
  /**
   * In whose mailbox, at which node, what is addressed to this code stands now: its own, or once it has closed
   * that of its one successor. Of several the one that a person or a rule names for a document; without `about` nobody
   * has decided. What is under way goes by it, without `about`: the node of a split one takes what comes, and hands it on.
   * null when the directory does not list the code.
   */
  keeperOf(code: string, about?: Addressed): Keeper | null
  /** Closed organisations for which this one, by its id, stands now, alone or with others. */
  predecessorsOf(organ: OrganId): readonly OrganId[]
  /**
   * Nodes that may send and give receipts in this organisation's name: the one listed for it; once it has closed, also
   * its successors'; and those that served any of them before, until their day. None when the directory does not list it.
   */
  speakersOf(code: string): readonly NodeId[]
  /** Who stands now for an organisation that is listed: itself, its successors, or nobody. null for a code nothing lists. */
  standingFor(code: string): readonly OrganId[] | null
  /** Next hop towards a node; null when the directory does not know it. At the root an unknown node has no hop. */
  hopToNode(node: NodeId): Hop | null
  /** Next hop of what is for this organisation, served by `node`: towards that node, unless an exception sends it elsewhere. */
  hopToOrgan(organ: OrganId, node: NodeId): Hop | null
  /** Why nothing leaves this node's own outbox for this organisation now, by its id; null when all may. */
  holdOf(organ: OrganId): OrganHold | null
  /** True when `node` is `top` or lies below it in the tree. */
  isBelow(node: NodeId, top: NodeId): boolean
  /** Members of a group (`H29.*`, a named group) now; null when it is no group. */
  expand(group: string): readonly OrganId[] | null
}

/** Why and until when the documents for an organisation wait. */
export type OrganHold = Pick<Exception, 'reason' | 'until'>

/** What a directory says at one instant, whichever node asks: compiled once for all the nodes of a process. */
export interface CompiledDirectory {
  readonly directory: Directory
  /** The instant, ms. */
  readonly at: number
  readonly tree: Tree
  readonly index: OrganisationIndex
  readonly expand: RoutingTable['expand']
}

/** Throws RelayError DIRECTORY_INVALID (cycle, two roots, unknown parent …). */
export function compileDirectory(directory: Directory, at: number): CompiledDirectory {
  const tree = plantTree(directory.nodes)
  if (tree.roots.length !== 1) throw directoryFault('not exactly one root', tree.roots.join(' '))
  for (const { id, node } of directory.organisations) {
    if (!tree.has(node)) throw directoryFault('serving node unknown', id)
  }
  const index = indexOrganisations(directory, at)
  return { directory, at, tree, index, expand: compileGroups(directory, index) }
}

/**
 * Compiles the table of one node as of `at`, ms. An exception counts when it names an organisation and a way that are
 * there, until its last day; any other is passed over. Throws RelayError DIRECTORY_INVALID (cycle, two roots, unknown
 * parent …).
 */
// oxlint-disable-next-line eslint/max-params -- each is a part of what a table is a function of
export function compileTable(
  self: NodeId,
  directory: Directory,
  version: number,
  at: number,
  exceptions: readonly Exception[] = [],
): RoutingTable {
  return tableOf(compileDirectory(directory, at), { self, version, exceptions })
}

/** The table of one node: a few kilobytes beside what it shares with the others. */
export function tableOf(
  compiled: CompiledDirectory,
  own: { readonly self: NodeId; readonly version: number; readonly exceptions?: readonly Exception[] },
): RoutingTable {
  const { directory, at, tree, index, expand } = compiled
  const { self, version, exceptions = [] } = own
  if (!tree.has(self)) throw directoryFault('node unknown', self)
  const hopToNode = hopsFrom(self, tree)
  const { hopToOrgan, holdOf, changes } = applyExceptions(exceptions, index, { at, self, hopToNode })
  return {
    self,
    parent: tree.parentOf(self),
    children: tree.childrenOf(self),
    version: version + index.changes.passed + changes.passed,
    directoryVersion: directory.version,
    changedAt: oneOf(Math.max, index.changes.last, changes.last),
    nextChangeAt: oneOf(Math.min, index.changes.next, changes.next),
    resolve: index.resolve,
    listed: index.listed,
    keeperOf: index.keeperOf,
    predecessorsOf: index.predecessorsOf,
    speakersOf: index.speakersOf,
    standingFor: index.standingFor,
    hopToNode,
    hopToOrgan,
    holdOf,
    isBelow: tree.isBelow,
    expand,
  }
}

/** A redirection to this node itself, or to one that is not there, is none. */
function applyExceptions(
  exceptions: readonly Exception[],
  index: OrganisationIndex,
  { at, self, hopToNode }: Pick<RoutingTable, 'self' | 'hopToNode'> & { readonly at: number },
) {
  const { redirects, holds } = indexExceptions(exceptions, at, (code) => index.listed(code)?.id ?? null)
  const others = new Map<OrganId, Hop>()
  for (const [organ, node] of redirects) {
    const hop = hopToNode(node)
    if (hop !== null && node !== self) others.set(organ, hop)
  }
  return {
    hopToOrgan: (organ: OrganId, node: NodeId): Hop | null => others.get(organ) ?? hopToNode(node),
    holdOf: (organ: OrganId): OrganHold | null => holds.get(organ) ?? null,
    changes: changesAt(exceptions.map(exceptionPeriod), at),
  }
}

function oneOf(choose: typeof Math.min, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : choose(a, b)
}

/** Everything is up but this node itself and what lies below one of its children. */
function hopsFrom(self: NodeId, tree: Tree): RoutingTable['hopToNode'] {
  const downs = new Map<NodeId, Hop>()
  return (node) => {
    if (node === self) return 'mailbox'
    const child = tree.childTowards(node, self)
    if (child === null) return tree.has(node) ? 'up' : null
    const known = downs.get(child)
    if (known !== undefined) return known
    const hop: Hop = `down:${child}`
    downs.set(child, hop)
    return hop
  }
}
