/** Taking a sent document back, for who has no packet for that: by one recall (type 1), or by a take-back (13) to each recipient. */
import { type OrganId, RelayError, statusCodes } from '@lienthong/core'
import { type OrganizationToWrite, recallPacket, type StatusPacket, writeDocument, writeStatus } from '@lienthong/edxml'
import type { SubmitReply } from '@lienthong/relay'
import type { TrackedDocument } from '@lienthong/store'
import type { GatewayNode } from './contract.ts'

type SendingNode = Pick<GatewayNode, 'sent' | 'table' | 'submit'>

export interface RecallForm {
  /** Codes of some of its recipients. @default all that may have it */
  readonly to?: readonly string[] | undefined
  readonly reason: string
  /** Who signs. @default the organisation */
  readonly signer?: string | undefined
  /** When it was said, ms: the same again makes the same packet. */
  readonly sentAt: number
}

/** Throws NOT_FOUND for the document or who is none of its recipients, RECEIVER_MISSING when nobody got it. */
export async function recallSent(
  node: SendingNode,
  { as, uid }: { readonly as: OrganId; readonly uid: string },
  { to, reason, signer, sentAt }: RecallForm,
): Promise<SubmitReply> {
  const document = await node.sent.get(as, uid)
  const packet = recallPacket({
    document: { documentId: document.documentId, ...document.headline },
    from: named(node, as),
    to: chosen(node, document, to).map((organ) => named(node, organ)),
    reason,
    ...(signer === undefined ? {} : { signer }),
    sentAt,
  })
  return node.submit({ as, body: writeDocument(packet) })
}

export interface TakeBackForm extends Pick<StatusPacket, 'description' | 'staff' | 'sentAt'> {
  /** Codes of some of its recipients. @default all that may have it */
  readonly to?: readonly string[] | undefined
}

/** One packet for each recipient. Throws as `recallSent`. */
export async function takeBackSent(
  node: SendingNode,
  { as, uid }: { readonly as: OrganId; readonly uid: string },
  { to, ...said }: TakeBackForm,
): Promise<readonly (SubmitReply & { readonly organ: OrganId })[]> {
  const document = await node.sent.get(as, uid)
  const { number: code, date: promulgationDate } = document.headline
  const packets: (SubmitReply & { readonly organ: OrganId })[] = []
  for (const organ of chosen(node, document, to)) {
    const body = writeStatus({
      ...said,
      statusCode: statusCodes.takeBack,
      from: named(node, as),
      responseFor: [{ organId: organ, code, documentId: document.documentId, promulgationDate }],
    })
    packets.push({ organ, ...(await node.submit({ as, body })) })
  }
  return packets
}

function chosen({ table }: SendingNode, { recipients }: TrackedDocument, to?: readonly string[]): readonly OrganId[] {
  const reached = recipients.filter(({ state }) => state !== 'undeliverable').map(({ organ }) => organ)
  const organs = to?.map((code) => table.listed(code)?.id ?? code) ?? reached
  const stranger = organs.find((organ) => !reached.includes(organ))
  if (stranger !== undefined) throw new RelayError('NOT_FOUND', { detail: { what: stranger } })
  if (organs.length === 0) throw new RelayError('RECEIVER_MISSING')
  return organs
}

function named({ table }: SendingNode, organ: OrganId): OrganizationToWrite & { readonly organName: string } {
  return { organId: organ, organName: table.listed(organ)?.name ?? organ }
}
