/** One open database: its lock, schema, and the few facts the writer keeps in memory about it. */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { PacketKind, QueryTiming } from '@lienthong/core'
import { RelayError } from '@lienthong/core'
import { migrations } from './schema.ts'
import { bytesOf, Sql, sqliteCode } from './sql.ts'

const SQLITE_BUSY = 5

/** WAL pages before a checkpoint: 16 MiB, so that a burst is not checkpointed every few commits. */
const walPages = 4000

export interface SessionOptions {
  readonly dir: string
  readonly queryTiming: QueryTiming
  /** Largest database file, bytes; null: the disk decides. */
  readonly maxDatabaseBytes: number | null
}

/** Facts derived from the tables, so that no call has to scan for them. Replaced, never changed: a rollback puts the old one back. */
export interface Tally {
  /** Documents not yet settled. */
  readonly documents: number
  /** Copies waiting. */
  readonly copies: number
  /** Mailbox items not yet collected. */
  readonly waiting: Readonly<Record<PacketKind, number>>
  readonly deadLetters: number
  /** Id and hash of the newest event. */
  readonly eventId: number
  readonly eventHash: Uint8Array
}

export interface Session {
  readonly sql: Sql
  readonly timing: QueryTiming
  tally: Tally
  /** Digests of payload files that lost their last owner in the running transaction. */
  released: string[]
  close(): void
}

/** Throws STORE_LOCKED, STORE_NEWER, or SQLite's errors. */
export function openSession(options: SessionOptions): Session {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 })
  const lock = takeLock(join(options.dir, 'lock.db'))
  let sql: Sql | undefined
  try {
    const file = join(options.dir, 'store.db')
    createPrivate(file)
    sql = new Sql(file)
    sql.pragma('busy_timeout=5000')
    sql.pragma('journal_mode=WAL')
    sql.pragma('synchronous=FULL')
    sql.pragma(`wal_autocheckpoint=${walPages}`)
    sql.pragma('cache_size=-16384')
    sql.pragma('temp_store=MEMORY')
    limitSize(sql, options.maxDatabaseBytes)
    migrate(sql)
    return session(sql, lock, options.queryTiming)
  } catch (error) {
    sql?.close()
    releaseLock(lock)
    throw error
  }
}

function session(sql: Sql, lock: Sql, timing: QueryTiming): Session {
  return {
    sql,
    timing,
    tally: readTally(sql),
    released: [],
    close() {
      sql.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      sql.close()
      releaseLock(lock)
    },
  }
}

function readTally(sql: Sql): Tally {
  const last = sql.get<{ id: number; hash: unknown }>('SELECT id, hash FROM event ORDER BY id DESC LIMIT 1')
  return {
    documents: count(sql, 'SELECT count(*) AS n FROM document WHERE unsettled > 0'),
    copies: count(sql, 'SELECT count(*) AS n FROM copy'),
    waiting: {
      document: count(
        sql,
        "SELECT count(*) AS n FROM mailbox WHERE kind = 'document' AND collected_at IS NULL AND withdrawn_at IS NULL AND keeper > ''",
      ),
      status: count(
        sql,
        "SELECT count(*) AS n FROM mailbox WHERE kind = 'status' AND collected_at IS NULL AND withdrawn_at IS NULL AND keeper > ''",
      ),
    },
    deadLetters: count(sql, 'SELECT count(*) AS n FROM dead_letter'),
    eventId: last?.id ?? 0,
    eventHash: last === undefined ? new Uint8Array(32) : bytesOf(last.hash),
  }
}

function count(sql: Sql, text: string): number {
  return sql.get<{ n: number }>(text)?.n ?? 0
}

/** An exclusive transaction held as long as the process lives; the system ends it with the process. */
function takeLock(file: string): Sql {
  createPrivate(file)
  const lock = new Sql(file)
  try {
    lock.pragma('journal_mode=MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (sqliteCode(error) === SQLITE_BUSY) throw new RelayError('STORE_LOCKED', { detail: { file } })
    throw error
  }
}

/** Ends the transaction itself: the library closes a connection only when its statements are garbage. */
function releaseLock(lock: Sql): void {
  lock.exec('ROLLBACK')
  lock.close()
}

/**
 * Creates the file before SQLite does, for its mode; journals inherit it. An existing file is never
 * opened here: closing any descriptor of it would drop the locks this process holds on it (POSIX).
 */
function createPrivate(file: string): void {
  if (existsSync(file)) return
  closeSync(openSync(file, 'wx', 0o600))
}

function limitSize(sql: Sql, maxBytes: number | null): void {
  if (maxBytes === null) return
  const pageBytes = sql.get<{ page_size: number }>('PRAGMA page_size')?.page_size ?? 4096
  sql.pragma(`max_page_count=${Math.max(1, Math.floor(maxBytes / pageBytes))}`)
}

function migrate(sql: Sql): void {
  const found = sql.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0
  if (found > migrations.length) {
    throw new RelayError('STORE_NEWER', { detail: { found, known: migrations.length } })
  }
  migrations.slice(found).forEach((migration, index) => {
    sql.exec('BEGIN IMMEDIATE')
    try {
      sql.exec(migration)
      sql.exec(`PRAGMA user_version=${found + index + 1}`)
      sql.exec('COMMIT')
    } catch (error) {
      if (sql.inTransaction) sql.exec('ROLLBACK')
      throw error
    }
  })
}
