/** What this node's organisations sent, and what became of it. */
import { asOfToday } from './closed-recipients.ts'
import type { NodeContext } from './context.ts'
import type { SentDoor } from './doors.ts'
import { clamp } from './mailbox-door.ts'
import { servedOrgan } from './served-organ.ts'
import { notSentHere } from './sought.ts'

const defaultLimit = 100
const maxLimit = 1000

export function createSentDoor(context: NodeContext): SentDoor {
  const { outbox } = context.store
  const own = (as: string) => servedOrgan(context, as)
  const limited = (limit = defaultLimit) => clamp(limit, 1, maxLimit)
  return {
    async list(as, { limit, ...options } = {}) {
      return asOfToday(context, await outbox.sent(own(as), { ...options, limit: limited(limit) }))
    },
    async get(as, uid) {
      const [document] = asOfToday(context, await outbox.trackOf(own(as), { uid }))
      if (document === undefined) throw notSentHere(context, uid)
      return document
    },
    async find(as, key) {
      return asOfToday(context, await outbox.trackOf(own(as), key))
    },
    async changes(as, { after, limit }) {
      const organ = own(as)
      if (after === null) return { changes: [], last: await outbox.lastChange() }
      const changes = await outbox.changes(organ, { after, limit: limited(limit) })
      return { changes, last: changes.at(-1)?.seq ?? after }
    },
    async waitFor(as, { after, ...options }) {
      const organ = own(as)
      return context.news.until(
        organ,
        {
          concerns: (change) => change.type === 'changed' && change.last > after,
          already: async () => (await outbox.changes(organ, { after, limit: 1 })).length > 0,
        },
        options,
      )
    },
  }
}
