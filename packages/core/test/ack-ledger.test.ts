import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { AckLedger } from '../src/ack-ledger.ts'

describe('ack ledger', () => {
  it('acknowledges the highest number below which nothing is open', () => {
    const ledger = new AckLedger()
    for (const tag of [1, 2, 3, 4, 5, 6, 7]) ledger.deliver(tag)

    for (const tag of [5, 1, 3, 2, 6]) ledger.settle(tag)

    assert.equal(ledger.take(), 3)
    assert.equal(ledger.take(), null)
    assert.deepEqual(ledger.scattered(), [5, 6])
    assert.equal(ledger.unsettled, 2)
    ledger.settle(4)
    assert.equal(ledger.take(), 6)
    assert.deepEqual(ledger.scattered(), [])
  })

  it('ignores a number settled twice or never delivered, and refuses a gap in deliveries', () => {
    const ledger = new AckLedger()
    ledger.deliver(1)
    ledger.deliver(2)

    assert.equal(ledger.settle(2), true)
    assert.equal(ledger.settle(2), false)
    assert.equal(ledger.settle(3), false)
    assert.equal(ledger.settle(0), false)
    assert.equal(ledger.take(), null)
    assert.throws(() => ledger.deliver(4), RangeError)
    assert.equal(ledger.unsettled, 1)
  })

  it('for all interleavings acknowledges exactly what is settled, never more', () => {
    const step = fc.oneof(
      fc.constant({ do: 'deliver' as const, at: 0 }),
      fc.record({ do: fc.constant('settle' as const), at: fc.nat(30) }),
      fc.constant({ do: 'take' as const, at: 0 }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const ledger = new AckLedger()
        const open = new Set<number>()
        let delivered = 0
        let acknowledged = 0
        for (const { do: what, at } of steps) {
          if (what === 'deliver') {
            delivered += 1
            ledger.deliver(delivered)
            open.add(delivered)
          } else if (what === 'settle') {
            assert.equal(ledger.settle(at), open.delete(at))
          } else {
            const tag = ledger.take()
            if (tag !== null) {
              assert.ok(tag > acknowledged)
              acknowledged = tag
            }
          }
          for (const tag of open) assert.ok(tag > acknowledged, `${tag} is open and was acknowledged`)
          assert.equal(ledger.unsettled, open.size)
        }
        acknowledged = ledger.take() ?? acknowledged
        const scattered = ledger.scattered()
        assert.equal(acknowledged + scattered.length + open.size, delivered)
        for (const tag of scattered) assert.ok(tag > acknowledged + 1 && !open.has(tag))
      }),
    )
  })
})
