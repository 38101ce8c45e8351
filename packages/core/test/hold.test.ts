import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultProbeTiming, dueProbes, hurryHolds, isHeld, nextProbeAt, releaseHold, startHold } from '@lienthong/core'

const about = { uid: 'u1', generation: 1 }

describe('holds', () => {
  const held = startHold([], { node: 'H29', lane: 'bulk', about, now: 0 })

  it('hold one lane of one node', () => {
    assert.equal(isHeld(held, 'H29', 'bulk'), true)
    assert.equal(isHeld(held, 'H29', 'express'), false)
    assert.equal(isHeld(held, 'H26', 'bulk'), false)
  })

  it('probe about the first document, after a second, then twice as late each time, at most a minute', () => {
    assert.equal(startHold(held, { node: 'H29', lane: 'bulk', about: { uid: 'u2', generation: 1 }, now: 5 }), held)
    let holds = held
    const times: number[] = []
    for (let now = 0; now < 300_000; now += 500) {
      const { due, holds: next } = dueProbes(holds, now)
      if (due.length > 0) times.push(now / 1_000)
      for (const hold of due) assert.deepEqual(hold.about, about)
      holds = next
    }
    assert.deepEqual(times, [1, 3, 7, 15, 31, 63, 123, 183, 243])
    assert.equal(defaultProbeTiming.maxMs, 60_000)
  })

  it('say when the next probe is due', () => {
    const both = startHold(held, { node: 'H26', lane: 'bulk', about, now: 500 })
    assert.deepEqual(
      [nextProbeAt([]), nextProbeAt(both), nextProbeAt(dueProbes(both, 1_000).holds)],
      [null, 1_000, 1_500],
    )
  })

  it('end by release, and probe at once when a way reopened', () => {
    assert.deepEqual(releaseHold(held, 'H29', 'bulk'), [])
    assert.equal(releaseHold(held, 'H29', 'express'), held)
    assert.equal(dueProbes(hurryHolds(held, 10), 10).due.length, 1)
    assert.equal(dueProbes(held, 10).holds, held)
  })
})
