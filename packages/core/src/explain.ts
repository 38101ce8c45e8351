/**
 * Why a document would go the way it goes: each node's own decision, by one directory.
 *
 * Nothing is sent. The way is worked out exactly as the nodes would, with a routing table compiled for
 * each of them; what it cannot show is a node that still works with an older directory.
 */
import type { Exception } from './declared.ts'
import type { Directory } from './directory.ts'
import { maxHops, type NodeId, type OrganId } from './document.ts'
import { RelayError } from './errors.ts'
import { receiverRefusal } from './receiver-refusal.ts'
import { compileDirectory, compileTable, type Hop, type Resolution, type RoutingTable, tableOf } from './routing.ts'

/** How a written code was understood. */
export interface ExplainedParty {
  readonly written: string
  readonly organ: OrganId
  readonly name: string | null
  readonly node: NodeId
  readonly by: 'code' | 'successor' | 'prefix' | 'zeroing' | 'converted' | 'group'
  /** For `successor`: last day of the organisation written. */
  readonly validTo?: string
}

/**
 * Served at this node; below one of its children; neither, so up; up from the root, where there is no up; or sent
 * elsewhere by an exception of this node.
 */
export type HopReason = 'served-here' | 'below-child' | 'not-below' | 'no-way' | 'redirected'

/** The node that is asked, and its exceptions; those of other nodes are known to them alone. */
export interface OwnExceptions {
  readonly self: NodeId
  readonly exceptions: readonly Exception[]
}

/** One decision: what a node does with the recipients that reach it and share a next hop. */
export interface ExplainedHop {
  readonly node: NodeId
  /** The directory's word for people. */
  readonly tier: string
  readonly hop: Hop | null
  readonly next: NodeId | null
  /** One copy goes out, however many these are. */
  readonly recipients: readonly OrganId[]
  readonly reason: HopReason
}

export interface RouteExplanation {
  readonly directoryVersion: number
  readonly from: ExplainedParty
  readonly to: readonly ExplainedParty[]
  readonly hops: readonly ExplainedHop[]
}

/**
 * `to` is an organisation or a group; `at` the instant, ms, at which the document would be handed in.
 * Throws SENDER_NOT_ALLOWED (unknown sender), RECEIVER_UNKNOWN, RECEIVER_HELD, and RECEIVER_SPLIT, _CLOSED or _NOT_YET
 * by the day.
 */
export function explainRoute(
  directory: Directory,
  { from, to, at }: { readonly from: string; readonly to: string; readonly at: number },
  own?: OwnExceptions,
): RouteExplanation {
  const nodes = new Map(directory.nodes.map((node) => [node.id, node]))
  const names = new Map(directory.organisations.map((organisation) => [organisation.id, organisation.name]))
  const whole = compileDirectory(directory, at)

  const partyOf = (written: string, found: Extract<Resolution, { found: true }>): ExplainedParty => {
    const { organ, node, by, validTo } = found
    const name = names.get(organ) ?? null
    return { written, organ, name, node, by, ...(validTo === undefined ? {} : { validTo }) }
  }
  const party = (written: string): ExplainedParty => {
    const resolution = whole.index.resolve(written, sender.organ)
    if (!resolution.found) throw receiverRefusal(written, resolution)
    return partyOf(written, resolution)
  }
  const sending = whole.index.resolve(from)
  if (!sending.found) throw new RelayError('SENDER_NOT_ALLOWED', { detail: { organ: from } })
  const sender = partyOf(from, sending)
  const members = whole.expand(to)
  const recipients = members?.map((member) => ({ ...party(member), by: 'group' as const })) ?? [party(to)]
  if (recipients.length === 0) throw new RelayError('RECEIVER_UNKNOWN', { detail: { organ: to } })

  const special = tableWith(own, directory, at)
  if (sender.node === special?.self) refuseHeld(special, recipients)
  const tableAt = (node: NodeId) => (node === special?.self ? special : tableOf(whole, { self: node, version: 1 }))
  const hops = walk({ node: sender.node, parties: recipients }, tableAt, (node) => nodes.get(node)?.tier ?? '')
  return { directoryVersion: directory.version, from: sender, to: recipients, hops }
}

interface Arrived {
  readonly node: NodeId
  readonly parties: readonly ExplainedParty[]
}

/** Each node's decision about what reaches it, in the order of the waves. */
function walk(
  start: Arrived,
  tableAt: (node: NodeId) => RoutingTable,
  tierOf: (node: NodeId) => string,
): readonly ExplainedHop[] {
  const hops: ExplainedHop[] = []
  let wave: readonly Arrived[] = [start]
  for (let visits = 0; wave.length > 0 && visits < maxHops; visits += 1) {
    const following: Arrived[] = []
    for (const { node, parties } of wave) {
      const table = tableAt(node)
      for (const [hop, group] of groupBy(parties, (recipient) => table.hopToOrgan(recipient.organ, recipient.node))) {
        const next = nextNode(hop, table.parent)
        const usual = group.every((each) => table.hopToNode(each.node) === hop)
        const reason = usual ? reasonOf(hop, next) : 'redirected'
        hops.push({ node, tier: tierOf(node), hop, next, recipients: group.map(({ organ }) => organ), reason })
        if (next !== null) following.push({ node: next, parties: group })
      }
    }
    wave = following
  }
  return hops
}

function tableWith(own: OwnExceptions | undefined, directory: Directory, at: number): RoutingTable | null {
  if (own === undefined || own.exceptions.length === 0) return null
  return compileTable(own.self, directory, 1, at, own.exceptions)
}

/** As the door for documents does. */
function refuseHeld(table: RoutingTable, recipients: readonly ExplainedParty[]): void {
  for (const { organ } of recipients) {
    const hold = table.holdOf(organ)
    if (hold !== null) throw new RelayError('RECEIVER_HELD', { detail: { organ, ...hold } })
  }
}

function nextNode(hop: Hop | null, parent: NodeId | null): NodeId | null {
  if (hop === null || hop === 'mailbox') return null
  return hop === 'up' ? parent : hop.slice('down:'.length)
}

function reasonOf(hop: Hop | null, next: NodeId | null): HopReason {
  if (hop === 'mailbox') return 'served-here'
  if (hop === null || next === null) return 'no-way'
  return hop === 'up' ? 'not-below' : 'below-child'
}

function groupBy<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
