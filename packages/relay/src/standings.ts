/**
 * Answers other nodes that ask how this one stands, and what it knows of a document.
 *
 * Of a document a node is told only as much as passes it anyway: about the recipients whose way from the document's
 * origin leads over the asker. Whoever may not know hears what one hears of a document that was never here.
 */
import {
  type Ask,
  isSettled,
  isSplit,
  isUndecided,
  type Keeper,
  keeperOfRow,
  type NodeId,
  type OrganId,
  type RoutingTable,
  type Sighting,
  type Standing,
  type Way,
  type WayLink,
} from '@lienthong/core'
import type { RowKey, TrackedRecipient } from '@lienthong/store'
import type { LinkDoor, LinkView } from './admin-doors.ts'
import { createAskLimit } from './ask-limit.ts'
import type { NodeContext } from './context.ts'
import type { SignalPost } from './signal-post.ts'
import type { WayFinder } from './tree-ways.ts'

/** How old what is told of links may be, ms: many ask at once, and the broker is asked each time. */
const linksMs = 1_000

export interface Standings {
  /** Never rejects; answers at most once, or not at all. */
  answer(asker: NodeId, ask: Ask): Promise<void>
}

const inPlace = { neighbour: null, code: null } as const

interface Known {
  readonly origin: NodeId
  readonly sighting: Sighting
}

export function createStandings(
  context: NodeContext,
  parts: { readonly post: SignalPost; readonly links: () => Pick<LinkDoor, 'list'>; readonly ways: WayFinder },
): Standings {
  const { store } = context
  const limit = createAskLimit(context.now)
  let links: { readonly at: number; readonly views: Promise<readonly LinkView[]> } | null = null

  function linksNow(): Promise<readonly LinkView[]> {
    if (links === null || context.now() - links.at > linksMs) links = { at: context.now(), views: parts.links().list() }
    return links.views
  }

  async function waysTo(organs: readonly OrganId[]): Promise<readonly Way[]> {
    if (organs.length === 0) return []
    const views = await linksNow()
    const { table } = context
    const groups = new Map<string, { readonly next: NodeId | null; readonly held: boolean; organs: OrganId[] }>()
    for (const organ of organs) {
      const keeper = table.keeperOf(organ)
      const next = keeper === null ? undefined : nextOf(table, keeper)
      if (keeper === null || next === undefined) continue
      const held = table.holdOf(table.listed(organ)?.id ?? keeper.organ) !== null
      const key = `${next ?? ''} ${held}`
      const group = groups.get(key) ?? { next, held, organs: [] }
      group.organs.push(organ)
      groups.set(key, group)
    }
    return [...groups.values()].map(({ next, held, organs: behind }) => {
      const view = views.find(({ neighbour }) => neighbour === next)
      return { organs: behind, next, link: view === undefined ? null : linkOf(view, held) }
    })
  }

  async function sightingsFor(asker: NodeId, ask: Ask): Promise<readonly Sighting[]> {
    const { uid, generation, organs } = ask
    if (uid === null || organs.length === 0) return []
    const known = new Map([
      ...seenPassing(uid, organs),
      ...(await accepted(uid, generation)),
      ...(await delivered(uid, generation, organs)),
    ])
    return organs.flatMap((organ) => {
      const found = known.get(organ)
      return found !== undefined && isOnItsWay(asker, found.origin, organ) ? [found.sighting] : []
    })
  }

  function isOnItsWay(asker: NodeId, origin: NodeId, organ: OrganId): boolean {
    if (asker === origin || asker === context.config.id) return true
    const serving = context.table.keeperOf(organ)?.node
    return serving !== undefined && parts.ways(origin, serving).includes(asker)
  }

  function seenPassing(uid: string, organs: readonly OrganId[]): readonly (readonly [OrganId, Known])[] {
    const seen = context.sightings.of(uid)
    if (seen === null) return []
    return organs.flatMap((organ) => {
      const sighting = seen.last(organ)
      return sighting === null ? [] : [[organ, { origin: seen.origin, sighting }] as const]
    })
  }

  async function accepted(uid: string, generation: number): Promise<readonly (readonly [OrganId, Known])[]> {
    const seen = context.sightings.of(uid)
    const documents = await store.outbox.track({ uid })
    return documents.flatMap(({ acceptedAt, recipients }) =>
      recipients
        .filter((recipient) => recipient.generation === generation)
        .map((recipient) => {
          const part = seen?.last(recipient.organ)?.part ?? null
          const sighting = sightingOf(recipient, { acceptedAt, part })
          return [recipient.organ, { origin: context.config.id, sighting }] as const
        }),
    )
  }

  async function delivered(
    uid: string,
    generation: number,
    organs: readonly OrganId[],
  ): Promise<readonly (readonly [OrganId, Known])[]> {
    const self = context.config.id
    const here = organs.filter((organ) => context.table.speakersOf(organ).includes(self))
    if (here.length === 0) return []
    const receipts = await store.mailbox.receipts(uid, generation, here)
    return Promise.all(
      receipts.map(async ({ organ, deliveredAt, collectedAt, path }) => {
        const step = collectedAt === null ? 'delivered' : 'collected'
        const place = step === 'delivered' ? await placeOf({ uid, generation, organ }) : inPlace
        const sighting: Sighting = { organ, step, at: collectedAt ?? deliveredAt, part: null, ...place }
        return [organ, { origin: path[0]?.node ?? self, sighting }] as const
      }),
    )
  }

  /** Of what stands in the mailbox of one that was split: nobody has decided yet, or it was handed on to another node. */
  async function placeOf(key: RowKey): Promise<Pick<Sighting, 'neighbour' | 'code'>> {
    const { table } = context
    const row = isSplit(table, key.organ) ? await store.splits.row(key) : null
    if (row === null) return inPlace
    if (!row.left) return isUndecided(table, row) ? { neighbour: null, code: 'RECEIVER_SPLIT' } : inPlace
    return { neighbour: keeperOfRow(table, row)?.node ?? null, code: null }
  }

  return {
    async answer(asker, ask) {
      if (!limit.admit(asker, ask.number)) return
      try {
        const [ways, sightings] = await Promise.all([waysTo(ask.organs), sightingsFor(asker, ask)])
        const { version: tableVersion, directoryVersion } = context.table
        const standing: Standing = {
          type: 'standing',
          number: ask.number,
          at: context.now(),
          tableVersion,
          directoryVersion,
          rememberedSince: context.sightings.since,
          ways,
          sightings,
        }
        parts.post.send(asker, 'express', standing)
      } catch (error) {
        context.log('warn', 'a node that asks was not answered', { detail: { asker, error: String(error) } })
      }
    },
  }
}

/** What the origin knows of a recipient. */
function sightingOf(
  recipient: TrackedRecipient,
  { acceptedAt, part }: { readonly acceptedAt: number; readonly part: Sighting['part'] },
): Sighting {
  const { organ, state, code, dispatchedAt, deliveredAt, collectedAt } = recipient
  const base = { organ, neighbour: null, code }
  switch (state) {
    case 'accepted':
      return { ...base, step: 'waiting', at: acceptedAt, part }
    case 'dispatched':
      return { ...base, step: 'sent', at: dispatchedAt ?? acceptedAt, part }
    case 'delivered':
    case 'collected':
      return { ...base, step: state, at: collectedAt ?? deliveredAt ?? acceptedAt, code: null, part: null }
    case 'undeliverable':
      // Until the serving node says so itself it is on its way.
      if (!isSettled(recipient)) return { ...base, step: 'sent', at: dispatchedAt ?? acceptedAt, part }
      return { ...base, step: state, at: dispatchedAt ?? acceptedAt, part: null }
    case 'stopped':
      return { ...base, step: state, at: dispatchedAt ?? acceptedAt, part: null }
  }
}

/** undefined: the table has no way. */
function nextOf(table: RoutingTable, { organ, node }: Keeper) {
  const hop = table.hopToOrgan(organ, node)
  if (hop === null) return undefined
  if (hop === 'mailbox') return null
  return hop === 'up' ? (table.parent ?? undefined) : hop.slice('down:'.length)
}

function linkOf({ phase, reasons, since, order, copies, oldestAt, queued }: LinkView, held: boolean): WayLink {
  const stopped = order === null || order.stop === null ? null : order.at
  return {
    phase,
    // The word alone: what follows it is this machine's own affair.
    reasons: [...reasons.map((reason) => reason.split(':')[0] ?? reason), ...(held ? ['hold'] : [])],
    since: stopped ?? since,
    copies,
    oldestAt,
    queued: queued === null ? null : queued.express + queued.bulk,
  }
}
