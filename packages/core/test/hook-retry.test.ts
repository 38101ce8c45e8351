import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { afterHookFailure, hookPatienceMs } from '../src/hook-retry.ts'

const fresh = { failures: 0, failingSince: null }
const calm = { random: 0, progress: false, gone: false }

describe('a webhook that fails', () => {
  it('is tried again with growing pauses for five days, then paused', () => {
    const times: number[] = []
    let state: ReturnType<typeof afterHookFailure> = { ...fresh, nextAt: 0, pausedAt: null }
    for (let now = 0; state.pausedAt === null; now = state.nextAt) {
      times.push(now / 1000)
      state = afterHookFailure(state, { ...calm, now })
    }

    assert.deepEqual(times.slice(0, 8), [0, 5, 35, 155, 755, 2555, 6155, 16_955])
    assert.ok(times.length > 20 && times.length < 40, `${times.length} attempts`)
    assert.ok((state.pausedAt ?? 0) >= hookPatienceMs && (state.pausedAt ?? 0) < hookPatienceMs + 6 * 3_600_000)
  })

  it('begins anew when something was taken before it failed again', () => {
    const before = { failures: 9, failingSince: 0 }

    const after = afterHookFailure(before, { ...calm, now: hookPatienceMs * 2, progress: true })

    assert.deepEqual(after, {
      failures: 1,
      failingSince: hookPatienceMs * 2,
      nextAt: hookPatienceMs * 2 + 5000,
      pausedAt: null,
    })
  })

  it('is paused at once when the other side wants no more, and spread when many fail together', () => {
    assert.equal(afterHookFailure(fresh, { ...calm, now: 7, gone: true }).pausedAt, 7)
    assert.equal(afterHookFailure(fresh, { ...calm, now: 0, random: 1 }).nextAt, 6000)
  })
})
