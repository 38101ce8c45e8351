/** Ending is designed: bounded, idempotent, and nothing stays behind, however often a node is started. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { allArrived } from '../kit/federation-arrival.ts'
import { type LiveFederation, smallTree, startFederation } from '../kit/federation-nodes.ts'
import { canStartBroker, lastFirst, startBroker, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

const tree = smallTree.filter(({ id }) => ['G22', 'H29'].includes(id))
const cycles = 10
/** What is given to what is in hand. */
const timeoutMs = 1_000
/** Beside that: confirms in flight, and a broker that does not answer a close. */
const boundMs = 15_000

describe('stopping a node', { skip, timeout: 180_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  before(async () => {
    const broker = await startBroker({ teardown })
    const queryTiming = { firstMs: 3_000, maxMs: 10_000 }
    fed = await startFederation(teardown, { broker, tree, proxied: ['H29'], queryTiming })
  })

  it('leaves no connection, handle or file behind, ten times in one process', async () => {
    async function stopBoth(): Promise<void> {
      await Promise.all([fed.stop('H29'), fed.stop('G22')])
      await waitFor(async () => (await connections()) === 0, {
        what: 'no connection at the broker',
        deadlineMs: 30_000,
      })
    }
    async function cycle(): Promise<void> {
      await fed.start('G22')
      await fed.start('H29')
      await fed.ledger.send({ from: 'H29', to: ['G22'] })
      await allArrived(fed)
      await stopBoth()
    }
    await stopBoth()
    await cycle()
    const before = held()

    for (let number = 1; number < cycles; number += 1) await cycle()

    // The HTTP client lets go of its idle sockets a little later.
    const more = () => [...held()].filter(([what, count]) => count > (before.get(what) ?? 0))
    await waitFor(() => more().length === 0, { what: 'all to be let go', deadlineMs: 20_000 }).catch(() => undefined)
    assert.deepEqual(more(), [])
    assert.deepEqual(fed.failures, [])
  })

  it('ends in time while its parent is silent and documents are under way, and none of them is lost', async () => {
    await fed.start('G22')
    const node = await fed.start('H29')
    await fed.proxy('H29').setMode('silent')
    for (let number = 0; number < 20; number += 1) {
      await fed.ledger.send({ from: 'H29', to: ['G22'], attachmentBytes: number % 10 === 0 ? 600_000 : 5_000 })
    }

    const started = performance.now()
    await Promise.all([node.stop({ timeoutMs }), node.stop({ timeoutMs: 60_000 })])
    await node.stop()

    assert.ok(performance.now() - started < boundMs, `${Math.round(performance.now() - started)} ms`)
    await assert.rejects(node.submit({ as: 'H29', body: new Uint8Array(1) }), { code: 'NODE_STOPPING' })
    await fed.proxy('H29').setMode('pass')
    await fed.start('H29')
    await allArrived(fed)
    await fed.quiet()
    assert.deepEqual(fed.failures, [])
  })

  it('ends in time when its broker has gone', async () => {
    await fed.broker.kill()
    const started = performance.now()

    await Promise.all([fed.stop('H29'), fed.stop('G22')])

    assert.ok(performance.now() - started < boundMs, `${Math.round(performance.now() - started)} ms`)
  })

  async function connections(): Promise<number> {
    const { managementUrl, user, password } = fed.broker
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    const response = await fetch(`${managementUrl}/api/connections`, { headers: { authorization } })
    return ((await response.json()) as readonly unknown[]).length
  }
})

/** What keeps this process alive, by kind, and its open files. */
function held(): ReadonlyMap<string, number> {
  const counts = new Map([['files', readdirSync('/proc/self/fd').length]])
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}
