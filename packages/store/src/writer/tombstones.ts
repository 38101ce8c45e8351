/** Recall at the serving node: what must never get into a mailbox, and what is taken out of one again. */
import type { HandedTombstone, HeldSending, OrganId, RecallEffect } from '@lienthong/core'
import { decideRecall, isBetweenNodes, isStopped } from '@lienthong/core'
import type { DeliverRequest } from '../contract-mailbox.ts'
import { releasePayload } from './payloads.ts'
import type { Session } from './session.ts'

type Recalling = Pick<
  DeliverRequest,
  'kind' | 'businessType' | 'from' | 'origin' | 'about' | 'deliveredAt' | 'predecessors'
>

interface HeldRow {
  readonly id: number
  readonly uid: string
  readonly kind: DeliverRequest['kind']
  readonly generation: number
  readonly sender: string
  readonly sha256: string
  readonly collected_at: number | null
  readonly withdrawn_at: number | null
  readonly body: number
  readonly handover: string | null
  readonly heir: OrganId | null
}

export interface CarriedOut {
  /** null: what it means has left for another node; the packet goes after it, and is carried out there. */
  readonly effects: readonly RecallEffect[] | null
  /** Who got what it means, of a split organisation. */
  readonly heir: OrganId | null
}

/** What the packet does at this recipient to each document it is about; null: one is another's, and nothing was done. */
export function carryOut(session: Session, packet: Recalling, organ: OrganId): CarriedOut | null {
  // What was addressed to those it has succeeded is its own to answer for now.
  const organs = [organ, ...(packet.predecessors?.[organ] ?? [])]
  const decided = packet.about.map(({ uid, generation }) => {
    const known = organs.flatMap((each) => rowsAbout(session, uid, each))
    const decision = decideRecall(packet, generation, known.map(heldOf))
    const gone = known.filter(
      (row) => row.handover !== null && decision.withdraw.includes(row.generation) && heldOf(row).state === 'waiting',
    )
    return { uid, generation, known, decision, gone }
  })
  const effects = decided.flatMap(({ decision: { effect } }) => effect ?? [])
  if (effects.length < decided.length) return null
  for (const { uid, generation, known, decision } of decided) {
    for (const row of known) {
      if (row.handover === null && decision.withdraw.includes(row.generation)) {
        withdraw(session, row, packet.deliveredAt)
      }
    }
    const { from, origin, deliveredAt: at } = packet
    if (!decision.bury) continue
    for (const each of organs) addTombstone(session, { uid, organ: each, generation, from, origin, at })
  }
  const heir = decided.flatMap(({ known }) => known.flatMap((row) => row.heir ?? []))[0] ?? null
  const goneTo = new Set(decided.flatMap(({ gone }) => gone.map((row) => row.heir)))
  if (goneTo.size === 0) return { effects, heir }
  // A packet goes to one place: what else it means is asked for there, by whoever reads it.
  if (goneTo.size === 1 && !effects.includes('asked')) return { effects: null, heir: [...goneTo][0] ?? null }
  return { effects: decided.map(({ gone }, place) => (gone.length > 0 ? 'asked' : (effects[place] ?? 'asked'))), heir }
}

function rowsAbout({ sql }: Session, uid: string, organ: OrganId): HeldRow[] {
  return sql.all<HeldRow>(
    `SELECT id, uid, kind, generation, sender, sha256, collected_at, withdrawn_at, body, handover, heir FROM mailbox
     WHERE uid = ? AND organ = ? ORDER BY generation`,
    uid,
    organ,
  )
}

function heldOf(row: HeldRow): HeldSending {
  const state = row.withdrawn_at !== null ? 'withdrawn' : row.collected_at !== null ? 'collected' : 'waiting'
  return { generation: row.generation, from: row.sender, state }
}

/** The row stays: it is the receipt, and what duplicates meet. */
export function withdraw(session: Session, row: Pick<HeldRow, 'id' | 'kind' | 'sha256' | 'body'>, at: number): void {
  const { sql } = session
  const { id, kind, sha256, body } = row
  // One withdrawn before may just have made room for this one.
  const { keeper = '' } = sql.get<{ keeper: string }>('SELECT keeper FROM mailbox WHERE id = ?', id) ?? {}
  sql.run('UPDATE mailbox SET withdrawn_at = ?, body = 0, lease = NULL, leased_until = 0 WHERE id = ?', at, id)
  if (body === 1) releasePayload(session, sha256)
  // One that was shown in the place of others makes room for the next of them.
  const next = sql.get<{ id: number }>(
    'SELECT id FROM mailbox WHERE double_of = ? AND withdrawn_at IS NULL LIMIT 1',
    id,
  )
  if (keeper !== '' && next === undefined) countWaiting(session, kind, -1)
  if (next === undefined) return
  sql.run('UPDATE mailbox SET keeper = ?, double_of = NULL WHERE id = ?', keeper, next.id)
  sql.run('UPDATE mailbox SET double_of = ? WHERE double_of = ?', next.id, id)
}

/** More, or fewer, items wait. */
export function countWaiting(session: Session, kind: DeliverRequest['kind'], more: number): void {
  if (isBetweenNodes(kind)) return
  const { tally } = session
  session.tally = { ...tally, waiting: { ...tally.waiting, [kind]: tally.waiting[kind] + more } }
}

export function addTombstone({ sql }: Session, { uid, organ, generation, from, origin, at }: HandedTombstone): void {
  sql.run(
    `INSERT INTO tombstone (uid, organ, sender, generation, origin, at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET generation = max(generation, excluded.generation), origin = excluded.origin, handover = NULL`,
    ...[uid, organ, from, generation, origin, at],
  )
}

const columns = 'uid, organ, generation, sender AS "from", origin, at'

/** Of a mailbox that is to move. */
export function keptTombstones({ sql }: Session, organ: OrganId, limit: number): HandedTombstone[] {
  return sql.all<HandedTombstone>(
    `SELECT ${columns} FROM tombstone WHERE handover IS NULL AND organ = ? LIMIT ?`,
    ...[organ, limit],
  )
}

function tombstonesOf({ sql }: Session, uid: string): HandedTombstone[] {
  return sql.all<HandedTombstone>(`SELECT ${columns} FROM tombstone WHERE uid = ?`, uid)
}

export interface StoppedArguments {
  readonly uid: string
  readonly generation: number
  readonly organs: readonly OrganId[]
  /** The sender of the document, or the node that sealed it. */
  readonly by: { readonly from: OrganId } | { readonly origin: string }
}

/** Of these organisations, those before whom the document is stopped and whose mailbox it never got into. */
export function stoppedOrgans(session: Session, { uid, generation, organs, by }: StoppedArguments): OrganId[] {
  const tombstones = tombstonesOf(session, uid)
  if (tombstones.length === 0) return []
  const concerns = 'from' in by ? tombstones : tombstones.filter(({ origin }) => origin === by.origin)
  return organs.filter((organ) => {
    const own = concerns.filter((tombstone) => tombstone.organ === organ)
    const stops = own.some((tombstone) => isStopped({ from: tombstone.from, generation, ...by }, [tombstone]))
    return stops && !isHere(session, uid, generation, organ)
  })
}

function isHere({ sql }: Session, uid: string, generation: number, organ: OrganId): boolean {
  return (
    sql.get('SELECT 1 FROM mailbox WHERE uid = ? AND organ = ? AND generation = ?', uid, organ, generation) !==
    undefined
  )
}

/** Ends an assembly nobody is to get: every organisation it is for has the document or is never to have it. True when it did. */
export function endStopped(session: Session, uid: string): boolean {
  const tombstones = tombstonesOf(session, uid)
  if (tombstones.length === 0) return false
  const assembly = session.sql.get<{ sender: string }>('SELECT sender FROM assembly WHERE uid = ?', uid)
  if (assembly === undefined) return false
  const cores = session.sql.all<{ generation: number; organs: string }>(
    'SELECT generation, organs FROM assembly_core WHERE uid = ?',
    uid,
  )
  for (const { generation, organs } of cores) {
    for (const organ of JSON.parse(organs) as OrganId[]) {
      const own = tombstones.filter((tombstone) => tombstone.organ === organ)
      if (!isStopped({ from: assembly.sender, generation }, own) && !isHere(session, uid, generation, organ))
        return false
    }
  }
  session.sql.run('DELETE FROM assembly_core WHERE uid = ?', uid)
  session.sql.run('DELETE FROM assembly WHERE uid = ?', uid)
  return true
}
