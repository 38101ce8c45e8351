/** Rows of organisations that were split: how they stand, and what a person decides about one. */
import { type OrganId, type RowTraits, traitsOf } from '@lienthong/core'
import type { RowDecided, RowDecision, RowGroup, RowKey } from '../contract-handover.ts'
import { handedOf, isOver, type KeptRow } from './kept-rows.ts'
import { appendEvent } from './ledger.ts'
import type { Session } from './session.ts'

export function rowGroups({ sql }: Session, { organ }: { readonly organ: OrganId }): RowGroup[] {
  const waits = 'collected_at IS NULL AND withdrawn_at IS NULL'
  return sql
    .all<Omit<RowGroup, 'organ' | 'chosen'> & { heir: OrganId | null; byHand: number }>(
      `SELECT CASE WHEN ${waits} THEN sender END AS "from", CASE WHEN ${waits} THEN unit END AS unit, heir,
         by_hand AS byHand, count(*) AS count, min(delivered_at) AS oldestAt
       FROM mailbox WHERE handover IS NULL AND organ = ? GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
      organ,
    )
    .map(({ heir, byHand, ...group }) => {
      return { ...group, organ, chosen: heir === null ? null : { heir, byHand: byHand === 1 } }
    })
}

export function splitRow(
  { sql }: Session,
  { uid, generation, organ }: RowKey,
): (RowTraits & { readonly left: boolean }) | null {
  const row = sql.get<KeptRow>(
    'SELECT * FROM mailbox WHERE uid = ? AND organ = ? AND generation = ?',
    ...[uid, organ, generation],
  )
  return row === undefined ? null : { ...traitsOf(handedOf(row)), left: row.handover !== null }
}

export function decideRow(session: Session, { organ, key, from, heir, by, reason, at }: RowDecision): RowDecided {
  const [condition, value] = 'uid' in key ? ['uid = ?', key.uid] : ['number = ?', key.number]
  const found = session.sql.all<KeptRow>(
    `SELECT * FROM mailbox WHERE organ = ? AND ${condition} AND (?3 IS NULL OR sender = ?3) ORDER BY generation`,
    ...[organ, value, from ?? null],
  )
  const open = found.filter((row) => row.handover === null && !isOver(row))
  const rows = open.length > 0 ? open : found
  const last = rows.at(-1)
  if (last === undefined) return { outcome: 'unknown' }
  const uids = [...new Set(rows.map(({ uid }) => uid))]
  if (uids.length > 1) return { outcome: 'several', uids }
  const { uid } = last
  // Said once more after it has gone there, it is no mistake.
  const hasIt = last.heir === heir && (last.by_hand === 1 || last.handover !== null)
  if (open.length === 0 && !hasIt) return { outcome: 'late', uid, heir: isOver(last) ? null : last.heir }
  const fresh = open.filter((row) => row.heir !== heir || row.by_hand === 0)
  for (const { id } of fresh) session.sql.run('UPDATE mailbox SET heir = ?, by_hand = 1 WHERE id = ?', heir, id)
  if (fresh.length > 0) {
    appendEvent(session, { at, type: 'reorg.decide', uid, detail: { organ, heir, from: last.sender, by, reason } })
  }
  return { outcome: 'decided', uid, fresh: fresh.length > 0 }
}
