import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Delivery, Hello, LinkStatus, ParentLink, ParentLinkOptions } from '@lienthong/link'
import { answerControl, names, openParentLink } from '@lienthong/link'
import {
  type Broker,
  canStartBroker,
  freePorts,
  runProcess,
  startBroker,
  startProxy,
  type Teardown,
  waitFor,
} from '../kit/index.ts'
import { type NodeOnBroker, nodeOn, outTo, textOf } from './link-broker.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

/** The broker's Erlang name and ports, for rabbitmqctl. */
const brokerName = `lt-link-${process.pid}`

function helloOf(node: string, instance: string): Hello {
  return { node, instance, versions: [1], maxFrameBytes: 524_288, tableVersion: 1 }
}

interface Child {
  readonly id: string
  readonly link: ParentLink
  readonly statuses: LinkStatus[]
  readonly frames: Delivery[]
}

/** The node's first child, linked to it. */
function linkChild(
  node: NodeOnBroker,
  teardown: Teardown,
  options: Partial<ParentLinkOptions> & { readonly url: string },
): Child {
  const [{ id, password }] = node.topology.children as [{ id: string; password: string }]
  const { url, ...rest } = options
  const statuses: LinkStatus[] = []
  const frames: Delivery[] = []
  const link = openParentLink({
    self: id,
    parent: node.vhost,
    address: { url, vhost: node.vhost, user: id, password },
    hello: () => helloOf(id, 'child'),
    prefetch: { express: 10, bulk: 10 },
    onFrame: (_lane, delivery) => frames.push(delivery),
    onStatus: (status) => statuses.push(status),
    canaryEveryMs: 250,
    ...rest,
  })
  teardown.after(() => link.close())
  return { id, link, statuses, frames }
}

interface Parent {
  readonly seen: Delivery[]
  /** The instance that its hellos name. */
  instance: string
  /** Answers nothing while false, like a relay that is stopped. */
  answers: boolean
}

/** The parent's relay, as far as a link sees it. */
function runParent(node: NodeOnBroker): Parent {
  const parent: Parent = { seen: [], instance: 'parent', answers: true }
  const connection = node.connect()
  const sender = connection.openSender()
  for (const lane of ['express', 'bulk'] as const) {
    connection.openReceiver({
      queue: names.transit(lane),
      prefetch: 50,
      onDelivery: (delivery) => {
        parent.seen.push(delivery)
        delivery.settle()
        const answer = parent.answers ? answerControl(delivery, helloOf(node.vhost, parent.instance)) : null
        if (answer !== null) void sender.send(answer)
      },
    })
  }
  return parent
}

const count = (deliveries: readonly Delivery[], type: string): number =>
  deliveries.filter((delivery) => delivery.type === type).length

describe('link to the parent', { skip }, () => {
  let broker: Broker
  let ctlEnvironment: Record<string, string>
  before(async () => {
    const [amqp, management, distribution, epmd] = (await freePorts(4)) as [number, number, number, number]
    broker = await startBroker({ name: brokerName, ports: { amqp, management, distribution, epmd } })
    ctlEnvironment = {
      HOME: `${broker.dir}/home`,
      ERL_EPMD_PORT: String(epmd),
      RABBITMQ_NODENAME: `${brokerName}@localhost`,
      RABBITMQ_CONF_ENV_FILE: `${broker.dir}/no-env`,
    }
  })
  after(() => broker.stop())

  const port = (): number => Number(new URL(broker.amqpUrl).port)

  it('opens with a confirm, exchanges hellos and canaries, and carries frames both ways', async (t) => {
    const node = await nodeOn(broker, t)
    const parent = runParent(node)
    const child = linkChild(node, t, { url: broker.amqpUrl })

    await child.link.ready(100)
    assert.equal(child.link.usable, true)
    assert.equal(await child.link.send('bulk', new TextEncoder().encode('up')), 'confirmed')
    const down = node.connect().openSender()
    await down.ready(10)
    await down.send(outTo(names.link(child.id, 'express'), 'down'))
    await waitFor(() => child.frames.length === 1 && count(parent.seen, 'lt.frame') === 1, { what: 'both frames' })
    await waitFor(() => child.link.status.canaryMs !== null && child.link.status.phase === 'open', { what: 'a canary' })

    assert.deepEqual(child.link.status.peer, helloOf(node.vhost, 'parent'))
    assert.deepEqual(child.frames.map(textOf), ['down'])
    for (const { exchange, userId } of parent.seen) {
      assert.deepEqual([exchange, userId], [names.from(child.id), child.id])
    }
    const lane = parent.seen.find(({ type }) => type === 'lt.frame')?.queue
    assert.equal(lane, names.transit('bulk'))
    assert.equal(count(parent.seen, 'lt.hello'), 1)
  })

  it('goes on publishing while its canary is missing, says so, and heals when the relay is back', async (t) => {
    const node = await nodeOn(broker, t)
    const parent = runParent(node)
    const child = linkChild(node, t, { url: broker.amqpUrl })
    await waitFor(() => child.link.status.phase === 'open' && child.link.status.peer, { what: 'the link to open' })

    parent.answers = false
    await waitFor(() => child.link.status.phase === 'stalled', { what: 'the link to stall' })
    assert.deepEqual(child.link.status.reasons, ['canary-missing'])
    assert.equal(child.link.usable, true)
    await child.link.ready(10)
    assert.equal(await child.link.send('express', new Uint8Array(10)), 'confirmed')

    parent.answers = true
    await waitFor(() => child.link.status.phase === 'open', { what: 'the link to heal' })
    const phases = child.statuses.map(({ phase }) => phase)
    assert.deepEqual([...new Set(phases.slice(phases.indexOf('open')))], ['open', 'stalled'], 'never in doubt')
  })

  it('says hello again to a parent that has started anew, once', async (t) => {
    const node = await nodeOn(broker, t)
    const parent = runParent(node)
    const child = linkChild(node, t, { url: broker.amqpUrl })
    await waitFor(() => child.link.status.peer?.instance === 'parent', { what: 'the first hello' })

    parent.instance = 'parent again'
    const down = node.connect().openSender()
    await down.ready(10)
    const [control] = parent.seen.filter(({ type }) => type === 'lt.hello') as [Delivery]
    const hello = answerControl(control, helloOf(node.vhost, parent.instance))
    assert.ok(hello)
    await down.send(hello)

    await waitFor(() => child.link.status.peer?.instance === 'parent again', { what: 'the second hello' })
    const canaries = count(parent.seen, 'lt.canary')
    await waitFor(() => count(parent.seen, 'lt.canary') > canaries + 3, { what: 'some canaries' })
    assert.equal(count(parent.seen, 'lt.hello'), 2)
  })

  it('takes again, in order, what it gave back', async (t) => {
    const node = await nodeOn(broker, t)
    const child = linkChild(node, t, { url: broker.amqpUrl })
    const down = node.connect().openSender()
    await down.ready(10)
    for (const text of ['1', '2', '3']) await down.send(outTo(names.link(child.id, 'bulk'), text))
    await waitFor(() => child.frames.length === 3, { what: 'three frames' })
    child.frames[0]?.settle()

    await Promise.all([child.link.redeliver(), child.link.redeliver()])
    await waitFor(() => child.frames.length === 5, { what: 'the two that were not settled' })

    assert.deepEqual(child.frames.slice(3).map(textOf), ['2', '3'])
    assert.equal(child.link.usable, true)
  })

  it('recycles a connection that no longer confirms', async (t) => {
    const node = await nodeOn(broker, t)
    runParent(node)
    const proxy = await startProxy({ target: { host: '127.0.0.1', port: port() }, teardown: t })
    const url = `amqp://127.0.0.1:${proxy.port}`
    const child = linkChild(node, t, { url, sender: { confirmTimeoutMs: 300 } })
    await waitFor(() => child.link.status.phase === 'open', { what: 'the link to open' })
    assert.equal(proxy.connections, 2)

    await proxy.setMode('silent')
    const outcome = await child.link.send('bulk', new Uint8Array(10))
    assert.equal(outcome, 'late')
    assert.equal(child.link.status.phase, 'opening')
    await waitFor(() => child.link.status.reasons[0] === 'sender-down: no confirm in time', { what: 'a recycle' })
    const ready = child.link.ready(10)
    await proxy.setMode('refuse')
    await proxy.setMode('pass')

    await ready
    assert.equal(await child.link.send('bulk', new Uint8Array(10)), 'confirmed')
    await waitFor(() => child.link.status.phase === 'open', { what: 'the link to open again' })
  })

  it('is blocked while the broker is, takes deliveries all the same, and goes on after', async (t) => {
    const node = await nodeOn(broker, t)
    runParent(node)
    const child = linkChild(node, t, {
      url: broker.amqpUrl,
      sender: { confirmTimeoutMs: 500 },
      prefetch: { express: 10, bulk: 1 },
    })
    const down = node.connect().openSender()
    const queue = names.link(child.id, 'bulk')
    await waitFor(() => child.link.status.phase === 'open', { what: 'the link to open' })
    await down.ready(10)
    for (const text of ['one', 'two']) assert.equal(await down.send(outTo(queue, text)), 'confirmed')
    await waitFor(() => child.frames.length === 1, { what: 'the first frame' })

    t.after(() => rabbitmqctl('set_vm_memory_high_watermark', '0.4'))
    await rabbitmqctl('set_vm_memory_high_watermark', '0.000001')
    await waitFor(() => child.link.status.phase === 'blocked', { what: 'the link to be blocked', deadlineMs: 20_000 })
    assert.match(child.link.status.reasons[0] ?? '', /^blocked: low on memory/)
    assert.equal(child.link.usable, false)
    let granted = false
    const ready = child.link.ready(10).then(() => {
      granted = true
    })
    // The consuming connection does not publish, so the broker reads its ack and sends the next.
    child.frames[0]?.settle()
    await waitFor(() => child.frames.length === 2, { what: 'the second frame' })
    assert.equal(granted, false)

    await rabbitmqctl('set_vm_memory_high_watermark', '0.4')
    await ready
    await waitFor(() => child.link.status.phase === 'open', { what: 'the link to open again' })
    assert.equal(await child.link.send('bulk', new Uint8Array(10)), 'confirmed')
  })

  it('ends who waits when it is closed, and closes twice', async (t) => {
    const node = await nodeOn(broker, t)
    const child = linkChild(node, t, { url: 'amqp://127.0.0.1:1' })
    const waiting = child.link.ready(10)
    const giveUp = new AbortController()
    const impatient = child.link.ready(10, giveUp.signal)

    giveUp.abort(new Error('gave up'))
    await assert.rejects(impatient, /gave up/)
    await waitFor(() => child.link.status.reasons[0]?.includes('ECONNREFUSED'), { what: 'the reason' })
    await Promise.all([assert.rejects(waiting, { code: 'NODE_STOPPING' }), child.link.close(), child.link.close()])

    assert.equal(child.link.status.phase, 'closed')
    assert.equal(await child.link.send('bulk', new Uint8Array(1)), 'lost')
  })

  it('comes back after the broker was killed, and after its data were lost and declared anew', async (t) => {
    const node = await nodeOn(broker, t)
    const parent = runParent(node)
    const child = linkChild(node, t, { url: broker.amqpUrl })
    await waitFor(() => child.link.status.phase === 'open', { what: 'the link to open' })
    const queue = names.link(child.id, 'bulk')
    const down = node.connect().openSender()
    await down.ready(10)
    for (const text of ['1', '2', '3']) assert.equal(await down.send(outTo(queue, text)), 'confirmed')
    await waitFor(() => child.frames.length === 3, { what: 'three frames, not settled' })

    await broker.kill()
    await waitFor(() => child.link.status.phase === 'opening', { what: 'the link to be down' })
    assert.equal(await child.link.send('bulk', new Uint8Array(1)), 'lost')
    child.frames[0]?.settle()
    await broker.start()
    await waitFor(() => child.link.status.phase === 'open', { what: 'the link to open again', deadlineMs: 30_000 })
    await waitFor(() => child.frames.length === 6, { what: 'the frames again', deadlineMs: 30_000 })
    assert.deepEqual(child.frames.slice(3).map(textOf), ['1', '2', '3'])
    for (const frame of child.frames) frame.settle()
    assert.equal(await child.link.send('bulk', new Uint8Array(1)), 'confirmed')

    await broker.kill()
    broker.wipe()
    await broker.start()
    assert.equal(await node.admin.intact(node.topology), false)
    await node.admin.declare(node.topology)
    assert.equal(await node.admin.intact(node.topology), true)
    await waitFor(() => child.link.status.phase === 'open', { what: 'the link to be back', deadlineMs: 30_000 })
    const before = count(parent.seen, 'lt.frame')
    assert.equal(await child.link.send('bulk', new Uint8Array(1)), 'confirmed')
    await waitFor(() => count(parent.seen, 'lt.frame') > before, { what: 'the frame', deadlineMs: 30_000 })
  })

  async function rabbitmqctl(...args: string[]): Promise<void> {
    const command = '/usr/lib/rabbitmq/bin/rabbitmqctl'
    const { exitCode, stderr } = await runProcess({ command, args, env: ctlEnvironment })
    assert.equal(exitCode, 0, stderr)
  }
})
