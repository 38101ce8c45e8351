/** Recall at the origin: which documents a packet means, and what its receipts say of them. */
import type { ChangeState, OrganId, RecallEffect, RecipientRecord, RecipientState, Sending } from '@lienthong/core'
import { isOutOfReach, lastOutcome, lookupKey, recallOutcome, stopped } from '@lienthong/core'
import type { Moved } from '../contract-documents.ts'
import type { NamedDocument, OutboxStore, TrackedRecall } from '../contract-outbox.ts'
import { recordChange } from './changes.ts'
import type { RecipientRow } from './recipients.ts'
import { findDocument, newestRecipients, recordOf, saveRecord, settle } from './recipients.ts'
import type { Session } from './session.ts'
import { documentsNamed, statusesOf } from './statuses.ts'

export type NamedArguments = Parameters<OutboxStore['named']>[0]

export function named(session: Session, { from, lists, uid }: NamedArguments): NamedDocument[] {
  return lists.map((names) => {
    for (const name of names) {
      const found = documentsNamed(session, name, { senders: [from], uid }).filter(({ isRecall }) => !isRecall)
      if (found.length > 0) return { sendings: found.map((document) => sendingOf(session, document)), isOthers: false }
    }
    return { sendings: [], isOthers: names.some((name) => 'documentId' in name && isSent(session, name.documentId)) }
  })
}

function sendingOf({ sql }: Session, { id, uid }: { readonly id: number; readonly uid: string }): Sending {
  const row = sql.get<{ newest: number }>('SELECT max(generation) AS newest FROM recipient WHERE document = ?', id)
  return { uid, generation: row?.newest ?? 1 }
}

/** By whomever: for an id that nobody of those who ask has. */
function isSent({ sql }: Session, documentId: string): boolean {
  return (
    sql.get("SELECT 1 FROM document WHERE document_id = ? AND +kind = 'document' LIMIT 1", documentId) !== undefined
  )
}

export interface AddressedArguments {
  readonly uids: readonly string[]
  readonly organs: readonly OrganId[]
}

export function addressed({ sql }: Session, { uids, organs }: AddressedArguments): OrganId[] {
  return sql
    .all<{ organ: string }>(
      `SELECT DISTINCT r.organ FROM document d JOIN recipient r ON r.document = d.id
       WHERE d.uid IN (SELECT value FROM json_each(?)) AND r.organ IN (SELECT value FROM json_each(?)) ORDER BY r.organ`,
      JSON.stringify(uids),
      JSON.stringify(organs),
    )
    .map(({ organ }) => organ)
}

/** The packet is accepted, and means these. */
export function recordRecall(
  session: Session,
  packet: { readonly document: number; readonly generation: number },
  about: readonly Sending[],
): void {
  about.forEach(({ uid, generation }, place) => {
    const target = findDocument(session, uid)
    if (target === undefined) return
    session.sql.run(
      'INSERT OR IGNORE INTO recall (document, generation, place, target, up_to) VALUES (?, ?, ?, ?, ?)',
      ...[packet.document, packet.generation, place, target.id, generation],
    )
  })
}

/** The highest generation of the document that a recall of it reached; 0: none. */
export function recalledUpTo({ sql }: Session, document: number): number {
  return sql.get<{ n: number | null }>('SELECT max(up_to) AS n FROM recall WHERE target = ?', document)?.n ?? 0
}

/** What each generation of the packet meant. */
export function meantBy({ sql }: Session, document: number): (generation: number) => readonly Sending[] {
  const rows = sql.all<{ generation: number; uid: string; upTo: number }>(
    `SELECT r.generation, d.uid, r.up_to AS upTo FROM recall r JOIN document d ON d.id = r.target
     WHERE r.document = ? ORDER BY r.place`,
    document,
  )
  return (generation) =>
    rows.filter((row) => row.generation === generation).map(({ uid, upTo }) => ({ uid, generation: upTo }))
}

/** A receipt said what the packet did at this recipient: what was stopped there is settled. Returns the documents this is news of. */
export function applyEffects(
  session: Session,
  packet: { readonly document: number; readonly generation: number },
  { before, after }: { readonly before: RecipientRecord; readonly after: RecipientRecord },
  now: number,
): Moved[] {
  const { organ, effects } = after
  if (effects === undefined || before.effects !== undefined) return []
  const meant = session.sql.all<{ uid: string; place: number; up_to: number }>(
    `SELECT d.uid, r.place, r.up_to FROM recall r JOIN document d ON d.id = r.target
     WHERE r.document = ? AND r.generation = ? ORDER BY r.place`,
    packet.document,
    packet.generation,
  )
  return meant.flatMap(({ uid, up_to: upTo, place }) => {
    const effect = effects[place]
    return effect === undefined || effect === 'asked' ? [] : takenBack(session, { uid, upTo, organ, effect, now })
  })
}

interface TakenBack {
  readonly uid: string
  readonly upTo: number
  readonly organ: OrganId
  readonly effect: 'stopped' | 'withdrawn'
  readonly now: number
}

function takenBack(session: Session, at: TakenBack): Moved[] {
  const document = findDocument(session, at.uid)
  if (document === undefined) return []
  const key = lookupKey(at.organ)
  const row = newestRecipients(session, document.id).find(({ organ }) => lookupKey(organ) === key)
  if (row === undefined || row.generation > at.upTo) return []
  const before: RecipientRecord = recordOf(row)
  const after = at.effect === 'stopped' ? stopped(before) : before
  if (at.effect === 'stopped' && after === before) return []
  if (after !== before && saveRecord(session, row, after)) settle(session, document, [row])
  const { organ, generation } = row
  const change = { type: at.effect, at: at.now, organ, generation, state: after.state, code: null, statusCode: null }
  const seq = recordChange(session, document, change)
  return [{ uid: document.uid, from: document.sender, seq }]
}

interface PacketRow {
  readonly document: number
  readonly generation: number
  readonly place: number
  readonly up_to: number
  readonly uid: string
  readonly kind: TrackedRecall['packets'][number]['kind']
  readonly business_type: number
  readonly accepted_at: number
  readonly organ: string
  readonly state: RecipientState
  readonly code: string | null
  readonly delivered_at: number | null
  readonly effects: string | null
}

/** What became of a document whose sender asked for it back, or changed it; by recipient. null: nobody did. */
export function recallsOf(
  session: Session,
  document: number,
): (row: RecipientRow, change: ChangeState | null) => TrackedRecall | null {
  const rows = session.sql.all<PacketRow>(
    `SELECT r.document, r.generation, r.place, r.up_to, d.uid, d.kind, d.business_type, d.accepted_at,
       p.organ, p.state, p.code, p.delivered_at, p.effects
     FROM recall r JOIN document d ON d.id = r.document
       JOIN recipient p ON p.document = r.document AND p.generation = r.generation
     WHERE r.target = ? ORDER BY r.document, r.generation`,
    document,
  )
  if (rows.length === 0) return () => null
  const byOrgan = new Map<string, PacketRow[]>()
  for (const row of rows) {
    const key = lookupKey(row.organ)
    const others = byOrgan.get(key)
    if (others === undefined) byOrgan.set(key, [row])
    else others.push(row)
  }
  const answers = new Map([...new Set(rows.map((row) => row.document))].map((id) => [id, statusesOf(session, id)]))
  return ({ organ, generation }, change) => {
    const about = (byOrgan.get(lookupKey(organ)) ?? []).filter(({ up_to: upTo }) => upTo >= generation)
    const packets = about.map((row) => {
      const effects = row.effects === null ? [] : (JSON.parse(row.effects) as RecallEffect[])
      // Who answers may name the packet that asks, or the document it is about.
      const answered = answers.get(row.document)?.(row).change
      const effect = effects[row.place] ?? null
      const outcome = recallOutcome({ effect, change: answered ?? change, state: row.state, code: row.code })
      const { uid, kind, business_type: businessType, accepted_at: sentAt, delivered_at: effectAt } = row
      return { uid, kind, businessType, sentAt, effectAt: effect === null ? null : effectAt, outcome }
    })
    const outcome = lastOutcome(packets.map((packet) => packet.outcome))
    return outcome === null ? null : { outcome, packets }
  }
}

/** Recipients who had the document and have it no more, or never will: the same may be sent to them again. */
export function isTakenBack(recall: TrackedRecall | null): boolean {
  return isOutOfReach(recall?.outcome ?? null)
}
