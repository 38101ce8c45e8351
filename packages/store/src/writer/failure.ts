/** Errors of SQLite and of the file system under the project's codes, and as they cross the thread. */
import type { ErrorCode, ErrorDetail } from '@lienthong/core'
import { RelayError } from '@lienthong/core'
import { diskError } from '../disk.ts'
import { sqliteCode } from './sql.ts'

const SQLITE_FULL = 13
const SQLITE_CONSTRAINT = 19

export interface Failure {
  readonly code: ErrorCode
  readonly detail: ErrorDetail
  /** Text of the original error, for `cause`. */
  readonly reason: string
}

export function failureOf(thrown: unknown): Failure {
  const error = diskError(thrown)
  if (error instanceof RelayError) return { code: error.code, detail: error.detail, reason: error.message }
  const reason = error instanceof Error ? error.message : String(error)
  switch (sqliteCode(error)) {
    case null:
    case SQLITE_CONSTRAINT:
      return { code: 'INTERNAL', detail: { reason }, reason }
    case SQLITE_FULL:
      return { code: 'DISK_FULL', detail: { reason }, reason }
    default:
      return { code: 'STORE_FAILED', detail: { reason }, reason }
  }
}

export function raise(failure: Failure): RelayError {
  return new RelayError(failure.code, { detail: failure.detail, cause: new Error(failure.reason) })
}
