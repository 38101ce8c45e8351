/** Who owns which payload. The files themselves are the main thread's; see ../payload-files.ts. */
import { RelayError } from '@lienthong/core'
import type { PayloadRef } from '../contract.ts'
import type { Session } from './session.ts'
import { bytesOf } from './sql.ts'

/** A payload as it reaches the writer. */
export interface IncomingPayload extends PayloadRef {
  /** The bytes, when they are to live in the database. */
  readonly bytes: Uint8Array | null
  /** The file is at its final place and pinned there until the answer. Neither this nor bytes: it must be known. */
  readonly placed: boolean
}

/** Adds `owners` owners, creating the row for the first. Throws NOT_FOUND for a mere reference to an unknown payload. */
export function holdPayload(session: Session, payload: IncomingPayload, owners: number): void {
  const { sql } = session
  if (sql.run('UPDATE payload SET refs = refs + ? WHERE sha256 = ?', owners, payload.sha256) > 0) return
  if (payload.bytes === null && !payload.placed) {
    throw new RelayError('NOT_FOUND', { detail: { payload: payload.sha256 } })
  }
  const { sha256, size } = payload
  const id = sql.insert('INSERT INTO payload (sha256, size, refs) VALUES (?, ?, ?)', sha256, size, owners)
  if (payload.bytes !== null) sql.run('INSERT INTO payload_bytes (id, bytes) VALUES (?, ?)', id, payload.bytes)
}

/** Takes one owner away; the last one takes the payload with it. */
export function releasePayload(session: Session, sha256: string): void {
  const { sql } = session
  sql.run('UPDATE payload SET refs = refs - 1 WHERE sha256 = ?', sha256)
  const row = sql.get<{ id: number; refs: number }>('SELECT id, refs FROM payload WHERE sha256 = ?', sha256)
  if (row === undefined || row.refs > 0) return
  sql.run('DELETE FROM payload WHERE id = ?', row.id)
  if (sql.run('DELETE FROM payload_bytes WHERE id = ?', row.id) === 0) session.released.push(sha256)
}

/** True when a row refers to the payload's file. */
export function isPayloadFile(session: Session, sha256: string): boolean {
  const row = session.sql.get<{ inline: number }>(
    'SELECT EXISTS (SELECT 1 FROM payload_bytes b WHERE b.id = p.id) AS inline FROM payload p WHERE p.sha256 = ?',
    sha256,
  )
  return row?.inline === 0
}

/** Of these digests, those whose file no row refers to. */
export function orphanFiles(session: Session, args: { readonly sha256: readonly string[] }): string[] {
  return args.sha256.filter((sha256) => !isPayloadFile(session, sha256))
}

/** The bytes of a payload kept in the database; null when it is a file or unknown. */
export function inlinePayload(session: Session, args: { readonly sha256: string }): Uint8Array | null {
  const row = session.sql.get<{ bytes: unknown }>(
    'SELECT b.bytes AS bytes FROM payload p JOIN payload_bytes b ON b.id = p.id WHERE p.sha256 = ?',
    args.sha256,
  )
  return row === undefined ? null : bytesOf(row.bytes)
}
