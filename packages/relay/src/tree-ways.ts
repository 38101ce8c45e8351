/** Ways between nodes by the directory of now. */
import { type Directory, type NodeId, type Parents, parentsOf, wayBetween } from '@lienthong/core'
import type { NodeContext } from './context.ts'

export type WayFinder = (from: NodeId, to: NodeId) => readonly NodeId[]

export function findWays(context: Pick<NodeContext, 'directory'>): WayFinder {
  let known: { readonly directory: Directory; readonly parents: Parents } | null = null
  return (from, to) => {
    const { directory } = context
    if (known?.directory !== directory) known = { directory, parents: parentsOf(directory.nodes) }
    return wayBetween(known.parents, from, to)
  }
}
