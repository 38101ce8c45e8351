import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { canStartBroker } from '../kit/index.ts'
import { runOverHttp } from './http-run.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

describe('300 documents by HTTP over four tiers, nodes with their gateways killed three times', {
  skip,
  timeout: 340_000,
}, () => {
  it('are collected once each, and every recipient is settled at its origin', async (t) => {
    const { accepted, expected, killed, repeated, federation, ...found } = await runOverHttp(t, {
      documents: 300,
      seed: 4,
      deadlineMs: 120_000,
    })
    t.diagnostic(
      `${accepted} documents to ${expected} recipients; killed ${killed.join(', ')}; ${repeated} calls repeated`,
    )
    assert.deepEqual(found, { lost: [], duplicated: [], unexpected: [], unsettled: [] })
    assert.equal(accepted, 300)
    assert.ok(repeated > 0, 'the kills were felt')
    assert.deepEqual(federation.failures, [])
  })
})
