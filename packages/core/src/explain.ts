/**
 * Why a document would go the way it goes: each node's own decision, by one directory.
 *
 * Nothing is sent. The way is worked out exactly as the nodes would, with a routing table compiled for
 * each of them; what it cannot show is a node that still works with an older directory.
 */
import type { Directory } from './directory.ts'
import { maxHops, type NodeId, type OrganId } from './document.ts'
import { RelayError } from './errors.ts'
import { receiverRefusal } from './receiver-refusal.ts'
import { compileTable, type Hop, type Resolution } from './routing.ts'

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

/** Served at this node; below one of its children; neither, so up; or up from the root, where there is no up. */
export type HopReason = 'served-here' | 'below-child' | 'not-below' | 'no-way'

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
 * Throws SENDER_NOT_ALLOWED (unknown sender), RECEIVER_UNKNOWN, and RECEIVER_SPLIT, _CLOSED or _NOT_YET by the day.
 */
export function explainRoute(directory: Directory, from: string, to: string, at: number): RouteExplanation {
  const nodes = new Map(directory.nodes.map((node) => [node.id, node]))
  const names = new Map(directory.organisations.map((organisation) => [organisation.id, organisation.name]))
  const first = directory.nodes[0]
  if (first === undefined) throw new RelayError('DIRECTORY_INVALID')
  const whole = compileTable(first.id, directory, 1, at)

  const partyOf = (written: string, found: Extract<Resolution, { found: true }>): ExplainedParty => {
    const { organ, node, by, validTo } = found
    const name = names.get(organ) ?? null
    return { written, organ, name, node, by, ...(validTo === undefined ? {} : { validTo }) }
  }
  const party = (written: string): ExplainedParty => {
    const resolution = whole.resolve(written)
    if (!resolution.found) throw receiverRefusal(written, resolution)
    return partyOf(written, resolution)
  }
  const sending = whole.resolve(from)
  if (!sending.found) throw new RelayError('SENDER_NOT_ALLOWED', { detail: { organ: from } })
  const sender = partyOf(from, sending)
  const members = whole.expand(to)
  const recipients = members?.map((member) => ({ ...party(member), by: 'group' as const })) ?? [party(to)]
  if (recipients.length === 0) throw new RelayError('RECEIVER_UNKNOWN', { detail: { organ: to } })

  // Each node needs the tree only: who is served where has been looked up above.
  const tree: Directory = { version: directory.version, nodes: directory.nodes, organisations: [] }
  const hops: ExplainedHop[] = []
  let wave: { readonly node: NodeId; readonly parties: readonly ExplainedParty[] }[] = [
    { node: sender.node, parties: recipients },
  ]
  for (let visits = 0; wave.length > 0 && visits < maxHops; visits += 1) {
    const following: typeof wave = []
    for (const { node, parties } of wave) {
      const table = compileTable(node, tree, 1, at)
      for (const [hop, group] of groupBy(parties, (recipient) => table.hopToNode(recipient.node))) {
        const next = nextNode(hop, table.parent)
        const tier = nodes.get(node)?.tier ?? ''
        hops.push({
          node,
          tier,
          hop,
          next,
          recipients: group.map(({ organ }) => organ),
          reason: reasonOf(hop, next),
        })
        if (next !== null) following.push({ node: next, parties: group })
      }
    }
    wave = following
  }
  return { directoryVersion: directory.version, from: sender, to: recipients, hops }
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
