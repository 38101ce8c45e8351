import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Delivery, SendOutcome } from '@lienthong/link'
import { names } from '@lienthong/link'
import { type Broker, borrowBroker, canStartBroker, lastFirst, startProxy, waitFor } from '../kit/index.ts'
import { killConnections, nodeOn, outTo, textOf } from './link-broker.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

describe('messages on a link', { skip }, () => {
  let broker: Broker
  const teardown = lastFirst({ after })
  before(async () => {
    broker = await borrowBroker(teardown)
  })

  it('confirms what a queue took and returns what none took', async (t) => {
    const node = await nodeOn(broker, t)
    const sender = node.connect().openSender()
    const queue = names.up('bulk')
    await sender.ready(1)

    const outcomes = await Promise.all(
      ['a', 'b', 'c'].flatMap((text) => [
        sender.send(outTo(queue, text)),
        sender.send(outTo('lt.nowhere', text)),
        sender.send({ ...outTo('lt.nowhere', text), mandatory: false }),
      ]),
    )

    assert.deepEqual(
      outcomes,
      ['a', 'b', 'c'].flatMap(() => ['confirmed', 'returned', 'confirmed']),
    )
    assert.equal(await node.ready(queue), 3)
    assert.equal(sender.inFlightBytes, 0)
  })

  it('nacks for a full queue, and other queues go on', async (t) => {
    const limit = 64 * 1024
    const node = await nodeOn(broker, t, { linkQueueBytes: limit })
    const sender = node.connect().openSender()
    const [first, second] = node.topology.children.map(({ id }) => names.link(id, 'bulk')) as [string, string]
    const body = new Uint8Array(16 * 1024)

    let outcome: SendOutcome = 'confirmed'
    let taken = 0
    while (outcome === 'confirmed') {
      await sender.ready(body.length)
      outcome = await sender.send(outTo(first, body))
      if (outcome === 'confirmed') taken += 1
      assert.ok(taken < 100, 'the limit does not hold')
    }

    assert.equal(outcome, 'nacked')
    assert.equal(await node.ready(first), taken)
    assert.equal(await sender.send(outTo(second, body)), 'confirmed')
  })

  it('calls lost what was under way when the connection went, and goes on with the next connection', async (t) => {
    const node = await nodeOn(broker, t)
    const connection = node.connect()
    const sender = connection.openSender()
    const queue = names.up('bulk')
    const counts: Record<SendOutcome, number> = { confirmed: 0, nacked: 0, returned: 0, late: 0, lost: 0 }
    let sent = 0
    let stopped = false
    const stream = (async () => {
      while (!stopped) {
        await sender.ready(1_000)
        sent += 1
        void sender.send(outTo(queue, new Uint8Array(1_000))).then((outcome) => {
          counts[outcome] += 1
        })
      }
    })()

    await waitFor(() => counts.confirmed > 0, { what: 'the first confirms' })
    await killConnections(broker)
    await waitFor(() => counts.lost > 0, { what: 'a lost message' })
    const confirmedBefore = counts.confirmed
    await waitFor(() => counts.confirmed > confirmedBefore, { what: 'confirms on the next connection' })
    stopped = true
    await stream
    await connection.close()

    assert.match(connection.status.lastError ?? '', /CONNECTION[-_]FORCED/)
    assert.equal(counts.confirmed + counts.lost, sent)
    const kept = await node.ready(queue)
    assert.ok(kept >= counts.confirmed && kept <= sent, `${kept} kept, ${counts.confirmed} confirmed, ${sent} sent`)
  })

  it('calls late what is not confirmed in time, and heals when the connection is recycled', async (t) => {
    const node = await nodeOn(broker, t)
    const proxy = await startProxy({ target: { host: '127.0.0.1', port: portOf(broker) }, teardown: t })
    const connection = node.connect({ through: proxy.port })
    const sender = connection.openSender({ confirmTimeoutMs: 200, maxInFlightBytes: 10 })
    const queue = names.up('bulk')
    await sender.ready(1)
    await proxy.setMode('silent')

    const started = performance.now()
    const [first, second] = await Promise.all([sender.send(outTo(queue, '12345')), sender.send(outTo(queue, '67890'))])
    const waitedMs = performance.now() - started

    assert.deepEqual([first, second], ['late', 'late'])
    assert.ok(waitedMs >= 195 && waitedMs < 9_000, `${waitedMs} ms`)
    assert.equal(sender.inFlightBytes, 10)
    let granted = false
    const ready = sender.ready(1).then(() => {
      granted = true
    })
    await proxy.setMode('refuse')
    await proxy.setMode('pass')
    assert.equal(granted, false)
    connection.recycle('no confirm in time')
    await ready
    assert.equal(sender.inFlightBytes, 0)
    assert.equal(await sender.send(outTo(queue, '12345')), 'confirmed')
  })

  it('does not wait for a silent broker when it recycles', async (t) => {
    const node = await nodeOn(broker, t)
    const proxy = await startProxy({ target: { host: '127.0.0.1', port: portOf(broker) }, teardown: t })
    const connection = node.connect({ through: proxy.port })
    const sender = connection.openSender()
    await sender.ready(1)
    await proxy.setMode('silent')
    const pending = sender.send(outTo(names.up('bulk'), 'x'))

    connection.recycle('test')

    assert.equal(await pending, 'lost')
    await waitFor(() => !connection.status.open, { what: 'the connection to be down', deadlineMs: 1_000 })
    assert.equal(connection.status.lastError, 'test')
    assert.equal(await sender.send(outTo(names.up('bulk'), 'x')), 'lost')
  })

  it('keeps to its credit, ends who waits on close, and waits for confirms before it closes', async (t) => {
    const node = await nodeOn(broker, t)
    const sender = node.connect().openSender({ maxInFlightBytes: 40_000 })
    const queue = names.up('express')
    let highest = 0
    const outcomes: Promise<SendOutcome>[] = []
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        await sender.ready(10_000)
        outcomes.push(sender.send(outTo(queue, new Uint8Array(10_000))))
        highest = Math.max(highest, sender.inFlightBytes)
      }),
    )
    assert.equal(highest, 40_000)

    const waiting = sender.ready(40_000)
    await Promise.all([assert.rejects(waiting, { code: 'NODE_STOPPING' }), sender.close()])

    assert.deepEqual([...new Set(await Promise.all(outcomes))], ['confirmed'])
    assert.equal(await node.ready(queue), 40)
    assert.equal(sender.open, false)
    assert.equal(await sender.send(outTo(queue, 'x')), 'lost')
    await assert.rejects(sender.ready(1), { code: 'NODE_STOPPING' })
  })

  it('survives an exchange that is not there: lost, reopened, and the reason is told', async (t) => {
    const node = await nodeOn(broker, t)
    const connection = node.connect()
    const sender = connection.openSender()
    await sender.ready(1)

    const outcome = await sender.send({ ...outTo('x', 'y'), exchange: 'lt.from.nobody' })

    assert.equal(outcome, 'lost')
    assert.match(connection.status.lastError ?? '', /NOT[-_]FOUND/)
    assert.equal(connection.status.open, true)
    await sender.ready(1)
    assert.equal(await sender.send(outTo(names.up('bulk'), 'z')), 'confirmed')
  })

  it('takes no more than its prefetch, and gives back in order what it had not settled', async (t) => {
    const node = await nodeOn(broker, t)
    const connection = node.connect()
    const sender = connection.openSender()
    const queue = names.transit('express')
    const direct = { exchange: '', routingKey: queue }
    await sender.ready(1)
    for (let at = 1; at <= 20; at += 1) await sender.send({ ...outTo(queue, String(at)), ...direct })
    let taken: Delivery[] = []
    const receiver = connection.openReceiver({ queue, prefetch: 8, onDelivery: (delivery) => taken.push(delivery) })

    await waitFor(() => taken.length === 8, { what: 'eight deliveries' })
    assert.equal(await node.ready(queue), 12)
    assert.equal(receiver.unsettled, 8)
    for (const at of [0, 1, 4]) taken[at]?.settle()
    const early = taken
    await receiver.pause()
    assert.equal(receiver.open, false)
    await waitFor(async () => (await node.ready(queue)) === 17, { what: 'the unsettled ones to be back' })
    for (const delivery of early) delivery.settle()
    taken = []
    receiver.resume()
    await waitFor(() => taken.length === 8, { what: 'eight deliveries again' })

    assert.deepEqual(taken.map(textOf), ['3', '4', '6', '7', '8', '9', '10', '11'])
    assert.ok(taken.slice(0, 5).every(({ redelivered }) => redelivered))
    // Settled after their channel was lost: the broker must not have heard of it.
    assert.equal(await node.ready(queue), 9)
    assert.equal(receiver.unsettled, 8)
  })

  it('acknowledges all that settles in one turn with one ack', async (t) => {
    const node = await nodeOn(broker, t)
    const proxy = await startProxy({ target: { host: '127.0.0.1', port: portOf(broker) }, teardown: t })
    const sender = node.connect().openSender()
    const queue = names.up('bulk')
    await sender.ready(1)
    await Promise.all(Array.from({ length: 500 }, () => sender.send(outTo(queue, 'x'))))
    const taken: Delivery[] = []
    const connection = node.connect({ through: proxy.port, heartbeatSeconds: 60 })
    const receiver = connection.openReceiver({ queue, prefetch: 500, onDelivery: (delivery) => taken.push(delivery) })
    await waitFor(() => taken.length === 500, { what: 'all deliveries' })
    const before = proxy.forwarded.up

    for (const delivery of taken.toReversed()) delivery.settle()
    await waitFor(() => proxy.forwarded.up > before, { what: 'an ack' })
    await receiver.close()

    assert.equal(receiver.unsettled, 0)
    assert.equal(await node.ready(queue), 0)
    // One ack is 21 bytes, closing the channel less than 40.
    const bytes = proxy.forwarded.up - before
    assert.ok(bytes < 100, `${bytes} bytes of acks`)
  })

  it('comes back when its queue was deleted under it', async (t) => {
    const node = await nodeOn(broker, t)
    const connection = node.connect()
    const queue = names.up('bulk')
    const taken: string[] = []
    const receiver = connection.openReceiver({
      queue,
      prefetch: 5,
      onDelivery: (delivery) => {
        taken.push(textOf(delivery))
        delivery.settle()
      },
    })
    await waitFor(() => receiver.open, { what: 'the receiver to open' })
    const foreign = await node.foreignChannel(broker.user, broker.password)

    await foreign.deleteQueue(queue)
    await waitFor(() => !receiver.open, { what: 'the receiver to lose its queue' })
    assert.equal(await node.admin.intact(node.topology), false)
    await node.admin.declare(node.topology)
    assert.equal(await node.admin.intact(node.topology), true)
    await waitFor(() => receiver.open, { what: 'the receiver to be back' })
    const sender = connection.openSender()
    await sender.ready(1)
    await sender.send(outTo(queue, 'again'))

    await waitFor(() => taken.length === 1, { what: 'a delivery' })
    assert.deepEqual(taken, ['again'])
  })

  it('keeps trying a broker that refuses its password, without throwing', async (t) => {
    const node = await nodeOn(broker, t)
    const connection = node.connect({ password: 'wrong', retryFirstMs: 5, retryMaxMs: 20 })
    const seen: string[] = []
    connection.onChange((status) => seen.push(status.lastError ?? ''))

    await waitFor(() => seen.length > 0, { what: 'the refusal' })

    assert.match(seen[0] ?? '', /ACCESS[-_]REFUSED/)
    assert.ok(!JSON.stringify(connection.status).includes('wrong'))
    assert.equal(connection.status.open, false)
    await connection.close()
    assert.throws(() => connection.openSender(), { code: 'NODE_STOPPING' })
  })
})

function portOf(broker: Broker): number {
  return Number(new URL(broker.amqpUrl).port)
}
