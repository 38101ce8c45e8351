/** One copy per next hop, however many recipients lie behind it; and several cores for more than one core can name. */
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
 * Recipients as so many cores as they need, each with at most `roomBytes` of them; several are sorted by next hop, so that few
 * links carry more than one. A core has at least one, whatever it takes.
 */
export function partsFor<Recipient extends ServedRecipient>(
  table: Pick<RoutingTable, 'hopToOrgan'>,
  recipients: readonly Recipient[],
  room: { readonly roomBytes: number; readonly bytesOf: (organ: OrganId) => number },
): readonly (readonly Recipient[])[] {
  const taken = recipients.reduce((sum, { organ }) => sum + room.bytesOf(organ), 0)
  const parts = Math.ceil(taken / room.roomBytes)
  if (parts <= 1 || recipients.length <= 1) return [recipients]
  const hops = new Map(recipients.map(({ organ, node }) => [organ, table.hopToOrgan(organ, node) ?? '']))
  const sorted = recipients.toSorted((a, b) => ((hops.get(a.organ) ?? '') < (hops.get(b.organ) ?? '') ? -1 : 1))
  const each = Math.ceil(sorted.length / parts)
  const slices = Array.from({ length: Math.ceil(sorted.length / each) }, (_, part) =>
    sorted.slice(part * each, (part + 1) * each),
  )
  return slices.flatMap((slice) => partsFor(table, slice, room))
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
