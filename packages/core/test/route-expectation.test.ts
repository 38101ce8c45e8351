import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Exception, explainRoute, type RouteExpectation, testExpectations } from '@lienthong/core'

const directory = {
  version: 1,
  nodes: [
    { id: 'G22', tier: '', parent: null, keys: [] },
    { id: 'H29', tier: '', parent: 'G22', keys: [] },
    { id: 'H29.18', tier: '', parent: 'H29', keys: [] },
    { id: 'H29.19', tier: '', parent: 'H29', keys: [] },
  ],
  organisations: [
    { id: 'G22', name: 'A', parent: null, node: 'G22' },
    { id: 'H29', name: 'B', parent: 'G22', node: 'H29' },
    { id: 'H29.02', name: 'C', parent: 'H29', node: 'H29', validTo: '2026-06-30' },
    { id: 'H29.18', name: 'D', parent: 'H29', node: 'H29.18' },
    { id: 'H29.19', name: 'E', parent: 'H29', node: 'H29.19' },
  ],
}
const at = Date.parse('2026-01-15T00:00:00+07:00')

function outcomes(expectations: readonly RouteExpectation[], exceptions: readonly Exception[] = []) {
  return testExpectations(directory, { self: 'H29', exceptions }, expectations, at)
}

function allOk(expectations: readonly RouteExpectation[], exceptions?: readonly Exception[]): readonly boolean[] {
  return outcomes(expectations, exceptions).map(({ ok }) => ok)
}

describe('an expectation', () => {
  it('holds for the hop at this node, by its name or the next node, and for the whole path', () => {
    assert.deepEqual(
      allOk([
        { from: 'H29', to: 'H29.18', next: 'down:H29.18' },
        { from: 'H29', to: 'H29.18', next: 'H29.18' },
        { from: 'H29.19', to: 'H29.18', next: 'H29.18', path: ['H29.19', 'H29', 'H29.18'] },
        { from: 'H29', to: 'G22', next: 'up' },
        { from: 'H29', to: 'G22', next: 'G22' },
        { from: 'G22', to: 'H29.02', next: 'mailbox' },
        { from: 'H29.19', to: 'Z99', refused: 'RECEIVER_UNKNOWN' },
        { from: 'Z99', to: 'H29', refused: 'SENDER_NOT_ALLOWED' },
        { from: 'G22', to: 'H29.02', on: '2026-07-01', refused: 'RECEIVER_CLOSED' },
      ]),
      Array(9).fill(true),
    )
  })

  it('fails for anything else', () => {
    assert.deepEqual(
      allOk([
        { from: 'H29', to: 'H29.18', next: 'H29.19' },
        { from: 'H29', to: 'H29.18', path: ['H29'] },
        { from: 'H29', to: 'H29.18', refused: 'RECEIVER_UNKNOWN' },
        { from: 'H29', to: 'Z99', next: 'up' },
        { from: 'H29', to: 'Z99', refused: 'RECEIVER_CLOSED' },
        { from: 'H29', to: 'H29.*', next: 'H29.18' },
        { from: 'G22', to: 'G22', next: 'mailbox' },
      ]),
      Array(7).fill(false),
    )
  })

  it('sees the exceptions of this node: a hold where it is the origin, a redirection wherever it comes by', () => {
    const reason = 'đang bảo trì'
    const hold: Exception = { organ: 'H29.18', hold: true, reason, until: '2026-01-15' }
    const held = { from: 'H29', to: 'H29.18', refused: 'RECEIVER_HELD' }
    assert.deepEqual(
      allOk([held, { ...held, from: 'G22' }, { ...held, on: '2026-01-16' }, { ...held, to: 'H29.*' }], [hold]),
      [true, false, false, true],
    )
    const redirect: Exception = { organ: 'H29.18', redirect: 'H29.19', reason }
    const [first, other] = outcomes(
      [
        { from: 'G22', to: 'H29.18', next: 'H29.19' },
        { from: 'G22', to: 'H29.19', next: 'H29.19' },
      ],
      [redirect],
    )
    assert.deepEqual([first?.ok, other?.ok], [true, true])
    const question = { from: 'H29', to: 'H29.18', at }
    const [hop] = explainRoute(directory, question, { self: 'H29', exceptions: [redirect] }).hops
    assert.deepEqual([hop?.next, hop?.reason], ['H29.19', 'redirected'])
    assert.equal(explainRoute(directory, question).hops[0]?.reason, 'below-child')
  })
})
