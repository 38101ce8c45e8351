/** Who owns which payload. The files themselves are the main thread's; see ../payload-files.ts. */
import { RelayError } from '@lienthong/core'
import type { PayloadRef } from '../contract-documents.ts'
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
  const { sha256, size, bytes } = payload
  const more = () => sql.run('UPDATE payload SET refs = refs + ? WHERE sha256 = ?', owners, sha256) > 0
  if (bytes === null && !payload.placed) {
    if (more()) return
    throw new RelayError('NOT_FOUND', { detail: { payload: sha256 } })
  }
  const id = sql.insertNew(
    'INSERT INTO payload (sha256, size, refs) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ...[sha256, size, owners],
  )
  if (id === null) more()
  else if (bytes !== null) sql.run('INSERT INTO payload_bytes (id, bytes) VALUES (?, ?)', id, bytes)
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

/** True when this payload was put in place as a file and a row refers to it as such. */
export function ownsFile(session: Session, payload: IncomingPayload): boolean {
  return payload.placed && isPayloadFile(session, payload.sha256)
}

function isPayloadFile(session: Session, sha256: string): boolean {
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
