/** The only file that knows the SQL library. */
import Database from 'libsql'

export type SqlValue = string | number | null | Uint8Array

/** One connection with its prepared statements. Synchronous: for the writer thread and offline tools. */
export class Sql {
  readonly #database: Database.Database
  readonly #statements = new Map<string, Database.Statement>()

  constructor(file: string) {
    this.#database = new Database(file)
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  /** Rows changed. */
  run(text: string, ...values: SqlValue[]): number {
    return this.#prepare(text).run(bound(values)).changes
  }

  /** Rowid of the row inserted. */
  insert(text: string, ...values: SqlValue[]): number {
    return Number(this.#prepare(text).run(bound(values)).lastInsertRowid)
  }

  /** The same with `ON CONFLICT DO NOTHING`: null when the row was there. */
  insertNew(text: string, ...values: SqlValue[]): number | null {
    const { changes, lastInsertRowid } = this.#prepare(text).run(bound(values))
    return changes === 0 ? null : Number(lastInsertRowid)
  }

  /** First row. The statement stays where it is until its next use: for reading only. */
  get<Row>(text: string, ...values: SqlValue[]): Row | undefined {
    return this.#prepare(text).get(bound(values)) as Row | undefined
  }

  all<Row>(text: string, ...values: SqlValue[]): Row[] {
    return this.#prepare(text).all(bound(values)) as Row[]
  }

  /** Statements run once: schema, pragmas. */
  exec(text: string): void {
    this.#database.exec(text)
  }

  pragma(text: string): void {
    this.#database.pragma(text)
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #prepare(text: string): Database.Statement {
    const known = this.#statements.get(text)
    if (known !== undefined) return known
    const statement = this.#database.prepare(text)
    this.#statements.set(text, statement)
    return statement
  }
}

/**
 * The library aborts the whole process on a value it cannot bind and cuts a text at NUL, so both are
 * met here. NUL cannot stand in XML; where a peer sends one, it becomes the replacement character.
 */
function bound(values: SqlValue[]): SqlValue[] {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]
    if (typeof value === 'string') {
      if (value.includes('\0')) values[index] = value.replaceAll('\0', '\ufffd')
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw new TypeError(`SQL value ${index} is ${value}`)
    } else if (value !== null && !(value instanceof Uint8Array)) {
      throw new TypeError(`SQL value ${index} is ${typeof value}`)
    }
  }
  return values
}

/** A blob as read: the library gives Buffers for one row and ArrayBuffers for many. Always owns its whole buffer. */
export function bytesOf(blob: unknown): Uint8Array {
  if (blob instanceof ArrayBuffer) return new Uint8Array(blob)
  if (blob instanceof Uint8Array) {
    return blob.byteLength === blob.buffer.byteLength
      ? new Uint8Array(blob.buffer, 0, blob.byteLength)
      : Uint8Array.from(blob)
  }
  throw new TypeError('not a blob')
}

/** SQLite's result code of an error, without its extension; null when the error is not SQLite's. */
export function sqliteCode(error: unknown): number | null {
  const raw = (error as { rawCode?: unknown } | null)?.rawCode
  return typeof raw === 'number' ? raw & 0xff : null
}
