import assert from 'node:assert/strict'

import { type ErrorCode, RelayError } from '@lienthong/core'

/** Asserts that `run` throws a RelayError of this code whose detail says `why`. */
export function refuses(run: () => unknown, code: ErrorCode, why?: RegExp): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof RelayError, `${String(error)} is a RelayError`)
    assert.equal(error.code, code, error.message)
    if (why !== undefined) assert.match(`${String(error.detail['what'])} ${String(error.detail['why'])}`, why)
    return true
  })
}

/** Runs a reader on hostile bytes: it may refuse, but only with a RelayError. */
export function survives(run: () => unknown): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof RelayError)) throw error
  }
}
