/** What an operator wants to watch, for the price of a few index searches. */
import type { PacketKind } from '@lienthong/core'
import type { StoreFigures } from '../contract-doors.ts'
import type { Session } from './session.ts'

export function figures(session: Session): StoreFigures {
  const { documents, copies, waiting, deadLetters } = session.tally
  return {
    documents,
    copies,
    oldestDocumentAt: first(session, 'SELECT accepted_at AS n FROM document WHERE unsettled > 0 ORDER BY id LIMIT 1'),
    waiting,
    oldestWaitingAt: { document: oldest(session, 'document'), status: oldest(session, 'status') },
    deadLetters,
    databaseBytes:
      (first(session, 'SELECT page_count AS n FROM pragma_page_count') ?? 0) *
      (first(session, 'SELECT page_size AS n FROM pragma_page_size') ?? 0),
  }
}

function oldest(session: Session, kind: PacketKind): number | null {
  const text = `SELECT delivered_at AS n FROM mailbox
    WHERE kind = ? AND collected_at IS NULL AND withdrawn_at IS NULL AND keeper > '' ORDER BY id LIMIT 1`
  return session.sql.get<{ n: number }>(text, kind)?.n ?? null
}

function first({ sql }: Session, text: string): number | null {
  return sql.get<{ n: number }>(text)?.n ?? null
}

export function touch({ sql }: Session, { now }: { readonly now: number }): void {
  sql.run('INSERT INTO probe (id, at) VALUES (1, ?1) ON CONFLICT DO UPDATE SET at = ?1', now)
}
