/** Which earlier documents of its sender a packet recalls, updates, replaces or takes back: what its core will name. */
import {
  changeWanted,
  documentTypes,
  type Kind,
  maxAbout,
  type OrganId,
  RelayError,
  type Sending,
} from '@lienthong/core'
import type { PacketHeader } from '@lienthong/edxml'
import type { NodeContext } from './context.ts'
import type { SubmitWarning } from './contract.ts'
import { documentsMeant } from './header.ts'
import type { Recipient } from './recipients.ts'

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

/**
 * What takes a document back goes to the mailbox that the document went to, though its organisation has closed since:
 * only there can it be stopped or withdrawn. A new text goes to whoever succeeded it as well, and an update to nobody else.
 */
export async function whereTheyWent(
  context: NodeContext,
  recipients: readonly Recipient[],
  packet: { readonly about: readonly Sending[]; readonly kind: Kind; readonly businessType: number },
): Promise<readonly Recipient[]> {
  const closed = recipients.flatMap(({ standsFor }) => standsFor)
  if (changeWanted(packet) !== 'stop' || packet.about.length === 0 || closed.length === 0) return recipients
  const uids = packet.about.map(({ uid }) => uid)
  const had = new Set(await context.store.outbox.addressed(uids, closed))
  const isNewText = packet.kind === 'document' && packet.businessType === documentTypes.replacement
  return recipients.flatMap((recipient) => {
    const before = recipient.standsFor.flatMap((code): readonly Recipient[] => {
      const listed = had.has(code) ? context.table.listed(code) : null
      return listed === null ? [] : [{ organ: code, node: listed.node, standsFor: [] }]
    })
    return before.length === 0 || isNewText ? [recipient, ...before] : before
  })
}
