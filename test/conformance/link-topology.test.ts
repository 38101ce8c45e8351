import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Delivery, Topology } from '@lienthong/link'
import { createBrokerAdmin, names, openBrokers } from '@lienthong/link'
import { type Broker, borrowBroker, canStartBroker, lastFirst, waitFor } from '../kit/index.ts'
import { answerTo, nodeOn, textOf } from './link-broker.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const body = Buffer.from('x')

describe('topology on a broker', { skip }, () => {
  let broker: Broker
  const teardown = lastFirst({ after })
  before(async () => {
    broker = await borrowBroker(teardown)
  })

  it('lets a child publish to its own exchange under its own name, and nothing more', async (t) => {
    const node = await nodeOn(broker, t)
    const [{ id, password }, other] = node.topology.children as [{ id: string; password: string }, { id: string }]
    const own = names.from(id)
    const attempt = async (act: Parameters<typeof answerTo>[1]): Promise<number | 'allowed'> =>
      await answerTo(await node.foreignChannel(id, password), act)

    const answers = {
      own: await attempt((channel) => channel.publish(own, 'express', body, { userId: id })),
      forged: await attempt((channel) => channel.publish(own, 'express', body, { userId: other.id })),
      'exchange of another': await attempt((channel) => channel.publish(names.from(other.id), 'express', body)),
      'default exchange': await attempt((channel) => channel.publish('', names.link(other.id, 'express'), body)),
      'exchange of the node': await attempt((channel) => channel.publish(names.out, names.up('bulk'), body)),
      submit: await attempt((channel) => channel.publish(names.submit, id, body)),
      'consume own': await attempt((channel) => channel.consume(names.link(id, 'bulk'), () => {})),
      'consume another': await attempt((channel) => channel.consume(names.link(other.id, 'bulk'), () => {})),
      'consume transit': await attempt((channel) => channel.consume(names.transit('bulk'), () => {})),
      'declare a queue': await attempt((channel) => channel.assertQueue('', { exclusive: true })),
      'declare own queue': await attempt((channel) => channel.assertQueue(names.link(id, 'bulk'))),
      'bind own queue': await attempt((channel) => channel.bindQueue(names.link(id, 'bulk'), names.out, 'tap')),
      'delete own exchange': await attempt((channel) => channel.deleteExchange(own)),
    }

    assert.deepEqual(answers, {
      own: 'allowed',
      forged: 406,
      'exchange of another': 403,
      'default exchange': 403,
      'exchange of the node': 403,
      submit: 403,
      'consume own': 'allowed',
      'consume another': 403,
      'consume transit': 403,
      'declare a queue': 403,
      'declare own queue': 403,
      'bind own queue': 403,
      'delete own exchange': 403,
    })
    assert.equal(await node.admin.intact(node.topology), true)
  })

  it('keeps copies that a child asks for (CC, BCC) within its own transit queues', async (t) => {
    const node = await nodeOn(broker, t)
    const [{ id, password }, other] = node.topology.children as [{ id: string; password: string }, { id: string }]
    const channel = await node.foreignChannel(id, password)
    const elsewhere = [names.link(other.id, 'express'), names.link(other.id, 'bulk'), names.up('bulk'), names.dead]

    const answer = await answerTo(channel, () =>
      channel.publish(names.from(id), 'express', body, { userId: id, CC: ['bulk', ...elsewhere], BCC: elsewhere }),
    )

    assert.equal(answer, 'allowed')
    await waitFor(async () => (await node.ready(names.transit('bulk'))) === 1, { what: 'the copy in bulk' })
    assert.equal(await node.ready(names.transit('express')), 1)
    for (const queue of elsewhere) assert.equal(await node.ready(queue), 0, queue)
  })

  it('carries a submission and its answer for a system that may do nothing else', async (t) => {
    const node = await nodeOn(broker, t)
    const [{ id, password }] = node.topology.systems as [{ id: string; password: string }]
    const connection = node.connect()
    const sender = connection.openSender()
    const submitted: Delivery[] = []
    connection.openReceiver({ queue: names.submit, prefetch: 5, onDelivery: (delivery) => submitted.push(delivery) })
    const system = await node.foreignChannel(id, password)
    const answers: string[] = []

    await system.consume(
      'amq.rabbitmq.reply-to',
      (message) => answers.push(`${message?.properties.correlationId} ${message?.content.toString()}`),
      { noAck: true },
    )
    system.publish(names.submit, '000.01.29.H29', Buffer.from('packet'), {
      userId: id,
      replyTo: 'amq.rabbitmq.reply-to',
      correlationId: 'c1',
    })
    await waitFor(() => submitted.length === 1, { what: 'the submission' })
    const [submission] = submitted as [Delivery]
    await sender.ready(10)
    const outcome = await sender.send({
      exchange: '',
      routingKey: submission.replyTo ?? '',
      type: 'lt.answer',
      body: new TextEncoder().encode('accepted'),
      correlationId: submission.correlationId ?? '',
    })

    assert.equal(outcome, 'confirmed')
    assert.equal(textOf(submission), 'packet')
    assert.equal(submission.routingKey, '000.01.29.H29')
    assert.equal(submission.userId, id)
    assert.match(submission.replyTo ?? '', /^amq\.rabbitmq\.reply-to\./)
    await waitFor(() => answers.length === 1, { what: 'the answer' })
    assert.deepEqual(answers, ['c1 accepted'])
    const refused = async (act: Parameters<typeof answerTo>[1]): Promise<number | 'allowed'> =>
      await answerTo(await node.foreignChannel(id, password), act)
    assert.equal(await refused((channel) => channel.consume(names.submit, () => {})), 403)
    assert.equal(await refused((channel) => channel.publish('', names.submit, body)), 403)
    assert.equal(await refused((channel) => channel.publish(names.out, names.up('bulk'), body)), 403)
  })

  it('brings a system its notices and nobody else’s, until it is gone', async (t) => {
    const node = await nodeOn(broker, t)
    const [{ id, password }] = node.topology.systems as [{ id: string; password: string }]
    const other = `${id}2`
    const systems = [id, other].map((each) => ({ id: each, password, notices: true }))
    await node.admin.declare({ ...node.topology, systems })
    assert.equal(await node.admin.intact({ ...node.topology, systems }), true)
    const sender = node.connect().openSender()
    await sender.ready(1)
    const notice = { exchange: names.notify, type: 'lt.notice', persistent: false } as const
    const read: string[] = []
    const channel = await node.foreignChannel(id, password)
    await channel.consume(names.notices(id), (message) => read.push(message?.content.toString() ?? 'cancelled'), {
      noAck: true,
    })

    const outcomes = await Promise.all(
      [id, other, 'nobody'].map((each) => sender.send({ ...notice, routingKey: each, body: Buffer.from(each) })),
    )

    assert.deepEqual(outcomes, ['confirmed', 'confirmed', 'confirmed'])
    await waitFor(() => read.length > 0, { what: 'the notice' })
    assert.deepEqual(read, [id])
    const refused = async (act: Parameters<typeof answerTo>[1]): Promise<number | 'allowed'> =>
      await answerTo(await node.foreignChannel(id, password), act)
    assert.equal(await refused((each) => each.consume(names.notices(other), () => {})), 403)
    assert.equal(await refused((each) => each.publish(names.notify, other, body)), 403)
    assert.equal(await refused((each) => each.bindQueue(names.notices(id), names.notify, other)), 403)
    assert.equal(await refused((each) => each.deleteQueue(names.notices(id))), 403)

    const left = { ...node.topology, systems: systems.slice(1), gone: [id] }
    assert.equal(await node.admin.intact(left), false)
    await node.admin.declare(left)
    assert.equal(await node.admin.intact(left), true)
    await waitFor(() => read.includes('cancelled'), { what: 'the end of its queue' })
    await assert.rejects(node.foreignChannel(id, password), /ConnectionClose|530|NOT_ALLOWED/)
    assert.equal(await node.ready(names.notices(other)), 1)
  })

  it('dead-letters into lt.dead, at least once, instead of dropping', async (t) => {
    const node = await nodeOn(broker, t)
    const channel = await node.foreignChannel(broker.user, broker.password)
    const queue = names.transit('bulk')
    channel.sendToQueue(queue, body)

    await channel.consume(queue, (message) => message && channel.reject(message, false))

    await waitFor(async () => (await node.ready(names.dead)) === 1, { what: 'the dead letter' })
  })

  it('declares again without touching what is in use, and sets passwords and limits anew', async (t) => {
    const node = await nodeOn(broker, t)
    const [child, other] = node.topology.children as [
      { id: string; password: string },
      { id: string; password: string },
    ]
    const channel = await node.foreignChannel(child.id, child.password)
    const changed = {
      ...node.topology,
      children: [{ id: child.id, password: 'another' }, other],
      limits: { linkQueueBytes: 100, spoolBytes: 100 },
    }

    await node.admin.declare(node.topology)
    await node.admin.declare(changed)

    assert.equal(await node.admin.intact(changed), true)
    assert.equal(await node.admin.intact(node.topology), false, 'the limits were not set anew')
    const publish = await answerTo(channel, () => channel.publish(names.from(child.id), 'bulk', body))
    assert.equal(publish, 'allowed', 'the connection that was open goes on')
    await node.foreignChannel(child.id, 'another')
    await assert.rejects(node.foreignChannel(child.id, child.password), /ACCESS[-_]REFUSED/)
  })

  it('shuts out a child that is none any more, with the connections it has, and keeps what its queue holds', async (t) => {
    const node = await nodeOn(broker, t)
    const [gone, kept] = node.topology.children as [{ id: string; password: string }, { id: string; password: string }]
    const own = await node.foreignChannel(broker.user, broker.password)
    await answerTo(own, () => own.publish(names.out, names.link(gone.id, 'bulk'), body))
    const ended = new Set<string>()
    for (const { id, password } of [gone, kept]) {
      const channel = await node.foreignChannel(id, password)
      channel.once('close', () => ended.add(id))
    }

    await node.admin.declare({ ...node.topology, children: [kept] })

    await waitFor(() => ended.has(gone.id), { what: 'the connection of the child to be closed', deadlineMs: 30_000 })
    await assert.rejects(node.foreignChannel(gone.id, gone.password))
    assert.deepEqual([...ended], [gone.id])
    await waitFor(async () => (await node.admin.counts()).get(names.link(gone.id, 'bulk')) === 1, {
      what: 'the broker to count what the queue holds',
      deadlineMs: 30_000,
    })
  })

  it('leaves the accounts of systems of an earlier topology alone that are not named as gone', async (t) => {
    const node = await nodeOn(broker, t)
    const [system] = node.topology.systems as [{ id: string; password: string }]

    await node.admin.declare({ ...node.topology, systems: [] })

    const channel = await node.foreignChannel(system.id, system.password)
    assert.equal(await answerTo(channel, () => channel.publish(names.submit, system.id, body)), 'allowed')
  })

  it('names what differs and the command that mends it, and changes nothing', async (t) => {
    const node = await nodeOn(broker, t)
    const foreign = await node.foreignChannel(broker.user, broker.password)
    await foreign.deleteQueue(names.submit)
    await foreign.deleteQueue(names.up('bulk'))
    await foreign.assertQueue(names.submit, { durable: true })

    await assert.rejects(node.admin.declare(node.topology), (error: Error & { code?: string; detail?: object }) => {
      assert.equal(error.code, 'TOPOLOGY_DIFFERS')
      assert.deepEqual(error.detail, {
        object: 'queue lt.submit',
        expected: 'durable [["x-queue-type","quorum"]]',
        found: 'durable []',
        mend: `rabbitmqctl -p '${node.vhost}' delete_queue lt.submit --if-empty`,
        vhost: node.vhost,
        count: 1,
      })
      return true
    })

    assert.equal((await node.admin.counts()).has(names.up('bulk')), false)
  })

  it('is seen in the same way when the nodes of a process look together', async (t) => {
    const nodes = [await nodeOn(broker, t), await nodeOn(broker, t)]
    const { managementUrl, user, password } = broker
    const brokers = openBrokers()
    const others = Array.from({ length: 30 }, (_, index) => `none ${index}`)
    const look = (vhost: string) =>
      brokers.admin({ managementUrl, user, password, vhost }).intact(nodes[0]?.vhost === vhost ? first : second)
    const [first, second] = nodes.map(({ topology }) => topology) as [Topology, Topology]
    const lookAtAll = () => Promise.all([...nodes.map(({ vhost }) => vhost), ...others].map(look))

    assert.deepEqual((await lookAtAll()).slice(0, 3), [true, true, false])
    await answerTo(await (nodes[1] as (typeof nodes)[0]).foreignChannel(user, password), (channel) =>
      channel.deleteQueue(names.up('bulk')),
    )
    assert.deepEqual((await lookAtAll()).slice(0, 3), [true, false, false])
  })

  it('tells a broker that is away from one that refuses', async () => {
    const { managementUrl, user, password } = broker
    const topology = { self: 'x', children: [], systems: [], limits: { linkQueueBytes: 1, spoolBytes: 1 } }
    const away = createBrokerAdmin({ managementUrl: 'http://127.0.0.1:1', user, password, vhost: 'x' })
    const stranger = createBrokerAdmin({ managementUrl, user, password: 'wrong', vhost: 'x' })

    await assert.rejects(away.declare(topology), { code: 'BROKER_UNREACHABLE' })
    await assert.rejects(stranger.declare(topology), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'BROKER_REFUSED')
      assert.ok(!error.message.includes('wrong'))
      return true
    })
  })
})
