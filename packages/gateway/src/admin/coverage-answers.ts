/** The call about how far the tree below a node is connected. */
import { coverageOf, type NodeId } from '@lienthong/core'
import type { LinkView } from '@lienthong/relay'
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
        const knowledge = { heardAt: heardAt(node.id, links, at), sentAt: new Map([[node.id, sentAt]]) }
        sendJson(response, coverageOf({ self: node.id, directory: node.directory, at }, knowledge))
      },
    },
  ]
}

/** A canary goes from a child to its parent and back: it proves both, the top of a tree by any of its children. */
function heardAt(self: NodeId, links: readonly LinkView[], at: number): ReadonlyMap<NodeId, number | null> {
  const children = new Map(
    links.flatMap(({ neighbour, direction, phase, since }) =>
      direction === 'down' ? [[neighbour, phase === 'open' ? at : since] as const] : [],
    ),
  )
  const up = links.find(({ direction }) => direction === 'up')
  const answered = up?.phase === 'open' && up.canaryMs !== null ? at : null
  const byChildren = Math.max(...[...children.values()].map((heard) => heard ?? 0), 0)
  return new Map([...children, [self, up === undefined ? byChildren || null : answered]])
}
