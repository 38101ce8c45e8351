/**
 * The rival: RabbitMQ's own shovel, three of them in a row, as its documentation advises for messages that must not be
 * lost. Each reads and publishes over TCP as a relay does, and the first crosses a proxy of the same kind as the relay's
 * first line. `direct` lets it read inside the broker without a network, which no relay can.
 *
 * Its queues lie beside the nodes' own: quorum queues with the same arguments and the same policy.
 */
import type { NodeId } from '@lienthong/core'
import { type ConfirmChannel, connect } from 'amqplib'
import { type Proxy, startProxy, type Teardown, waitFor } from '../kit/index.ts'
import { centre, commune, district, province, type Stage } from './stage.ts'

/** The policy of transit queues applies to it by its name. */
export const shovelQueue = 'lt.transit.shovel'

const way: readonly NodeId[] = [commune, district, province, centre]
const prefetch = 1_000

export interface Shovels {
  /** The first line. */
  readonly proxy: Proxy
  /** Publishes to the commune's queue under an id of its own; resolves when the broker has confirmed. */
  publish(id: string, body: Buffer): Promise<void>
  /** Everything but the first shovel runs. */
  start(): Promise<void>
  /** The first shovel runs: what waits in the commune's queue begins to move. */
  open(): Promise<void>
  /** Removes the shovels; the queues stay. */
  stop(): Promise<void>
}

export type ShovelSource = 'tcp' | 'direct'

export async function prepareShovels(stage: Stage, source: ShovelSource, teardown: Teardown): Promise<Shovels> {
  const { hostname, port } = new URL(stage.broker.amqpUrl)
  const proxy = await startProxy({ target: { host: hostname, port: Number(port) }, teardown })
  const channels = new Map<NodeId, ConfirmChannel>()
  for (const vhost of way) channels.set(vhost, await openChannel(stage, vhost, teardown))
  const backlog = channels.get(commune) as ConfirmChannel
  const pairs = way.slice(1).map((to, index) => ({ from: way[index] as NodeId, to, first: index === 0 }))

  async function run({ from, to, first }: (typeof pairs)[number]): Promise<void> {
    await stage.api('PUT', `/parameters/shovel/${encodeURIComponent(from)}/bench`, {
      value: {
        'src-protocol': 'amqp091',
        'src-uri': source === 'direct' ? `amqp:///${encodeURIComponent(from)}` : stage.amqp(from),
        'src-queue': shovelQueue,
        'src-prefetch-count': prefetch,
        'dest-protocol': 'amqp091',
        'dest-uri': stage.amqp(to, first ? proxy.port : undefined),
        'dest-queue': shovelQueue,
        'ack-mode': 'on-confirm',
      },
    })
  }

  return {
    proxy,
    publish: (id, body) => publish(backlog, id, body),
    async start() {
      const later = pairs.slice(1)
      for (const pair of later) await run(pair)
      for (const { from } of later) {
        const channel = channels.get(from) as ConfirmChannel
        await waitFor(async () => (await channel.checkQueue(shovelQueue)).consumerCount > 0, {
          what: `the shovel of ${from} to run`,
          deadlineMs: 30_000,
        })
      }
    },
    open: () => run(pairs[0] as (typeof pairs)[number]),
    async stop() {
      // A shovel that ends before its last ack would send again next time.
      await stage.empty(way, shovelQueue)
      for (const { from } of pairs) await stage.api('DELETE', `/parameters/shovel/${encodeURIComponent(from)}/bench`)
    },
  }
}

/** A channel with the queue declared. */
async function openChannel(stage: Stage, vhost: string, teardown: Teardown): Promise<ConfirmChannel> {
  const connection = await connect(stage.amqp(vhost), { noDelay: true })
  teardown.after(() => connection.close().catch(() => {}))
  const channel = await connection.createConfirmChannel()
  await channel.assertQueue(shovelQueue, {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-single-active-consumer': true },
  })
  return channel
}

function publish(channel: ConfirmChannel, messageId: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.sendToQueue(shovelQueue, body, { persistent: true, messageId }, (error: unknown) =>
      error === null || error === undefined ? resolve() : reject(new Error('the broker refused a message')),
    )
  })
}
