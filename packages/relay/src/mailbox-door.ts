/** What waits for this node's organisations: list, wait, read, lease, acknowledge. */
import { RelayError } from '@lienthong/core'
import type { MailItem } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { MailboxDoor } from './doors.ts'
import { servedOrgan } from './served-organ.ts'
import type { SignalPost } from './signal-post.ts'

const defaultListLimit = 100
const maxLimit = 1000
const shortestLeaseMs = 1_000
const longestLeaseMs = 24 * 3_600_000
/** Characters kept of why an item failed. */
const maxReasonLength = 500

export function createMailboxDoor(context: NodeContext, post: SignalPost): MailboxDoor {
  const { mailbox, payloads } = context.store
  const own = (as: string) => servedOrgan(context, as)
  const leaseEnd = (leaseMs: number) => context.now() + clamp(leaseMs, shortestLeaseMs, longestLeaseMs)

  async function acknowledge(as: string, id: number, lease?: string): Promise<MailItem> {
    const found = await mailbox.acknowledge(own(as), id, context.now(), lease)
    const { origin, receipts, ...item } = known(found, as, id)
    const { uid, generation } = item
    context.counters.count('collected_total')
    post.send(origin, 'express', { type: 'collected', uid, generation, receipts })
    return item
  }

  return {
    async list(as, { after = 0, limit = defaultListLimit, all = false, kind } = {}) {
      const options = { after, limit: clamp(limit, 1, maxLimit), all }
      return mailbox.list(own(as), kind === undefined ? options : { ...options, kind })
    },
    async count(as, { kind } = {}) {
      return mailbox.count(own(as), kind)
    },
    async read(as, id, range = {}) {
      const item = known(await mailbox.get(own(as), id), as, id)
      const { sha256, size } = item.payload
      const { start = 0, end = size } = range
      const isInside = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end
      if (!isInside || (start >= size && size > 0)) throw new RelayError('RANGE_INVALID', { detail: { size } })
      return { item, body: payloads.stream(sha256, { start, end: Math.min(end, size) }) }
    },
    async lease(as, { limit, leaseMs, kind }) {
      const options = { now: context.now(), until: leaseEnd(leaseMs), limit: clamp(limit, 1, maxLimit) }
      return mailbox.lease(own(as), kind === undefined ? options : { ...options, kind })
    },
    async renew(as, id, { lease, leaseMs }) {
      return mailbox.renew(own(as), id, lease, leaseEnd(leaseMs))
    },
    async release(as, id, { lease, reason, delayMs = 0 }) {
      const heldUntil = delayMs > 0 ? context.now() + Math.min(delayMs, longestLeaseMs) : 0
      return mailbox.release(own(as), id, { lease, reason: reason === undefined ? null : shortened(reason), heldUntil })
    },
    acknowledge: async (as, id, { lease } = {}) => acknowledge(as, id, lease),
    async mark(as, id, state, reason) {
      if (state === 'done') return acknowledge(as, id)
      return mailbox.mark(own(as), id, state, reason === undefined ? null : shortened(reason))
    },
    async waitFor(as, { after, kind, ...options }) {
      const organ = own(as)
      return context.news.until(
        organ,
        {
          concerns: (change) =>
            change.type === 'arrived' &&
            change.notice.id > after &&
            (kind === undefined || change.notice.kind === kind),
          async already() {
            const first = { after, limit: 1, all: false }
            return (await mailbox.list(organ, kind === undefined ? first : { ...first, kind })).length > 0
          },
        },
        options,
      )
    },
  }
}

function known<T extends MailItem>(item: T | null, as: string, id: number): T {
  if (item === null) throw new RelayError('NOT_FOUND', { detail: { what: `${as} ${id}` } })
  return item
}

function shortened(reason: string): string {
  return reason.slice(0, maxReasonLength)
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
