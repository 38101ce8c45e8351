/** Rows of the living directory. */
import type { AnnouncementVersion, DeclaredVersion, NodeId, NodeKey } from '@lienthong/core'
import type { DirectoryChange, DirectoryState, DirectoryStore, NeighbourRecord } from '../contract-directory.ts'
import { exactBytes } from '../exact.ts'
import { recordAct } from './access.ts'
import type { Session } from './session.ts'
import { bytesOf, type Sql } from './sql.ts'

interface AnnouncementRow {
  readonly node: string
  readonly epoch: number
  readonly version: number
  readonly bytes: unknown
  readonly seal: unknown
  readonly public_key: string
  readonly at: number
}

interface DeclaredRow {
  readonly epoch: number
  readonly version: number
  readonly at: number
  readonly by: string
  readonly reason: string
  readonly base_epoch: number | null
  readonly base_version: number | null
  readonly content: string
}

interface NeighbourRow {
  readonly node: string
  readonly role: NeighbourRecord['role']
  readonly kid: string
  readonly sealed: unknown
}

export function loadDirectory({ sql }: Session): Awaited<ReturnType<DirectoryStore['load']>> {
  return {
    announcements: sql.all<AnnouncementRow>('SELECT * FROM announcement ORDER BY node').map((row) => ({
      node: row.node,
      epoch: row.epoch,
      version: row.version,
      bytes: bytesOf(row.bytes),
      seal: bytesOf(row.seal),
      publicKey: row.public_key,
      at: row.at,
    })),
    keys: sql
      .all<{ node: string; entry: string }>('SELECT node, entry FROM announced_key ORDER BY kid')
      .map(({ node, entry }) => [node, JSON.parse(entry) as NodeKey] as const),
    neighbours: sql.all<NeighbourRow>('SELECT * FROM neighbour ORDER BY node').map(({ node, role, kid, sealed }) => ({
      node,
      role,
      sealed: { kid, bytes: bytesOf(sealed) },
    })),
    declared: declaredBefore(sql, { limit: 1 })[0] ?? null,
    state: stateOf(sql),
  }
}

export function writeDirectory(session: Session, change: DirectoryChange): void {
  const { sql } = session
  for (const node of change.dropped ?? []) sql.run('DELETE FROM announcement WHERE node = ?', node)
  for (const { node, epoch, version, bytes, seal, publicKey, at } of change.announcements ?? []) {
    sql.run(
      'INSERT OR REPLACE INTO announcement (node, epoch, version, bytes, seal, public_key, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[node, epoch, version, exactBytes(bytes), exactBytes(seal), publicKey, at],
    )
  }
  for (const [node, key] of change.keys ?? []) {
    sql.run(
      'INSERT OR REPLACE INTO announced_key (kid, node, entry) VALUES (?, ?, ?)',
      key.kid,
      node,
      JSON.stringify(key),
    )
  }
  for (const neighbour of change.neighbours ?? []) saveNeighbour(sql, neighbour)
  if (change.declared !== undefined) saveDeclared(sql, change.declared)
  if (change.state !== undefined) {
    const { version, nextEpoch } = change.state
    sql.run('INSERT OR REPLACE INTO directory_state (id, version, next_epoch) VALUES (1, ?, ?)', version, nextEpoch)
  }
  for (const act of change.acts ?? []) recordAct(session, act)
}

export interface DeclaredPage {
  readonly limit: number
  readonly before?: AnnouncementVersion
}

export function declaredHistory({ sql }: Session, page: DeclaredPage): DeclaredVersion[] {
  return declaredBefore(sql, page)
}

function declaredBefore(sql: Sql, { limit, before }: DeclaredPage): DeclaredVersion[] {
  const { epoch, version } = before ?? { epoch: Number.MAX_SAFE_INTEGER, version: 0 }
  return sql
    .all<DeclaredRow>(
      'SELECT * FROM declared WHERE (epoch, version) < (?, ?) ORDER BY epoch DESC, version DESC LIMIT ?',
      ...[epoch, version, limit],
    )
    .map((row) => ({
      epoch: row.epoch,
      version: row.version,
      at: row.at,
      by: row.by,
      reason: row.reason,
      base:
        row.base_epoch === null || row.base_version === null
          ? null
          : { epoch: row.base_epoch, version: row.base_version },
      content: JSON.parse(row.content) as DeclaredVersion['content'],
    }))
}

function saveDeclared(sql: Sql, { epoch, version, at, by, reason, base, content }: DeclaredVersion): void {
  sql.run(
    'INSERT INTO declared (epoch, version, at, by, reason, base_epoch, base_version, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[epoch, version, at, by, reason, base?.epoch ?? null, base?.version ?? null, JSON.stringify(content)],
  )
}

function saveNeighbour(sql: Sql, neighbour: NeighbourRecord | { readonly node: NodeId }): void {
  const { node } = neighbour
  if (!('sealed' in neighbour)) sql.run('DELETE FROM neighbour WHERE node = ?', node)
  else {
    const { role, sealed } = neighbour
    sql.run(
      'INSERT OR REPLACE INTO neighbour (node, role, kid, sealed) VALUES (?, ?, ?, ?)',
      ...[node, role, sealed.kid, exactBytes(sealed.bytes)],
    )
  }
}

function stateOf(sql: Sql): DirectoryState {
  const row = sql.get<{ version: number; next_epoch: number }>('SELECT version, next_epoch FROM directory_state')
  return { version: row?.version ?? 0, nextEpoch: row?.next_epoch ?? 1 }
}
