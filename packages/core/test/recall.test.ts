import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  decideRecall,
  documentTypes,
  type HeldSending,
  isDoneWith,
  isRecallable,
  isStopped,
  lastOutcome,
  planResubmission,
  type RecallOutcome,
  type RecipientState,
  recallOutcome,
  recallOutcomes,
  recipientStates,
  type Sending,
} from '@lienthong/core'
import fc from 'fast-check'

const from = 'H29.18.05'
const recall = { kind: 'document', businessType: documentTypes.recall, from } as const
const update = { ...recall, businessType: documentTypes.update } as const
const replacement = { ...recall, businessType: documentTypes.replacement } as const
const takeBack = { kind: 'status', businessType: 13, from } as const

const generation = fc.integer({ min: 1, max: 5 })
const held: fc.Arbitrary<readonly HeldSending[]> = fc.uniqueArray(
  fc.record({
    generation,
    from: fc.constant(from),
    state: fc.constantFrom('waiting' as const, 'collected' as const, 'withdrawn' as const),
  }),
  { selector: (sending) => sending.generation },
)
const stopping = fc.constantFrom(recall, replacement, takeBack)

describe('a recall at the serving node', () => {
  it('leaves nothing to be read that the sender meant, but what was collected', () => {
    fc.assert(
      fc.property(stopping, generation, held, (packet, upTo, here) => {
        const { effect, withdraw, bury } = decideRecall(packet, upTo, here)
        const meant = here.filter((sending) => sending.generation <= upTo)
        const left = meant.filter((sending) => sending.state === 'waiting' && !withdraw.includes(sending.generation))
        assert.deepEqual(left, [])
        assert.ok(withdraw.every((each) => each <= upTo))
        assert.equal(
          effect === 'asked',
          meant.some(({ state }) => state === 'collected'),
        )
        assert.equal(effect === 'stopped', meant.length === 0)
        assert.ok(bury || here.some((sending) => sending.generation === upTo))
      }),
    )
  })

  it('says the same again, whatever it did the first time', () => {
    fc.assert(
      fc.property(stopping, generation, held, (packet, upTo, here) => {
        const first = decideRecall(packet, upTo, here)
        const after = here.map((sending) =>
          first.withdraw.includes(sending.generation) ? { ...sending, state: 'withdrawn' as const } : sending,
        )
        const second = decideRecall(packet, upTo, after)
        assert.deepEqual([second.effect, second.withdraw], [first.effect, []])
      }),
    )
  })

  it('does nothing to a document of another sender, and an update does nothing to any', () => {
    fc.assert(
      fc.property(stopping, generation, held, (packet, upTo, here) => {
        const foreign = decideRecall({ ...packet, from: 'H30' }, upTo, here)
        if (here.length > 0) assert.deepEqual(foreign, { effect: null, withdraw: [], bury: false })
        assert.deepEqual(decideRecall(update, upTo, here), { effect: 'asked', withdraw: [], bury: false })
      }),
    )
  })

  it('stops by its tombstone what is of the same sender and no later generation', () => {
    const tombstones = [{ generation: 2, from: 'h29.18.05' }]
    assert.deepEqual(
      [1, 2, 3].map((each) => isStopped({ from, generation: each }, tombstones)),
      [true, true, false],
    )
    assert.equal(isStopped({ from: 'H30', generation: 1 }, tombstones), false)
  })

  it('is done with when nothing is left to ask, but for a new text', () => {
    assert.equal(isDoneWith(recall, ['stopped', 'withdrawn']), true)
    assert.equal(isDoneWith(takeBack, ['withdrawn']), true)
    assert.equal(isDoneWith(recall, ['stopped', 'asked']), false)
    assert.equal(isDoneWith(recall, []), false)
    assert.equal(isDoneWith(replacement, ['stopped']), false)
    assert.equal(isDoneWith(update, ['asked']), false)
  })
})

describe('what became of a recall', () => {
  const known = { effect: null, change: null, state: 'dispatched', code: null } as const

  it('is what the serving node did, then what the recipient answers', () => {
    assert.equal(recallOutcome(known), 'unknown')
    assert.equal(recallOutcome({ ...known, change: 'asked' }), 'unknown')
    assert.equal(recallOutcome({ ...known, state: 'delivered' }), 'asked')
    assert.equal(recallOutcome({ ...known, effect: 'stopped', change: 'declined' }), 'stopped')
    assert.equal(recallOutcome({ ...known, effect: 'asked' }), 'asked')
    assert.equal(recallOutcome({ ...known, effect: 'asked', change: 'agreed' }), 'agreed')
    assert.equal(recallOutcome({ ...known, effect: 'asked', change: 'declined' }), 'refused')
    assert.equal(recallOutcome({ ...known, state: 'undeliverable', code: 'RECALL_NOT_SENDER' }), 'refused')
    assert.equal(recallOutcome({ ...known, state: 'undeliverable', code: 'RECEIVER_UNKNOWN' }), 'unknown')
  })

  it('stays stopped or withdrawn, whatever is asked after it', () => {
    assert.equal(lastOutcome([]), null)
    assert.equal(lastOutcome(['asked', 'refused']), 'refused')
    assert.equal(lastOutcome(['withdrawn', 'unknown']), 'withdrawn')
  })
})

describe('whether a recall has anything left to do', () => {
  const reached = { provisional: false }

  it('has not where the document never came, or is out of reach by now, or is given back', () => {
    const recallable = (state: RecipientState, outcome: RecallOutcome | null = null) =>
      isRecallable({ ...reached, state }, outcome)
    assert.deepEqual(
      recipientStates.filter((state) => !recallable(state)),
      ['undeliverable', 'stopped'],
    )
    for (const state of ['accepted', 'dispatched', 'delivered', 'collected'] as const) {
      const done = recallOutcomes.filter((outcome) => !recallable(state, outcome))
      assert.deepEqual(done, ['stopped', 'withdrawn', 'agreed'], state)
    }
    assert.ok(recallOutcomes.every((outcome) => !recallable('stopped', outcome)))
  })

  it('has where a node on the way gave it up, for delivery may still follow', () => {
    assert.equal(isRecallable({ state: 'undeliverable', provisional: true }, null), true)
    assert.equal(isRecallable({ state: 'undeliverable', provisional: true }, 'withdrawn'), false)
  })

  it('agrees with the serving node: what it leaves to nobody is not asked for again, what it asked for is', () => {
    fc.assert(
      fc.property(stopping, generation, held, (packet, upTo, here) => {
        const { effect, withdraw } = decideRecall(packet, upTo, here)
        const outcome = recallOutcome({ effect, change: null, state: 'delivered', code: null })
        const isRead = here.some(({ state, generation: each }) => state === 'collected' && each <= upTo)
        assert.equal(isRecallable({ ...reached, state: isRead ? 'collected' : 'delivered' }, outcome), isRead)
        if (isRead) return
        const after = here.filter((each) => each.generation <= upTo && !withdraw.includes(each.generation))
        assert.ok(after.every(({ state }) => state === 'withdrawn'))
      }),
    )
  })
})

describe('a document handed in again after a recall', () => {
  const earlier = (withdrawn: boolean, about: readonly Sending[] = []) => [
    {
      organ: 'H26.10',
      generation: 1,
      state: 'delivered',
      provisional: false,
      statusCode: null,
      withdrawn,
      about,
    } as const,
  ]

  it('gets a generation that no tombstone reaches', () => {
    fc.assert(
      fc.property(generation, fc.nat({ max: 9 }), (reached, recalledUpTo) => {
        const sent = earlier(true).map((recipient) => ({ ...recipient, generation: reached }))
        for (const { generation: next } of planResubmission(['H26.10', 'H26.11'], sent, { recalledUpTo }).send) {
          assert.equal(isStopped({ from, generation: next }, [{ from, generation: recalledUpTo }]), false)
        }
      }),
    )
    assert.deepEqual(planResubmission(['H26.10'], earlier(false), { recalledUpTo: 1 }).kept, ['H26.10'])
  })

  it('is a recall that means more by now, or else is kept', () => {
    const [meant, more] = [1, 2].map((each) => [{ uid: 'a', generation: each }])
    const plan = (about: readonly Sending[] | undefined) =>
      planResubmission(['H26.10'], earlier(false, meant), { about: about ?? [] })
    assert.deepEqual(plan(meant).send, [])
    assert.deepEqual(plan(more).send, [{ generation: 2, organs: ['H26.10'] }])
  })
})
