/** Rows of mailboxes that leave for another node. */
import {
  type HandedRow,
  maxRowsWithPayload,
  type OrganId,
  type PacketKind,
  type Path,
  type RecallEffect,
} from '@lienthong/core'
import type { PayloadRef } from '../contract-documents.ts'
import type { HandOverRequest, HandoverProgress, LeavingRows } from '../contract-handover.ts'
import { accept } from './accept.ts'
import type { MailRow } from './mailbox.ts'
import { type IncomingPayload, ownsFile, releasePayload } from './payloads.ts'
import type { Session } from './session.ts'
import { countWaiting, keptTombstones } from './tombstones.ts'

/** All of a row that another node needs. */
export interface KeptRow extends MailRow {
  readonly business_type: number
  readonly sealed_at: number
  readonly notice_at: number | null
}

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
  readonly organs: readonly OrganId[]
  readonly limit: number
}

export function leavingRows(session: Session, { organs, limit }: LeavingArguments): LeavingRows | null {
  for (const organ of organs) {
    const rows = ['collected_at > 0', 'collected_at IS NULL AND withdrawn_at > 0'].flatMap((over) =>
      session.sql.all<KeptRow>(
        `SELECT * FROM mailbox WHERE handover IS NULL AND organ = ? AND ${over} LIMIT ?`,
        ...[organ, limit],
      ),
    )
    const tombstones = keptTombstones(session, organ, limit)
    if (rows.length + tombstones.length > 0) return { ...leaving(rows.slice(0, limit), null), tombstones }
  }
  for (const organ of organs) {
    const first = session.sql.get<KeptRow>(
      `SELECT * FROM mailbox
       WHERE handover IS NULL AND organ = ? AND collected_at IS NULL AND withdrawn_at IS NULL ORDER BY id LIMIT 1`,
      organ,
    )
    if (first === undefined) continue
    const { uid, sha256, size } = first
    const others = session.sql
      .all<KeptRow>(
        'SELECT * FROM mailbox WHERE uid = ? AND handover IS NULL AND collected_at IS NULL AND withdrawn_at IS NULL',
        uid,
      )
      .filter((row) => row.id !== first.id && organs.includes(row.organ))
    return leaving([first, ...others].slice(0, maxRowsWithPayload), { sha256, size })
  }
  return null
}

function leaving(rows: readonly KeptRow[], payload: PayloadRef | null): LeavingRows {
  return { rows: rows.map(handedOf), tombstones: [], ids: rows.map(({ id }) => id), payload }
}

export function handedOf(row: KeptRow): HandedRow {
  return {
    organ: row.organ,
    uid: row.uid,
    generation: row.generation,
    kind: row.kind as PacketKind,
    businessType: row.business_type,
    from: row.sender,
    origin: row.origin,
    documentId: row.document_id,
    size: row.size,
    sha256: row.sha256,
    sealedAt: row.sealed_at,
    deliveredAt: row.delivered_at,
    collectedAt: row.collected_at,
    withdrawnAt: row.withdrawn_at,
    ...(row.effects !== null && { effects: JSON.parse(row.effects) as RecallEffect[] }),
    noted: row.collected_at !== null && row.notice_at === null,
    path: JSON.parse(row.path) as Path,
    state: row.state,
    stateReason: row.state_reason,
  }
}

export function countKept({ sql }: Session, { organs }: { readonly organs: readonly OrganId[] }): number {
  const countOf = (table: string, organ: OrganId) =>
    sql.get<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE handover IS NULL AND organ = ?`, organ)?.n ?? 0
  return organs.reduce((sum, organ) => sum + countOf('mailbox', organ) + countOf('tombstone', organ), 0)
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
  const { uid, ids, over, recipient, hop, sealed, acceptedAt, payload, from, documentId, segmentBytes } = request
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
  for (const row of rows) {
    if (isWaiting(row)) countWaiting(session, row.kind, -1)
    sql.run("UPDATE mailbox SET handover = ?, keeper = '' WHERE id = ?", uid, row.id)
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

/** Nobody is to read it any more. */
export function isOver(row: MailRow): boolean {
  return row.collected_at !== null || row.withdrawn_at !== null
}

/** Shown in a mailbox, and not collected. */
export function isWaiting(row: MailRow): boolean {
  return row.keeper !== '' && !isOver(row)
}

export function settleHandovers(session: Session): HandoverProgress {
  const { sql } = session
  const under = sql.all<{ uid: string; unsettled: number; state: string }>(
    `SELECT h.uid, d.unsettled, r.state FROM handover h
     JOIN document d ON d.uid = h.uid JOIN recipient r ON r.document = d.id`,
  )
  const ended = under.filter(({ unsettled }) => unsettled === 0)
  let returned = 0
  for (const { uid, state } of ended) {
    const arrived = state === 'delivered' || state === 'collected'
    if (!arrived) returned += 1
    for (const row of sql.all<KeptRow>('SELECT * FROM mailbox WHERE handed = 0 AND handover = ?', uid)) {
      if (arrived) leave(session, row)
      else comeBack(session, row)
    }
    if (!arrived) sql.run('UPDATE tombstone SET handover = NULL WHERE handover = ?', uid)
    sql.run('DELETE FROM handover WHERE uid = ?', uid)
  }
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
  const shown = row.double_of === null && row.body === 1
  if (shown && !isOver(row)) countWaiting(session, row.kind, 1)
  session.sql.run('UPDATE mailbox SET handover = NULL, keeper = ? WHERE id = ?', shown ? row.organ : '', row.id)
}
