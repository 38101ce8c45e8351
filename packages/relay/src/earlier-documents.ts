/** Which earlier documents of its sender a packet recalls, updates, replaces or takes back: what its core will name. */
import { maxAbout, type OrganId, RelayError, type Sending } from '@lienthong/core'
import type { PacketHeader } from '@lienthong/edxml'
import type { NodeContext } from './context.ts'
import type { SubmitWarning } from './contract.ts'
import { documentsMeant } from './header.ts'

export interface EarlierDocuments {
  readonly about: readonly Sending[]
  /** One for what was not sent from here: nothing can be done about that. */
  readonly warnings: readonly SubmitWarning[]
}

/** Throws RECALL_NOT_SENDER when another organisation sent what is meant. */
export async function earlierDocuments(
  context: NodeContext,
  packet: {
    readonly header: PacketHeader
    readonly from: OrganId
    readonly uid: string
    readonly to: readonly string[]
  },
): Promise<EarlierDocuments> {
  const lists = documentsMeant(packet.header, packet.to)
  if (lists === null) return { about: [], warnings: [] }
  const { from, uid } = packet
  const found = await context.store.outbox.named({ from, uid, lists })
  const foreign = found.findIndex(({ isOthers }) => isOthers)
  if (foreign >= 0) {
    const documentId = lists[foreign]?.flatMap((name) => ('documentId' in name ? name.documentId : []))[0]
    throw new RelayError('RECALL_NOT_SENDER', { detail: documentId === undefined ? {} : { documentId } })
  }
  const all = new Map(found.flatMap(({ sendings }) => sendings).map((sending) => [sending.uid, sending]))
  const about = [...all.values()].slice(0, maxAbout)
  const isComplete = found.length > 0 && found.every(({ sendings }) => sendings.length > 0) && all.size <= maxAbout
  return {
    about,
    warnings: isComplete ? [] : [{ code: 'EARLIER_DOCUMENT_UNKNOWN', severity: 'warning', detail: {} }],
  }
}
