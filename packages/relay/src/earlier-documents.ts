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
 * What changes a document goes to whom that was addressed to, though the organisation has closed since and others are
 * written now: the node that had it knows where it went, and the sender sees beside the recipient what became of it. A
 * new text goes to whoever is written as well.
 */
export async function whereTheyWent(
  context: NodeContext,
  recipients: readonly Recipient[],
  packet: { readonly about: readonly Sending[]; readonly kind: Kind; readonly businessType: number },
): Promise<readonly Recipient[]> {
  if (changeWanted(packet) === null || packet.about.length === 0) return recipients
  const { table } = context
  const concerned = recipients.map(({ organ, standsFor }) => {
    // Whatever rule there was when it was sent: of one that was split another may have been given it.
    const others = [...table.predecessorsOf(organ), ...standsFor.flatMap((code) => table.standingFor(code) ?? [])]
    return { written: [organ, ...standsFor], others }
  })
  const all = concerned.flatMap(({ written, others }) => [...written, ...others])
  if (all.length === recipients.length) return recipients
  const uids = packet.about.map(({ uid }) => uid)
  const had = new Set(await context.store.outbox.addressed(uids, all))
  const isNewText = packet.kind === 'document' && packet.businessType === documentTypes.replacement
  const found = new Map<OrganId, Recipient>()
  const add = (recipient: Recipient) => found.has(recipient.organ) || found.set(recipient.organ, recipient)
  for (const [index, recipient] of recipients.entries()) {
    const { written = [], others = [] } = concerned[index] ?? {}
    const meant = written.some((code) => had.has(code)) ? written : others
    const before = meant.flatMap((code): readonly Recipient[] => {
      const node = had.has(code) ? table.keeperOf(code)?.node : undefined
      return node === undefined ? [] : [{ organ: code, node, standsFor: [] }]
    })
    if (before.length === 0 || isNewText) add(recipient)
    before.forEach(add)
  }
  return [...found.values()]
}
