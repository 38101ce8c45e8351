/** What was ordered of links, and what waits for them. */
import type { Hop, Lane, LinkOrder, LinkStop } from '@lienthong/core'
import type { HopBacklog, LinkStore } from '../contract-doors.ts'
import { recordAct } from './access.ts'
import type { Session } from './session.ts'

interface OrderRow {
  readonly neighbour: string
  readonly stop: LinkStop | null
  readonly until: number | null
  readonly bytes_per_second: number | null
  readonly ordered_by: string
  readonly reason: string
  readonly at: number
}

export function linkOrders({ sql }: Session): LinkOrder[] {
  return sql.all<OrderRow>('SELECT * FROM link_order ORDER BY neighbour').map((row) => ({
    neighbour: row.neighbour,
    stop: row.stop,
    until: row.until,
    bytesPerSecond: row.bytes_per_second,
    by: row.ordered_by,
    reason: row.reason,
    at: row.at,
  }))
}

export function writeLinkOrder(session: Session, { neighbour, order, act }: Parameters<LinkStore['order']>[0]): void {
  session.sql.run('DELETE FROM link_order WHERE neighbour = ?', neighbour)
  if (order !== null) {
    session.sql.run(
      `INSERT INTO link_order (neighbour, stop, until, bytes_per_second, ordered_by, reason, at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      neighbour,
      order.stop,
      order.until,
      order.bytesPerSecond,
      order.by,
      order.reason,
      order.at,
    )
  }
  recordAct(session, act)
}

interface BacklogRow {
  readonly hop: Hop
  readonly lane: Lane
  readonly copies: number
  readonly first: number
}

/** One walk along the index of the lines, and one look-up for each of them. */
export function hopBacklog({ sql }: Session): HopBacklog[] {
  // Urgent copies have negative numbers and go first; the one longest in line is the first of the others, if there is one.
  const rows = sql.all<BacklogRow>(
    `SELECT hop, lane, COUNT(*) AS copies, COALESCE(MIN(CASE WHEN seq > 0 THEN seq END), MIN(seq)) AS first
     FROM copy GROUP BY hop, lane`,
  )
  return rows.map(({ hop, lane, copies, first }) => {
    const found = sql.get<{ at: number }>(
      `SELECT document.accepted_at AS at FROM copy JOIN outbox_core ON outbox_core.id = copy.core
       JOIN document ON document.id = outbox_core.document WHERE copy.seq = ?`,
      first,
    )
    return { hop, lane, copies, oldestAt: found?.at ?? null }
  })
}
