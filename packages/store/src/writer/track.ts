/** Looking a document up by what people know of it. */
import type { Kind } from '@lienthong/core'
import type { TrackedDocument, TrackedRecipient, TrackKey } from '../contract.ts'
import type { RecipientRow } from './recipients.ts'
import { newestRecipients, recordOf } from './recipients.ts'
import type { Session } from './session.ts'

/** Documents one look-up returns, newest first: a number may be shared by many senders. */
const maxTracked = 100

interface TrackRow {
  readonly id: number
  readonly uid: string
  readonly kind: Kind
  readonly sender: string
  readonly document_id: string
  readonly subject: string | null
  readonly number: string | null
  readonly issued: string | null
  readonly size: number
  readonly accepted_at: number
}

const columns = 'id, uid, kind, sender, document_id, subject, number, issued, size, accepted_at'

export function track(session: Session, key: TrackKey): TrackedDocument[] {
  return rowsFor(session, key).map((row) => ({
    seq: row.id,
    uid: row.uid,
    kind: row.kind,
    from: row.sender,
    documentId: row.document_id,
    headline: { subject: row.subject, number: row.number, date: row.issued },
    size: row.size,
    acceptedAt: row.accepted_at,
    recipients: recipientsOf(session, row.id),
  }))
}

function rowsFor(session: Session, key: TrackKey): TrackRow[] {
  const { sql } = session
  if ('uid' in key) return sql.all<TrackRow>(`SELECT ${columns} FROM document WHERE uid = ?`, key.uid)
  const [column, value] = 'documentId' in key ? ['document_id', key.documentId] : ['number', key.number]
  return sql.all<TrackRow>(
    `SELECT ${columns} FROM document WHERE ${column} = ? ORDER BY id DESC LIMIT ${maxTracked}`,
    value,
  )
}

function recipientsOf(session: Session, document: number): TrackedRecipient[] {
  const numbers = new Map(
    session.sql
      .all<{ generation: number; node: string; number: number }>(
        'SELECT generation, node, number FROM query WHERE document = ?',
        document,
      )
      .map((row) => [`${row.generation} ${row.node}`, row.number]),
  )
  return newestRecipients(session, document).map((row) => ({
    ...recordOf(row),
    generation: row.generation,
    statusCode: row.status_code,
    statusAt: row.status_at,
    overdue: isOverdue(row, numbers),
  }))
}

/** The first query goes out when a receipt is late: one that was sent and not settled since says so. */
function isOverdue(row: RecipientRow, numbers: ReadonlyMap<string, number>): boolean {
  return row.settled === 0 && row.dispatched_at !== null && (numbers.get(`${row.generation} ${row.node}`) ?? 0) > 0
}
