/** How far a tree of nodes is connected: who is expected, who has joined, who is heard, who sends. */
import type { Directory, DirectoryNode } from './directory.ts'
import type { NodeId } from './document.ts'
import { plantTree } from './tree.ts'

/** What a node knows of others beside the directory. A node of which it knows nothing has no entry. */
export interface CoverageKnowledge {
  /** When its canary, or its parent's answer to one, was heard last, ms; null: never. Of this node and its neighbours. */
  readonly heardAt: ReadonlyMap<NodeId, number | null>
  /** When it last sent a document, ms; null: never. Of this node. */
  readonly sentAt: ReadonlyMap<NodeId, number | null>
}

/** `null` under `proven` and `sent`: this node does not know. */
export interface NodeCoverage {
  readonly node: NodeId
  readonly tier: string
  readonly parent: NodeId | null
  /** It has a key that has not been revoked. */
  readonly joined: boolean
  /** Heard since the day began, in Vietnam. */
  readonly proven: boolean | null
  /** A document, in the last 30 days. */
  readonly sent: boolean | null
}

export interface TierCoverage {
  readonly tier: string
  readonly expected: number
  readonly joined: number
  readonly proven: number
  /** Joined ones of which it is not known. */
  readonly provenUnknown: number
  readonly sent: number
  readonly sentUnknown: number
  /** Not joined, or known not to be heard. */
  readonly missing: readonly NodeId[]
}

export interface Coverage {
  readonly node: NodeId
  readonly at: number
  readonly directoryVersion: number
  readonly tiers: readonly TierCoverage[]
  /** This node and all below it, parents first. */
  readonly nodes: readonly NodeCoverage[]
}

/** A link as the node at one end sees it. */
export interface SeenLink {
  readonly neighbour: NodeId
  readonly direction: 'up' | 'down'
  readonly phase: string
  /** Of the phase, ms; null: not known. */
  readonly since: number | null
  readonly canaryMs: number | null
}

/** `heardAt` of a node and its neighbours. A canary goes up and comes back: it proves both, the top of a tree by any child. */
export function heardBy(self: NodeId, links: readonly SeenLink[], at: number): ReadonlyMap<NodeId, number | null> {
  const children = new Map(
    links.flatMap(({ neighbour, direction, phase, since }) =>
      direction === 'down' ? [[neighbour, phase === 'open' ? at : since] as const] : [],
    ),
  )
  const up = links.find(({ direction }) => direction === 'up')
  const answered = up?.phase === 'open' && up.canaryMs !== null ? at : null
  const byChildren = Math.max(...[...children.values()].map((heard) => heard ?? 0), 0)
  return new Map([...children, [self, up === undefined ? byChildren || null : answered]])
}

const dayMs = 86_400_000
/** Vietnam is UTC+7 all year. */
const offsetMs = 7 * 3_600_000
const sentWithinMs = 30 * dayMs

/** Of `self` and all below it. Throws DIRECTORY_INVALID. */
export function coverageOf(
  { self, directory, at }: { readonly self: NodeId; readonly directory: Directory; readonly at: number },
  { heardAt, sentAt }: CoverageKnowledge,
): Coverage {
  const today = Math.floor((at + offsetMs) / dayMs) * dayMs - offsetMs
  const since = (known: ReadonlyMap<NodeId, number | null>, node: NodeId, from: number): boolean | null => {
    const last = known.get(node)
    return last === undefined ? null : last !== null && last >= from
  }
  const byId = new Map(directory.nodes.map((node) => [node.id, node]))
  const nodes = [self, ...plantTree(directory.nodes).allBelow(self)].flatMap((id): NodeCoverage[] => {
    const node = byId.get(id)
    if (node === undefined) return []
    return [
      {
        node: id,
        tier: node.tier,
        parent: node.parent,
        joined: hasJoined(node),
        proven: since(heardAt, id, today),
        sent: since(sentAt, id, at - sentWithinMs),
      },
    ]
  })
  const tiers = [...new Set(nodes.map(({ tier }) => tier))]
  return {
    node: self,
    at,
    directoryVersion: directory.version,
    tiers: tiers.map((tier) =>
      tierOf(
        tier,
        nodes.filter((node) => node.tier === tier),
      ),
    ),
    nodes,
  }
}

function hasJoined({ keys }: DirectoryNode): boolean {
  return keys.some(({ revokedAt }) => revokedAt === undefined)
}

function tierOf(tier: string, nodes: readonly NodeCoverage[]): TierCoverage {
  const count = (which: (node: NodeCoverage) => boolean) => nodes.filter(which).length
  return {
    tier,
    expected: nodes.length,
    joined: count(({ joined }) => joined),
    proven: count(({ proven }) => proven === true),
    provenUnknown: count(({ joined, proven }) => joined && proven === null),
    sent: count(({ sent }) => sent === true),
    sentUnknown: count(({ joined, sent }) => joined && sent === null),
    missing: nodes.flatMap(({ node, joined, proven }) => (joined && proven !== false ? [] : [node])),
  }
}
