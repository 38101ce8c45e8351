/** Rows of mailboxes that come from another node, and those that come to stand in another mailbox of this one. */
import { type HandedRow, type OrganId, type Receipt, takeRow } from '@lienthong/core'
import type { KeptPart, TakeOverOutcome, TakeOverRequest } from '../contract-handover.ts'
import { goAfter } from './go-after.ts'
import { handedOf, isOver, isWaiting, type KeptRow, rowsIn } from './kept-rows.ts'
import { appendEvent } from './ledger.ts'
import { receipts, shownInstead } from './mailbox.ts'
import { holdPayload, type IncomingPayload, ownsFile, releasePayload } from './payloads.ts'
import type { Session } from './session.ts'
import { addTombstone, countWaiting, stoppedOrgans, withdraw } from './tombstones.ts'

export type TakeOverArguments = Omit<TakeOverRequest, 'payload'> & { readonly payload: IncomingPayload }

export interface TakeOverReply extends TakeOverOutcome {
  readonly fileOwned: boolean
  readonly assembled: boolean
}

export function takeOver(session: Session, request: TakeOverArguments): TakeOverReply {
  const { uid, generation, organ, payload, rows } = request
  const before: readonly Receipt[] = receipts(session, { uid, generation, organs: [organ] })
  const arrivals: TakeOverOutcome['arrivals'][number][] = []
  if (before.length === 0) {
    insertReceipt(session, { ...request, kind: 'handover' })
    let owners = 0
    for (const tombstone of request.tombstones) addTombstone(session, tombstone)
    for (const [index, row] of rows.entries()) {
      const mailbox = request.mailboxes[index] ?? row.organ
      const taken = takeOne(session, row, { request, mailbox })
      owners += taken.body ? 1 : 0
      if (taken.shown !== null) arrivals.push({ row, mailbox, id: taken.shown })
    }
    if (owners > 0) holdPayload(session, payload, owners)
    for (const each of new Set(rows.map((row) => row.organ))) goAfter(session, each)
    const detail = { from: request.from, rows: rows.length, organs: [...new Set(rows.map((row) => row.organ))] }
    appendEvent(session, { at: request.deliveredAt, type: 'takeOver', uid, detail })
  }
  return {
    receipts: before.length > 0 ? before : receipts(session, { uid, generation, organs: [organ] }),
    arrivals,
    fileOwned: ownsFile(session, payload),
    assembled: endAssembly(session, uid),
  }
}

/** True when one was open. */
export function endAssembly({ sql }: Session, uid: string): boolean {
  const assembled = sql.run('DELETE FROM assembly WHERE uid = ?', uid) > 0
  if (assembled) sql.run('DELETE FROM assembly_core WHERE uid = ?', uid)
  return assembled
}

/** So that the same core between nodes is taken once: a row that no mailbox shows and nobody hands on. */
export function insertReceipt(
  session: Session,
  request: Omit<TakeOverArguments, 'rows' | 'tombstones' | 'mailboxes' | 'headline'> & {
    readonly kind: 'handover' | 'bundle'
  },
): void {
  session.sql.run(
    `INSERT INTO mailbox (uid, organ, keeper, generation, kind, business_type, sender, origin, document_id, sha256, size,
       sealed_at, delivered_at, collected_at, path, body, handover, handed)
     VALUES (?1, ?2, '', ?3, ?11, 0, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, 0, ?1, 1)`,
    ...[request.uid, request.organ, request.generation, request.from, request.documentId, request.payload.sha256],
    ...[request.payload.size, request.sealedAt, request.deliveredAt, JSON.stringify(request.path)],
    request.kind,
  )
}

interface Taken {
  /** The payload has one owner more. */
  readonly body: boolean
  /** Id of the row that waits in a mailbox now. */
  readonly shown: number | null
}

const nothing: Taken = { body: false, shown: null }

function takeOne(session: Session, row: HandedRow, where: Where): Taken {
  const known = session.sql.get<KeptRow>(
    'SELECT * FROM mailbox WHERE uid = ? AND organ = ? AND generation = ?',
    ...[row.uid, row.organ, row.generation],
  )
  switch (takeRow(row, known === undefined ? null : { waits: !isOver(known), left: known.handover !== null })) {
    case 'known':
      return nothing
    case 'ended':
      if (known !== undefined) end(session, known, { row, at: where.request.deliveredAt })
      return nothing
    case 'stands':
      // One that left and comes back is told anew: its reader has seen ids past the one it had.
      if (known !== undefined) forget(session, known)
      return stand(session, row, where)
  }
}

interface Where {
  readonly request: TakeOverArguments
  readonly mailbox: OrganId
}

/** It was collected or withdrawn at the other node: also for those in whose place it is shown here. */
function end(session: Session, known: KeptRow, { row, at }: { readonly row: HandedRow; readonly at: number }): void {
  if (row.withdrawnAt !== null) return withdraw(session, known, row.withdrawnAt)
  if (isWaiting(known)) countWaiting(session, known.kind, -1)
  session.sql.run(
    `UPDATE mailbox SET collected_at = ?1, notice_at = CASE WHEN id = ?2 AND ?3 THEN NULL ELSE ?4 END
     WHERE collected_at IS NULL AND (id = ?2 OR double_of = ?2)`,
    ...[row.collectedAt, known.id, row.noted ? 1 : 0, at],
  )
}

function forget(session: Session, known: KeptRow): void {
  if (known.body === 1) releasePayload(session, known.sha256)
  session.sql.run('DELETE FROM mailbox WHERE id = ?', known.id)
}

function stand(session: Session, row: HandedRow, { request, mailbox }: Where): Taken {
  const withdrawnAt = row.withdrawnAt ?? (isBuried(session, row) ? request.deliveredAt : null)
  const waits = row.collectedAt === null && withdrawnAt === null
  const isToShow = waits && row.about === undefined
  const before = isToShow ? shownInstead(session, { ...row, mailbox }) : null
  const shown = isToShow && before === null
  const collectedAt = row.collectedAt ?? before?.collectedAt ?? null
  const place = { keeper: shown ? mailbox : '', doubleOf: before?.id ?? null, body: waits }
  const id = insertHanded(session, { ...row, collectedAt, withdrawnAt }, { ...place, request })
  if (shown) countWaiting(session, row.kind, 1)
  return { body: waits, shown: shown ? id : null }
}

interface Place {
  /** Empty for a row that no mailbox shows. */
  readonly keeper: OrganId
  readonly doubleOf: number | null
  readonly body: boolean
  readonly request: TakeOverArguments
}

function insertHanded({ sql }: Session, row: HandedRow, { keeper, doubleOf, body, request }: Place): number {
  const { subject, number, date } = request.headline
  const isToTell = row.collectedAt !== null && !row.noted
  return sql.insert(
    `INSERT INTO mailbox (uid, organ, keeper, double_of, generation, kind, business_type, sender, origin, document_id,
       subject, number, issued, sha256, size, sealed_at, delivered_at, collected_at, withdrawn_at, path, state,
       state_reason, effects, body, notice_at, notice_number, unit, heir, by_hand, about)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[row.uid, row.organ, keeper, doubleOf, row.generation, row.kind, row.businessType, row.from, row.origin],
    ...[row.documentId, subject, number, date, row.sha256, row.size, row.sealedAt, row.deliveredAt],
    ...[row.collectedAt, row.withdrawnAt, JSON.stringify(row.path), row.state, row.stateReason],
    ...[row.effects === undefined ? null : JSON.stringify(row.effects), body ? 1 : 0],
    ...(isToTell ? [request.deliveredAt, 1] : [null, 0]),
    ...[row.unit ?? null, row.chosen?.heir ?? null, row.chosen?.byHand === true ? 1 : 0],
    row.about === undefined ? null : JSON.stringify(row.about),
  )
}

/** A recall came here before the row did. */
function isBuried(session: Session, { uid, generation, organ, from, collectedAt }: HandedRow): boolean {
  return collectedAt === null && stoppedOrgans(session, { uid, generation, organs: [organ], by: { from } }).length > 0
}

export interface KeepArguments {
  readonly part: KeptPart
  readonly mailbox: OrganId
  readonly limit: number
}

export function keepFor(session: Session, { part, mailbox, limit }: KeepArguments): TakeOverOutcome['arrivals'] {
  const { sql } = session
  const { text, values } = rowsIn(part)
  const ends = sql.get<{ first: string | null; last: string | null }>(
    `SELECT min(keeper) AS first, max(keeper) AS last FROM mailbox WHERE handover IS NULL AND ${text} AND keeper > ''`,
    ...values,
  )
  const other = [ends?.first, ends?.last].find(
    (keeper) => keeper !== mailbox && keeper !== null && keeper !== undefined,
  )
  if (other === undefined) return []
  const rows = sql.all<KeptRow>(
    `SELECT * FROM mailbox WHERE handover IS NULL AND ${text} AND keeper = ? ORDER BY id LIMIT ?`,
    ...[...values, other as string, limit],
  )
  if (part.heir !== undefined) {
    for (const { id } of rows) sql.run('UPDATE mailbox SET heir = ? WHERE id = ?', part.heir, id)
  }
  return rows.flatMap((row) => keepOne(session, row, mailbox))
}

function keepOne(session: Session, row: KeptRow, mailbox: OrganId): TakeOverOutcome['arrivals'] {
  const { sql } = session
  if (isOver(row)) {
    sql.run('UPDATE mailbox SET keeper = ? WHERE id = ?', mailbox, row.id)
    return []
  }
  const before = shownInstead(session, { ...row, mailbox })
  if (before !== null) {
    countWaiting(session, row.kind, -1)
    sql.run(
      "UPDATE mailbox SET keeper = '', double_of = ?, collected_at = ?, notice_number = ?, notice_at = ? WHERE id = ?",
      ...[before.id, before.collectedAt, before.collectedAt === null ? 0 : 1, before.collectedAt, row.id],
    )
    return []
  }
  const id = (sql.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'mailbox'")?.seq ?? row.id) + 1
  sql.run("UPDATE sqlite_sequence SET seq = ? WHERE name = 'mailbox'", id)
  sql.run('UPDATE mailbox SET keeper = ?, id = ?, lease = NULL, leased_until = 0 WHERE id = ?', mailbox, id, row.id)
  sql.run('UPDATE mailbox SET double_of = ? WHERE double_of = ?', id, row.id)
  return [{ row: handedOf(row), mailbox, id }]
}
