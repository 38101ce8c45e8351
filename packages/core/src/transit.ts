import { type Core, type Envelope, isBetweenNodes, maxHops, type NodeId, type Path } from './document.ts'
import type { ErrorCode } from './errors.ts'
import { recipientNode } from './handover.ts'
import type { Hop, RoutingTable } from './routing.ts'
import { bundleRefusal } from './support-bundle.ts'

/**
 * Whose exchange or queue a frame came through; `self` for what this node's own outbox sends, `returned` for what had
 * come here before and was taken back from a way that is no more.
 */
export type Arrival =
  | { readonly from: 'child'; readonly child: NodeId }
  | { readonly from: 'parent' }
  | { readonly from: 'self' }
  | { readonly from: 'returned' }

/** What one node does with one segment. Every index of `to` stands in exactly one place. */
export interface TransitDecision {
  /** Recipients served here. */
  readonly deliver: readonly number[]
  /** One entry per next hop, never the same hop twice. */
  readonly forward: readonly { readonly hop: Exclude<Hop, 'mailbox'>; readonly to: readonly number[] }[]
  /** `FROM_NOT_ALLOWED` and `ROUTE_CHANGED` (answered with deferred ROUTE_CHANGED), `LOOP` (dead letter), all else (undeliverable). */
  readonly refused: readonly { readonly code: ErrorCode; readonly to: readonly number[] }[]
}

/** Visits one document may pay one node, at most. */
const maxVisits = 4

/** Clocks of neighbours differ by less, ms. */
const clockToleranceMs = 10_000

/**
 * Routes one segment: may this link speak for `from`, hop limit and path rule, split of `to`.
 * `envelope.path` is the path as it arrived: without this visit.
 *
 * - A child may speak for organisations served by nodes in its subtree; the parent for all others.
 *   What is returned was asked when it first came. Between nodes `core.from` and recipients are nodes. An unknown `from` may not speak.
 * - A support bundle goes over one link (`bundleRefusal`).
 * - Going back over the link it came by, or to a node already in the path, only when this node's
 *   table is newer than at its last visit, at most 4 visits; same node, same version, or more than
 *   `maxHops` entries → LOOP. Where it would only go back over its link, and the neighbour sent it by the table of another day
 *   than this one, ROUTE_CHANGED: it waited over midnight, or the two clocks do not strike at once.
 * - A recipient goes to the node that keeps its mailbox; one that has closed on the way, to its successor's. One this
 *   directory does not list goes where its written code points, else up; where neither leads on,
 *   RECEIVER_UNKNOWN.
 */
export function decideTransit(table: RoutingTable, arrival: Arrival, envelope: Envelope): TransitDecision {
  const { core, to } = envelope
  if (!mayArriveBy(table, arrival, core)) return refuse('FROM_NOT_ALLOWED', to)
  const refusal = core.kind === 'bundle' ? bundleRefusal(table, arrival, core) : null
  if (refusal !== null) return refuse(refusal, to)
  const visit = visitOf(table, envelope.path)
  if (visit === 'loop') return refuse('LOOP', to)
  const back = visit === 'again' ? null : backOver(arrival)
  const turnedBack = isOfAnotherDay(table, envelope.path) ? 'ROUTE_CHANGED' : 'LOOP'
  const deliver: number[] = []
  const forward = new Map<Exclude<Hop, 'mailbox'>, number[]>()
  const refused = new Map<ErrorCode, number[]>()
  let previous = -1
  for (const place of to) {
    const recipient = core.recipients[place]
    if (recipient === undefined || place <= previous) return refuse('FRAME_INVALID', to)
    previous = place
    const node = core.kind === 'signal' ? recipient : recipientNode(recipient)
    const hop = node === null ? hopForOrgan(table, arrival, recipient) : hopForNode(table, arrival, node)
    if (hop === 'mailbox') deliver.push(place)
    else if (hop === null) add(refused, 'RECEIVER_UNKNOWN', place)
    else if (hop === back) add(refused, turnedBack, place)
    else add(forward, hop, place)
  }
  return {
    deliver,
    forward: [...forward].map(([hop, places]) => ({ hop, to: places })),
    refused: [...refused].map(([code, places]) => ({ code, to: places })),
  }
}

/**
 * True when the node named as origin is one that may seal this core: it serves `from`, or it is
 * `from` when the core is between nodes. To be asked by the serving node, after the seal was checked.
 */
export function mayOriginate(table: RoutingTable, origin: NodeId, core: Pick<Core, 'kind' | 'from'>): boolean {
  return speakers(table, core).includes(origin)
}

function speakers(table: RoutingTable, core: Pick<Core, 'kind' | 'from'>): readonly NodeId[] {
  if (!isBetweenNodes(core.kind)) return table.speakersOf(core.from)
  return table.hopToNode(core.from) === null ? [] : [core.from]
}

function mayArriveBy(table: RoutingTable, arrival: Arrival, core: Core): boolean {
  const nodes = speakers(table, core)
  switch (arrival.from) {
    case 'self':
      return nodes.includes(table.self)
    case 'child':
      return table.children.includes(arrival.child) && nodes.some((node) => table.isBelow(node, arrival.child))
    case 'parent':
      return table.parent !== null && nodes.some((node) => !table.isBelow(node, table.self))
    case 'returned':
      return true
  }
}

/** `again`: this node was visited before, and its table is newer now. */
function visitOf(table: RoutingTable, path: Path): 'first' | 'again' | 'loop' {
  if (path.length >= maxHops) return 'loop'
  const visits = path.filter((entry) => entry.node === table.self)
  const last = visits.at(-1)
  if (last === undefined) return 'first'
  return visits.length < maxVisits && table.version > last.version ? 'again' : 'loop'
}

/** Whether the node it came from may have sent it before this table's day began, or after it ends. */
function isOfAnotherDay({ changedAt, nextChangeAt }: RoutingTable, path: Path): boolean {
  const sentAt = path.at(-1)?.at
  if (sentAt === undefined) return false
  if (changedAt !== null && sentAt < changedAt + clockToleranceMs) return true
  return nextChangeAt !== null && sentAt >= nextChangeAt - clockToleranceMs
}

function backOver(arrival: Arrival): Hop | null {
  if (arrival.from === 'parent') return 'up'
  return arrival.from === 'child' ? `down:${arrival.child}` : null
}

function hopForNode(table: RoutingTable, arrival: Arrival, node: NodeId): Hop | null {
  return table.hopToNode(node) ?? upwards(table, arrival)
}

/** A listed one goes to who keeps its mailbox. Any fallback shows the way; it does not make this node the one that serves. */
function hopForOrgan(table: RoutingTable, arrival: Arrival, organ: string): Hop | null {
  const keeper = table.keeperOf(organ)
  if (keeper !== null) return table.hopToOrgan(keeper.organ, keeper.node)
  const guess = table.resolve(organ)
  const hop = guess.found ? table.hopToNode(guess.node) : null
  if (hop?.startsWith('down:') === true) return hop
  return hop === 'mailbox' ? null : upwards(table, arrival)
}

/**
 * Up, unless it came from there, or was already thought to be here: by the parent, or by this node when it put it on a
 * way that is no more.
 */
function upwards(table: RoutingTable, arrival: Arrival): Hop | null {
  return table.parent !== null && arrival.from !== 'parent' && arrival.from !== 'returned' ? 'up' : null
}

function refuse(code: ErrorCode, to: readonly number[]): TransitDecision {
  return { deliver: [], forward: [], refused: to.length === 0 ? [] : [{ code, to }] }
}

function add<Key>(groups: Map<Key, number[]>, key: Key, place: number): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [place])
  else group.push(place)
}
