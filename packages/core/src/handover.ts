/**
 * Mailboxes that move: what stands at a node for an organisation that another node keeps now goes there, as documents
 * of their own between the two nodes, with the custody that documents have.
 *
 * ```
 *   keeperOf(organ) is another node ──▶ rows leave ──▶ document of kind `handover` ──▶ takeRow ──▶ rows stand there
 *                                          │                                             │
 *                                    still answer queries ◀───────── receipt ────────────┘
 * ```
 *
 * A row that was collected goes without its payload: it says that nobody is to get that document again.
 *
 * The mailbox of one that was split is taken apart: what waits there goes row by row to the successor that a person or
 * a rule names for it, what nobody has decided stays. What comes for it later comes here too, and so do the recalls of
 * what was sent to it: tombstones stay, and a recall goes after the row it means.
 */
import type { PacketKind, TransportState } from './access.ts'
import type { NodeId, OrganId, Path, Sending } from './document.ts'
import type { Chosen } from './new-documents.ts'
import type { Keeper } from './organisation-index.ts'
import type { RecallEffect, Tombstone } from './recall.ts'
import type { RoutingTable } from './routing.ts'

/** A row of a mailbox on its way to the node that keeps it now. */
export interface HandedRow {
  /** The organisation that was addressed. */
  readonly organ: OrganId
  readonly uid: string
  readonly generation: number
  readonly kind: PacketKind
  readonly businessType: number
  readonly from: OrganId
  readonly origin: NodeId
  readonly documentId: string
  readonly size: number
  readonly sha256: string
  readonly sealedAt: number
  /** When the first node delivered it. */
  readonly deliveredAt: number
  readonly collectedAt: number | null
  /** When it was taken out of the mailbox by a recall. */
  readonly withdrawnAt: number | null
  /** What it did itself to earlier documents; absent for a packet that names none. */
  readonly effects?: readonly RecallEffect[]
  /** What it has still to do where those documents are now; it has no effects before that. */
  readonly about?: readonly Sending[]
  /** Of one addressed to a split organisation: the unit below it that was written, and who gets it. */
  readonly unit?: string
  readonly chosen?: Chosen
  /** True once the origin knows that it was collected. */
  readonly noted: boolean
  readonly path: Path
  readonly state: TransportState
  readonly stateReason: string | null
}

/** A tombstone on its way: what is never to get into that mailbox. */
export interface HandedTombstone extends Tombstone {
  /** The node that sealed the packet which set it. */
  readonly origin: NodeId
  readonly at: number
}

/** Rows in one core with the payload they share, at most: one document to several that have merged. */
export const maxRowsWithPayload = 8

/** No organisation has such a code, so nothing that is asked of organisations can take a node for one. */
const nodeMark = '@'

/** A node as the recipient of a handover. */
export function nodeRecipient(node: NodeId): OrganId {
  return `${nodeMark}${node}`
}

/** The node that such a recipient is; null for an organisation. */
export function recipientNode(recipient: OrganId): NodeId | null {
  return recipient.startsWith(nodeMark) ? recipient.slice(nodeMark.length) : null
}

/** Rows of one organisation, alike in all that decides who keeps them. */
export interface RowTraits {
  readonly organ: OrganId
  /** Who sent them; null when they were collected or withdrawn: no rule decides about those any more. */
  readonly from: OrganId | null
  readonly unit: string | null
  readonly chosen: Chosen | null
}

/** What decides who keeps a row. */
export function traitsOf(row: Pick<HandedRow, 'organ' | 'from' | 'unit' | 'chosen' | keyof RowEnd>): RowTraits {
  const { organ, unit, chosen = null } = row
  const isOver = row.collectedAt !== null || row.withdrawnAt !== null
  return { organ, from: isOver ? null : row.from, unit: isOver ? null : (unit ?? null), chosen }
}

/** In whose mailbox, at which node, a row stands now; null when the directory does not list its organisation. */
export function keeperOfRow(table: Pick<RoutingTable, 'keeperOf'>, traits: RowTraits): Keeper | null {
  const { organ, from, unit, chosen } = traits
  if (from !== null) return table.keeperOf(organ, { to: unit ?? organ, from, ...(chosen !== null && { chosen }) })
  // Whoever has read it keeps it, whatever rule there is now.
  return table.keeperOf(organ, chosen === null ? undefined : { to: organ, chosen: { ...chosen, byHand: true } })
}

/** True when its mailbox is kept row by row. */
export function isSplit(table: Pick<RoutingTable, 'standingFor'>, organ: OrganId): boolean {
  return (table.standingFor(organ)?.length ?? 0) > 1
}

/** True for a row of a split organisation that nobody has decided: it stays in that organisation's own mailbox. */
export function isUndecided(table: Pick<RoutingTable, 'keeperOf' | 'standingFor' | 'listed'>, row: RowTraits): boolean {
  return (
    row.from !== null && isSplit(table, row.organ) && keeperOfRow(table, row)?.organ === table.listed(row.organ)?.id
  )
}

/** The node that keeps now what stands here for an organisation; null when it stays: it is kept here, or nobody knows where. */
export function handoverTo(
  table: Pick<RoutingTable, 'self' | 'keeperOf' | 'hopToNode'>,
  organ: OrganId,
): NodeId | null {
  return leavesFor(table, table.keeperOf(organ))
}

/** The node that such a keeper is at, when it is another one that can be reached. */
export function leavesFor(table: Pick<RoutingTable, 'self' | 'hopToNode'>, keeper: Keeper | null): NodeId | null {
  const node = keeper?.node ?? table.self
  return node === table.self || table.hopToNode(node) === null ? null : node
}

/** True when this node may hand over what is addressed to that organisation: one that may speak for it. */
export function mayHandOver(table: Pick<RoutingTable, 'speakersOf'>, from: NodeId, organ: OrganId): boolean {
  return table.speakersOf(organ).includes(from)
}

type RowEnd = Pick<HandedRow, 'collectedAt' | 'withdrawnAt'>

/** A row that is here already under the same uid, organisation and generation. */
export interface KnownRow {
  /** Nobody has collected it, and it was not withdrawn. */
  readonly waits: boolean
  /** It was handed over to another node, or is on its way there. */
  readonly left: boolean
}

/**
 * What becomes of a row that is handed over.
 *
 * - `stands`: it is new here, or comes back, and stands in the mailbox.
 * - `ended`: the same document came here too, and was collected or withdrawn before the mailbox moved; nobody is to get it again.
 * - `known`: it stands here as it is.
 */
export function takeRow(row: RowEnd, known: KnownRow | null): 'stands' | 'ended' | 'known' {
  if (known === null || known.left) return 'stands'
  const isOver = row.collectedAt !== null || row.withdrawnAt !== null
  return isOver && known.waits ? 'ended' : 'known'
}

/**
 * True when whoever serves a recipient now may be asked about what left for `node`, which does not answer: it is no former
 * node of that recipient, so nothing is handed over by it, and what it may have delivered is lost with it.
 */
export function mayTurnAway(table: Pick<RoutingTable, 'speakersOf'>, node: NodeId, organ: OrganId): boolean {
  return !table.speakersOf(organ).includes(node)
}
