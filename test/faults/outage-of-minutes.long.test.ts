/** The line between a province and the centre is away for minutes while both sides go on. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from '@lienthong/test/kit'
import { summary } from '../kit/federation-ledger.ts'
import { startFederation } from '../kit/federation-nodes.ts'

const outageMs = 180_000
/** A document goes in each of these, ms: inside the province and across in turn. */
const paceMs = 500
/** Longest time between two deliveries inside the province. */
const maxGapMs = 5_000

describe('an outage of minutes', { timeout: 600_000 }, () => {
  it('delays only what must cross, and loses and doubles nothing', async (t) => {
    const federation = await startFederation(t, { proxied: ['H29'], queryTiming: { firstMs: 10_000, maxMs: 60_000 } })
    const { ledger, events } = federation
    const proxy = federation.proxy('H29')
    const end = Date.now() + outageMs
    await proxy.setMode('silent')
    const refuse = sleep(outageMs / 2).then(() => proxy.setMode('refuse'))

    for (let number = 0; Date.now() < end; number += 1) {
      const across = number % 2 === 0
      await ledger.send({ from: 'H29.02', to: [across ? 'H26.10' : 'H29.18'] })
      // The pace of the traffic is what this test is about.
      await sleep(paceMs)
    }
    await refuse
    const inside = events.flatMap((event) => (event.type === 'delivered' && event.node === 'H29.18' ? [event.at] : []))
    const crossed = events.filter((event) => event.type === 'delivered' && event.node === 'H26.10')
    await proxy.setMode('pass')
    await waitFor(async () => (await ledger.notYet(['delivered'])).length === 0, {
      what: 'all to arrive',
      deadlineMs: 120_000,
    })
    const result = await ledger.reconcile({ acknowledge: true })

    assert.equal(crossed.length, 0)
    const gaps = inside.slice(1).map((at, index) => at - (inside[index] ?? at))
    assert.ok(Math.max(...gaps) <= maxGapMs, `a gap of ${Math.max(...gaps)} ms inside the province`)
    assert.equal(events.filter((event) => event.type === 'dropped').length, 0)
    assert.equal(summary(result), `delivered ${result.expected}/${result.expected}, lost 0, duplicated 0`)
    await federation.quiet({ deadlineMs: 120_000 })
    t.diagnostic(`${inside.length} inside during the outage, longest gap ${Math.max(...gaps)} ms; ${summary(result)}`)
  })
})
