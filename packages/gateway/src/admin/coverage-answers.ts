/** The call about how far the tree below a node is connected. */
import { coverageOf, heardBy } from '@lienthong/core'
import { type Route, sendJson } from './call.ts'
import type { AdminNode } from './door.ts'

export function coverageRoutes(node: Pick<AdminNode, 'id' | 'directory' | 'links' | 'sent'>): readonly Route[] {
  /** When the organisations served here sent last; null: never. */
  async function lastSentAt(): Promise<number | null> {
    let last: number | null = null
    for (const { id, node: serving } of node.directory.organisations) {
      if (serving !== node.id) continue
      const [newest] = await node.sent.list(id, { limit: 1, kind: 'document' })
      last = newest === undefined ? last : Math.max(last ?? 0, newest.acceptedAt)
    }
    return last
  }

  return [
    {
      method: 'GET',
      path: '/coverage',
      role: 'viewer',
      async answer({ response }) {
        const at = Date.now()
        const [links, sentAt] = await Promise.all([node.links.list(), lastSentAt()])
        const knowledge = { heardAt: heardBy(node.id, links, at), sentAt: new Map([[node.id, sentAt]]) }
        sendJson(response, coverageOf({ self: node.id, directory: node.directory, at }, knowledge))
      },
    },
  ]
}
