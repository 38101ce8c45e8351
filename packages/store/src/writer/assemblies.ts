/** What is known of payloads whose segments are arriving. Their files are the main thread's. */
import { createHash } from 'node:crypto'
import type { OrganId, Path } from '@lienthong/core'
import { emptyBitmap, RelayError, segmentCount, withSegments } from '@lienthong/core'
import type { AssemblyState, AssemblyStore } from '../contract-assemblies.ts'
import type { PayloadRef } from '../contract-documents.ts'
import type { Session } from './session.ts'
import { bytesOf } from './sql.ts'
import { endStopped } from './tombstones.ts'

interface AssemblyRow {
  readonly segment_bytes: number
  readonly sha256: string
  readonly size: number
  readonly have: unknown
  readonly failures: number
}

interface CoreRow {
  readonly core: unknown
  readonly seal: unknown
  readonly generation: number
  readonly organs: string
  readonly path: string
}

function find(session: Session, uid: string): AssemblyRow | undefined {
  return session.sql.get<AssemblyRow>(
    'SELECT segment_bytes, sha256, size, have, failures FROM assembly WHERE uid = ?',
    uid,
  )
}

export function loadAssembly(session: Session, { uid }: { readonly uid: string }): AssemblyState | null {
  const row = find(session, uid)
  if (row === undefined) return null
  const cores = session.sql.all<CoreRow>(
    'SELECT core, seal, generation, organs, path FROM assembly_core WHERE uid = ? ORDER BY rowid',
    uid,
  )
  return {
    uid,
    segmentBytes: row.segment_bytes,
    payload: { sha256: row.sha256, size: row.size },
    have: bytesOf(row.have),
    failures: row.failures,
    cores: cores.map((core) => ({
      core: bytesOf(core.core),
      seal: bytesOf(core.seal),
      generation: core.generation,
      organs: JSON.parse(core.organs) as OrganId[],
      path: JSON.parse(core.path) as Path,
    })),
  }
}

export function assemblyPayload(session: Session, { uid }: { readonly uid: string }): PayloadRef {
  const row = find(session, uid)
  if (row === undefined) throw new RelayError('NOT_FOUND', { detail: { assembly: uid } })
  return { sha256: row.sha256, size: row.size }
}

export function listAssemblies(session: Session): { uid: string; link: string; touchedAt: number }[] {
  return session.sql
    .all<{ uid: string; link: string; touched_at: number }>(
      'SELECT uid, link, touched_at FROM assembly ORDER BY touched_at',
    )
    .map((row) => ({ uid: row.uid, link: row.link, touchedAt: row.touched_at }))
}

export type CommitArguments = Parameters<AssemblyStore['commit']>[0]

/** The first commit fixes segment size and payload; segments cut otherwise are refused with FRAME_INVALID. */
export function commitAssembly(session: Session, request: CommitArguments): 'open' | 'stopped' {
  const { sql } = session
  const { uid, payload, segmentBytes, segments } = request
  const row = find(session, uid)
  if (
    row !== undefined &&
    (row.segment_bytes !== segmentBytes || row.size !== payload.size || row.sha256 !== payload.sha256)
  ) {
    throw new RelayError('FRAME_INVALID', { detail: { uid, segmentBytes, expected: row.segment_bytes } })
  }
  const count = segmentCount(payload.size, segmentBytes)
  const before = row === undefined ? emptyBitmap(count) : { segments: count, bits: bytesOf(row.have) }
  const have = withSegments(before, segments).bits
  if (row === undefined) {
    sql.run(
      'INSERT INTO assembly (uid, sender, link, segment_bytes, sha256, size, have, touched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ...[uid, request.from, request.link, segmentBytes, payload.sha256, payload.size, have, request.now],
    )
  } else {
    sql.run('UPDATE assembly SET have = ?, touched_at = ? WHERE uid = ?', have, request.now, uid)
  }
  for (const core of request.cores) mergeCore(session, uid, core)
  return endStopped(session, uid) ? 'stopped' : 'open'
}

function mergeCore(session: Session, uid: string, core: AssemblyState['cores'][number]): void {
  const { sql } = session
  const digest = createHash('sha256').update(core.core).digest('hex')
  const known = sql.get<{ organs: string }>(
    'SELECT organs FROM assembly_core WHERE uid = ? AND digest = ?',
    uid,
    digest,
  )
  if (known === undefined) {
    sql.run(
      `INSERT INTO assembly_core (uid, digest, core, seal, generation, organs, path) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ...[uid, digest, core.core, core.seal, core.generation, JSON.stringify(core.organs), JSON.stringify(core.path)],
    )
    return
  }
  const before = JSON.parse(known.organs) as OrganId[]
  const union = [...new Set([...before, ...core.organs])]
  if (union.length === before.length) return
  sql.run('UPDATE assembly_core SET organs = ? WHERE uid = ? AND digest = ?', ...[JSON.stringify(union), uid, digest])
}

/** Failures so far. */
export function dropAssembly(session: Session, args: { readonly uid: string; readonly failed: boolean }): number {
  const { uid, failed } = args
  const row = find(session, uid)
  if (row === undefined) return 0
  if (!failed) {
    session.sql.run('DELETE FROM assembly WHERE uid = ?', uid)
    session.sql.run('DELETE FROM assembly_core WHERE uid = ?', uid)
    return row.failures
  }
  const empty = emptyBitmap(segmentCount(row.size, row.segment_bytes)).bits
  session.sql.run('UPDATE assembly SET have = ?, failures = ? WHERE uid = ?', empty, row.failures + 1, uid)
  return row.failures + 1
}

/** The bitmap of an assembly whose file is gone says nothing any more. */
export function forgetSegments(session: Session, args: { readonly uids: readonly string[] }): void {
  for (const uid of args.uids) {
    const row = find(session, uid)
    if (row === undefined) continue
    const empty = emptyBitmap(segmentCount(row.size, row.segment_bytes)).bits
    session.sql.run('UPDATE assembly SET have = ? WHERE uid = ?', empty, uid)
  }
}
