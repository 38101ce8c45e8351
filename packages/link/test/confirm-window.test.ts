import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ConfirmWindow } from '../src/confirm-window.ts'

describe('confirm window', () => {
  it('settles one message or all up to a number, each once and in order', () => {
    const window = new ConfirmWindow<string>()
    for (const item of ['a', 'b', 'c', 'd', 'e']) window.push(item)

    assert.deepEqual(window.settle(3, false), ['c'])
    assert.deepEqual(window.settle(3, false), [])
    assert.deepEqual(window.settle(4, true), ['a', 'b', 'd'])
    assert.equal(window.size, 1)
    assert.equal(window.next, 6)
    assert.deepEqual(window.drain(), ['e'])
    assert.deepEqual(window.settle(5, true), [])
  })

  it('for all interleavings, settled and open together are what was published', () => {
    const step = fc.oneof(
      fc.constant(null),
      fc.record({ tag: fc.integer({ min: 0, max: 40 }), multiple: fc.boolean() }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const window = new ConfirmWindow<number>()
        const settled: number[] = []
        let published = 0
        for (const confirm of steps) {
          if (confirm === null) {
            published += 1
            assert.equal(window.next, published)
            window.push(published)
          } else {
            const taken = window.settle(confirm.tag, confirm.multiple)
            assert.deepEqual(
              taken,
              [...taken].sort((a, b) => a - b),
            )
            assert.ok(taken.every((item) => (confirm.multiple ? item <= confirm.tag : item === confirm.tag)))
            settled.push(...taken)
          }
        }
        const all = [...settled, ...window.drain()].sort((a, b) => a - b)
        assert.deepEqual(
          all,
          Array.from({ length: published }, (_, at) => at + 1),
        )
      }),
    )
  })
})
