import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type LinkOrder, mayEmptySpool, mayForward, stopAt } from '../src/index.ts'

const order: LinkOrder = {
  neighbour: 'H29',
  stop: 'pause',
  until: 100,
  bytesPerSecond: null,
  by: '',
  reason: '',
  at: 1,
}

describe('an order about a link', () => {
  it('holds until its end, or until somebody ends it', () => {
    assert.equal(stopAt(order, 99), 'pause')
    assert.equal(stopAt(order, 100), null)
    assert.equal(stopAt({ ...order, until: null }, 1e15), 'pause')
    assert.equal(stopAt({ ...order, stop: null }, 0), null)
  })

  it('keeps what climbs in the spool while paused, empties it while drained, and lets nothing go down', () => {
    const answers = ([null, 'pause', 'drain'] as const).map((stop) => {
      return [mayForward(stop, 'up'), mayForward(stop, 'down'), mayEmptySpool(stop)]
    })
    assert.deepEqual(answers, [
      ['go', 'go', true],
      ['go', 'full', false],
      ['full', 'full', true],
    ])
  })
})
