/**
 * What somebody who is not our software does at the brokers of a federation: raw channels under any account, taps that
 * read along, queues emptied behind our back.
 */
import { type NodeId, RelayError } from '@lienthong/core'
import { type BrokerAddress, decodeFrame, names, type Segment } from '@lienthong/link'
import { type ConfirmChannel, connect, type Options } from 'amqplib'
import type { Federation, PlannedNode } from './federation.ts'
import type { Teardown } from './teardown.ts'

/** A confirm channel of a client that is not ours; closed when the test ends. Its errors are the caller's to watch. */
export async function rawChannel(address: BrokerAddress, teardown: Teardown): Promise<ConfirmChannel> {
  const { hostname, port } = new URL(address.url)
  const model = await connect({
    hostname,
    port: Number(port),
    username: address.user,
    password: address.password,
    vhost: address.vhost,
  })
  model.on('error', () => {})
  teardown.after(() => model.close().catch(() => {}))
  const channel = await model.createConfirmChannel()
  channel.on('error', () => {})
  return channel
}

/** The account a child has at its parent's broker. Throws for the root. */
export function childAccount({ id, config }: PlannedNode): BrokerAddress {
  if (config.parent === null) throw new Error(`${id} has no parent`)
  return config.parent.address
}

export interface Message {
  readonly exchange: string
  readonly routingKey: string
  readonly body: Uint8Array
  /** Property `user_id`; null leaves it out. @default the channel's account is not known here: give it */
  readonly userId: string | null
  /** @default 'lt.frame' */
  readonly type?: string
  readonly headers?: Readonly<Record<string, unknown>>
  readonly options?: Options.Publish
}

/** Publishes as anybody may; resolves when the broker confirmed, or with the reply code of its refusal. */
export async function publishRaw(channel: ConfirmChannel, message: Message): Promise<number | 'confirmed'> {
  const { userId, headers, options } = message
  const refused = new Promise<number>((resolve) => {
    channel.once('error', (error: Error & { code?: number }) => resolve(error.code ?? 0))
  })
  channel.publish(message.exchange, message.routingKey, Buffer.from(message.body), {
    type: message.type ?? 'lt.frame',
    persistent: true,
    ...(userId === null ? {} : { userId }),
    ...(headers === undefined ? {} : { headers }),
    ...options,
  })
  return Promise.race([
    refused,
    channel.waitForConfirms().then(
      () => 'confirmed' as const,
      () => refused,
    ),
  ])
}

/** A copy of a segment as it was published at a node's broker. */
export interface TappedCopy {
  /** Owner of the vhost. */
  readonly at: NodeId
  readonly exchange: string
  readonly routingKey: string
  readonly userId: string | undefined
  readonly segment: Segment
}

/** Reads along at every exchange between nodes: `lt.from.<child>` and `lt.out` in the vhosts of these nodes, which must exist. */
export async function openTap(nodes: readonly PlannedNode[], teardown: Teardown): Promise<readonly TappedCopy[]> {
  const copies: TappedCopy[] = []
  for (const { id, config } of nodes) {
    const channel = await rawChannel(config.broker.address, teardown)
    const { queue } = await channel.assertQueue('', { exclusive: true })
    const children = config.children.map((child) => child.id)
    for (const lane of ['express', 'bulk'] as const) {
      await channel.bindQueue(queue, names.out, names.up(lane))
      for (const child of children) {
        await channel.bindQueue(queue, names.out, names.link(child, lane))
        await channel.bindQueue(queue, names.from(child), lane)
      }
    }
    await channel.consume(
      queue,
      (message) => {
        if (message === null || message.properties.type !== 'lt.frame') return
        const { exchange, routingKey } = message.fields
        const userId = message.properties.userId as string | undefined
        for (const segment of readable(message.content)) copies.push({ at: id, exchange, routingKey, userId, segment })
      },
      { noAck: true },
    )
  }
  return copies
}

/** The segments of a frame; what cannot be read is nobody's copy. */
function readable(frame: Uint8Array): readonly Segment[] {
  try {
    return decodeFrame(frame).flatMap((segment) => ('error' in segment ? [] : [segment]))
  } catch (error) {
    if (error instanceof RelayError) return []
    throw error
  }
}

/** Everything a queue holds is gone, as after a mistake of an administrator. Only messages not given to a consumer. */
export async function purge(plan: Federation, node: NodeId, queue: string): Promise<void> {
  const { managementUrl, address } = plan.node(node).config.broker
  const path = `/api/queues/${encodeURIComponent(address.vhost)}/${encodeURIComponent(queue)}/contents`
  const authorization = `Basic ${Buffer.from(`${address.user}:${address.password}`).toString('base64')}`
  const response = await fetch(managementUrl + path, { method: 'DELETE', headers: { authorization } })
  if (!response.ok) throw new Error(`purging ${queue} of ${node}: ${response.status} ${await response.text()}`)
}
