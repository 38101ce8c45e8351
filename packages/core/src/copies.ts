/** One copy per next hop, however many recipients lie behind it. */
import type { NodeId, OrganId } from './document.ts'
import { RelayError } from './errors.ts'
import type { Hop, RoutingTable } from './routing.ts'

export interface Copy {
  readonly hop: Hop
  /** Places of the recipients behind this hop, ascending. */
  readonly to: readonly number[]
}

/** A recipient and the node that serves it, by the origin's directory. */
export interface ServedRecipient {
  readonly organ: OrganId
  readonly node: NodeId
}

/**
 * Splits recipients, given in the order of the core, by next hop; with `to`, only those places are sent (again). Throws
 * RelayError RECEIVER_UNKNOWN for a node the directory does not list.
 */
export function copiesFor(
  table: Pick<RoutingTable, 'hopToOrgan'>,
  recipients: readonly ServedRecipient[],
  to?: readonly number[],
): readonly Copy[] {
  const byHop = new Map<Hop, number[]>()
  for (const place of to ?? recipients.keys()) {
    const { organ = '', node = '' } = recipients[place] ?? {}
    const hop = table.hopToOrgan(organ, node)
    if (hop === null) throw new RelayError('RECEIVER_UNKNOWN', { detail: { node } })
    const places = byHop.get(hop)
    if (places === undefined) byHop.set(hop, [place])
    else places.push(place)
  }
  return [...byHop].map(([hop, places]) => ({ hop, to: places }))
}
