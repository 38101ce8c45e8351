/** Nodes that served an organisation before it moved: for a while they may still speak for it and hand its mailbox over. */
import type { Organisation } from './directory.ts'
import { directoryFault } from './directory-fault.ts'
import type { NodeId } from './document.ts'
import { dayStart, type Period } from './period.ts'

export interface FormerNode {
  readonly node: NodeId
  /** Last day on which it may, `yyyy-MM-dd`, a day in Vietnam. */
  readonly until: string
}

const dayMs = 86_400_000
const none: readonly NodeId[] = []

/** Those that may still speak for it at that instant. */
export function formerNodesAt({ formerNodes }: Pick<Organisation, 'formerNodes'>, at: number): readonly NodeId[] {
  if (formerNodes === undefined) return none
  return formerNodes.filter(({ until }) => at < (dayStart(until) ?? 0) + dayMs).map(({ node }) => node)
}

/**
 * Nodes that kept before what `self` keeps now: organisations that came to it, and closed ones whose successor it serves.
 * What these sent until then is recorded there and nowhere else.
 */
export function earlierNodes(
  organisations: readonly Organisation[],
  { self, keeperOf }: { readonly self: NodeId; keeperOf(organ: string): { readonly node: NodeId } | null },
): readonly NodeId[] {
  const nodes = new Set<NodeId>()
  for (const { id, node, formerNodes = [] } of organisations) {
    if (keeperOf(id)?.node === self)
      for (const each of [node, ...formerNodes.map((former) => former.node)]) nodes.add(each)
  }
  nodes.delete(self)
  return [...nodes].sort()
}

/** How long each of them may. Throws RelayError DIRECTORY_INVALID for a day that does not exist. */
export function formerPeriods({ id, formerNodes = [] }: Pick<Organisation, 'id' | 'formerNodes'>): readonly Period[] {
  return formerNodes.map(({ until }) => {
    const last = dayStart(until)
    if (last === null) throw directoryFault('no such day', id)
    return { from: Number.NEGATIVE_INFINITY, to: last + dayMs }
  })
}
