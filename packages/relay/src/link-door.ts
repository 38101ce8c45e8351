/** How the links of this node do, and what an administrator orders of them. */
import { type Lane, type LinkOrder, type NodeId, RelayError } from '@lienthong/core'
import { type BrokerAdmin, type Hello, type LinkStatus, names } from '@lienthong/link'
import type { HopBacklog } from '@lienthong/store'
import type { LinkDoor, LinkView } from './admin-doors.ts'
import type { NodeContext } from './context.ts'
import type { LinkOrders } from './link-orders.ts'
import type { Presence } from './presence.ts'

export interface LinkSources {
  readonly orders: LinkOrders
  readonly presence: Presence
  /** The parent and how the link to it does; null at the root. */
  readonly parent: () => { readonly id: NodeId; readonly place: string; readonly status: LinkStatus | null } | null
  readonly children: () => readonly NodeId[]
  readonly counts: BrokerAdmin['counts']
}

/** What the broker is asked for may take no longer, ms: a broker that is away must not keep the rest waiting. */
const countsTimeoutMs = 3_000

export function createLinkDoor(context: NodeContext, sources: LinkSources): LinkDoor {
  const { orders } = sources

  async function list(): Promise<readonly LinkView[]> {
    const [backlog, counts] = await Promise.all([context.store.links.backlog(), countsNow(sources.counts)])
    const parent = sources.parent()
    const up = parent === null ? [] : [{ ...upward(parent), ...waiting(backlog, counts, 'up') }]
    const down = sources.children().map((child) => ({ ...downward(child), ...waiting(backlog, counts, child) }))
    return [...up, ...down]
  }

  function upward({ id, place, status }: NonNullable<ReturnType<LinkSources['parent']>>) {
    const { phase = 'closed', reasons = [], since = null, canaryMs = null, peer = null } = status ?? {}
    return viewOf(id, 'up', { place, phase, reasons, since, canaryMs, peer })
  }

  function downward(child: NodeId) {
    const heard = sources.presence.of(child)
    const base = { place: null, canaryMs: null, peer: heard?.hello ?? null, since: heard?.since ?? null }
    if (heard?.open === true) return viewOf(child, 'down', { ...base, phase: 'open', reasons: [] })
    return viewOf(child, 'down', { ...base, phase: 'closed', reasons: [heard === null ? 'never-heard' : 'silent'] })
  }

  function viewOf(
    neighbour: NodeId,
    direction: LinkView['direction'],
    {
      peer,
      reasons,
      ...rest
    }: Pick<LinkView, 'place' | 'phase' | 'reasons' | 'since' | 'canaryMs'> & { peer: Hello | null },
  ): Omit<LinkView, 'copies' | 'oldestAt' | 'queued'> {
    const order = orders.get(neighbour)
    const stop = order?.stop ?? null
    return {
      neighbour,
      direction,
      ...rest,
      reasons: stop === null ? reasons : [...reasons, stop],
      peer:
        peer === null
          ? null
          : { instance: peer.instance, versions: [...peer.versions], tableVersion: peer.tableVersion },
      order,
    }
  }

  function known(written: string): { readonly id: NodeId; readonly direction: LinkView['direction'] } {
    const parent = sources.parent()
    if (parent?.id === written) return { id: parent.id, direction: 'up' }
    const child = sources.children().find((id) => id === written)
    if (child === undefined) throw new RelayError('NOT_FOUND', { detail: { what: written } })
    return { id: child, direction: 'down' }
  }

  async function get(written: string): Promise<LinkView> {
    const { id } = known(written)
    const view = (await list()).find(({ neighbour }) => neighbour === id)
    if (view === undefined) throw new RelayError('NOT_FOUND', { detail: { what: written } })
    return view
  }

  function fresh(neighbour: NodeId, by: string, reason: string): LinkOrder {
    return { neighbour, stop: null, until: null, bytesPerSecond: null, by, reason, at: context.now() }
  }

  return {
    list,
    get,
    async stop(written, { stop, until, reason }, by) {
      const { id } = known(written)
      if (until !== null && until <= context.now()) throw new RelayError('USAGE', { detail: { reason: 'until' } })
      const change = (before: LinkOrder | null) => {
        return { ...fresh(id, by, reason), stop, until, bytesPerSecond: before?.bytesPerSecond ?? null }
      }
      await orders.change(id, change, { type: `link.${stop}`, by })
      return get(id)
    },
    async resume(written, by) {
      const { id } = known(written)
      if (orders.stopOf(id) === null) return get(id)
      const change = (before: LinkOrder | null) =>
        before === null || before.bytesPerSecond === null
          ? null
          : { ...fresh(id, by, before.reason), bytesPerSecond: before.bytesPerSecond }
      await orders.change(id, change, { type: 'link.resume', by })
      return get(id)
    },
    async throttle(written, { bytesPerSecond, reason }, by) {
      const { id, direction } = known(written)
      if (direction === 'down' || (bytesPerSecond !== null && bytesPerSecond < 1)) {
        throw new RelayError('USAGE', { detail: { reason: `${id} (${direction})` } })
      }
      const change = (before: LinkOrder | null) => {
        const { stop = null, until = null } = before ?? {}
        if (bytesPerSecond === null && stop === null) return null
        return { ...fresh(id, by, reason), stop, until, bytesPerSecond }
      }
      await orders.change(id, change, { type: 'link.throttle', by })
      return get(id)
    },
  }
}

function waiting(
  backlog: readonly HopBacklog[],
  counts: ReadonlyMap<string, number> | null,
  /** `up`, or a child. */
  way: string,
): Pick<LinkView, 'copies' | 'oldestAt' | 'queued'> {
  const own = backlog.filter(({ hop }) => hop === (way === 'up' ? 'up' : `down:${way}`))
  const ages = own.flatMap(({ oldestAt }) => (oldestAt === null ? [] : [oldestAt]))
  const queueOf = (lane: Lane) => (way === 'up' ? names.up(lane) : names.link(way, lane))
  return {
    copies: own.reduce((sum, { copies }) => sum + copies, 0),
    oldestAt: ages.length === 0 ? null : Math.min(...ages),
    queued:
      counts === null ? null : { express: counts.get(queueOf('express')) ?? 0, bulk: counts.get(queueOf('bulk')) ?? 0 },
  }
}

async function countsNow(counts: BrokerAdmin['counts']): Promise<ReadonlyMap<string, number> | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), countsTimeoutMs)
  })
  try {
    return await Promise.race([counts().catch(() => null), late])
  } finally {
    clearTimeout(timer)
  }
}
