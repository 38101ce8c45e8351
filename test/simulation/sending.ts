/** What an origin knows of the recipients of one core, and which node each of them is at. */
import {
  type Core,
  isSettled,
  mayTurnAway,
  type NodeId,
  type OrganId,
  type RecipientRecord,
  type RoutingTable,
  recipientNode,
} from '@lienthong/core'

/** One sealed core and what is known of its recipients, in the order of the core. */
export interface Sending {
  readonly core: Core
  readonly records: RecipientRecord[]
  readonly placeOf: ReadonlyMap<OrganId, number>
  /** Places by the node that serves them: a directive has ten thousand recipients, each node a few. */
  placesAt: ReadonlyMap<NodeId, readonly number[]>
}

/** Recipients of this core at this node that are not settled. */
export function openAt({ records, placesAt }: Sending, node: NodeId): readonly { place: number; organ: OrganId }[] {
  return (placesAt.get(node) ?? []).flatMap((place) => {
    const record = records[place]
    return record === undefined || isSettled(record) ? [] : [{ place, organ: record.organ }]
  })
}

/** Where to look for those of one node. */
export function placesByNode(records: readonly RecipientRecord[]): ReadonlyMap<NodeId, readonly number[]> {
  const places = new Map<NodeId, number[]>()
  for (const [place, { node }] of records.entries()) {
    const there = places.get(node)
    if (there === undefined) places.set(node, [place])
    else there.push(place)
  }
  return places
}

/** Of a recipient that nothing has left for yet. */
export function newRecord(organ: OrganId, node: NodeId): RecipientRecord {
  return {
    organ,
    node,
    state: 'accepted',
    provisional: false,
    code: null,
    dispatchedAt: null,
    deliveredAt: null,
    collectedAt: null,
    refusedSince: null,
    path: null,
  }
}

/** Asked first: it may have delivered what left for it, and says so, or hands it over. */
export function answersStill(table: RoutingTable, record: RecipientRecord): boolean {
  if (record.state === 'accepted' || isSettled(record)) return false
  return !mayTurnAway(table, record.node, record.organ) && table.hopToNode(record.node) !== null
}

/** Who serves a recipient by this table. */
export function nodeOf(table: RoutingTable, organ: OrganId): NodeId {
  const node = recipientNode(organ)
  if (node !== null) return node
  const keeper = table.keeperOf(organ)
  if (keeper === null) throw new Error(`unknown organisation ${organ}`)
  return keeper.node
}
