/** The history of what was sent: one row per recipient and outcome, so that whoever follows it misses nothing. */
import type { ChangeType, RecipientRecord } from '@lienthong/core'
import type { SentChange } from '../contract-doors.ts'
import type { Session } from './session.ts'

type NewChange = Pick<SentChange, 'type' | 'at' | 'organ' | 'generation' | 'state' | 'code' | 'statusCode'>

/** What a recipient's step forward is for those who follow; null: nothing they would act on. */
export function changeOf(before: RecipientRecord, after: RecipientRecord): Omit<NewChange, 'at' | 'generation'> | null {
  const type = outcomeOf(after)
  if (type === null || type === outcomeOf(before)) return null
  return {
    type,
    organ: after.organ,
    state: after.state,
    code: type === 'undeliverable' ? after.code : null,
    statusCode: null,
  }
}

/** A provisional end may be overruled by the serving node: it is none yet. */
function outcomeOf({ state, provisional }: RecipientRecord): ChangeType | null {
  if (state === 'accepted' || state === 'dispatched' || provisional) return null
  return state
}

/** Returns its seq. */
export function recordChange(
  { sql }: Session,
  document: { readonly id: number; readonly sender: string },
  change: NewChange,
): number {
  return sql.insert(
    `INSERT INTO change (sender, document, type, at, organ, generation, state, code, status_code)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    document.sender,
    document.id,
    change.type,
    change.at,
    change.organ,
    change.generation,
    change.state,
    change.code,
    change.statusCode,
  )
}

export interface ChangesArguments {
  readonly from: string
  readonly after: number
  readonly limit: number
}

export function listChanges({ sql }: Session, { from, after, limit }: ChangesArguments): SentChange[] {
  return sql.all<SentChange>(
    `SELECT c.seq, c.type, c.at, d.uid, d.document_id AS documentId, d.kind, c.sender AS "from", c.organ, c.generation,
       c.state, c.code, c.status_code AS statusCode
     FROM change c JOIN document d ON d.id = c.document
     WHERE c.sender = ? AND c.seq > ? ORDER BY c.seq LIMIT ?`,
    from,
    after,
    limit,
  )
}

/** The counter of the table outlives its rows. */
export function lastChange({ sql }: Session): number {
  return sql.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'change'")?.seq ?? 0
}

/** Rows one call forgets at most, so that it never holds up the others. */
const trimRows = 1000

export function trimChanges({ sql }: Session, { before }: { readonly before: number }): number {
  return sql.run(
    `DELETE FROM change WHERE seq IN (SELECT seq FROM (SELECT seq, at FROM change ORDER BY seq LIMIT ${trimRows}) WHERE at < ?)`,
    before,
  )
}
