import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runOverHttp } from './http-run.ts'

describe('10,000 documents by HTTP over four tiers, nodes with their gateways killed three times', {
  timeout: 2_400_000,
}, () => {
  it('are collected once each, and every recipient is settled at its origin', async (t) => {
    const { accepted, expected, killed, repeated, federation, ...found } = await runOverHttp(t, {
      documents: 10_000,
      seed: 20_260,
      deadlineMs: 900_000,
    })
    t.diagnostic(
      `${accepted} documents to ${expected} recipients; killed ${killed.join(', ')}; ${repeated} calls repeated`,
    )
    assert.deepEqual(found, { lost: [], duplicated: [], unexpected: [], unsettled: [] })
    assert.equal(accepted, 10_000)
    assert.ok(repeated > 0, 'the kills were felt')
    assert.deepEqual(federation.failures, [])
  })
})
