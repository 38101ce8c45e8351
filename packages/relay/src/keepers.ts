/** In whose mailboxes a delivery stands, and what else the directory says beside it. */
import { type HandedRow, keeperOfRow, type OrganId, type Path, type RoutingTable, traitsOf } from '@lienthong/core'
import type { PacketHeader } from '@lienthong/edxml'
import type { NodeContext } from './context.ts'

/** Of a document to these: the unit below one of them that the packet names in its stead. */
export type Units = Readonly<Record<OrganId, string>>

/** In whose mailboxes here these go, where that is another's than their own. */
export function keepersOf(
  table: RoutingTable,
  { organs, from, units }: { readonly organs: readonly OrganId[]; readonly from: OrganId; readonly units: Units },
): Readonly<Record<OrganId, OrganId>> {
  const others = organs.flatMap((organ) => {
    const keeper = table.keeperOf(organ, { to: units[organ] ?? organ, from })
    const isOther = keeper !== null && keeper.node === table.self && keeper.organ !== organ
    return isOther ? [[organ, keeper.organ] as const] : []
  })
  return Object.fromEntries(others)
}

/** In whose mailbox a row that is handed over goes. */
export function mailboxOf(table: RoutingTable, row: HandedRow): OrganId {
  const keeper = keeperOfRow(table, traitsOf(row))
  return keeper?.node === table.self ? keeper.organ : row.organ
}

/**
 * Units that the packet names and nothing lists, where one alone stands for an organisation: with two, or the
 * organisation beside it, no rule for units says whose the document is.
 */
export function unitsOf(table: RoutingTable, header: PacketHeader | null): Units {
  const named = new Map<OrganId, string | null>()
  for (const { organId } of header?.kind === 'document' ? header.to : []) {
    const listed = table.listed(organId)
    const found = listed === null ? table.resolve(organId) : null
    const organ = listed?.id ?? (found !== null && 'organ' in found ? found.organ : null)
    if (organ !== null) named.set(organ, listed !== null || named.has(organ) ? null : organId)
  }
  return Object.fromEntries([...named].flatMap(([organ, unit]) => (unit === null ? [] : [[organ, unit] as const])))
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
