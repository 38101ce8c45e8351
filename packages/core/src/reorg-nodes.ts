/** Which nodes go under which others: those a file names, and the children of those it drops. */
import type { Directory } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import { lookupKey } from './organisation-code.ts'
import type { ReorgChange } from './reorg.ts'
import type { Decided, NoteReorg, Path } from './reorg-decide.ts'

type Drop = Extract<ReorgChange, { act: 'drop' }>

export interface NodeMoves extends Pick<Decided, 'joins'> {
  readonly dropped: readonly (Pick<Drop, 'into' | 'organisations'> & { readonly node: NodeId; readonly path: Path })[]
  has(node: NodeId): boolean
  /** Who takes over from a dropped node; null for one that stays. */
  heirOf(node: NodeId): NodeId | null
  /** Once everything is done. */
  parentOf(node: NodeId): NodeId | null
  /** The new superior of the organisation of a node that moves, when its former one was that of its former parent. */
  chartOf(organ: OrganId): OrganId | null
}

export function moveNodes(
  changes: readonly ReorgChange[],
  { nodes, organisations }: Directory,
  note: NoteReorg,
): NodeMoves {
  const byId = new Map(nodes.map((node) => [lookupKey(node.id), node]))
  const dropped = new Map<NodeId, Drop & { readonly node: NodeId; readonly path: Path }>()
  const moves = new Map<NodeId, { readonly under: NodeId; readonly path: Path }>()

  function nodeAt(id: NodeId, path: Path): NodeId | null {
    const found = byId.get(lookupKey(id))
    if (found === undefined) note('nodeUnknown', id, path)
    return found?.id ?? null
  }

  function drop(change: Drop, path: Path): void {
    const { drop: what, under } = change
    if (under !== undefined) nodeAt(under, [...path, 'under'])
    const gone =
      'node' in what
        ? [nodeAt(what.node, [...path, 'drop'])].flatMap((id) => id ?? [])
        : nodes.flatMap(({ id, tier }) => (tier === what.tier ? [id] : []))
    if (gone.length === 0 && 'tier' in what) note('tierUnknown', what.tier, [...path, 'dropTier'])
    for (const node of gone) {
      if (byId.get(lookupKey(node))?.parent === null) note('rootStays', node, [...path, 'drop'])
      else if (dropped.has(node)) note('changedTwice', node, [...path, 'drop'])
      else dropped.set(node, { ...change, node, path })
    }
  }

  function reparent(id: NodeId, under: NodeId, path: Path): void {
    const [node, to] = [nodeAt(id, [...path, 'reparent']), nodeAt(under, [...path, 'under'])]
    if (node === null || to === null) return
    if (byId.get(lookupKey(node))?.parent === null) return note('rootStays', node, [...path, 'reparent'])
    if (moves.has(node)) return note('changedTwice', node, [...path, 'reparent'])
    moves.set(node, { under: to, path: [...path, 'under'] })
  }

  for (const [index, change] of changes.entries()) {
    const path = ['changes', index]
    if (change.act === 'drop') drop(change, path)
    if (change.act === 'reparent') reparent(change.node, change.under, path)
  }

  /** A node that stays, from one that may go; null where a circle of dropped nodes has no end. */
  function staying(from: NodeId | null): NodeId | null {
    let at = from
    for (let steps = 0; at !== null && steps <= dropped.size; steps += 1) {
      const gone = dropped.get(at)
      if (gone === undefined) return at
      at =
        (gone.under === undefined ? undefined : byId.get(lookupKey(gone.under))?.id) ??
        byId.get(lookupKey(at))?.parent ??
        null
    }
    return null
  }

  /** The change that takes a node from its parent. */
  function whyMoved(node: NodeId, from: NodeId): Path {
    return moves.get(node)?.path ?? dropped.get(from)?.path ?? []
  }

  const parents = new Map(
    nodes.map(({ id, parent }) => [id, moves.has(id) ? staying(moves.get(id)?.under ?? null) : staying(parent)]),
  )
  for (const { id, parent } of nodes) {
    if (parent === null || dropped.has(id) || !runsInCircle(id, parents)) continue
    note('circle', id, whyMoved(id, parent))
    parents.set(id, parent)
  }
  const joins = nodes.flatMap(({ id, tier, parent: from }) => {
    const to = parents.get(id) ?? null
    return from === null || to === null || to === from || dropped.has(id) ? [] : [{ child: { id, tier }, from, to }]
  })
  for (const { child, from, to } of withNodesBelow(
    joins,
    nodes.filter(({ id }) => !dropped.has(id)),
    parents,
  )) {
    note('pinnedBelow', child.id, whyMoved(child.id, from), to)
  }
  const served = new Map(organisations.map(({ id, parent }) => [lookupKey(id), parent]))
  const charts = new Map(
    joins.flatMap(({ child: { id }, from, to }): readonly [string, OrganId][] =>
      served.get(lookupKey(id)) === from && served.has(lookupKey(to)) ? [[lookupKey(id), to]] : [],
    ),
  )
  return {
    joins,
    dropped: [...dropped.values()],
    has: (node) => byId.has(lookupKey(node)),
    heirOf: (node) => (dropped.has(node) ? staying(node) : null),
    parentOf: (node) => parents.get(node) ?? null,
    chartOf: (organ) => charts.get(lookupKey(organ)) ?? null,
  }
}

function runsInCircle(start: NodeId, parents: ReadonlyMap<NodeId, NodeId | null>): boolean {
  let at = parents.get(start) ?? null
  for (let steps = 0; at !== null; steps += 1) {
    if (at === start || steps > parents.size) return true
    at = parents.get(at) ?? null
  }
  return false
}

/** Who joins is told the root it has now; nodes below that do not join themselves are told nothing. */
function withNodesBelow(
  joins: NodeMoves['joins'],
  nodes: Directory['nodes'],
  parents: ReadonlyMap<NodeId, NodeId | null>,
): NodeMoves['joins'] {
  const joining = new Set(joins.map(({ child: { id } }) => id))
  const above = new Set(nodes.flatMap(({ id }) => (joining.has(id) ? [] : (parents.get(id) ?? []))))
  return joins.filter(({ child: { id } }) => above.has(id))
}
