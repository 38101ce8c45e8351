/**
 * A broker with nodes on it, for the tests of the link: one private broker for a test file, one vhost for each test, our
 * own connections to it, and foreign ones that speak AMQP without our link.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { BrokerAdmin, Connection, ConnectionOptions, Delivery, OutMessage, Topology } from '@lienthong/link'
import { createBrokerAdmin, names, openConnection, queueLimitDefaults } from '@lienthong/link'
import type { Channel } from 'amqplib'
import { connect } from 'amqplib'
import type { Broker, Teardown } from '../kit/index.ts'

/** Short, so that a test of a reconnect does not wait for the back-off of production. */
const retry = { retryFirstMs: 20, retryMaxMs: 500 }

export interface NodeOnBroker {
  readonly vhost: string
  readonly topology: Topology
  readonly admin: BrokerAdmin
  /** Of the node itself, straight to the broker unless `through` names another port on loopback. */
  connect(options?: Partial<ConnectionOptions> & { readonly through?: number }): Connection
  /** A channel of a client that is not ours. */
  foreignChannel(user: string, password: string): Promise<Channel>
  /** Messages ready in a queue, now. */
  ready(queue: string): Promise<number>
}

/**
 * Declares a node with two children and one system in a vhost of its own. The children's ids, `<id>.1` and `<id>x1`, are
 * the same to a pattern in which a dot means any character.
 */
export async function nodeOn(
  broker: Broker,
  teardown: Teardown,
  limits: Partial<Topology['limits']> = {},
): Promise<NodeOnBroker> {
  // Accounts are common to all vhosts of a broker: ids are random as the vhost is.
  const vhost = `H${randomBytes(4).toString('hex')}`
  const password = randomBytes(9).toString('base64url')
  const topology: Topology = {
    self: vhost,
    children: [`${vhost}.1`, `${vhost}x1`].map((id) => ({ id, password })),
    systems: [{ id: `${vhost}-dms`, password }],
    limits: { ...queueLimitDefaults, ...limits },
  }
  const { managementUrl, user } = broker
  const admin = createBrokerAdmin({ managementUrl, user, password: broker.password, vhost })
  await admin.declare(topology)
  const own = { vhost, user, password: broker.password }

  const foreignChannel = async (foreigner: string, secret: string): Promise<Channel> => {
    const { hostname, port } = new URL(broker.amqpUrl)
    const model = await connect({ hostname, port: Number(port), username: foreigner, password: secret, vhost })
    model.on('error', () => {})
    teardown.after(() => model.close().catch(() => {}))
    const channel = await model.createConfirmChannel()
    channel.on('error', () => {})
    return channel
  }
  let watcher: Channel | undefined
  return {
    vhost,
    topology,
    admin,
    foreignChannel,
    connect({ through, ...options } = {}) {
      const url = through === undefined ? broker.amqpUrl : `amqp://127.0.0.1:${through}`
      const connection = openConnection({ url, ...own, name: `test ${vhost}`, ...retry, ...options })
      teardown.after(() => connection.close())
      return connection
    },
    async ready(queue) {
      watcher ??= await foreignChannel(user, broker.password)
      return (await watcher.checkQueue(queue)).messageCount
    },
  }
}

/** A message to one of the node's queues. */
export function outTo(queue: string, body: Uint8Array | string): OutMessage {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return { exchange: names.out, routingKey: queue, type: 'lt.frame', body: bytes }
}

/** A delivery's body as text. */
export function textOf(delivery: Delivery): string {
  return new TextDecoder().decode(delivery.body)
}

/** How a broker answers something that a foreign channel does: its reply code, or `allowed`. */
export async function answerTo(channel: Channel, act: (channel: Channel) => unknown): Promise<number | 'allowed'> {
  const refused = new Promise<number>((resolve) => {
    channel.once('error', (error: Error & { code?: number }) => resolve(error.code ?? 0))
  })
  // A method that is answered comes behind what was sent before it.
  const allowed = (async () => {
    await act(channel)
    await channel.prefetch(1)
    return 'allowed' as const
  })()
  return await Promise.race([allowed.catch(() => refused), refused])
}

/** Ends every connection of the broker's own account. */
export async function killConnections({ managementUrl, user, password }: Broker): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  // By account: what is listed otherwise are connections a few seconds old.
  const url = `${managementUrl}/api/connections/username/${user}`
  const { status } = await fetch(url, { method: 'DELETE', headers: { authorization } })
  assert.equal(status, 204)
}
