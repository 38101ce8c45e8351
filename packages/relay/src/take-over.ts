/** Mailboxes that other nodes hand over to this one: believed from whoever may speak for the organisation, and taken once. */
import {
  type Core,
  handoverTo,
  keeperOfRow,
  leavesFor,
  mayHandOver,
  type OrganId,
  RelayError,
  type RoutingTable,
  traitsOf,
} from '@lienthong/core'
import { decodeHandover } from '@lienthong/link'
import type { Headline, TakeOverOutcome, TakeOverRequest } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import { headerOf, headlineOf } from './header.ts'
import { arrived, mailboxOf } from './keepers.ts'
import type { CheckedDocument } from './serving.ts'
import type { SignalPost } from './signal-post.ts'

/** Throws FROM_NOT_ALLOWED for what this node may not hand over, and FRAME_INVALID for rows of another payload. */
export function refuseForeign(table: RoutingTable, core: Core, handed: readonly { readonly organ: OrganId }[]): void {
  for (const { organ } of handed) {
    if (mayHandOver(table, core.from, organ)) continue
    throw new RelayError('FROM_NOT_ALLOWED', { detail: { from: organ, origin: core.from } })
  }
  if (core.handed?.some(({ sha256 }) => sha256 !== core.sha256) === true) {
    throw new RelayError('FRAME_INVALID', { detail: { uid: core.uid, why: 'hands over another payload' } })
  }
}

/** Takes the rows of a checked core in one transaction, and tells the node that had them. Throws what `refuseForeign` throws. */
export async function takeOver(
  context: NodeContext,
  {
    document,
    payload,
    headline,
  }: Pick<TakeOverRequest, 'payload'> & {
    readonly document: CheckedDocument
    readonly headline: Headline
  },
  { post, onMoved }: { readonly post: SignalPost; readonly onMoved: () => void },
): Promise<void> {
  const { envelope, data } = document.segment
  const { core, origin, path } = envelope
  const { uid, generation } = core
  const { rows, tombstones } = core.handed === undefined ? decodeHandover(data) : { rows: core.handed, tombstones: [] }
  const { table } = context
  refuseForeign(table, core, [...rows, ...tombstones])
  const { receipts, arrivals } = await context.store.handovers.takeOver({
    uid,
    generation,
    from: origin,
    organ: document.organs[0] ?? '',
    documentId: core.documentId,
    path: arrived(context, path),
    payload,
    headline,
    rows,
    tombstones,
    mailboxes: rows.map((row) => mailboxOf(table, row)),
    deliveredAt: context.now(),
    sealedAt: core.sealedAt,
  })
  context.log('info', 'mailbox taken over', { uid, detail: { from: origin, rows: rows.length } })
  await tellArrivals(context, arrivals)
  const leaves =
    rows.some((row) => row.about !== undefined || leavesFor(table, keeperOfRow(table, traitsOf(row))) !== null) ||
    tombstones.some(({ organ }) => handoverTo(table, organ) !== null)
  if (leaves) onMoved()
  post.send(origin, 'express', { type: 'delivered', uid, generation, receipts })
}

/** What waits in a mailbox here now, though it came to another one first. */
export async function tellArrivals(context: NodeContext, arrivals: TakeOverOutcome['arrivals']): Promise<void> {
  for (const { row, mailbox, id } of arrivals) {
    const { number, subject } = headlineOf(await headerOf(context.store.payloads.stream(row.sha256)))
    const { uid, kind, from } = row
    const notice = { uid, id, organ: mailbox, kind, from, number, subject, at: context.now() }
    context.news.tell({ type: 'arrived', notice })
  }
}
