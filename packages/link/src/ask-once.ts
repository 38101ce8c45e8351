/** One question to a node through its broker, and its answer: how a node that has no link yet asks for one. */
import { randomUUID } from 'node:crypto'
import { RelayError } from '@lienthong/core'
import { bufferOf, type Channel, type ConsumeMessage, dial } from './amqp.ts'
import type { BrokerAddress } from './contract.ts'
import { within } from './within.ts'

const replyAddress = 'amq.rabbitmq.reply-to'
const closeMs = 2_000

export interface Question {
  readonly exchange: string
  readonly body: Uint8Array
  /** For everything: connection, question, answer; ms. */
  readonly timeoutMs: number
}

/**
 * Asks and waits for the answer on a connection of its own. Throws BROKER_REFUSED for an account the broker does not let
 * in, BROKER_UNREACHABLE when it cannot be reached, LINK_DOWN when nobody has answered in time.
 */
export async function askOnce(address: BrokerAddress, { exchange, body, timeoutMs }: Question): Promise<Uint8Array> {
  const socket = new AbortController()
  const timer = setTimeout(() => socket.abort(), timeoutMs)
  try {
    const model = await dial({ ...address, name: `${address.user} asks` }, 0, socket.signal)
    // Whatever ends it: what is waited for below fails.
    model.on('error', () => undefined)
    const ended = new Promise<never>((_, reject) => {
      model.once('close', (error?: Error) => reject(error ?? new Error('closed')))
    })
    ended.catch(() => undefined)
    try {
      const channel = await model.createChannel()
      channel.on('error', () => undefined)
      const answer = await Promise.race([asked(channel, { exchange, body, user: address.user }), ended])
      return Uint8Array.from(answer)
    } finally {
      await within(
        model.close().catch(() => undefined),
        closeMs,
      )
    }
  } catch (cause) {
    throw refusalOf(cause, address, socket.signal.aborted)
  } finally {
    clearTimeout(timer)
    socket.abort()
  }
}

async function asked(
  channel: Channel,
  { exchange, body, user }: { readonly exchange: string; readonly body: Uint8Array; readonly user: string },
): Promise<Uint8Array> {
  const correlationId = randomUUID()
  const publish = () => {
    channel.publish(exchange, '', bufferOf(body), {
      userId: user,
      replyTo: replyAddress,
      correlationId,
      type: 'lt.join',
      // In a queue for a while when the node is away; nobody waits for it then.
      expiration: 60_000,
    })
  }
  return new Promise<Uint8Array>((resolve, reject) => {
    channel.once('close', () => reject(new Error('the channel was closed')))
    channel.once('error', reject)
    const take = (message: ConsumeMessage | null) => {
      if (message?.properties.correlationId === correlationId) resolve(message.content)
    }
    // Before the question: there must be somebody to answer to.
    channel.consume(replyAddress, take, { noAck: true }).then(publish).catch(reject)
  })
}

function refusalOf(cause: unknown, { url, vhost }: BrokerAddress, aborted: boolean): RelayError {
  if (cause instanceof RelayError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  const detail = { url, vhost, reason }
  if (/ACCESS[_-]REFUSED|NOT[_-]ALLOWED/i.test(reason)) return new RelayError('BROKER_REFUSED', { detail, cause })
  return aborted
    ? new RelayError('LINK_DOWN', { detail, cause })
    : new RelayError('BROKER_UNREACHABLE', { detail, cause })
}
