/** Rows of mailboxes that leave for another node. */
import { type HandedRow, maxRowsWithPayload, type OrganId } from '@lienthong/core'
import type { PayloadRef } from '../contract-documents.ts'
import type { HandOverRequest, HandoverProgress, KeptPart, LeavingRows } from '../contract-handover.ts'
import { accept } from './accept.ts'
import { goAfter } from './go-after.ts'
import { handedOf, hasTombstones, isOver, isWaiting, type KeptRow, partOf, rowsIn } from './kept-rows.ts'
import { type IncomingPayload, ownsFile, releasePayload } from './payloads.ts'
import type { Session } from './session.ts'
import type { SqlValue } from './sql.ts'
import { countWaiting, keptTombstones } from './tombstones.ts'

/** One search by index for each organisation, however many rows it has. */
export function keptOrgans({ sql }: Session): OrganId[] {
  return sql
    .all<{ organ: OrganId | null }>(
      `WITH RECURSIVE kept (organ) AS (
         SELECT min(organ) FROM mailbox WHERE handover IS NULL
         UNION ALL
         SELECT (SELECT min(organ) FROM mailbox WHERE handover IS NULL AND organ > kept.organ) FROM kept
           WHERE kept.organ IS NOT NULL)
       SELECT organ FROM kept WHERE organ IS NOT NULL
       UNION SELECT organ FROM tombstone WHERE handover IS NULL`,
    )
    .flatMap(({ organ }) => organ ?? [])
}

export interface LeavingArguments {
  readonly parts: readonly KeptPart[]
  readonly limit: number
}

export function leavingRows(session: Session, { parts, limit }: LeavingArguments): LeavingRows | null {
  const { sql } = session
  for (const part of parts) {
    const { text, values } = rowsIn(part)
    const rows = ['collected_at > 0', 'collected_at IS NULL AND withdrawn_at > 0'].flatMap((over) =>
      sql.all<KeptRow>(
        `SELECT * FROM mailbox WHERE handover IS NULL AND ${text} AND ${over} LIMIT ?`,
        ...[...values, limit],
      ),
    )
    const tombstones = hasTombstones(part) ? keptTombstones(session, part.organ, limit) : []
    if (rows.length + tombstones.length === 0) continue
    return { ...leaving(rows.slice(0, limit), { payload: null, parts: [part] }), tombstones }
  }
  for (const part of parts) {
    const { text, values } = rowsIn(part)
    const first = sql.get<KeptRow>(
      `SELECT * FROM mailbox
       WHERE handover IS NULL AND ${text} AND collected_at IS NULL AND withdrawn_at IS NULL ORDER BY id LIMIT 1`,
      ...values,
    )
    if (first === undefined) continue
    const { uid, sha256, size } = first
    const others = sql
      .all<KeptRow>(
        'SELECT * FROM mailbox WHERE uid = ? AND handover IS NULL AND collected_at IS NULL AND withdrawn_at IS NULL',
        uid,
      )
      .filter((row) => row.id !== first.id && partOf(row, parts) !== undefined)
    return leaving([first, ...others].slice(0, maxRowsWithPayload), { payload: { sha256, size }, parts })
  }
  return null
}

function leaving(
  kept: readonly KeptRow[],
  { payload, parts }: { readonly payload: PayloadRef | null; readonly parts: readonly KeptPart[] },
): LeavingRows {
  const rows = kept.map((row): HandedRow => {
    const { heir } = partOf(row, parts) ?? {}
    return { ...handedOf(row), ...(heir !== undefined && { chosen: { heir, byHand: row.by_hand === 1 } }) }
  })
  const heirs = rows.map(({ chosen }) => chosen?.heir ?? null)
  return { rows, tombstones: [], ids: kept.map(({ id }) => id), heirs, payload }
}

export function countKept({ sql }: Session, { parts }: { readonly parts: readonly KeptPart[] }): number {
  const countIn = (table: string, text: string, values: readonly SqlValue[]) =>
    sql.get<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE handover IS NULL AND ${text}`, ...values)?.n ?? 0
  return parts.reduce((sum, part) => {
    const { text, values } = rowsIn(part)
    const tombstones = hasTombstones(part) ? countIn('tombstone', 'organ = ?', [part.organ]) : 0
    return sum + countIn('mailbox', text, values) + tombstones
  }, 0)
}

export type HandOverArguments = Omit<HandOverRequest, 'payload'> & {
  readonly payload: IncomingPayload
  /** True when the rows go without payload: nobody is to read them any more. */
  readonly over: boolean
}

export interface HandOverReply {
  readonly done: boolean
  readonly fileOwned: boolean
}

export function handOver(session: Session, request: HandOverArguments): HandOverReply {
  const { sql } = session
  const { uid, ids, heirs, over, recipient, hop, sealed, acceptedAt, payload, from, documentId, segmentBytes } = request
  const rows = ids.flatMap(
    (id) => sql.get<KeptRow>('SELECT * FROM mailbox WHERE id = ? AND handover IS NULL', id) ?? [],
  )
  const isAsRead = rows.length === ids.length && rows.every((row) => isOver(row) === over)
  if (!isAsRead) return { done: false, fileOwned: ownsFile(session, payload) }
  const { fileOwned } = accept(session, {
    uid,
    kind: 'handover',
    businessType: 0,
    from,
    documentId,
    lane: 'bulk',
    urgent: false,
    segmentBytes,
    headline: { subject: null, number: null, date: null },
    payload,
    businessStatus: null,
    about: [],
    recalledUpTo: 0,
    cores: [{ ...sealed, generation: 1, recipients: [recipient], copies: [{ hop, to: [0] }] }],
    acceptedAt,
    expected: [],
    onReusedId: 'warn',
  })
  for (const [index, row] of rows.entries()) {
    if (isWaiting(row)) countWaiting(session, row.kind, -1)
    sql.run(
      "UPDATE mailbox SET handover = ?, keeper = '', heir = coalesce(?, heir) WHERE id = ?",
      ...[uid, heirs[index] ?? null, row.id],
    )
  }
  for (const { uid: about, organ, from: sender } of request.tombstones) {
    sql.run(
      'UPDATE tombstone SET handover = ? WHERE uid = ? AND organ = ? AND sender = ?',
      ...[uid, about, organ, sender],
    )
  }
  sql.run('INSERT INTO handover (uid) VALUES (?)', uid)
  return { done: true, fileOwned }
}

export function settleHandovers(session: Session): HandoverProgress {
  const { sql } = session
  const under = sql.all<{ uid: string; unsettled: number; state: string }>(
    `SELECT h.uid, d.unsettled, r.state FROM handover h
     JOIN document d ON d.uid = h.uid JOIN recipient r ON r.document = d.id`,
  )
  const ended = under.filter(({ unsettled }) => unsettled === 0)
  let returned = 0
  const back = new Set<OrganId>()
  for (const { uid, state } of ended) {
    const arrived = state === 'delivered' || state === 'collected'
    if (!arrived) returned += 1
    for (const row of sql.all<KeptRow>('SELECT * FROM mailbox WHERE handed = 0 AND handover = ?', uid)) {
      if (arrived) leave(session, row)
      else {
        comeBack(session, row)
        back.add(row.organ)
      }
    }
    if (!arrived) sql.run('UPDATE tombstone SET handover = NULL WHERE handover = ?', uid)
    sql.run('DELETE FROM handover WHERE uid = ?', uid)
  }
  for (const organ of back) goAfter(session, organ)
  const open = under.length - ended.length
  return { arrived: ended.length - returned, returned, open, rows: open === 0 ? 0 : countLeaving(session) }
}

function countLeaving({ sql }: Session): number {
  return sql.get<{ n: number }>('SELECT count(*) AS n FROM mailbox WHERE handed = 0 AND handover IS NOT NULL')?.n ?? 0
}

/** The row stays: it answers for the document as long as this node is asked. */
function leave(session: Session, row: KeptRow): void {
  const goes = row.body === 1 && !isOver(row)
  if (goes) releasePayload(session, row.sha256)
  session.sql.run(
    'UPDATE mailbox SET handed = 1, notice_at = NULL, double_of = NULL, body = ? WHERE id = ?',
    ...[goes ? 0 : row.body, row.id],
  )
}

/** Into the mailbox of whom it was addressed to; whoever keeps that finds it there. */
function comeBack(session: Session, row: KeptRow): void {
  const shown = row.double_of === null && row.body === 1 && row.about === null
  if (shown && !isOver(row)) countWaiting(session, row.kind, 1)
  // What a rule decided is for the rules of today.
  const heir = row.by_hand === 1 || isOver(row) ? row.heir : null
  session.sql.run(
    'UPDATE mailbox SET handover = NULL, keeper = ?, heir = ? WHERE id = ?',
    ...[shown ? row.organ : '', heir, row.id],
  )
}
