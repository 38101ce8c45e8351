/** Copies waiting in line for a hop. */
import type { Hop, Lane, Missing, NodeId, OrganId } from '@lienthong/core'
import type { DispatchItem, OutboxStore } from '../contract-outbox.ts'
import { scheduleQuery } from './queries.ts'
import { copiesOf, findDocument, findRecipient, keepTargets } from './recipients.ts'
import type { Session } from './session.ts'
import { bytesOf } from './sql.ts'

interface LineRow {
  readonly seq: number
  readonly uid: string
  readonly generation: number
  readonly targets: string
  readonly recipients: string
  readonly segments: string
  readonly segment_bytes: number
  readonly sha256: string
  readonly size: number
  readonly core: unknown
  readonly seal: unknown
  readonly bytes: unknown
}

export interface PageArguments {
  readonly hop: Hop
  readonly lane: Lane
  readonly after: number
  readonly limit: number
}

export function page(session: Session, args: PageArguments): DispatchItem[] {
  const rows = session.sql.all<LineRow>(
    `SELECT c.seq, d.uid, o.generation, c.targets, o.recipients, c.segments, d.segment_bytes, d.sha256, d.size,
       o.core, o.seal, b.bytes
     FROM copy c
       JOIN outbox_core o ON o.id = c.core
       JOIN document d ON d.id = o.document
       LEFT JOIN payload p ON p.sha256 = d.sha256
       LEFT JOIN payload_bytes b ON b.id = p.id
     WHERE c.hop = ? AND c.lane = ? AND c.seq > ? ORDER BY c.seq LIMIT ?`,
    args.hop,
    args.lane,
    args.after,
    args.limit,
  )
  return rows.map((row) => itemOf(row, args.lane))
}

function itemOf(row: LineRow, lane: Lane): DispatchItem {
  const to = JSON.parse(row.targets) as number[]
  const recipients = recipientsOf(row.recipients)
  return {
    seq: row.seq,
    uid: row.uid,
    generation: row.generation,
    core: bytesOf(row.core),
    seal: bytesOf(row.seal),
    to,
    recipients: to.flatMap((position) => recipients[position] ?? []),
    segments: JSON.parse(row.segments) as Missing,
    segmentBytes: row.segment_bytes,
    payload: { sha256: row.sha256, size: row.size },
    inline: row.bytes === null ? null : bytesOf(row.bytes),
    lane,
  }
}

function recipientsOf(json: string): { organ: OrganId; node: NodeId }[] {
  return (JSON.parse(json) as [OrganId, NodeId][]).map(([organ, node]) => ({ organ, node }))
}

export interface DispatchedArguments {
  readonly sent: Parameters<OutboxStore['dispatched']>[0]
  readonly now: number
}

export function dispatched(session: Session, { sent, now }: DispatchedArguments): void {
  for (const { seq, remaining } of sent) dispatchedOne(session, seq, remaining ?? [], now)
}

interface SentRow {
  readonly core: number
  readonly lane: Lane
  readonly targets: string
  readonly document: number
  readonly generation: number
  readonly recipients: string
}

function dispatchedOne(session: Session, seq: number, remaining: readonly number[], now: number): void {
  const row = session.sql.get<SentRow>(
    `SELECT c.core, c.lane, c.targets, o.document, o.generation, o.recipients
     FROM copy c JOIN outbox_core o ON o.id = c.core WHERE c.seq = ?`,
    seq,
  )
  if (row === undefined) return
  const to = JSON.parse(row.targets) as number[]
  const left = new Set(remaining)
  const kept = to.filter((position) => left.has(position))
  keepTargets(session, seq, kept)
  const waiting = new Set(copiesOf(session, row.core).flatMap((copy) => copy.to))
  const recipients = recipientsOf(row.recipients)
  const nodes = new Set<NodeId>()
  for (const position of to) {
    const recipient = recipients[position]
    if (recipient === undefined || waiting.has(position)) continue
    session.sql.run(
      `UPDATE recipient SET state = 'dispatched', dispatched_at = ?
       WHERE document = ? AND generation = ? AND organ = ? AND state = 'accepted'`,
      ...[now, row.document, row.generation, recipient.organ],
    )
    nodes.add(recipient.node)
  }
  for (const node of nodes) {
    const about = { document: row.document, generation: row.generation, node, lane: row.lane }
    scheduleQuery(session, about, now + session.timing.firstMs, 'if unscheduled')
  }
}

export type ResendArguments = Parameters<OutboxStore['resend']>[0]

export function resend(session: Session, args: ResendArguments): void {
  if (args.missing === 'none') return
  const document = findDocument(session, args.uid)
  if (document === undefined || document.unsettled === 0) return
  const positions = new Map<number, number[]>()
  for (const organ of args.organs) {
    const row = findRecipient(session, document.id, args.generation, organ)
    if (row === undefined || row.settled === 1) continue
    const known = positions.get(row.core)
    if (known === undefined) positions.set(row.core, [row.position])
    else known.push(row.position)
  }
  const segments = JSON.stringify(args.missing)
  for (const [core, unsorted] of positions) {
    const to = unsorted.sort((a, b) => a - b)
    const waits = copiesOf(session, core).some((copy) => {
      if (copy.hop !== args.hop || (copy.segments !== segments && copy.segments !== '"all"')) return false
      const waiting = new Set(copy.to)
      return to.every((position) => waiting.has(position))
    })
    if (waits) continue
    session.sql.run(
      'INSERT INTO copy (hop, lane, core, targets, segments) VALUES (?, ?, ?, ?, ?)',
      ...[args.hop, document.lane, core, JSON.stringify(to), segments],
    )
    session.tally = { ...session.tally, copies: session.tally.copies + 1 }
  }
}

export function backlog(session: Session): { documents: number; copies: number } {
  const { documents, copies } = session.tally
  return { documents, copies }
}
