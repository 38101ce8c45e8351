import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  advanceQuery,
  applySignal,
  defaultQueryTiming,
  isSettled,
  missingToResend,
  outdateQuery,
  type RecipientRecord,
  type RecipientState,
  relocate,
  routeChangedLimitMs,
  type SealedSignal,
  type Signal,
} from '@lienthong/core'
import fc from 'fast-check'

const fresh: RecipientRecord = {
  organ: 'H26.10',
  node: 'H26',
  state: 'dispatched',
  provisional: false,
  code: null,
  dispatchedAt: 1,
  deliveredAt: null,
  collectedAt: null,
  refusedSince: null,
  path: null,
}
const about = { uid: 'u1', generation: 1 }
const path = [{ node: 'H26', version: 1, at: 5 }]
const delivered = { organ: 'H26.10', deliveredAt: 100, collectedAt: null, path }
const collected = { ...delivered, collectedAt: 200 }

function signals(organ: string): Signal[] {
  const organs = [organ]
  const receipts = [{ ...delivered, organ }]
  return [
    { ...about, type: 'delivered', receipts },
    { ...about, type: 'collected', receipts: [{ ...collected, organ }] },
    { ...about, type: 'answer', number: 1, receipts, missing: 'none' },
    { ...about, type: 'answer', number: 1, receipts: [], missing: 'all' },
    { ...about, type: 'undeliverable', organs, code: 'RECEIVER_UNKNOWN' },
    { ...about, type: 'undeliverable', organs, code: 'DIGEST_MISMATCH' },
    { ...about, type: 'deferred', organs, code: 'LINK_FULL' },
    { ...about, type: 'deferred', organs, code: 'ROUTE_CHANGED' },
    { ...about, type: 'noted', organs },
    { ...about, type: 'query', organs, number: 1 },
  ]
}

const anySignal: fc.Arbitrary<SealedSignal> = fc.record({
  sealedBy: fc.constantFrom('H26', 'G22', 'H99'),
  signal: fc.constantFrom(...signals('H26.10'), ...signals('h26.10 '), ...signals('H26.11')),
})

function applyAll(record: RecipientRecord, sealed: readonly SealedSignal[]): RecipientRecord {
  return sealed.reduce((current, next) => applySignal(current, next, 1_000), record)
}

/** What was heard about the ending; which refusal came last is for display only. */
function ending({ state, provisional, deliveredAt, collectedAt, path: way, code }: RecipientRecord) {
  return { state, provisional, deliveredAt, collectedAt, path: way, code: state === 'undeliverable' ? code : null }
}

const rank: Readonly<Record<RecipientState, number>> = {
  accepted: 0,
  dispatched: 1,
  undeliverable: 2,
  delivered: 4,
  collected: 5,
  stopped: 6,
}

function height({ state, provisional }: RecipientRecord): number {
  return rank[state] + (state === 'undeliverable' && !provisional ? 1 : 0)
}

describe('what an origin knows of a recipient', () => {
  it('comes out the same whatever the order and repetition of signals', () => {
    const shuffled = fc
      .array(anySignal, { maxLength: 12 })
      .chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length })),
      )
    fc.assert(
      fc.property(shuffled, ([list, twiceAndShuffled]) => {
        assert.deepEqual(ending(applyAll(fresh, twiceAndShuffled)), ending(applyAll(fresh, list)))
      }),
    )
  })

  it('never goes backwards, and settled stays settled', () => {
    fc.assert(
      fc.property(
        fc.array(anySignal),
        fc.constantFrom<RecipientState>('accepted', 'dispatched', 'stopped'),
        (list, state) => {
          let record = { ...fresh, state }
          for (const sealed of list) {
            const next = applySignal(record, sealed, 1_000)
            assert.ok(height(next) >= height(record))
            assert.ok(!isSettled(record) || isSettled(next))
            record = { ...record, ...next }
          }
        },
      ),
    )
  })

  it('does not change for receipts sealed by another than the serving node', () => {
    for (const signal of signals('H26.10')) {
      if (!('receipts' in signal)) continue
      assert.equal(applySignal(fresh, { sealedBy: 'H99', signal }, 1), fresh)
    }
  })

  it('is the same object when nothing changes', () => {
    const after = applyAll(fresh, [{ sealedBy: 'H26', signal: { ...about, type: 'collected', receipts: [collected] } }])
    for (const signal of signals('H26.10')) {
      assert.equal(applySignal(after, { sealedBy: 'H26', signal }, 1_000), after, signal.type)
    }
    for (const signal of signals('H26.11')) assert.equal(applySignal(fresh, { sealedBy: 'H26', signal }, 1), fresh)
  })

  it('takes a transit node at its word only until the serving node is heard', () => {
    const word: Signal = { ...about, type: 'undeliverable', organs: ['H26.10'], code: 'RECEIVER_UNKNOWN' }
    const provisional = applySignal(fresh, { sealedBy: 'G22', signal: word }, 1)
    assert.deepEqual(
      [provisional.state, provisional.provisional, isSettled(provisional)],
      ['undeliverable', true, false],
    )
    const overridden = applySignal(
      provisional,
      { sealedBy: 'H26', signal: { ...about, type: 'delivered', receipts: [delivered] } },
      2,
    )
    assert.deepEqual(ending(overridden), { ...ending(fresh), state: 'delivered', deliveredAt: 100, path })
    const final = applySignal(provisional, { sealedBy: 'H26', signal: word }, 2)
    assert.deepEqual([final.state, final.provisional, isSettled(final)], ['undeliverable', false, true])
  })

  it('ends undeliverable after a day of the same refusal, and only then', () => {
    const signal: Signal = { ...about, type: 'deferred', organs: ['H26.10'], code: 'ROUTE_CHANGED' }
    const first = applySignal(fresh, { sealedBy: 'G22', signal }, 1_000)
    assert.deepEqual([first.state, first.code, first.refusedSince], ['dispatched', 'ROUTE_CHANGED', 1_000])
    const later = applySignal(first, { sealedBy: 'G22', signal }, 1_000 + routeChangedLimitMs - 1)
    assert.equal(later, first)
    const last = applySignal(first, { sealedBy: 'G22', signal }, 1_000 + routeChangedLimitMs)
    assert.deepEqual([last.state, last.provisional, last.code], ['undeliverable', false, 'ROUTE_CHANGED'])
    const heard = applySignal(
      first,
      { sealedBy: 'H26', signal: { ...about, type: 'delivered', receipts: [delivered] } },
      2,
    )
    assert.equal(heard.refusedSince, null)
  })

  it('follows a recipient that another node serves now', () => {
    const moved = relocate(fresh, 'H27')
    const receipt: Signal = { ...about, type: 'delivered', receipts: [delivered] }
    assert.equal(applySignal(moved, { sealedBy: 'H26', signal: receipt }, 1), moved)
    assert.equal(applySignal(moved, { sealedBy: 'H27', signal: receipt }, 1).state, 'delivered')
    assert.equal(relocate(moved, 'H27'), moved)
  })
})

describe('queries', () => {
  it('are numbered, and wait twice as long each time, at most an hour', () => {
    let query = { number: 0, nextAt: null as number | null }
    const waits: number[] = []
    for (let turn = 0; turn < 10; turn++) {
      query = { ...advanceQuery(query, 0, defaultQueryTiming) }
      waits.push((query.nextAt ?? 0) / 1_000)
    }
    assert.equal(query.number, 10)
    assert.deepEqual(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
  })

  it('start a resend only by the newest answer, or one nobody asked for', () => {
    const query = { number: 3, nextAt: null }
    assert.equal(missingToResend(query, { number: 3, missing: 'all' }), 'all')
    assert.equal(missingToResend(query, { number: 0, missing: 'all' }), 'all')
    assert.equal(missingToResend(query, { number: 2, missing: 'all' }), 'none')
    assert.equal(missingToResend(query, { number: 4, missing: 'all' }), 'none')
    assert.deepEqual(missingToResend(query, { number: 3, missing: [[1, 2]] }), [[1, 2]])
    assert.equal(missingToResend(outdateQuery(query), { number: 3, missing: 'all' }), 'none')
  })
})
