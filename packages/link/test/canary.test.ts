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

  it('is due each period while it waits for one or the link is in use, and each third while it rests', () => {
    const watch = new CanaryWatch(10_000)
    const sent: number[] = []
    const tick = (at: number, comesBack: boolean) => {
      if (!watch.due(at)) return
      sent.push(at / 1_000)
      const canary = watch.next(at)
      if (comesBack) watch.returned(canary, at + 5)
    }
    watch.restart(0)
    for (let at = 0; at <= 60_000; at += 10_000) tick(at, at > 10_000)
    watch.used()
    for (let at = 70_000; at <= 100_000; at += 10_000) tick(at, true)

    assert.deepEqual(sent, [0, 10, 20, 50, 70, 100])
  })

  it('is missing three periods after the last proof on a link in use, counted anew from each connection', () => {
    const watch = new CanaryWatch(10_000)
    watch.restart(5_000)

    assert.equal(watch.missing(34_999), false)
    assert.equal(watch.missing(35_000), true)
    const late = watch.next(40_000)
    watch.returned(late, 50_000)
    watch.next(60_000)
    assert.equal(watch.missing(79_999), false)
    assert.equal(watch.missing(80_000), true)
    watch.restart(90_000)
    assert.equal(watch.missing(119_999), false)
  })

  it('is due and missing at its ticks, however late each of them came', () => {
    const watch = new CanaryWatch(10_000)
    watch.restart(0)
    const canary = watch.next(10_900, 10_000)
    assert.equal(watch.returned(canary, 10_905), true)
    assert.equal(watch.roundTripMs, 5)
    assert.equal(watch.due(40_000), true)
    watch.next(40_700, 40_000)
    assert.equal(watch.missing(60_000), true)
  })

  it('is not missing while none was sent', () => {
    const watch = new CanaryWatch(10_000)
    watch.restart(0)
    watch.returned(watch.next(0), 5)

    assert.equal(watch.missing(1_000_000), false)
  })
})
