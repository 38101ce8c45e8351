/** What waits for this node's organisations; here, and only here, duplicates end. */
import type {
  Kind,
  NodeId,
  PacketKind,
  Path,
  QueryTiming,
  RecallEffect,
  Receipt,
  TransportState,
} from '@lienthong/core'
import { advanceQuery, isDoneWith, packetKinds, RelayError } from '@lienthong/core'
import type { Moved, PayloadRef } from '../contract-documents.ts'
import type { Acknowledged, CollectedNotice, DeliverOutcome, DeliverRequest, MailItem } from '../contract-mailbox.ts'
import { appendEvent } from './ledger.ts'
import type { IncomingPayload } from './payloads.ts'
import { holdPayload, ownsFile } from './payloads.ts'
import type { Session } from './session.ts'
import type { SqlValue } from './sql.ts'
import { noteStatus } from './statuses.ts'
import { type CarriedOut, carryOut, countWaiting, endStopped, stoppedOrgans } from './tombstones.ts'

export interface MailRow {
  readonly id: number
  readonly uid: string
  readonly organ: string
  readonly generation: number
  readonly kind: Kind
  readonly sender: string
  readonly origin: NodeId
  readonly document_id: string
  readonly subject: string | null
  readonly number: string | null
  readonly issued: string | null
  readonly sha256: string
  readonly size: number
  readonly delivered_at: number
  readonly collected_at: number | null
  readonly path: string
  readonly state: TransportState
  readonly state_reason: string | null
  readonly lease: string | null
  readonly leased_until: number
  /** JSON; null for a packet about no earlier document. */
  readonly effects: string | null
  readonly withdrawn_at: number | null
  /** In whose mailbox it is shown; '' in none. */
  readonly keeper: string
  readonly double_of: number | null
  readonly body: number
  readonly handover: string | null
}

export type DeliverArguments = Omit<DeliverRequest, 'payload'> & { readonly payload: IncomingPayload }

export interface DeliverReply extends DeliverOutcome {
  /** The payload is a file and has an owner. */
  readonly fileOwned: boolean
  /** An assembly ended with it. */
  readonly assembled: boolean
}

export function deliver(session: Session, request: DeliverArguments): DeliverReply {
  const { sql } = session
  const stopped = stoppedOrgans(session, { ...request, by: { from: request.from } })
  const refused: string[] = []
  const fresh: string[] = []
  const arrivals: { organ: string; mailbox: string; id: number }[] = []
  const written = new Map<string, Receipt>()
  for (const organ of request.organs) {
    if (stopped.includes(organ)) continue
    const carried = effectsAt(session, request, organ)
    if (carried === 'refused') {
      refused.push(organ)
      continue
    }
    const mail = newMail(session, request, { organ, ...carried })
    const id = insertMail(session, request, mail)
    if (id === null) continue
    fresh.push(organ)
    written.set(organ, newReceipt(request, mail))
    if (!mail.isDone && !mail.goesAfter && mail.before === null) arrivals.push({ organ, mailbox: mail.mailbox, id })
  }
  let moved: readonly Moved[] = []
  if (fresh.length > 0) {
    holdPayload(session, request.payload, fresh.length)
    countWaiting(session, request.kind, arrivals.length)
    const { businessStatus: status, deliveredAt: at, uid, organs } = request
    // It speaks for whom the core is from, whatever the packet says, and of a document that one of the receivers sent.
    if (status !== null) {
      const all = (codes: readonly string[]) => codes.flatMap((code) => [code, ...(request.predecessors?.[code] ?? [])])
      moved = noteStatus(session, { uid, at, status, senders: all(organs), organs: all([request.from]) })
    }
    appendEvent(session, deliverEvent(request, fresh))
  }
  if (refused.length > 0) appendEvent(session, refuseEvent(request, refused))
  // Of what is stopped here for these organisations there may be an assembly for others.
  const assembled = fresh.length > 0 && sql.run('DELETE FROM assembly WHERE uid = ?', request.uid) > 0
  if (assembled) sql.run('DELETE FROM assembly_core WHERE uid = ?', request.uid)
  return {
    assembled,
    receipts: request.organs.flatMap(
      (organ) => written.get(organ) ?? receipts(session, { ...request, organs: [organ] }),
    ),
    fresh,
    arrivals,
    stopped,
    refused,
    ended: request.about.map(({ uid }) => uid).filter((uid) => endStopped(session, uid)),
    moved,
    fileOwned: ownsFile(session, request.payload),
  }
}

function newMail(
  session: Session,
  request: DeliverArguments,
  { organ, effects, heir }: CarriedOut & { readonly organ: string },
): NewMail {
  const mailbox = request.keepers?.[organ] ?? organ
  const before = shownInstead(session, { ...request, organ, mailbox })
  const goesAfter = effects === null && request.about.length > 0
  return { organ, mailbox, before, effects, heir, goesAfter, isDone: effects !== null && isDoneWith(request, effects) }
}

/** Carried out once per recipient: a duplicate keeps the effects it had. No effects: it is about no earlier document. */
function effectsAt(session: Session, request: DeliverArguments, organ: string): CarriedOut | 'refused' {
  if (request.about.length === 0) return { effects: null, heir: null }
  const known = receipts(session, { ...request, organs: [organ] })[0]
  return known === undefined
    ? (carryOut(session, request, organ) ?? 'refused')
    : { effects: known.effects ?? null, heir: null }
}

function deliverEvent(request: DeliverArguments, fresh: readonly string[]): Parameters<typeof appendEvent>[1] {
  const { origin, from, generation, about, payload, deliveredAt: at, uid } = request
  const detail = { origin, from, generation, organs: fresh, sha256: payload.sha256 }
  if (about.length === 0) return { at, type: 'deliver', uid, detail }
  return { at, type: 'deliver', uid, detail: { ...detail, about: about.map((sending) => sending.uid) } }
}

function refuseEvent(request: DeliverArguments, organs: readonly string[]): Parameters<typeof appendEvent>[1] {
  const { origin, from, about, deliveredAt: at, uid } = request
  const detail = { code: 'RECALL_NOT_SENDER', origin, from, organs, about: about.map((sending) => sending.uid) }
  return { at, type: 'refuse', uid, detail }
}

interface NewMail {
  readonly organ: string
  readonly mailbox: string
  /** What is shown in its place. */
  readonly before: ShownRow | null
  readonly effects: readonly RecallEffect[] | null
  /** Who has what it is about. */
  readonly heir: string | null
  /** What it is about has left for another node: it is shown there. */
  readonly goesAfter: boolean
  /** Nobody need look at it. */
  readonly isDone: boolean
}

function newReceipt({ deliveredAt, path }: DeliverArguments, mail: NewMail): Receipt {
  const { organ, effects } = mail
  const receipt = { organ, deliveredAt, collectedAt: collectedAtOnce(mail, deliveredAt), path }
  return effects === null ? receipt : { ...receipt, effects }
}

/** When nobody need look at it, or its reader has looked at the same one already. */
function collectedAtOnce({ isDone, before }: NewMail, deliveredAt: number): number | null {
  return isDone ? deliveredAt : (before?.collectedAt ?? null)
}

function insertMail(session: Session, request: DeliverArguments, mail: NewMail): number | null {
  return session.sql.insertNew(
    `INSERT INTO mailbox (uid, organ, generation, kind, business_type, sender, origin, document_id, subject, number,
       issued, sha256, size, sealed_at, delivered_at, path, collected_at, state, effects, keeper, double_of,
       unit, heir, by_hand, about)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid, organ, generation) DO NOTHING`,
    request.uid,
    mail.organ,
    request.generation,
    request.kind,
    request.businessType,
    request.from,
    request.origin,
    request.documentId,
    request.headline.subject,
    request.headline.number,
    request.headline.date,
    request.payload.sha256,
    request.payload.size,
    request.sealedAt,
    request.deliveredAt,
    JSON.stringify(request.path),
    collectedAtOnce(mail, request.deliveredAt),
    mail.isDone ? 'done' : 'initial',
    mail.effects === null ? null : JSON.stringify(mail.effects),
    mail.before === null && !mail.goesAfter ? mail.mailbox : '',
    mail.before?.id ?? null,
    request.units?.[mail.organ] ?? null,
    mail.heir,
    mail.heir === null ? 0 : 1,
    mail.goesAfter ? JSON.stringify(request.about) : null,
  )
}

/** A row of the same document to another organisation, shown in the same mailbox: whoever reads there needs it once. */
export interface ShownRow {
  readonly id: number
  readonly collectedAt: number | null
}

export function shownInstead(
  { sql }: Session,
  { uid, generation, organ, mailbox }: Pick<MailRow, 'uid' | 'generation' | 'organ'> & { readonly mailbox: string },
): ShownRow | null {
  return (
    sql.get<ShownRow>(
      `SELECT id, collected_at AS collectedAt FROM mailbox
       WHERE uid = ? AND generation = ? AND organ <> ? AND keeper = ? AND withdrawn_at IS NULL ORDER BY id LIMIT 1`,
      ...[uid, generation, organ, mailbox],
    ) ?? null
  )
}

export interface ReceiptArguments {
  readonly uid: string
  readonly generation: number
  readonly organs: readonly string[]
}

export function receipts(session: Session, { uid, generation, organs }: ReceiptArguments): Receipt[] {
  return organs.flatMap((organ) => {
    const row = session.sql.get<ReceiptRow>(
      `SELECT organ, delivered_at, collected_at, path, effects FROM mailbox
       WHERE uid = ? AND organ = ? AND generation = ?`,
      uid,
      organ,
      generation,
    )
    return row === undefined ? [] : [receiptOf(row)]
  })
}

type ReceiptRow = Pick<MailRow, 'organ' | 'delivered_at' | 'collected_at' | 'path' | 'effects'>

function receiptOf(row: ReceiptRow): Receipt {
  return {
    organ: row.organ,
    deliveredAt: row.delivered_at,
    collectedAt: row.collected_at,
    path: JSON.parse(row.path) as Path,
    ...(row.effects !== null && { effects: JSON.parse(row.effects) as RecallEffect[] }),
  }
}

export interface ListArguments {
  readonly organ: string
  readonly after: number
  readonly limit: number
  readonly all: boolean
  readonly kind?: PacketKind | undefined
}

export function listMail(session: Session, args: ListArguments): MailItem[] {
  const waiting = args.all ? '' : 'AND collected_at IS NULL'
  return mailRows(session, args, waiting).map(itemOf)
}

/** Rows of an organisation in order of their ids: one search by index per kind. */
export function mailRows(
  { sql }: Session,
  args: Omit<ListArguments, 'all'>,
  condition: string,
  ...values: SqlValue[]
): MailRow[] {
  const text = `SELECT * FROM mailbox WHERE keeper = ? AND kind = ? AND id > ? AND withdrawn_at IS NULL ${condition}
    ORDER BY id LIMIT ?`
  const rowsOf = (kind: PacketKind) => sql.all<MailRow>(text, args.organ, kind, args.after, ...values, args.limit)
  if (args.kind !== undefined) return rowsOf(args.kind)
  return packetKinds
    .flatMap(rowsOf)
    .sort((a, b) => a.id - b.id)
    .slice(0, args.limit)
}

export function countMail(
  { sql }: Session,
  { organ, kind }: { readonly organ: string; readonly kind: PacketKind | null },
): number {
  const text = `SELECT count(*) AS n FROM mailbox
    WHERE keeper = ? AND kind = ? AND collected_at IS NULL AND withdrawn_at IS NULL`
  const countOf = (each: PacketKind): number => sql.get<{ n: number }>(text, organ, each)?.n ?? 0
  return kind === null ? packetKinds.map(countOf).reduce((sum, n) => sum + n, 0) : countOf(kind)
}

export interface MailKey {
  readonly organ: string
  readonly id: number
}

export function getMail(session: Session, key: MailKey): MailItem | null {
  const row = findMail(session, key)
  return row === undefined ? null : itemOf(row)
}

/** Throws DOCUMENT_RECALLED for what was withdrawn, also before whoever had leased it. */
export function findMail(session: Session, { organ, id }: MailKey): MailRow | undefined {
  const row = session.sql.get<MailRow>('SELECT * FROM mailbox WHERE id = ? AND keeper = ?', id, organ)
  if (row !== undefined && row.withdrawn_at !== null) throw new RelayError('DOCUMENT_RECALLED', { detail: { id } })
  return row
}

export function acknowledge(
  session: Session,
  { now, lease, ...key }: MailKey & { readonly now: number; readonly lease: string | null },
): Acknowledged | null {
  const row = findMail(session, key)
  if (row === undefined) return null
  if (row.collected_at === null) {
    if (lease !== null && lease !== row.lease) throw new RelayError('LEASE_LOST', { detail: { id: row.id } })
    countWaiting(session, row.kind, -1)
    session.sql.run(
      `UPDATE mailbox SET collected_at = ?1, notice_number = 1, notice_at = ?2
       WHERE collected_at IS NULL AND (id = ?3 OR double_of = ?3)`,
      ...[now, now + session.timing.firstMs, row.id],
    )
  }
  const { uid, generation, origin, id } = row
  const doubles = session.sql.all<MailRow>('SELECT * FROM mailbox WHERE double_of = ? AND handover IS NULL', id)
  const organs = [row.organ, ...doubles.map(({ organ }) => organ)]
  const item = itemOf({ ...row, collected_at: row.collected_at ?? now })
  return { ...item, origin, receipts: receipts(session, { uid, generation, organs }) }
}

export function itemOf(row: MailRow): MailItem {
  return {
    id: row.id,
    uid: row.uid,
    generation: row.generation,
    kind: row.kind,
    organ: row.keeper,
    addressed: row.organ,
    from: row.sender,
    documentId: row.document_id,
    headline: { subject: row.subject, number: row.number, date: row.issued },
    payload: { sha256: row.sha256, size: row.size },
    deliveredAt: row.delivered_at,
    collectedAt: row.collected_at,
    path: JSON.parse(row.path) as Path,
    state: row.collected_at === null ? row.state : 'done',
    stateReason: row.state_reason,
    leasedUntil: row.collected_at === null && row.leased_until > 0 ? row.leased_until : null,
  }
}

export interface NoticeArguments {
  readonly now: number
  readonly limit: number
  readonly timing: QueryTiming
}

/** One notice per (uid, generation, origin); `limit` counts recipients. */
export function dueCollected(session: Session, { now, limit, timing }: NoticeArguments): CollectedNotice[] {
  const rows = session.sql.all<MailRow & { notice_number: number; notice_at: number }>(
    'SELECT * FROM mailbox WHERE notice_at <= ? ORDER BY notice_at LIMIT ?',
    now,
    limit,
  )
  const notices = new Map<string, CollectedNotice & { receipts: Receipt[] }>()
  for (const row of rows) {
    const next = advanceQuery({ number: row.notice_number, nextAt: row.notice_at }, now, timing)
    session.sql.run(
      'UPDATE mailbox SET notice_number = ?, notice_at = ? WHERE id = ?',
      ...[next.number, next.nextAt, row.id],
    )
    const { uid, generation, origin } = row
    const key = JSON.stringify([uid, generation, origin])
    const notice = notices.get(key)
    if (notice === undefined) notices.set(key, { uid, generation, origin, receipts: [receiptOf(row)] })
    else notice.receipts.push(receiptOf(row))
  }
  return [...notices.values()]
}

export function noted(
  session: Session,
  { uid, generation, organs, origin }: ReceiptArguments & { readonly origin: NodeId },
): void {
  for (const organ of organs) {
    session.sql.run(
      'UPDATE mailbox SET notice_at = NULL WHERE uid = ? AND organ = ? AND generation = ? AND origin = ?',
      ...[uid, organ, generation, origin],
    )
  }
}

export function payloadOf(session: Session, { uid }: { readonly uid: string }): PayloadRef | null {
  const row = session.sql.get<PayloadRef>('SELECT sha256, size FROM mailbox WHERE uid = ? AND body = 1 LIMIT 1', uid)
  return row === undefined ? null : { sha256: row.sha256, size: row.size }
}
