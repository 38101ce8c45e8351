import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RelayError } from '@lienthong/core'
import fc from 'fast-check'
import { isPassing, openPatience, pause, retryDelayMs } from '../src/retry.ts'

describe('retrying', () => {
  it('waits at least as long as the node asks, at most a quarter longer, and never beyond 5 minutes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(900_000),
        (attempt, random, asked) => {
          const delay = retryDelayMs(attempt, random, asked)
          const kept = Math.min(asked, 300_000)
          assert.ok(delay >= kept && delay <= kept * 1.25)
        },
      ),
      { numRuns: 200, seed: 1 },
    )
  })

  it('grows from 0.1 … 0.2 s to 7.5 … 15 s, half of it left to chance', () => {
    assert.deepEqual([retryDelayMs(1, 0), retryDelayMs(1, 1)], [100, 200])
    assert.deepEqual([retryDelayMs(4, 0), retryDelayMs(4, 1)], [800, 1600])
    assert.deepEqual([retryDelayMs(1_000, 0), retryDelayMs(1_000, 1)], [7_500, 15_000])
  })

  it('knows what passes: by code, or by the status of whatever stands between', () => {
    assert.equal(isPassing(new RelayError('NODE_STOPPING')), true)
    assert.equal(isPassing(new RelayError('NOT_EDXML', { detail: { status: 422 } })), false)
    assert.equal(isPassing(new RelayError('ANSWER_INVALID', { detail: { status: 502 } })), true)
    assert.equal(isPassing(new RelayError('ANSWER_INVALID', { detail: { status: 404 } })), false)
  })

  it('throws what does not pass, and what has not passed in time; a step forward begins anew', async () => {
    const heard: string[] = []
    const { signal } = new AbortController()
    const onTrouble = ({ code }: RelayError) => void heard.push(code)
    const patience = openPatience({ retryForMs: 0, signal, onTrouble })
    const away = new RelayError('NODE_UNREACHABLE')
    await assert.rejects(patience.wait(away), away)
    const patient = openPatience({ retryForMs: 60_000, signal, onTrouble })
    await patient.wait(away)
    await assert.rejects(patient.wait(new RelayError('NOT_FOUND')), { code: 'NOT_FOUND' })
    assert.deepEqual(heard, ['NODE_UNREACHABLE'])
  })

  it('stops waiting when the signal says so', async () => {
    const stop = new AbortController()
    const waiting = pause(60_000, stop.signal)
    stop.abort(new Error('enough'))
    await assert.rejects(waiting, /enough/)
  })
})
