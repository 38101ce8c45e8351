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

/** How long each of them may. Throws RelayError DIRECTORY_INVALID for a day that does not exist. */
export function formerPeriods({ id, formerNodes = [] }: Pick<Organisation, 'id' | 'formerNodes'>): readonly Period[] {
  return formerNodes.map(({ until }) => {
    const last = dayStart(until)
    if (last === null) throw directoryFault('no such day', id)
    return { from: Number.NEGATIVE_INFINITY, to: last + dayMs }
  })
}
