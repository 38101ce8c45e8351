/** Who may come in: rows of systems and of their credentials. What a secret says is not known here. */
import type { OrganId, SystemScope } from '@lienthong/core'
import type { AccessStore, ActRecord, CredentialRecord, SystemRecord, VaultKey } from '../contract-doors.ts'
import { exactBytes } from '../exact.ts'
import { appendEvent } from './ledger.ts'
import type { Session } from './session.ts'
import { bytesOf } from './sql.ts'

interface SystemRow {
  readonly id: string
  readonly name: string
  readonly organisations: string
  readonly scopes: string
  readonly created_at: number
  readonly disabled_at: number | null
}

interface CredentialRow {
  readonly id: number
  readonly system: string
  readonly kind: 'secret' | 'apiKey' | 'certificate'
  readonly digest: string | null
  readonly kid: string | null
  readonly sealed: unknown
  readonly created_at: number
  readonly expires_at: number | null
}

export function loadAccess({ sql }: Session): Awaited<ReturnType<AccessStore['load']>> {
  return {
    vault: sql
      .all<VaultKey & { sealed: unknown }>('SELECT id, kid, sealed FROM vault ORDER BY id')
      .map(({ id, kid, sealed }) => ({ id, kid, bytes: bytesOf(sealed) })),
    systems: sql.all<SystemRow>('SELECT * FROM system ORDER BY id').map(systemOf),
    credentials: sql.all<CredentialRow>('SELECT * FROM credential ORDER BY id').map(credentialOf),
  }
}

export function keepVaultKey({ sql }: Session, { id, kid, bytes }: VaultKey): void {
  sql.run('INSERT OR REPLACE INTO vault (id, kid, sealed) VALUES (?, ?, ?)', id, kid, exactBytes(bytes))
}

export type WriteAccessArguments = Parameters<AccessStore['write']>[0]

export function writeAccess(session: Session, change: WriteAccessArguments): CredentialRecord[] {
  const { systems = [], credentials = [], act } = change
  for (const system of systems) saveSystem(session, system)
  session.sql.run('DELETE FROM credential WHERE expires_at < ?', act.at)
  const stored = credentials.map((credential) => saveCredential(session, credential))
  recordAct(session, act)
  return stored
}

export function recordAct(session: Session, { at, type, detail }: ActRecord): void {
  appendEvent(session, { at, type, uid: null, detail })
}

function saveSystem({ sql }: Session, system: SystemRecord): void {
  sql.run(
    `INSERT INTO system (id, name, organisations, scopes, created_at, disabled_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET name = excluded.name, organisations = excluded.organisations,
       scopes = excluded.scopes, disabled_at = excluded.disabled_at`,
    system.id,
    system.name,
    JSON.stringify(system.organisations),
    JSON.stringify(system.scopes),
    system.createdAt,
    system.disabledAt,
  )
}

function saveCredential({ sql }: Session, credential: CredentialRecord): CredentialRecord {
  if (credential.id > 0) {
    sql.run('UPDATE credential SET expires_at = ? WHERE id = ?', credential.expiresAt, credential.id)
    return credential
  }
  const { sealed, digest } =
    credential.kind === 'secret'
      ? { sealed: credential.sealed, digest: null }
      : { sealed: null, digest: credential.digest }
  const id = sql.insert(
    'INSERT INTO credential (system, kind, digest, kid, sealed, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    credential.system,
    credential.kind,
    digest,
    sealed?.kid ?? null,
    sealed === null ? null : exactBytes(sealed.bytes),
    credential.createdAt,
    credential.expiresAt,
  )
  return { ...credential, id }
}

function systemOf(row: SystemRow): SystemRecord {
  return {
    id: row.id,
    name: row.name,
    organisations: JSON.parse(row.organisations) as OrganId[],
    scopes: JSON.parse(row.scopes) as SystemScope[],
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  }
}

function credentialOf(row: CredentialRow): CredentialRecord {
  const base = { id: row.id, system: row.system, createdAt: row.created_at, expiresAt: row.expires_at }
  if (row.kind === 'secret') {
    return { ...base, kind: row.kind, sealed: { kid: row.kid ?? '', bytes: bytesOf(row.sealed) } }
  }
  return { ...base, kind: row.kind, digest: row.digest ?? '' }
}
