/** Recalls of documents that had left for another node: they go after them, and are carried out where those are. */
import { isDoneWith, type OrganId, type Sending } from '@lienthong/core'
import type { KeptRow } from './kept-rows.ts'
import type { Session } from './session.ts'
import { carryOut, countWaiting } from './tombstones.ts'

/** For those that stand here: what they mean may have come. Their origin hears of it as of what was collected. */
export function goAfter(session: Session, organ: OrganId): void {
  const { sql } = session
  const packets = sql.all<KeptRow>(
    'SELECT * FROM mailbox WHERE about IS NOT NULL AND handover IS NULL AND organ = ?',
    organ,
  )
  for (const row of packets) {
    const { id, kind, business_type: businessType, sender: from, origin, delivered_at: deliveredAt } = row
    const about = JSON.parse(row.about ?? '[]') as Sending[]
    const carried = carryOut(session, { kind, businessType, from, origin, about, deliveredAt }, organ)
    if (carried !== null && carried.effects === null) {
      sql.run('UPDATE mailbox SET heir = ?, by_hand = 1 WHERE id = ?', carried.heir, id)
      continue
    }
    const effects = carried?.effects ?? []
    const isDone = isDoneWith({ kind, businessType }, effects)
    if (!isDone) countWaiting(session, kind, 1)
    sql.run(
      `UPDATE mailbox SET about = NULL, effects = ?, keeper = ?, collected_at = ?, notice_at = ?, notice_number = ?,
         state = CASE WHEN ? THEN 'done' ELSE state END WHERE id = ?`,
      ...[effects.length === 0 ? null : JSON.stringify(effects), isDone ? '' : organ],
      ...(isDone ? [deliveredAt, deliveredAt, 1, 1] : [null, null, 0, 0]),
      id,
    )
  }
}
