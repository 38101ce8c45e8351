/** Business statuses beside the recipients they are about; core's `business-status.ts` says what they come to. */
import type { BusinessState, OrganId, StatusReport } from '@lienthong/core'
import { applyStatus, documentTypes, furtherStatus, lookupKey, noStatus } from '@lienthong/core'
import type { BusinessStatus, DocumentName, Moved } from '../contract-documents.ts'
import { recordChange } from './changes.ts'
import type { RecipientRow } from './recipients.ts'
import { newestRecipients } from './recipients.ts'
import type { Session } from './session.ts'

/** Reports kept of one recipient of a document: whoever says more only moves the furthest step. */
const maxReports = 100

export interface HeardStatus {
  /** The packet that carried it; one packet is heard once. */
  readonly uid: string
  readonly at: number
  readonly status: BusinessStatus
  /** Who may have issued the document. */
  readonly senders: readonly OrganId[]
  /** Recipients of the document it is about. */
  readonly organs: readonly OrganId[]
}

interface NotedDocument {
  readonly id: number
  readonly uid: string
  readonly sender: string
  readonly isRecall: number
}

/** Notes it beside the first document found that has such a recipient: its newest generation, since only that can still change. */
export function noteStatus(session: Session, heard: HeardStatus): Moved[] {
  const organs = new Set(heard.organs.map(lookupKey))
  for (const name of heard.status.about) {
    const found = documentsNamed(session, name, heard).flatMap((document) =>
      newestRecipients(session, document.id)
        .filter(({ organ }) => organs.has(lookupKey(organ)))
        .map((row) => ({ document, row })),
    )
    if (found.length > 0) return found.flatMap(({ document, row }) => noteBeside(session, document, row, heard))
  }
  return []
}

/** Sent by one of these, but for the packet that names it. */
export function documentsNamed(
  { sql }: Session,
  name: DocumentName,
  { senders, uid }: Pick<HeardStatus, 'senders' | 'uid'>,
): NotedDocument[] {
  const [condition, values] =
    'documentId' in name
      ? ['document_id = ?', [name.documentId]]
      : ['number = ? AND issued = ?', [name.number, name.date]]
  // The pluses keep the planner away from the index by sender and kind: that is all the sender ever sent.
  return sql.all<NotedDocument>(
    `SELECT id, uid, sender, business_type = ${documentTypes.recall} AS isRecall FROM document
     WHERE ${condition} AND +kind = 'document' AND uid <> ? AND +sender IN (SELECT value FROM json_each(?))`,
    ...values,
    uid,
    JSON.stringify(senders),
  )
}

function noteBeside(session: Session, document: NotedDocument, row: RecipientRow, heard: HeardStatus): Moved[] {
  const { generation, organ, state } = row
  const { code, description } = heard.status
  const report = { code, at: heard.at, description }
  if (!keepReport(session, row, heard)) return []
  const known = furthestOf(row)
  const isFurther = furtherStatus(known, report) === report && known?.code !== code
  if (isFurther) {
    session.sql.run(
      'UPDATE recipient SET status_code = ?, status_at = ? WHERE document = ? AND generation = ? AND organ = ?',
      ...[code, heard.at, document.id, generation, organ],
    )
  }
  // A step that comes late or again is history, and no news.
  const isStep = furtherStatus(null, report) !== null
  if (isStep && !isFurther) return []
  const change = { type: 'status', at: heard.at, generation, organ, state, code: null, statusCode: code } as const
  return [{ uid: document.uid, from: document.sender, seq: recordChange(session, document, change) }]
}

/** False when this packet was heard before, be it about an earlier generation. */
function keepReport({ sql }: Session, { document, generation, organ }: RecipientRow, heard: HeardStatus): boolean {
  const count = sql.get<{ n: number; known: number }>(
    'SELECT count(*) AS n, coalesce(max(uid = ?), 0) AS known FROM status_report WHERE document = ? AND organ = ?',
    ...[heard.uid, document, organ],
  )
  if (count?.known === 1) return false
  if ((count?.n ?? 0) >= maxReports) return true
  const { code, description } = heard.status
  sql.run(
    `INSERT INTO status_report (document, organ, uid, generation, code, at, description) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ...[document, organ, heard.uid, generation, code, heard.at, description],
  )
  return true
}

function furthestOf({ status_code: code, status_at: at }: RecipientRow): StatusReport | null {
  return code === null ? null : { code, at: at ?? 0, description: null }
}

/** By organisation and generation, for one document. */
export function statusesOf({ sql }: Session, document: number): (row: RecipientKey) => BusinessState {
  const states = new Map<string, BusinessState>()
  const key = (organ: string, generation: number): string => `${generation} ${organ}`
  for (const { organ, generation, code, at, description } of sql.all<StatusReport & RecipientKey>(
    'SELECT organ, generation, code, at, description FROM status_report WHERE document = ?',
    document,
  )) {
    const of = key(organ, generation)
    states.set(of, applyStatus(states.get(of) ?? noStatus, { code, at, description }))
  }
  return ({ organ, generation }) => states.get(key(organ, generation)) ?? noStatus
}

type RecipientKey = Pick<RecipientRow, 'organ' | 'generation'>
