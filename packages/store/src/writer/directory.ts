/** Rows of the living directory. */
import type { AnnouncementVersion, DeclaredVersion, NodeId, NodeKey, RootKey } from '@lienthong/core'
import type {
  DirectoryChange,
  DirectoryState,
  DirectoryStore,
  InvitationRecord,
  NeighbourRecord,
  StoredAnnouncement,
  UnchangedVersion,
} from '../contract-directory.ts'
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

interface InvitationRow {
  readonly id: string
  readonly child: string
  readonly created_at: number
  readonly expires_at: number
  readonly used_by: string | null
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
    invitations: sql.all<InvitationRow>('SELECT * FROM invitation ORDER BY child, id').map((row) => ({
      id: row.id,
      child: row.child,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      usedBy: row.used_by === null ? null : (JSON.parse(row.used_by) as RootKey),
      sealed: { kid: row.kid, bytes: bytesOf(row.sealed) },
    })),
    declared: newestDeclared(sql),
    state: stateOf(sql),
  }
}

export function writeDirectory(session: Session, change: DirectoryChange): void {
  const { sql } = session
  for (const node of change.dropped ?? []) sql.run('DELETE FROM announcement WHERE node = ?', node)
  for (const announcement of change.announcements ?? []) saveAnnouncement(sql, announcement)
  for (const [node, key] of change.keys ?? []) {
    sql.run(
      'INSERT OR REPLACE INTO announced_key (kid, node, entry) VALUES (?, ?, ?)',
      key.kid,
      node,
      JSON.stringify(key),
    )
  }
  for (const neighbour of change.neighbours ?? []) saveNeighbour(sql, neighbour)
  for (const invitation of change.invitations ?? []) saveInvitation(sql, invitation)
  saveVersions(sql, change)
  if (change.state !== undefined) saveState(sql, change.state)
  for (const act of change.acts ?? []) recordAct(session, act)
}

export interface DeclaredPage {
  readonly limit: number
  readonly before?: AnnouncementVersion
}

const versionColumns = 'epoch, version, at, by, reason, base_epoch, base_version, content'

/** Above any version. */
const afterAll: AnnouncementVersion = { epoch: Number.MAX_SAFE_INTEGER, version: 0 }

export function declaredHistory({ sql }: Session, { limit, before = afterAll }: DeclaredPage): DeclaredVersion[] {
  return sql
    .all<DeclaredRow>(
      `SELECT ${versionColumns} FROM declared WHERE (epoch, version) < (?1, ?2)
       UNION ALL SELECT u.epoch, u.version, u.at, u.by, u.reason, u.base_epoch, u.base_version, d.content
       FROM unchanged u JOIN declared d ON d.epoch = u.base_epoch AND d.version = u.base_version
       WHERE (u.epoch, u.version) < (?1, ?2) ORDER BY epoch DESC, version DESC LIMIT ?3`,
      ...[before.epoch, before.version, limit],
    )
    .map(declaredOf)
}

function newestDeclared(sql: Sql): DeclaredVersion | null {
  const row = sql.get<DeclaredRow>(
    `SELECT ${versionColumns} FROM declared WHERE (epoch, version) < (?, ?) ORDER BY epoch DESC, version DESC LIMIT 1`,
    ...[afterAll.epoch, afterAll.version],
  )
  return row === undefined ? null : declaredOf(row)
}

function declaredOf(row: DeclaredRow): DeclaredVersion {
  const { epoch, version, at, by, reason, base_epoch, base_version, content } = row
  const base = base_epoch === null || base_version === null ? null : { epoch: base_epoch, version: base_version }
  return { epoch, version, at, by, reason, base, content: JSON.parse(content) as DeclaredVersion['content'] }
}

function saveVersions(sql: Sql, { declared, unchanged }: DirectoryChange): void {
  if (declared !== undefined) saveDeclared(sql, declared)
  if (unchanged !== undefined) saveUnchanged(sql, unchanged)
}

function saveAnnouncement(sql: Sql, stored: StoredAnnouncement): void {
  const { node, epoch, version, bytes, seal, publicKey, at } = stored
  sql.run(
    'INSERT OR REPLACE INTO announcement (node, epoch, version, bytes, seal, public_key, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[node, epoch, version, exactBytes(bytes), exactBytes(seal), publicKey, at],
  )
}

function saveDeclared(sql: Sql, { epoch, version, at, by, reason, base, content }: DeclaredVersion): void {
  sql.run(
    'INSERT INTO declared (epoch, version, at, by, reason, base_epoch, base_version, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[epoch, version, at, by, reason, base?.epoch ?? null, base?.version ?? null, JSON.stringify(content)],
  )
}

function saveUnchanged(sql: Sql, { epoch, version, at, by, reason, base }: UnchangedVersion): void {
  sql.run(
    'INSERT INTO unchanged (epoch, version, at, by, reason, base_epoch, base_version) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[epoch, version, at, by, reason, base.epoch, base.version],
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

function saveInvitation(sql: Sql, invitation: InvitationRecord | { readonly id: string }): void {
  const { id } = invitation
  if (!('sealed' in invitation)) {
    sql.run('DELETE FROM invitation WHERE id = ?', id)
    return
  }
  const { child, createdAt, expiresAt, usedBy, sealed } = invitation
  sql.run(
    'INSERT OR REPLACE INTO invitation (id, child, created_at, expires_at, used_by, kid, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[id, child, createdAt, expiresAt, usedBy === null ? null : JSON.stringify(usedBy)],
    ...[sealed.kid, exactBytes(sealed.bytes)],
  )
}

function saveState(sql: Sql, { version, nextEpoch, roots = [] }: DirectoryState): void {
  sql.run(
    'INSERT OR REPLACE INTO directory_state (id, version, next_epoch, roots) VALUES (1, ?, ?, ?)',
    ...[version, nextEpoch, JSON.stringify(roots)],
  )
}

function stateOf(sql: Sql): DirectoryState {
  const row = sql.get<{ version: number; next_epoch: number; roots: string }>('SELECT * FROM directory_state')
  const roots = JSON.parse(row?.roots ?? '[]') as NonNullable<DirectoryState['roots']> | null
  return { version: row?.version ?? 0, nextEpoch: row?.next_epoch ?? 1, ...(roots?.length === 0 ? {} : { roots }) }
}
