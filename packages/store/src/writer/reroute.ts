/** What is under way when the routing table has changed. The decisions are core's; here they meet the rows. */
import type { Hop, NodeId, OrganId, ReroutedCopy, WaitingCopy } from '@lienthong/core'
import type { OutboxStore, UnsettledSending } from '../contract-outbox.ts'
import { scheduleQuery } from './queries.ts'
import { dropQueries, findDocument, findRecipient } from './recipients.ts'
import type { Session } from './session.ts'

export interface WaitingArguments {
  readonly after: number
  readonly limit: number
}

interface WaitingRow {
  readonly seq: number
  readonly uid: string
  readonly generation: number
  readonly hop: Hop
  readonly targets: string
  readonly recipients: string
}

export function waiting(session: Session, { after, limit }: WaitingArguments): WaitingCopy[] {
  const rows = session.sql.all<WaitingRow>(
    `SELECT c.seq, c.hop, c.targets, o.recipients, o.generation, d.uid
     FROM copy c JOIN outbox_core o ON o.id = c.core JOIN document d ON d.id = o.document
     WHERE c.seq > ? ORDER BY c.seq LIMIT ?`,
    after,
    limit,
  )
  return rows.map(({ targets, recipients, ...row }) => {
    const to = JSON.parse(targets) as number[]
    const all = JSON.parse(recipients) as [OrganId, NodeId][]
    return {
      ...row,
      to,
      recipients: to.map((place) => ({ organ: all[place]?.[0] ?? '', node: all[place]?.[1] ?? '' })),
    }
  })
}

export function rerouteCopies(session: Session, { copies }: { readonly copies: readonly ReroutedCopy[] }): void {
  for (const copy of copies) rerouteOne(session, copy)
}

interface CopyRow {
  readonly lane: string
  readonly core: number
  readonly targets: string
  readonly segments: string
  readonly document: number
  readonly generation: number
}

function rerouteOne(session: Session, { seq, parts, moved }: ReroutedCopy): void {
  const row = session.sql.get<CopyRow>(
    `SELECT c.lane, c.core, c.targets, c.segments, o.document, o.generation
     FROM copy c JOIN outbox_core o ON o.id = c.core WHERE c.seq = ?`,
    seq,
  )
  // Sent meanwhile: whoever has it by the old way sends it on, or lets us know.
  if (row === undefined) return
  move(session, row, moved)
  // Some may have settled, and so left the copy, since it was read.
  const still = new Set(JSON.parse(row.targets) as number[])
  let first = true
  for (const { hop, to, whole } of parts) {
    const left = to.filter((place) => still.has(place))
    if (left.length === 0) continue
    const values = [hop, JSON.stringify(left), whole ? '"all"' : row.segments] as const
    if (first) session.sql.run('UPDATE copy SET hop = ?, targets = ?, segments = ? WHERE seq = ?', ...values, seq)
    else {
      session.sql.run(
        'INSERT INTO copy (hop, targets, segments, lane, core) VALUES (?, ?, ?, ?, ?)',
        ...[...values, row.lane, row.core],
      )
      session.tally = { ...session.tally, copies: session.tally.copies + 1 }
    }
    first = false
  }
}

/** Recipients of one core that another node serves now; settled ones stay with the node that had them. */
function move(
  session: Session,
  { core, document, generation }: Pick<CopyRow, 'core' | 'document' | 'generation'>,
  moved: readonly { readonly organ: OrganId; readonly node: NodeId }[],
): void {
  if (moved.length === 0) return
  const nodes = new Map(moved.map(({ organ, node }) => [organ, node]))
  const row = session.sql.get<{ recipients: string }>('SELECT recipients FROM outbox_core WHERE id = ?', core)
  const recipients = (JSON.parse(row?.recipients ?? '[]') as [OrganId, NodeId][]).map(
    ([organ, node]): [OrganId, NodeId] => [organ, nodes.get(organ) ?? node],
  )
  session.sql.run('UPDATE outbox_core SET recipients = ? WHERE id = ?', JSON.stringify(recipients), core)
  const left = moved.flatMap(({ organ, node }) => {
    const before = findRecipient(session, document, generation, organ)
    if (before === undefined || before.settled === 1) return []
    session.sql.run(
      'UPDATE recipient SET node = ? WHERE document = ? AND generation = ? AND organ = ?',
      ...[node, document, generation, organ],
    )
    return [before]
  })
  dropQueries(session, left)
}

export type RelocateArguments = Parameters<OutboxStore['relocate']>[0]

export function relocateRecipients(session: Session, args: RelocateArguments): void {
  const { uid, generation, organs, node, askAt } = args
  const document = findDocument(session, uid)
  if (document === undefined) return
  const byCore = new Map<number, { organ: OrganId; node: NodeId }[]>()
  for (const organ of organs) {
    const row = findRecipient(session, document.id, generation, organ)
    if (row === undefined || row.settled === 1 || row.node === node) continue
    const moved = byCore.get(row.core)
    if (moved === undefined) byCore.set(row.core, [{ organ, node }])
    else moved.push({ organ, node })
  }
  for (const [core, moved] of byCore) move(session, { core, document: document.id, generation }, moved)
  if (byCore.size > 0) {
    scheduleQuery(session, { document: document.id, generation, node, lane: document.lane }, askAt, 'sooner')
  }
}

export function askedNodes(session: Session): NodeId[] {
  return session.sql.all<{ node: NodeId }>('SELECT DISTINCT node FROM query').map(({ node }) => node)
}

export interface UnsettledArguments {
  readonly node: NodeId
  readonly after: Pick<UnsettledSending, 'seq' | 'generation'>
  readonly limit: number
}

export function unsettledFor(session: Session, { node, after, limit }: UnsettledArguments): UnsettledSending[] {
  const rows = session.sql.all<Omit<UnsettledSending, 'organs'> & { organs: string }>(
    `SELECT q.document AS seq, d.uid, q.generation, (SELECT json_group_array(r.organ) FROM recipient r
       WHERE r.settled = 0 AND r.document = q.document AND r.generation = q.generation AND r.node = q.node) AS organs
     FROM query q JOIN document d ON d.id = q.document
     WHERE q.node = ? AND (q.document, q.generation) > (?, ?) ORDER BY q.document, q.generation LIMIT ?`,
    ...[node, after.seq, after.generation, limit],
  )
  return rows.map((row) => ({ ...row, organs: JSON.parse(row.organs) as OrganId[] }))
}
