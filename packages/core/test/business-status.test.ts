import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { applyStatus, type BusinessState, noStatus, planResubmission, type StatusReport } from '@lienthong/core'
import fc from 'fast-check'

const report: fc.Arbitrary<StatusReport> = fc.record(
  {
    code: fc.oneof(fc.integer({ min: 1, max: 16 }), fc.constantFrom(0, 99, 103)),
    at: fc.integer({ min: 0, max: 5 }),
    description: fc.option(fc.constantFrom('', 'a', 'b')),
  },
  { noNullPrototype: true },
)

const heard = (reports: readonly StatusReport[]): BusinessState => reports.reduce(applyStatus, noStatus)
const inOrder = (...codes: readonly number[]): BusinessState =>
  heard(codes.map((code, at) => ({ code, at, description: null })))

describe('business statuses of a recipient', () => {
  it('give the same state in any order and any number of copies', () => {
    const shuffledWithCopies = fc
      .array(report, { maxLength: 12 })
      .chain((reports) =>
        fc.tuple(
          fc.constant(reports),
          fc.shuffledSubarray([...reports, ...reports, ...reports], { minLength: reports.length * 3 }),
        ),
      )
    fc.assert(
      fc.property(shuffledWithCopies, ([reports, copies]) => assert.deepEqual(heard(copies), heard(reports))),
      { numRuns: 300 },
    )
  })

  it('never go back, and keep every word', () => {
    const order = [1, 3, 4, 5, 2, 6]
    fc.assert(
      fc.property(fc.array(report, { maxLength: 12 }), (reports) => {
        let state = noStatus
        for (const each of reports) {
          const next = applyStatus(state, each)
          assert.ok(order.indexOf(next.reached?.code ?? 0) >= order.indexOf(state.reached?.code ?? 0))
          assert.ok(next.history.some((known) => known.code === each.code && known.at === each.at))
          assert.ok(next.history.length >= state.history.length)
          assert.equal(applyStatus(next, each), next)
          state = next
        }
      }),
      { numRuns: 300 },
    )
  })

  for (const [what, codes, shown] of [
    ['pass through every step', [1, 3, 4, 5, 6], 6],
    ['may skip steps', [3, 5], 5],
    ['stay where they are when an earlier step comes late', [3, 1], 3],
    ['end refused, whatever comes after it', [1, 2, 1, 3, 5], 2],
    ['end refused also after the document was accepted', [1, 3, 2], 2],
    ['end finished, whatever comes after it', [6, 2, 5], 6],
    ['are not moved by an answer to a recall', [3, 15, 16], 3],
    ['are not moved by codes nobody knows', [1, 7, 12, 14, 103, 999], 1],
  ] as const) {
    it(what, () => assert.equal(inOrder(...codes).reached?.code, shown))
  }

  it('keep the codes nobody knows without taking them for a step', () => {
    const state = inOrder(9, 14)
    assert.equal(state.reached, null)
    assert.deepEqual(
      state.history.map(({ code }) => code),
      [9, 14],
    )
  })

  it('name the first word of the furthest step', () => {
    const state = heard([
      { code: 2, at: 20, description: 'lần hai' },
      { code: 2, at: 10, description: 'gửi nhầm' },
    ])
    assert.deepEqual(state.reached, { code: 2, at: 10, description: 'gửi nhầm' })
  })

  it('tell what became of a recall: asked, answered, and asked again after it was declined', () => {
    assert.equal(inOrder(1, 3).change, null)
    assert.equal(inOrder(3, 13).change, 'asked')
    assert.equal(inOrder(3, 13, 16).change, 'declined')
    assert.equal(inOrder(3, 13, 16, 16).change, 'declined')
    assert.equal(inOrder(3, 13, 16, 13).change, 'asked')
    assert.equal(inOrder(3, 13, 16, 13, 15).change, 'agreed')
  })

  it('take an answer for the later word when it was heard in the same instant', () => {
    const at = 1
    const asked = { code: 13, at, description: null }
    for (const [code, change] of [
      [15, 'agreed'],
      [16, 'declined'],
    ] as const) {
      const answer = { code, at, description: null }
      assert.equal(heard([asked, answer]).change, change)
      assert.equal(heard([answer, asked]).change, change)
    }
  })

  it('start anew only when the document is sent again after 02', () => {
    const before = { organ: 'H1', generation: 1, state: 'collected', provisional: false } as const
    const again = (state: BusinessState) =>
      planResubmission(['H1'], [{ ...before, statusCode: state.reached?.code ?? null }])

    assert.deepEqual(again(inOrder(3, 2, 1)).send, [{ generation: 2, organs: ['H1'] }])
    assert.deepEqual(again(inOrder(1, 3)).kept, ['H1'])
    assert.deepEqual(again(inOrder(2, 6)).kept, ['H1'])
  })
})
