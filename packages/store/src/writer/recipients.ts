/** Rows of recipients, and what happens when they settle. */
import type { DeferReason, ErrorCode, Lane, Path, RecallEffect, RecipientRecord, RecipientState } from '@lienthong/core'
import { isSettled } from '@lienthong/core'
import { releasePayload } from './payloads.ts'
import type { Session } from './session.ts'

export interface DocumentRow {
  readonly id: number
  readonly uid: string
  readonly sender: string
  readonly lane: Lane
  readonly sha256: string
  readonly unsettled: number
}

export interface RecipientRow {
  readonly document: number
  readonly generation: number
  readonly organ: string
  readonly node: string
  readonly core: number
  readonly position: number
  readonly state: RecipientState
  readonly provisional: number
  readonly settled: number
  readonly code: ErrorCode | DeferReason | null
  readonly dispatched_at: number | null
  readonly delivered_at: number | null
  readonly collected_at: number | null
  readonly refused_since: number | null
  readonly path: string | null
  readonly status_code: number | null
  readonly status_at: number | null
  /** JSON. */
  readonly effects: string | null
  /** JSON. */
  readonly closed: string | null
}

export function findDocument(session: Session, uid: string): DocumentRow | undefined {
  return session.sql.get<DocumentRow>(
    'SELECT id, uid, sender, lane, sha256, unsettled FROM document WHERE uid = ?',
    uid,
  )
}

export function findRecipient(
  session: Session,
  document: number,
  generation: number,
  organ: string,
): RecipientRow | undefined {
  return session.sql.get<RecipientRow>(
    'SELECT * FROM recipient WHERE document = ? AND generation = ? AND organ = ?',
    document,
    generation,
    organ,
  )
}

/** Recipients of one generation at one node whose payload may still be needed. */
export function unsettledAt(session: Session, document: number, generation: number, node: string): string[] {
  return session.sql
    .all<{ organ: string }>(
      'SELECT organ FROM recipient WHERE settled = 0 AND document = ? AND generation = ? AND node = ? ORDER BY organ',
      document,
      generation,
      node,
    )
    .map((row) => row.organ)
}

/** The newest generation of each recipient, in order of first addressing. */
export function newestRecipients(session: Session, document: number): RecipientRow[] {
  const newest = new Map<string, RecipientRow>()
  const rows = session.sql.all<RecipientRow>(
    'SELECT * FROM recipient WHERE document = ? ORDER BY generation, core, position',
    document,
  )
  for (const row of rows) newest.set(row.organ, row)
  return [...newest.values()]
}

export function recordOf(row: RecipientRow): RecipientRecord {
  return {
    organ: row.organ,
    node: row.node,
    state: row.state,
    provisional: row.provisional === 1,
    code: row.code,
    dispatchedAt: row.dispatched_at,
    deliveredAt: row.delivered_at,
    collectedAt: row.collected_at,
    refusedSince: row.refused_since,
    path: row.path === null ? null : (JSON.parse(row.path) as Path),
    ...(row.effects !== null && { effects: JSON.parse(row.effects) as RecallEffect[] }),
  }
}

/** Stores a record; true when this settled the recipient. */
export function saveRecord(session: Session, row: RecipientRow, record: RecipientRecord): boolean {
  const settled = isSettled(record)
  session.sql.run(
    `UPDATE recipient SET node = ?, state = ?, provisional = ?, settled = ?, code = ?, dispatched_at = ?,
       delivered_at = ?, collected_at = ?, refused_since = ?, path = ?, effects = ?
     WHERE document = ? AND generation = ? AND organ = ?`,
    record.node,
    record.state,
    record.provisional ? 1 : 0,
    settled ? 1 : 0,
    record.code,
    record.dispatchedAt,
    record.deliveredAt,
    record.collectedAt,
    record.refusedSince,
    record.path === null ? null : JSON.stringify(record.path),
    record.effects === undefined ? null : JSON.stringify(record.effects),
    row.document,
    row.generation,
    row.organ,
  )
  return settled && row.settled === 0
}

/** Recipients that have just settled need no copy and no query any more; after the last one, no payload either. */
export function settle(session: Session, document: DocumentRow, rows: readonly RecipientRow[]): void {
  if (rows.length === 0) return
  const { sql } = session
  sql.run('UPDATE document SET unsettled = unsettled - ? WHERE id = ?', rows.length, document.id)
  const left = sql.get<{ unsettled: number }>('SELECT unsettled FROM document WHERE id = ?', document.id)?.unsettled
  if (left === 0) closeDocument(session, document)
  else {
    dropCopies(session, rows)
    dropQueries(session, rows)
  }
}

function closeDocument(session: Session, document: DocumentRow): void {
  const copies = session.sql.run(
    'DELETE FROM copy WHERE core IN (SELECT id FROM outbox_core WHERE document = ?)',
    document.id,
  )
  session.sql.run('DELETE FROM query WHERE document = ?', document.id)
  releasePayload(session, document.sha256)
  const { tally } = session
  session.tally = { ...tally, documents: tally.documents - 1, copies: tally.copies - copies }
}

function dropCopies(session: Session, rows: readonly RecipientRow[]): void {
  const settled = new Map<number, Set<number>>()
  for (const { core, position } of rows) {
    const positions = settled.get(core)
    if (positions === undefined) settled.set(core, new Set([position]))
    else positions.add(position)
  }
  for (const [core, positions] of settled) {
    for (const copy of copiesOf(session, core)) {
      const kept = copy.to.filter((position) => !positions.has(position))
      if (kept.length < copy.to.length) keepTargets(session, copy.seq, kept)
    }
  }
}

/** Queries about these recipients at the node they had, unless others there are still unsettled. */
export function dropQueries(
  session: Session,
  rows: readonly Pick<RecipientRow, 'document' | 'generation' | 'node'>[],
): void {
  const seen = new Set<string>()
  for (const { document, generation, node } of rows) {
    const key = `${generation} ${node}`
    if (seen.has(key)) continue
    seen.add(key)
    session.sql.run(
      `DELETE FROM query WHERE document = ?1 AND generation = ?2 AND node = ?3 AND NOT EXISTS
         (SELECT 1 FROM recipient WHERE settled = 0 AND document = ?1 AND generation = ?2 AND node = ?3)`,
      document,
      generation,
      node,
    )
  }
}

export interface CopyRow {
  readonly seq: number
  readonly hop: string
  readonly segments: string
  readonly to: readonly number[]
}

export function copiesOf(session: Session, core: number): CopyRow[] {
  return session.sql
    .all<{ seq: number; hop: string; segments: string; targets: string }>(
      'SELECT seq, hop, segments, targets FROM copy WHERE core = ? ORDER BY seq',
      core,
    )
    .map(({ targets, ...row }) => ({ ...row, to: JSON.parse(targets) as number[] }))
}

/** Narrows a copy to these recipients; with none left the copy goes. */
export function keepTargets(session: Session, seq: number, to: readonly number[]): void {
  if (to.length > 0) {
    session.sql.run('UPDATE copy SET targets = ? WHERE seq = ?', JSON.stringify(to), seq)
    return
  }
  const copies = session.sql.run('DELETE FROM copy WHERE seq = ?', seq)
  session.tally = { ...session.tally, copies: session.tally.copies - copies }
}
