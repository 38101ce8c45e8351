/** One VXP operation: a checked call in, an answer out. */
import type { OrganId, PacketKind } from '@lienthong/core'
import type { MailItem } from '@lienthong/store'
import type { GatewayNode } from '../contract.ts'
import type { Answer } from './answer.ts'
import { type Fields, invalid, optional } from './fields.ts'

export interface VxpCall {
  readonly node: GatewayNode
  /** Its signature is checked. */
  readonly system: string
  readonly fields: Fields
  /** The body; empty when there is none. */
  readonly body: AsyncIterable<Uint8Array>
}

/** Throws RelayError. */
export type Operation = (call: VxpCall) => Promise<Answer>

/** An item of a mailbox the system may read. */
export interface Received {
  readonly organ: OrganId
  readonly item: MailItem
}

export const serviceType = 'eDoc'

/** `messagetype` and the kinds of packets behind it. */
const messageTypes: Readonly<Record<PacketKind, string>> = { document: 'edoc', status: 'status' }

export function messageTypeOf(kind: string): string {
  return kind === 'status' ? messageTypes.status : messageTypes.document
}

/** The kind asked for; undefined = both. Throws FIELD_INVALID. */
export function kindAskedFor(fields: Fields): PacketKind | undefined {
  const asked = optional(fields, 'messagetype')?.toLowerCase()
  if (asked === undefined) return undefined
  if (asked === messageTypes.document) return 'document'
  if (asked === messageTypes.status) return 'status'
  throw invalid('messagetype')
}
