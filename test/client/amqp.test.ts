/** Submitting and hearing of arrivals over AMQP, at a real node with a real broker. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Broker, canStartBroker, startBroker } from '../kit/broker.ts'
import { lastFirst } from '../kit/teardown.ts'
import { waitFor } from '../kit/wait-for.ts'
import { clientOf, first, packet, province, type ServedNode, second, serveNode } from './served-node.ts'

const skip = !canStartBroker() && 'needs a RabbitMQ that it can start'

describe('a client over AMQP', { skip, timeout: 200_000 }, () => {
  const teardown = lastFirst({ after })
  let broker: Broker
  let node: ServedNode
  before(async () => {
    broker = await startBroker({ teardown })
    node = await serveNode(teardown, broker)
  })

  /** Says which calls went over HTTP. */
  function watched(organ: string) {
    const calls: string[] = []
    const options = {
      ...node.optionsFor(organ, true),
      fetch: (async (url, init) => {
        calls.push(`${init?.method} ${new URL(String(url)).pathname}`)
        return fetch(url, init)
      }) as typeof fetch,
    }
    return { calls, client: clientOf(teardown, options) }
  }

  it('hands small packets in over AMQP, and large ones over HTTP', async () => {
    const { calls, client } = watched(province)
    await waitFor(
      async () => {
        const { uid } = await client.submit(await packet('1/UBND-VP'))
        const over = calls.splice(0)
        assert.match(uid, /^[0-9a-f]{64}$/)
        return over.length === 0
      },
      { what: 'the account at the broker', deadlineMs: 60_000 },
    )
    const bytes = await packet('2/UBND-VP')
    const { uid, recipients } = await client.submit(bytes, { to: [first, second] })
    assert.deepEqual(recipients, [
      { organ: first, outcome: 'new' },
      { organ: second, outcome: 'new' },
    ])
    const refused = client.submit(Buffer.from('Không phải edXML'))
    await assert.rejects(refused, (error: { code?: string; detail?: { text?: string } }) => {
      assert.equal(error.code, 'NOT_EDXML')
      return /\w+ \w+/.test(error.detail?.text ?? '')
    })
    assert.equal(calls.length, 0)
    await client.submit(await packet('3/UBND-VP', { attachmentBytes: 1_000_000 }))
    assert.ok(calls.includes('POST /v1/uploads'))

    const http = clientOf(teardown, node.optionsFor(province))
    assert.equal((await http.submit(bytes, { to: [first, second] })).uid, uid)
  })

  it('hears of an arrival and asks no more than it must', async () => {
    const { calls, client } = watched(second)
    const sender = clientOf(teardown, node.optionsFor(province))
    const got: string[] = []
    const stop = new AbortController()
    const receiving = (async () => {
      for await (const item of client.receive({ signal: stop.signal })) {
        await item.ack()
        got.push(item.uid)
      }
    })()
    const early = await sender.submit(await packet('4/UBND-VP', { to: [second] }))
    await waitFor(() => got.includes(early.uid), { what: 'the first', deadlineMs: 60_000 })
    calls.splice(0)
    const { uid } = await sender.submit(await packet('5/UBND-VP', { to: [second] }))
    await waitFor(() => got.includes(uid), { what: 'the second' })
    stop.abort()
    await receiving
    assert.deepEqual(
      calls.filter((call) => call === 'GET /v1/mailbox'),
      [],
    )
  })

  it('goes by HTTP while the broker is away, and by AMQP again after it', async () => {
    const { calls, client } = watched(province)
    await waitFor(
      async () => {
        await client.submit(await packet('6/UBND-VP'))
        return calls.splice(0).length === 0
      },
      { what: 'AMQP', deadlineMs: 30_000 },
    )
    await broker.kill()
    await client.submit(await packet('7/UBND-VP'))
    assert.deepEqual(new Set(calls.splice(0)), new Set(['POST /v1/documents']))
    await broker.start()
    await waitFor(
      async () => {
        await client.submit(await packet('7/UBND-VP'))
        return calls.splice(0).length === 0
      },
      { what: 'AMQP again', deadlineMs: 60_000 },
    )
  })
})
