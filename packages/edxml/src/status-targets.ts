import { partiesOf } from './organ-shape.ts'
import type { PacketHeader } from './packet.ts'

/** Who a status packet goes to: candidates, best first, of which the caller takes the first it can resolve. */
export function statusTargets(header: PacketHeader): readonly string[] {
  return partiesOf(header.responseFor, header.from.organId)
}
