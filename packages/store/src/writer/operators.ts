/** Who may administer from elsewhere: rows of operators and of their keys. */
import type { OperatorRole } from '@lienthong/core'
import type { AccessStore, OperatorKeyRecord, OperatorRecord } from '../contract-doors.ts'
import { recordAct } from './access.ts'
import type { Session } from './session.ts'

interface OperatorRow {
  readonly id: string
  readonly name: string
  readonly role: OperatorRole
  readonly created_at: number
  readonly disabled_at: number | null
}

interface KeyRow {
  readonly id: number
  readonly operator: string
  readonly digest: string
  readonly created_at: number
  readonly expires_at: number | null
}

export function loadOperators({ sql }: Session): Awaited<ReturnType<AccessStore['loadOperators']>> {
  return {
    operators: sql
      .all<OperatorRow>('SELECT * FROM operator ORDER BY id')
      .map(({ id, name, role, created_at, disabled_at }) => {
        return { id, name, role, createdAt: created_at, disabledAt: disabled_at }
      }),
    keys: sql
      .all<KeyRow>('SELECT * FROM operator_key ORDER BY id')
      .map(({ id, operator, digest, created_at, expires_at }) => {
        return { id, operator, digest, createdAt: created_at, expiresAt: expires_at }
      }),
  }
}

export function writeOperators(
  session: Session,
  change: Parameters<AccessStore['writeOperators']>[0],
): OperatorKeyRecord[] {
  const { operators = [], keys = [], act } = change
  for (const operator of operators) saveOperator(session, operator)
  session.sql.run('DELETE FROM operator_key WHERE expires_at < ?', act.at)
  const stored = keys.map((key) => saveKey(session, key))
  recordAct(session, act)
  return stored
}

function saveOperator({ sql }: Session, { id, name, role, createdAt, disabledAt }: OperatorRecord): void {
  sql.run(
    `INSERT INTO operator (id, name, role, created_at, disabled_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET name = excluded.name, role = excluded.role, disabled_at = excluded.disabled_at`,
    id,
    name,
    role,
    createdAt,
    disabledAt,
  )
}

function saveKey({ sql }: Session, key: OperatorKeyRecord): OperatorKeyRecord {
  if (key.id > 0) {
    sql.run('UPDATE operator_key SET expires_at = ? WHERE id = ?', key.expiresAt, key.id)
    return key
  }
  const id = sql.insert(
    'INSERT INTO operator_key (operator, digest, created_at, expires_at) VALUES (?, ?, ?, ?)',
    key.operator,
    key.digest,
    key.createdAt,
    key.expiresAt,
  )
  return { ...key, id }
}
