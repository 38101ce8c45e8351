/** The way between two nodes of the tree: up to where their lines meet, and down. */
import type { DirectoryNode } from './directory.ts'
import type { NodeId } from './document.ts'

/** Node → parent; null at the top. */
export type Parents = ReadonlyMap<NodeId, NodeId | null>

export function parentsOf(nodes: readonly Pick<DirectoryNode, 'id' | 'parent'>[]): Parents {
  return new Map(nodes.map(({ id, parent }) => [id, parent]))
}

/** Both ends included; empty when either is unknown or nothing connects them. */
export function wayBetween(parents: Parents, from: NodeId, to: NodeId): readonly NodeId[] {
  const up = lineage(parents, from)
  const down = lineage(parents, to)
  const places = new Map(down.map((node, place) => [node, place]))
  const meeting = up.findIndex((node) => places.has(node))
  if (meeting < 0) return []
  const below = down.slice(0, places.get(up[meeting] ?? '')).toReversed()
  return [...up.slice(0, meeting + 1), ...below]
}

/** A node and those above it, up to the top. */
function lineage(parents: Parents, node: NodeId): readonly NodeId[] {
  const line: NodeId[] = []
  const seen = new Set<NodeId>()
  let at: NodeId | null = node
  while (at !== null && parents.has(at) && !seen.has(at)) {
    line.push(at)
    seen.add(at)
    at = parents.get(at) ?? null
  }
  return line
}
