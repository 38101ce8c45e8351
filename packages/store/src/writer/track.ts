/** Looking a document up by what people know of it. */
import type { Kind, PacketKind } from '@lienthong/core'
import { packetKinds } from '@lienthong/core'
import type { SentOptions, TrackedDocument, TrackedRecipient, TrackKey, WrittenCode } from '../contract-outbox.ts'
import { recallsOf } from './recalls.ts'
import type { RecipientRow } from './recipients.ts'
import { newestRecipients, recordOf } from './recipients.ts'
import type { Session } from './session.ts'
import { statusesOf } from './statuses.ts'

/** Documents one look-up returns, newest first: a number may be shared by many senders. */
const maxTracked = 100

interface TrackRow {
  readonly id: number
  readonly uid: string
  readonly kind: Kind
  readonly business_type: number
  readonly sender: string
  readonly document_id: string
  readonly subject: string | null
  readonly number: string | null
  readonly issued: string | null
  readonly size: number
  readonly accepted_at: number
}

const columns = 'id, uid, kind, business_type, sender, document_id, subject, number, issued, size, accepted_at'

export function track(session: Session, key: TrackKey): TrackedDocument[] {
  return rowsFor(session, key, null).map((row) => documentOf(session, row))
}

export interface TrackOfArguments {
  readonly from: string
  readonly key: TrackKey
}

export function trackOf(session: Session, { from, key }: TrackOfArguments): TrackedDocument[] {
  return rowsFor(session, key, from).map((row) => documentOf(session, row))
}

function documentOf(session: Session, row: TrackRow): TrackedDocument {
  return {
    seq: row.id,
    uid: row.uid,
    kind: row.kind,
    businessType: row.business_type,
    from: row.sender,
    documentId: row.document_id,
    headline: { subject: row.subject, number: row.number, date: row.issued },
    size: row.size,
    acceptedAt: row.accepted_at,
    recipients: recipientsOf(session, row),
  }
}

function rowsFor({ sql }: Session, key: TrackKey, from: string | null): TrackRow[] {
  const [column, value] =
    'uid' in key ? ['uid', key.uid] : 'documentId' in key ? ['document_id', key.documentId] : ['number', key.number]
  const [condition, sender] = from === null ? ['', []] : ['AND sender = ?', [from]]
  return sql.all<TrackRow>(
    `SELECT ${columns} FROM document WHERE ${column} = ? ${condition} ORDER BY id DESC LIMIT ${maxTracked}`,
    value,
    ...sender,
  )
}

export type SentArguments = SentOptions & { readonly from: string }

/** One search by index per kind. */
export function sent(session: Session, args: SentArguments): TrackedDocument[] {
  const ascending = args.after !== undefined
  const order = ascending ? 'ASC' : 'DESC'
  const after = Math.max(args.after ?? 0, args.since === undefined ? 0 : lastBefore(session, args.since))
  const rowsOf = (kind: PacketKind) =>
    session.sql.all<TrackRow>(
      `SELECT ${columns} FROM document WHERE sender = ? AND kind = ? AND id > ? AND id < ? ORDER BY id ${order} LIMIT ?`,
      args.from,
      kind,
      after,
      args.before ?? Number.MAX_SAFE_INTEGER,
      args.limit,
    )
  return (args.kind === undefined ? packetKinds : [args.kind])
    .flatMap(rowsOf)
    .sort((a, b) => (ascending ? a.id - b.id : b.id - a.id))
    .slice(0, args.limit)
    .map((row) => documentOf(session, row))
}

/** Id of the last document accepted before this instant: rows are in order of acceptance, so halving finds it. */
export function lastBefore({ sql }: Session, at: number): number {
  let low = 0
  let high = sql.get<{ id: number | null }>('SELECT max(id) AS id FROM document')?.id ?? 0
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const row = sql.get<{ accepted_at: number }>('SELECT accepted_at FROM document WHERE id = ?', middle)
    if (row !== undefined && row.accepted_at < at) low = middle
    else high = middle - 1
  }
  return low
}

function recipientsOf(session: Session, { id: document, uid }: TrackRow): TrackedRecipient[] {
  const numbers = new Map(
    session.sql
      .all<{ generation: number; node: string; number: number }>(
        'SELECT generation, node, number FROM query WHERE document = ?',
        document,
      )
      .map((row) => [`${row.generation} ${row.node}`, row.number]),
  )
  const items = itemsOf(session, uid)
  const statuses = statusesOf(session, document)
  const recalls = recallsOf(session, document)
  return newestRecipients(session, document).map((row) => {
    const { change, history } = statuses(row)
    return {
      ...recordOf(row),
      generation: row.generation,
      statusCode: row.status_code,
      statusAt: row.status_at,
      change,
      recall: recalls(row, change),
      statuses: history,
      overdue: isOverdue(row, numbers),
      closed: closedOf(row),
      item: items.get(`${row.generation} ${row.organ}`) ?? null,
    }
  })
}

function closedOf({ closed, organ }: RecipientRow): TrackedRecipient['closed'] {
  if (closed === null) return []
  return (JSON.parse(closed) as WrittenCode[]).map((written) => ({ ...written, successors: [organ] }))
}

/** In the mailboxes of this node, by generation and organisation. */
function itemsOf({ sql }: Session, uid: string): ReadonlyMap<string, number> {
  const rows = sql.all<{ id: number; organ: string; generation: number }>(
    `SELECT coalesce(double_of, id) AS id, organ, generation FROM mailbox
     WHERE uid = ? AND withdrawn_at IS NULL AND handover IS NULL AND body = 1`,
    uid,
  )
  return new Map(rows.map(({ id, organ, generation }) => [`${generation} ${organ}`, id]))
}

/** The first query goes out when a receipt is late: one that was sent and not settled since says so. */
function isOverdue(row: RecipientRow, numbers: ReadonlyMap<string, number>): boolean {
  return row.settled === 0 && row.dispatched_at !== null && (numbers.get(`${row.generation} ${row.node}`) ?? 0) > 0
}
