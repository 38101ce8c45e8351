/** The documents somebody looks for, as far as this node knows them itself. */
import {
  earlierNodes,
  isSettled,
  type NodeId,
  type OrganId,
  RelayError,
  receiverRefusal,
  type Whereabouts,
} from '@lienthong/core'
import type { TrackedDocument, TrackedRecipient } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { WhereDocument, WhereQuestion } from './diagnosis-door.ts'

const maxDocuments = 5

export interface Sought extends Omit<WhereDocument, 'recipients'> {
  readonly recipients: readonly SoughtRecipient[]
}

export interface SoughtRecipient {
  readonly organ: OrganId
  readonly generation: number
  readonly node: NodeId
  /** null: sent from elsewhere. */
  readonly record: TrackedRecipient | null
}

/** What this node sent, or else what came through it. Throws what a code that leads to nobody throws. */
export async function lookedFor(
  context: NodeContext,
  { key, date, to }: WhereQuestion,
  maxRecipients: number,
): Promise<readonly Sought[]> {
  const only = to === undefined ? null : organOf(context, to)
  const own = await context.store.outbox.track(key)
  const day = date === undefined ? null : writtenDate(date)
  const dated = own.filter(({ headline }) => day === null || headline.date === day)
  const sought =
    dated.length > 0
      ? dated.slice(-maxDocuments).map((document) => sentHere(context, document))
      : 'uid' in key
        ? await cameThrough(context, key.uid)
        : []
  return sought.flatMap((each) => {
    const all = each.recipients.filter(({ organ }) => only === null || organ === only)
    // Those that are still on their way before those whose end is known.
    const inOrder = [...all].sort((a, b) => Number(settledAt(a) !== null) - Number(settledAt(b) !== null))
    const recipients = inOrder.slice(0, maxRecipients)
    return all.length === 0 ? [] : [{ ...each, recipients, left: all.length - recipients.length }]
  })
}

/** Where it is for good, by what the origin has been told; null: to be asked. */
export function settledAt({ record, organ }: SoughtRecipient): Whereabouts | null {
  if (record === null || record.organ !== organ || !isSettled(record)) return null
  const { state, collectedAt, dispatchedAt, code } = record
  if (state !== 'collected' && state !== 'undeliverable' && state !== 'stopped') return null
  const holder = state === 'collected' ? record.node : null
  const since = collectedAt ?? dispatchedAt
  return {
    place: state,
    holder,
    from: null,
    next: null,
    since,
    code,
    part: null,
    link: null,
    certain: true,
    silent: [],
  }
}

/** NOT_FOUND, with the nodes that may have it on record since whoever sent it was served there. */
export function notSentHere({ directory, table }: NodeContext, what: string): RelayError {
  const nodes = earlierNodes(directory.organisations, table)
  return new RelayError('NOT_FOUND', { detail: nodes.length === 0 ? { what } : { what, nodes: nodes.join(', ') } })
}

function organOf(context: NodeContext, written: string): OrganId {
  const listed = context.table.listed(written)
  if (listed !== null) return listed.id
  const found = context.table.resolve(written)
  if (!found.found) throw receiverRefusal(written, found)
  return found.organ
}

function sentHere(context: NodeContext, document: TrackedDocument): Sought {
  const newest = new Map<OrganId, TrackedRecipient>()
  for (const recipient of document.recipients) {
    const before = newest.get(recipient.organ)
    if (before === undefined || before.generation < recipient.generation) newest.set(recipient.organ, recipient)
  }
  return {
    uid: document.uid,
    documentId: document.documentId,
    number: document.headline.number,
    from: document.from,
    acceptedAt: document.acceptedAt,
    origin: context.config.id,
    left: 0,
    recipients: [...newest.values()].map((record) => {
      const node = context.table.keeperOf(record.organ)?.node ?? record.node
      return { organ: record.organ, generation: record.generation, node, record }
    }),
  }
}

/** From the mailboxes here, which remember, and from what was seen passing. */
async function cameThrough(context: NodeContext, uid: string): Promise<readonly Sought[]> {
  const self = context.config.id
  const seen = context.sightings.of(uid)
  const generation = seen?.generation ?? 1
  const here = context.directory.organisations.filter(({ node }) => node === self).map(({ id }) => id)
  const receipts = here.length === 0 ? [] : await context.store.mailbox.receipts(uid, generation, here)
  const origin = seen?.origin ?? receipts[0]?.path[0]?.node
  if (origin === undefined) return []
  const organs = new Set([...(seen?.organs ?? []), ...receipts.map(({ organ }) => organ)])
  const facts = { uid, documentId: null, number: null, from: seen?.from ?? null, acceptedAt: null, origin, left: 0 }
  const recipients = [...organs].flatMap((organ) => {
    const node = context.table.keeperOf(organ)?.node
    return node === undefined ? [] : [{ organ, generation, node, record: null }]
  })
  return [{ ...facts, recipients }]
}

/** `2026-01-15` and `2026/01/15` as packets write it. Throws USAGE. */
function writtenDate(date: string): string {
  if (!/^\d{4}[-/]\d{2}[-/]\d{2}$/.test(date)) throw new RelayError('USAGE', { detail: { reason: `date ${date}` } })
  return date.replaceAll('-', '/')
}
