/** Who sent how many documents to whom, counted a page at a time. */
import type { TrafficOptions, TrafficPage } from '../contract-outbox.ts'
import type { Session } from './session.ts'
import { lastBefore } from './track.ts'

/** A page ends behind the document with which it has looked at so many recipients: one may have a country of them. */
const maxRecipients = 20_000

export function traffic(session: Session, { since, after, limit }: TrafficOptions): TrafficPage {
  const { sql } = session
  const documents = sql.all<{ id: number; kind: string; sender: string }>(
    'SELECT id, kind, sender FROM document WHERE id > ? ORDER BY id LIMIT ?',
    Math.max(after, lastBefore(session, since)),
    limit,
  )
  const pairs = new Map<string, { from: string; to: string; documents: number }>()
  let seen = 0
  for (const [place, { id, kind, sender: from }] of documents.entries()) {
    const isLast = place === documents.length - 1
    if (kind === 'document') {
      const organs = sql.all<{ organ: string }>('SELECT DISTINCT organ FROM recipient WHERE document = ?', id)
      for (const { organ: to } of organs) {
        const key = `${from}\n${to}`
        pairs.set(key, { from, to, documents: (pairs.get(key)?.documents ?? 0) + 1 })
      }
      seen += organs.length
    }
    if (isLast ? documents.length === limit : seen >= maxRecipients) return { pairs: [...pairs.values()], next: id }
  }
  return { pairs: [...pairs.values()], next: null }
}
