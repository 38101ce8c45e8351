import { type OrganId, RelayError } from '@lienthong/core'
import type { NodeContext } from './context.ts'

/**
 * The organisation a door is asked for, in the directory's spelling; also one that has closed without a successor, for
 * what came for it can still be collected. Throws SENDER_NOT_ALLOWED unless this very node keeps its mailbox.
 */
export function servedOrgan(context: NodeContext, as: string): OrganId {
  const listed = context.table.listed(as)
  if (listed === null || context.table.keeperOf(as)?.node !== context.config.id)
    throw new RelayError('SENDER_NOT_ALLOWED', { detail: { organ: as } })
  return listed.id
}
