/** Ending is designed: a node stops within its time, twice is once, and nothing of it is left. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RelayError } from '@lienthong/core'
import { startFederation } from '../kit/federation-nodes.ts'
import { canStartBroker, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const cycles = 10
const maxStopMs = 10_000

describe('stopping a node', { skip, timeout: 180_000 }, () => {
  it('leaves no connection, timer or lock behind, ten times over', async (t) => {
    const fed = await startFederation(t, { tree: [{ id: 'H29', tier: 'province', parent: null, name: 'Tỉnh' }] })
    await fed.stop('H29')
    const resources = process.getActiveResourcesInfo().length

    for (let cycle = 0; cycle < cycles; cycle += 1) {
      const node = await fed.start('H29')
      const started = performance.now()
      await Promise.all([node.stop(), node.stop()])
      assert.ok(performance.now() - started < maxStopMs)
      await assert.rejects(node.submit({ as: 'H29', body: new Uint8Array(1) }), (error) => {
        return error instanceof RelayError && error.code === 'NODE_STOPPING'
      })
      await fed.stop('H29')
    }

    await waitFor(async () => (await connections(fed.broker)) === 0, {
      what: 'no connection at the broker',
      deadlineMs: 30_000,
    })
    await waitFor(() => process.getActiveResourcesInfo().length <= resources, {
      what: 'no handle to be left',
      deadlineMs: 10_000,
    })
  })
})

async function connections(broker: { managementUrl: string; user: string; password: string }): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${broker.user}:${broker.password}`).toString('base64')}`
  const response = await fetch(`${broker.managementUrl}/api/connections`, { headers: { authorization } })
  return ((await response.json()) as unknown[]).length
}
