import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { names, type OutMessage, type SendOutcome } from '@lienthong/link'
import { createDestinations } from '../src/destinations.ts'
import { segmentOf } from './a-segment.ts'

describe('a way out of a node', { timeout: 10_000 }, () => {
  it('that confirms nothing while another does gives its copies up, and again after a rest', async (t) => {
    const ended = t.mock.method(globalThis, 'clearInterval')
    const clock = { now: 0 }
    const stuck = names.link('H29.02', 'bulk')
    const under: ((outcome: SendOutcome) => void)[] = []
    const destinations = createDestinations({
      children: ['H29.02', 'H29.18'],
      sender: {
        open: true,
        inFlightBytes: 0,
        send: ({ routingKey }: OutMessage) =>
          routingKey === stuck ? new Promise((resolve) => under.push(resolve)) : Promise.resolve('confirmed'),
        ready: async () => undefined,
        close: async () => undefined,
      },
      parentLink: () => null,
      onReturned: () => undefined,
      onLate: () => undefined,
      now: () => clock.now,
    })
    t.after(() => destinations.close())

    // The watch keeps no process alive.
    const alive = setInterval(() => undefined, 1_000)
    t.after(() => clearInterval(alive))
    for (const number of [1, 2]) {
      const waiting = destinations.forward('down:H29.02', 'bulk', segmentOf(number, 10))
      clock.now += 3_000
      assert.equal(await destinations.forward('down:H29.18', 'bulk', segmentOf(number, 10)), 'sent')
      assert.equal(await waiting, 'full')
      // Confirmed after all: nothing is under way, and the watch rests.
      for (const resolve of under.splice(0)) resolve('confirmed')
      while (ended.mock.callCount() < number) await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })
})
