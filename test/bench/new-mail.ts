/** What has come into a mailbox since one looked last. */
import type { ControlClient } from '@lienthong/cli'
import type { OrganId } from '@lienthong/core'

const pageSize = 1_000

export interface NewMail {
  /** Uids that were not there at the last call. */
  take(): Promise<readonly string[]>
}

export function newMail(client: Pick<ControlClient, 'list'>, as: OrganId): NewMail {
  let after = 0
  return {
    async take() {
      const uids: string[] = []
      for (;;) {
        const { items, next } = await client.list(as, { after, limit: pageSize })
        uids.push(...items.map((item) => item.uid))
        after = items.at(-1)?.id ?? after
        if (next === null) return uids
      }
    },
  }
}
