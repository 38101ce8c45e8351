import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CanaryWatch } from '../src/canary.ts'

describe('canary', () => {
  it('measures the round trip of its own and ignores those of others', () => {
    const watch = new CanaryWatch(10_000)
    watch.restart(0)
    const canary = watch.next(1_000)

    assert.equal(watch.returned(new Uint8Array(12), 1_010), false)
    assert.equal(watch.roundTripMs, null)
    assert.equal(watch.returned(canary, 1_025), true)
    assert.equal(watch.roundTripMs, 25)
    assert.equal(watch.returned(canary, 1_030), false)
  })

  it('is missing after three periods without one, counted anew from each connection', () => {
    const watch = new CanaryWatch(10_000)
    watch.restart(5_000)

    assert.equal(watch.missing(34_999), false)
    assert.equal(watch.missing(35_000), true)
    const late = watch.next(40_000)
    watch.returned(late, 50_000)
    assert.equal(watch.missing(79_999), false)
    watch.restart(90_000)
    assert.equal(watch.missing(119_999), false)
  })
})
