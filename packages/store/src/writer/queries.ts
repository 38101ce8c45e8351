/** The one current query about each (document, generation, serving node): when it goes out and which number it carries. */
import type { Lane, NodeId, QueryRecord } from '@lienthong/core'
import { advanceQuery } from '@lienthong/core'
import type { DueQuery, OutboxStore } from '../contract-outbox.ts'
import { findDocument, unsettledAt } from './recipients.ts'
import type { Session } from './session.ts'

interface About {
  readonly document: number
  readonly generation: number
  readonly node: NodeId
  readonly lane: Lane
}

/** Schedules a query unless nobody unsettled is behind it. `sooner` also moves one that is scheduled later. */
export function scheduleQuery(session: Session, about: About, at: number, mode: 'if unscheduled' | 'sooner'): void {
  const { document, generation, node, lane } = about
  const merged = mode === 'sooner' ? 'min(coalesce(next_at, ?5), ?5)' : 'coalesce(next_at, ?5)'
  session.sql.run(
    `INSERT INTO query (document, generation, node, lane, number, next_at) SELECT ?1, ?2, ?3, ?4, 0, ?5
       WHERE EXISTS (SELECT 1 FROM recipient WHERE settled = 0 AND document = ?1 AND generation = ?2 AND node = ?3)
     ON CONFLICT DO UPDATE SET next_at = ${merged}`,
    ...[document, generation, node, lane, at],
  )
}

export function findQuery(session: Session, document: number, generation: number, node: NodeId): QueryRecord {
  const row = session.sql.get<{ number: number; next_at: number | null }>(
    'SELECT number, next_at FROM query WHERE document = ? AND generation = ? AND node = ?',
    document,
    generation,
    node,
  )
  return row === undefined ? { number: 0, nextAt: null } : { number: row.number, nextAt: row.next_at }
}

/** Takes `heldWays`. */
const notHeld = "node || ' ' || lane NOT IN (SELECT value FROM json_each(?))"

function heldWays(held: DueArguments['held']): string {
  return JSON.stringify(held.map(({ node, lane }) => `${node} ${lane}`))
}

/** When the next query, or repeated notice of this node's mailboxes, is due. */
export function dueAt({ sql }: Session, { held }: Pick<DueArguments, 'held'>): number | null {
  const query = sql.get<{ at: number }>(
    `SELECT next_at AS at FROM query WHERE next_at IS NOT NULL AND ${notHeld} ORDER BY next_at LIMIT 1`,
    heldWays(held),
  )
  const notice = sql.get<{ at: number }>(
    'SELECT notice_at AS at FROM mailbox WHERE notice_at IS NOT NULL ORDER BY notice_at LIMIT 1',
  )
  if (query === undefined || notice === undefined) return (query ?? notice)?.at ?? null
  return Math.min(query.at, notice.at)
}

export type DueArguments = Parameters<OutboxStore['dueQueries']>[0]

export function dueQueries(session: Session, args: DueArguments): DueQuery[] {
  if (args.about !== undefined) return claimOne(session, args.about, args.now)
  const rows = session.sql.all<About & { uid: string }>(
    `SELECT q.document, q.generation, q.node, q.lane, d.uid
     FROM (SELECT document, generation, node, lane, next_at FROM query
           WHERE next_at <= ? AND ${notHeld}
           ORDER BY next_at LIMIT ?) q
       JOIN document d ON d.id = q.document
     ORDER BY q.next_at`,
    args.now,
    heldWays(args.held),
    args.limit,
  )
  return rows.flatMap((row) => claim(session, row, args.now) ?? [])
}

function claimOne(session: Session, about: NonNullable<DueArguments['about']>, now: number): DueQuery[] {
  const document = findDocument(session, about.uid)
  if (document === undefined) return []
  const { generation, node } = about
  const query = claim(session, { document: document.id, uid: about.uid, generation, node, lane: document.lane }, now)
  return query === null ? [] : [query]
}

function claim(session: Session, about: About & { readonly uid: string }, now: number): DueQuery | null {
  const { document, uid, generation, node, lane } = about
  const organs = unsettledAt(session, document, generation, node)
  if (organs.length === 0) return null
  const next = advanceQuery(findQuery(session, document, generation, node), now, session.timing)
  session.sql.run(
    `INSERT INTO query (document, generation, node, lane, number, next_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET number = excluded.number, next_at = excluded.next_at`,
    ...[document, generation, node, lane, next.number, next.nextAt],
  )
  return { uid, generation, node, organs, lane, number: next.number }
}

export interface HurryArguments {
  readonly now: number
  /** null: all. */
  readonly nodes: readonly NodeId[] | null
}

export function hurryQueries(session: Session, { now, nodes }: HurryArguments): void {
  if (nodes === null) {
    session.sql.run('UPDATE query SET next_at = ?1 WHERE next_at > ?1', now)
    return
  }
  session.sql.run(
    'UPDATE query SET next_at = ?1 WHERE next_at > ?1 AND node IN (SELECT value FROM json_each(?2))',
    now,
    JSON.stringify(nodes),
  )
}
