/** The link to the parent and the spool behind it, whoever the parent is now, or while there is none. */
import { kinds, type Lane, maxFrameBytes, mayEmptySpool, type NodeId } from '@lienthong/core'
import {
  type Connection,
  type Delivery,
  type LinkStatus,
  openParentLink,
  type ParentLink,
  wireVersions,
} from '@lienthong/link'
import type { NodeContext } from './context.ts'
import { parentHeartbeat } from './heartbeats.ts'
import type { LinkOrders } from './link-orders.ts'
import type { ParentAccess } from './living.ts'
import { openSpool, type Spool } from './spool.ts'

export interface Uplink {
  /** null without a parent. */
  readonly parent: { readonly id: NodeId; readonly url: string; readonly link: ParentLink } | null
  readonly status: LinkStatus | null
  /** Closes the link before, unless it is the same, and opens this one. What the spool holds waits for the next parent. */
  follow(parent: ParentAccess | null): Promise<void>
  /** What was ordered of this link has changed. */
  obey(): void
  closeSpool(): Promise<void>
  close(): Promise<void>
}

interface Current {
  readonly config: ParentAccess
  readonly link: ParentLink
  readonly spool: Spool
  readonly place: Place
}

/** Whether a link is still the one to the parent: one that was closes in its own time. */
interface Place {
  held: boolean
}

export function createUplink(
  context: NodeContext,
  parts: {
    readonly connection: Connection
    readonly prefetch: Readonly<Record<Lane, number>>
    readonly senderBytes: number
    readonly orders: LinkOrders
    readonly onFrame: (parent: { id: NodeId; link: ParentLink }, lane: Lane, delivery: Delivery) => void
    readonly onTurn: (parent: NodeId, usable: boolean) => void
    /** The parent has said what it is. */
    readonly onHeard: () => void
  },
): Uplink {
  const { config } = context
  let current: Current | null = null
  let status: LinkStatus | null = null
  /** Of parents that were; each ends on its own. */
  const closing = new Set<Promise<void>>()

  function open(parent: ParentAccess): void {
    let spool: Spool | null = null
    const place: Place = { held: true }
    const link: ParentLink = openParentLink({
      self: config.id,
      parent: parent.id,
      address: parent.address,
      ...parentHeartbeat(parent.address, config.broker.address),
      hello: () => hello(context),
      prefetch: parts.prefetch,
      sender: { maxInFlightBytes: parts.senderBytes },
      onFrame: (lane, delivery) => parts.onFrame({ id: parent.id, link }, lane, delivery),
      onStatus: (next) => {
        if (!place.held) return
        const wasUsable = isUsable(status)
        const heardAnew = next.peer !== null && next.peer !== status?.peer
        status = next
        context.observe({ type: 'link', node: config.id, at: context.now(), status: next })
        if (heardAnew) parts.onHeard()
        const usable = isUsable(next)
        if (usable === wasUsable) return
        context.log(usable ? 'info' : 'warn', usable ? 'link to parent open' : 'link to parent closed', {
          detail: { parent: parent.id, reasons: [...next.reasons] },
        })
        spool?.follow(usable && mayLeave(parent.id))
        parts.onTurn(parent.id, usable)
      },
    })
    spool = openSpool(
      { connection: parts.connection, link, throttle: parts.orders.upward, mayLeave: () => mayLeave(parent.id) },
      parts.prefetch,
    )
    current = { config: parent, link, spool, place }
    parts.orders.follow(parent.id)
    obey()
  }

  function mayLeave(parent: NodeId): boolean {
    return mayEmptySpool(parts.orders.stopOf(parent))
  }

  function obey(): void {
    if (current === null) return
    const { config: parent, link, spool } = current
    spool.follow(link.usable && mayLeave(parent.id))
  }

  async function leave(): Promise<void> {
    if (current === null) return
    const { config: left, link, spool, place } = current
    const wasUsable = isUsable(status)
    place.held = false
    current = null
    parts.orders.follow(null)
    status = null
    if (wasUsable) parts.onTurn(left.id, false)
    // Frames that are not confirmed go back to the spool, in order, before anybody takes from it again.
    await spool.close()
    const ended = link.close().finally(() => closing.delete(ended))
    closing.add(ended)
  }

  return {
    get parent() {
      if (current === null) return null
      const { config: to, link } = current
      return { id: to.id, url: to.address.url, link }
    },
    get status() {
      return status
    },
    async follow(parent) {
      if (same(current?.config ?? null, parent)) return
      await leave()
      if (parent !== null) open(parent)
    },
    obey,
    async closeSpool() {
      await current?.spool.close()
    },
    async close() {
      await current?.link.close()
      await Promise.all(closing)
    },
  }
}

/** What this node says of itself to those it has links with. */
export function hello(context: NodeContext) {
  return {
    node: context.config.id,
    instance: context.instance,
    versions: wireVersions,
    maxFrameBytes,
    tableVersion: context.table.version,
    kinds: kinds.length,
  }
}

function isUsable(status: LinkStatus | null): boolean {
  return status?.phase === 'open' || status?.phase === 'stalled'
}

function same(a: ParentAccess | null, b: ParentAccess | null): boolean {
  if (a === null || b === null) return a === b
  const { url, vhost, user, password } = a.address
  const other = b.address
  return (
    a.id === b.id && url === other.url && vhost === other.vhost && user === other.user && password === other.password
  )
}
