/** What waits for this node's organisations: list, read, acknowledge. */
import { type OrganId, RelayError } from '@lienthong/core'
import type { MailItem } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { RelayNode } from './contract.ts'
import type { SignalPost } from './signal-post.ts'

const defaultListLimit = 100

export function createMailboxDoor(context: NodeContext, post: SignalPost): RelayNode['mailbox'] {
  const { mailbox, payloads } = context.store

  /** Also of one that has closed: what came for it can still be collected. */
  function own(as: string): OrganId {
    const listed = context.table.listed(as)
    if (listed === null || listed.node !== context.config.id)
      throw new RelayError('SENDER_NOT_ALLOWED', { detail: { organ: as } })
    return listed.id
  }

  function found<T extends MailItem>(item: T | null, as: string, id: number): T {
    if (item === null) throw new RelayError('NOT_FOUND', { detail: { what: `${as} ${id}` } })
    return item
  }

  return {
    async list(as, { after = 0, limit = defaultListLimit, all = false } = {}) {
      return mailbox.list(own(as), { after, limit, all })
    },
    async read(as, id) {
      const item = found(await mailbox.get(own(as), id), as, id)
      return { item, body: payloads.stream(item.payload.sha256) }
    },
    async acknowledge(as, id) {
      const item = found(await mailbox.acknowledge(own(as), id, context.now()), as, id)
      const { uid, generation, organ, deliveredAt, collectedAt, path } = item
      post.send(item.origin, 'express', {
        type: 'collected',
        uid,
        generation,
        receipts: [{ organ, deliveredAt, collectedAt, path }],
      })
      return item
    },
  }
}
