/** What the top of an axis knows of it before the axis is connected; `bridging.ts` judges it. */
import type { MergeRemark } from './announcement-merge.ts'
import type { BridgeFacts, BridgeNode } from './bridging.ts'
import { coverageOf } from './coverage.ts'
import type { Directory, DirectoryNode, Organisation } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import { isNewForm, isOldForm, lookupKey, toOldForm } from './organisation-code.ts'
import { otherCodesOf } from './organisation-index.ts'
import { periodOf, phaseOf } from './period.ts'

/** What a node knows beside the directory. */
export interface BridgeKnowledge {
  /** As `CoverageKnowledge` has it. */
  readonly heardAt: ReadonlyMap<NodeId, number | null>
  /** When a business status of an organisation last came back, ms. */
  readonly statusAt: ReadonlyMap<OrganId, number>
  /** Since when the directory of a neighbour has been another, ms. */
  readonly differsSince: ReadonlyMap<NodeId, number>
  /** When the last key of a node ends, ms; null: without end. */
  readonly keyEndsAt: (node: DirectoryNode) => number | null
  /** What the merge left out. */
  readonly remarks: readonly MergeRemark[]
}

/** Of `self` and all below it. Throws DIRECTORY_INVALID. */
export function bridgeFacts(
  { self, directory, at }: { readonly self: NodeId; readonly directory: Directory; readonly at: number },
  knowledge: BridgeKnowledge,
): BridgeFacts {
  const { heardAt, statusAt, differsSince, keyEndsAt, remarks } = knowledge
  const covered = coverageOf({ self, directory, at }, { heardAt, sentAt: new Map() }).nodes
  const own = new Set(covered.map(({ node }) => node))
  const served = directory.organisations.filter(
    (organisation) => own.has(organisation.node) && phaseOf(periodOf(organisation), at) === 'open',
  )
  const byNode = new Map<NodeId, Organisation[]>()
  for (const each of served) byNode.set(each.node, [...(byNode.get(each.node) ?? []), each])
  const known = new Map(directory.nodes.map((node) => [node.id, node]))
  const owners = new Map(
    directory.organisations.flatMap((each) =>
      [each.id, ...otherCodesOf(each)].map((code) => [lookupKey(code), each.node]),
    ),
  )
  const nodes = covered.map(({ node, tier, parent, joined, proven }): BridgeNode => {
    const organs = byNode.get(node) ?? []
    const statuses = organs.flatMap(({ id }) => statusAt.get(id) ?? [])
    const entry = known.get(node)
    return {
      ...{ node, tier, parent, joined, heard: proven },
      organ: organs[0]?.id ?? null,
      statusAt: statuses.length === 0 ? null : Math.max(...statuses),
      differsSince: differsSince.get(node) ?? null,
      keyEndsAt: entry === undefined ? null : keyEndsAt(entry),
    }
  })
  return {
    node: self,
    at,
    nodes,
    organisations: served.length,
    uncoded: served.filter((each) => !hasAxisCode(each)).map(({ id, node }) => ({ organ: id, node })),
    certificates: served.flatMap((each) => {
      const endsAt = lastEnd(each)
      return endsAt === undefined ? [] : [{ organ: each.id, node: each.node, endsAt }]
    }),
    contested: remarks.flatMap(({ node, id, why }) => {
      const by = owners.get(lookupKey(id))
      if (why !== 'contested' || by === undefined || by === node) return []
      return own.has(node) || own.has(by) ? [{ id, node, by }] : []
    }),
  }
}

/** undefined: it has none that holds. */
function lastEnd({ certificates = [] }: Organisation): number | null | undefined {
  const ends = certificates.filter(({ revokedAt }) => revokedAt === undefined).map(({ validTo = Infinity }) => validTo)
  if (ends.length === 0) return undefined
  const last = Math.max(...ends)
  return last === Infinity ? null : last
}

/** Whether the national axis can address it: by a code as QCVN 102:2016 writes it, given or made of today's. */
function hasAxisCode(organisation: Pick<Organisation, 'id' | 'oldCode' | 'code102'>): boolean {
  const { id } = organisation
  return (
    [id, ...otherCodesOf(organisation)].some((code) => isOldForm(code)) || (isNewForm(id) && toOldForm(id) !== null)
  )
}
