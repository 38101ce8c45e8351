/** In whose mailboxes a delivery stands, and what else the directory says beside it. */
import type { OrganId, Path, RoutingTable } from '@lienthong/core'
import type { NodeContext } from './context.ts'

/** In whose mailboxes here these go, where that is another's than their own. */
export function keepersOf(table: RoutingTable, organs: readonly OrganId[]): Readonly<Record<OrganId, OrganId>> {
  const others = organs.flatMap((organ) => {
    const keeper = table.keeperOf(organ)
    const isOther = keeper !== null && keeper.node === table.self && keeper.organ !== organ
    return isOther ? [[organ, keeper.organ] as const] : []
  })
  return Object.fromEntries(others)
}

/** Closed organisations that these have succeeded, for those that have any. */
export function predecessorsOf(
  table: RoutingTable,
  organs: readonly OrganId[],
): Readonly<Record<OrganId, readonly OrganId[]>> {
  const all = organs.map((organ) => [organ, table.predecessorsOf(organ)] as const)
  return Object.fromEntries(all.filter(([, before]) => before.length > 0))
}

/** A path that has ended at this node. */
export function arrived(context: NodeContext, path: Path): Path {
  return [...path, { node: context.config.id, version: context.table.version, at: context.now() }]
}
