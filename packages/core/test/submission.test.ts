import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type EarlierRecipient, planResubmission, recipientStates } from '@lienthong/core'
import fc from 'fast-check'

const organs = ['H1', 'H2', 'H3', 'H4', 'H5'] as const
const earlier: fc.Arbitrary<readonly EarlierRecipient[]> = fc.array(
  fc.record({
    organ: fc.constantFrom(...organs),
    generation: fc.integer({ min: 1, max: 5 }),
    state: fc.constantFrom(...recipientStates),
    provisional: fc.boolean(),
    statusCode: fc.option(fc.integer({ min: 1, max: 16 })),
  }),
)

describe('the same document handed in again', () => {
  it('sends to each wanted recipient once or keeps it, and to nobody else', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...organs, 'h1 ')), earlier, (wanted, before) => {
        const { send, kept } = planResubmission(wanted, before)
        const planned = [...send.flatMap((each) => each.organs), ...kept].map((organ) => organ.trim().toUpperCase())
        assert.deepEqual(planned.sort(), [...new Set(wanted.map((organ) => organ.trim().toUpperCase()))].sort())
        assert.deepEqual(
          send.map(({ generation }) => generation),
          [...new Set(send.map(({ generation }) => generation))].sort((a, b) => a - b),
        )
      }),
    )
  })

  it('never uses a generation again, and sends again only what ended badly', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...organs)), earlier, (wanted, before) => {
        for (const { generation, organs: to } of planResubmission(wanted, before).send) {
          for (const organ of to) {
            const known = before.filter((each) => each.organ === organ)
            const newest = known.reduce<EarlierRecipient | null>(
              (a, b) => (a === null || b.generation > a.generation ? b : a),
              null,
            )
            assert.equal(generation, (newest?.generation ?? 0) + 1)
            if (newest === null) continue
            const final = newest.state === 'undeliverable' && !newest.provisional
            assert.ok(final || newest.state === 'stopped' || newest.statusCode === 2)
          }
        }
      }),
    )
  })

  it('goes to the one that stands for closed organisations unless they all have it', () => {
    const had = (organ: string, state: EarlierRecipient['state'] = 'delivered') => {
      return { organ, generation: 2, state, provisional: false, statusCode: null }
    }
    const standIns = new Map([['H13', ['H30', 'H51']]])
    const sent = (...before: EarlierRecipient[]) => planResubmission(['H13'], before, { standIns }).send
    const first = [{ generation: 1, organs: ['H13'] }]
    assert.deepEqual(sent(), first)
    assert.deepEqual(sent(had('H30')), first)
    assert.deepEqual(sent(had('H30'), had('H51', 'undeliverable')), first)
    assert.deepEqual(sent(had('h30'), had('H51')), [])
    assert.deepEqual(sent(had('H30'), had('H51'), had('H13', 'stopped')), [{ generation: 3, organs: ['H13'] }])
    assert.deepEqual(planResubmission(['H13'], [had('H30'), had('H51')]).send, first)
  })

  it('keeps the order of the sender', () => {
    const before: EarlierRecipient[] = [
      { organ: 'H3', generation: 1, state: 'delivered', provisional: false, statusCode: 2 },
    ]
    assert.deepEqual(planResubmission(['H5', 'H3', 'H1'], before), {
      send: [
        { generation: 1, organs: ['H5', 'H1'] },
        { generation: 2, organs: ['H3'] },
      ],
      kept: [],
    })
  })

  it('keeps what is under way, delivered, or only said to be undeliverable by a transit node', () => {
    const states = ['accepted', 'dispatched', 'delivered', 'collected', 'undeliverable'] as const
    for (const state of states) {
      const plan = planResubmission(
        ['H1'],
        [{ organ: 'H1', generation: 1, state, provisional: true, statusCode: null }],
      )
      assert.deepEqual(plan, { send: [], kept: ['H1'] }, state)
    }
  })
})
