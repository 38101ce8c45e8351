/** Dead letters, and the hash chain of events. */
import { createHash } from 'node:crypto'
import type { DeadLetter } from '../contract.ts'
import type { Session } from './session.ts'
import { bytesOf } from './sql.ts'

export interface EventRequest {
  readonly at: number
  readonly type: string
  readonly uid: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

export interface EventRow {
  readonly id: number
  readonly at: number
  readonly type: string
  readonly uid: string | null
  /** Canonical JSON. */
  readonly detail: string
}

export function appendEvent(session: Session, event: EventRequest): void {
  const { tally, sql } = session
  const detail = canonicalJson(event.detail).replaceAll('\0', '\ufffd')
  const row: EventRow = { id: tally.eventId + 1, at: event.at, type: event.type, uid: event.uid, detail }
  const hash = chainHash(tally.eventHash, row)
  sql.run(
    'INSERT INTO event (id, at, type, uid, detail, hash) VALUES (?, ?, ?, ?, ?, ?)',
    ...[row.id, row.at, row.type, row.uid, row.detail, hash],
  )
  session.tally = { ...tally, eventId: row.id, eventHash: hash }
}

/** SHA-256(previous ‖ canonical text of the row). The text is a JSON array, so that no field can run into the next. */
export function chainHash(previous: Uint8Array, row: EventRow): Uint8Array {
  const text = JSON.stringify([row.id, row.at, row.type, row.uid, row.detail])
  return createHash('sha256').update(previous).update(text).digest()
}

/** JSON with the keys of every object in code-point order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

export function bury(session: Session, letter: Omit<DeadLetter, 'id'>): void {
  session.sql.run(
    'INSERT INTO dead_letter (at, reason, link, uid, detail, bytes) VALUES (?, ?, ?, ?, ?, ?)',
    ...[letter.at, letter.reason, letter.link, letter.uid, letter.detail, letter.bytes],
  )
  session.tally = { ...session.tally, deadLetters: session.tally.deadLetters + 1 }
  const detail = { reason: letter.reason, link: letter.link, bytes: letter.bytes.byteLength }
  appendEvent(session, { at: letter.at, type: 'dead', uid: letter.uid, detail })
}

export function deadLetters(session: Session, args: { readonly after: number; readonly limit: number }): DeadLetter[] {
  return session.sql
    .all<Omit<DeadLetter, 'bytes'> & { bytes: unknown }>(
      'SELECT id, at, reason, link, uid, detail, bytes FROM dead_letter WHERE id > ? ORDER BY id LIMIT ?',
      args.after,
      args.limit,
    )
    .map((row) => ({ ...row, bytes: bytesOf(row.bytes) }))
}
