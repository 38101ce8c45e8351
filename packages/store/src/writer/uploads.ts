/** What is known of payloads that arrive in several requests. The bytes are the main thread's; see ../upload-files.ts. */
import { randomBytes } from 'node:crypto'
import { RelayError } from '@lienthong/core'
import type { UploadKey, UploadState, UploadStore } from '../contract-doors.ts'
import type { Session } from './session.ts'

interface UploadRow {
  readonly id: string
  readonly system: string
  readonly sha256: string | null
  readonly size: number
  readonly received: number
  readonly touched_at: number
  readonly spent: number
}

export type OpenUploadArguments = Parameters<UploadStore['open']>[0]

/** A spent one is never gone on with: its bytes have an owner already. */
export function openUpload(session: Session, request: OpenUploadArguments): UploadState {
  const { sql } = session
  const own = sql.all<UploadRow>('SELECT * FROM upload WHERE system = ?', request.system)
  const unspent = own.filter((row) => row.spent === 0)
  const known = unspent.find((row) => row.sha256 !== null && row.sha256 === request.sha256 && row.size === request.size)
  if (known !== undefined) {
    sql.run('UPDATE upload SET touched_at = ? WHERE id = ?', request.now, known.id)
    return stateOf({ ...known, touched_at: request.now })
  }
  const bytes = unspent.reduce((sum, row) => sum + row.size, 0)
  if (unspent.length >= request.maxCount || bytes + request.size > request.maxBytes) {
    throw new RelayError('UPLOADS_FULL', { detail: { system: request.system, uploads: unspent.length, bytes } })
  }
  const row = {
    id: randomBytes(16).toString('hex'),
    system: request.system,
    sha256: request.sha256,
    size: request.size,
    received: 0,
    touched_at: request.now,
    spent: 0,
  }
  sql.run(
    'INSERT INTO upload (id, system, sha256, size, received, touched_at) VALUES (?, ?, ?, ?, 0, ?)',
    ...[row.id, row.system, row.sha256, row.size, row.touched_at],
  )
  return stateOf(row)
}

export function getUpload({ sql }: Session, { system, id }: UploadKey): UploadState | null {
  const row = sql.get<UploadRow>('SELECT * FROM upload WHERE id = ? AND system = ?', id, system)
  return row === undefined ? null : stateOf(row)
}

/** So many bytes are on disk now. False when the upload has gone meanwhile. */
export function advanceUpload(
  { sql }: Session,
  { id, received, now }: { readonly id: string; readonly received: number; readonly now: number },
): boolean {
  return sql.run('UPDATE upload SET received = ?, touched_at = ? WHERE id = ?', received, now, id) > 0
}

export function spendUpload({ sql }: Session, { system, id, now }: UploadKey & { readonly now: number }): void {
  sql.run('UPDATE upload SET spent = 1, touched_at = ? WHERE id = ? AND system = ?', now, id, system)
}

export function dropUpload({ sql }: Session, { system, id }: UploadKey): boolean {
  return sql.run('DELETE FROM upload WHERE id = ? AND system = ?', id, system) > 0
}

export interface StaleArguments {
  readonly before: number
  readonly spentBefore: number
}

export function staleUploads({ sql }: Session, { before, spentBefore }: StaleArguments): UploadKey[] {
  return [0, 1].flatMap((spent) =>
    sql.all<UploadKey>(
      'SELECT id, system FROM upload WHERE spent = ? AND touched_at < ? LIMIT 100',
      spent,
      spent === 0 ? before : spentBefore,
    ),
  )
}

/** Once, at open. */
export function listUploads({ sql }: Session): UploadState[] {
  return sql.all<UploadRow>('SELECT * FROM upload').map(stateOf)
}

function stateOf(row: UploadRow): UploadState {
  return {
    id: row.id,
    system: row.system,
    sha256: row.sha256,
    size: row.size,
    offset: row.received,
    touchedAt: row.touched_at,
    spent: row.spent === 1,
  }
}
