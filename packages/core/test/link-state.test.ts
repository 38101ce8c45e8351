import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { LinkEvent, LinkState } from '../src/link-state.ts'
import { advanceLink, closedLink, linkEvents, linkPhase, linkReasons, linkUsable } from '../src/link-state.ts'

const after = (...events: readonly LinkEvent[]): LinkState => events.reduce(advanceLink, closedLink)

describe('link state', () => {
  it('opens with the first confirm and the way back', () => {
    assert.equal(linkPhase(closedLink), 'closed')
    assert.equal(linkPhase(after('start')), 'opening')
    assert.equal(linkPhase(after('start', 'sender-up', 'receiver-up')), 'opening')
    assert.equal(linkPhase(after('start', 'sender-up', 'receiver-up', 'confirmed')), 'open')
  })

  it('is usable while it is stalled and not while it is blocked', () => {
    const open = after('start', 'sender-up', 'receiver-up', 'confirmed')

    for (const event of ['receiver-down', 'canary-missing', 'hello-unreadable'] as const) {
      assert.equal(linkPhase(advanceLink(open, event)), 'stalled')
      assert.equal(linkUsable(advanceLink(open, event)), true)
    }
    assert.equal(linkPhase(advanceLink(open, 'blocked')), 'blocked')
    assert.equal(linkUsable(advanceLink(open, 'blocked')), false)
    assert.equal(linkPhase(advanceLink(open, 'confirm-late')), 'opening')
  })

  it('takes no proof from a connection that has ended', () => {
    const down = after('start', 'sender-up', 'receiver-up', 'confirmed', 'sender-down')

    assert.equal(linkPhase(advanceLink(down, 'confirmed')), 'opening')
    assert.equal(linkPhase([...(['confirmed', 'sender-up'] as const)].reduce(advanceLink, down)), 'opening')
    assert.equal(linkPhase([...(['sender-up', 'confirmed'] as const)].reduce(advanceLink, down)), 'open')
  })

  it('for all histories heals by traffic alone', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...linkEvents), { maxLength: 60 }), (history) => {
        const state = history.filter((event) => event !== 'stop').reduce(advanceLink, after('start'))
        const order = state.reasons.map((reason) => linkReasons.indexOf(reason))
        assert.deepEqual(
          order,
          [...new Set(order)].sort((a, b) => a - b),
        )

        const traffic: LinkEvent[] = [
          'sender-up',
          'unblocked',
          'confirmed',
          'receiver-up',
          'canary-returned',
          'hello-read',
        ]
        const healed = traffic.reduce(advanceLink, state)

        assert.equal(linkPhase(healed), 'open')
        assert.equal(advanceLink(healed, 'confirmed'), healed)
        assert.equal(advanceLink(state, 'stop'), closedLink)
      }),
    )
  })
})
