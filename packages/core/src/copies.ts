/** One copy per next hop, however many recipients lie behind it. */
import type { NodeId } from './document.ts'
import { RelayError } from './errors.ts'
import type { Hop, RoutingTable } from './routing.ts'

export interface Copy {
  readonly hop: Hop
  /** Places of the recipients behind this hop, ascending. */
  readonly to: readonly number[]
}

/**
 * Splits recipients by next hop. `nodes` are the serving nodes in the order of the core's
 * recipients; with `to`, only those places are sent (again). Throws RelayError RECEIVER_UNKNOWN for
 * a node the directory does not list.
 */
export function copiesFor(table: RoutingTable, nodes: readonly NodeId[], to?: readonly number[]): readonly Copy[] {
  const byHop = new Map<Hop, number[]>()
  for (const place of to ?? nodes.keys()) {
    const node = nodes[place] ?? ''
    const hop = table.hopToNode(node)
    if (hop === null) throw new RelayError('RECEIVER_UNKNOWN', { detail: { node } })
    const places = byHop.get(hop)
    if (places === undefined) byHop.set(hop, [place])
    else places.push(place)
  }
  return [...byHop].map(([hop, places]) => ({ hop, to: places }))
}
