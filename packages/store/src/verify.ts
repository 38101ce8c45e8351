import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { EventRow } from './writer/ledger.ts'
import { chainHash } from './writer/ledger.ts'
import { bytesOf, Sql } from './writer/sql.ts'

/** What checking the chain of events found. */
export interface ChainReport {
  /** Events read, up to the first that does not fit. */
  readonly events: number
  /** Id of the first event that was changed, or follows one that is gone; null: the chain is whole. */
  readonly brokenAt: number | null
  /** Hash of the newest event that fits, hex. Compared with one noted earlier it also shows a cut-off end. */
  readonly head: string
}

/** Rows per read. */
const pageRows = 1000

/**
 * Recomputes the hash chain of events in the store at `dir`. Reads only, also beside a running node;
 * synchronous, so for a program's own use, not a relay's. Throws NOT_FOUND.
 */
export function verifyEvents(dir: string): ChainReport {
  const file = join(dir, 'store.db')
  if (!existsSync(file)) throw new RelayError('NOT_FOUND', { detail: { file } })
  const sql = new Sql(file)
  try {
    sql.pragma('query_only=ON')
    let head: Uint8Array = new Uint8Array(32)
    let events = 0
    for (;;) {
      const rows = sql.all<EventRow & { hash: unknown }>(
        'SELECT id, at, type, uid, detail, hash FROM event WHERE id > ? ORDER BY id LIMIT ?',
        events,
        pageRows,
      )
      for (const row of rows) {
        const hash = chainHash(head, row)
        const fits = row.id === events + 1 && Buffer.compare(hash, bytesOf(row.hash)) === 0
        if (!fits) return { events, brokenAt: row.id, head: Buffer.from(head).toString('hex') }
        head = hash
        events = row.id
      }
      if (rows.length < pageRows) return { events, brokenAt: null, head: Buffer.from(head).toString('hex') }
    }
  } finally {
    sql.close()
  }
}
