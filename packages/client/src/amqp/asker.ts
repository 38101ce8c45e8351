/** Requests to `lt.submit` and their answers, on one channel: the broker sends answers to the channel that asked. */
import { randomUUID } from 'node:crypto'
import { RelayError } from '@lienthong/core'
import type { Channel, Connection, MessageBody } from 'rabbitmq-client'
import { anySignal } from '../any-signal.ts'
import type { SubmitOptions, Submitted } from '../contract.ts'
import { isCode } from '../http.ts'
import { brokerAway } from './broker-away.ts'

/** A busy node answers late; past this nobody knows, and the same packet is handed in again, ms. */
const answerTimeoutMs = 30_000
const replyAddress = 'amq.rabbitmq.reply-to'

export interface Asker {
  ask(packet: Uint8Array, options: SubmitOptions & { readonly signal: AbortSignal }): Promise<Submitted>
  close(): Promise<void>
}

interface Pending {
  resolve(answer: MessageBody): void
  reject(error: RelayError): void
}

export function openAsker(
  connection: Connection,
  { system, as, language }: { readonly system: string; readonly as: string; readonly language: string },
): Asker {
  const pending = new Map<string, Pending>()
  let opening: Promise<Channel> | null = null

  async function open(): Promise<Channel> {
    const channel = await connection.acquire({ emitErrorsFromChannel: true })
    const failAll = (error: RelayError) => {
      for (const each of pending.values()) each.reject(error)
    }
    let reason: unknown = 'channel closed'
    channel.on('error', (error: unknown) => {
      reason = error
    })
    channel.once('close', () => {
      opening = null
      failAll(brokerAway(reason))
    })
    channel.on('basic.return', ({ correlationId = '', replyText }) => {
      pending.get(correlationId)?.reject(brokerAway(replyText))
    })
    await channel.confirmSelect()
    await channel.basicConsume({ queue: replyAddress, noAck: true }, ({ correlationId = '', body }) => {
      pending.get(correlationId)?.resolve(body as MessageBody)
    })
    return channel
  }

  function channel(): Promise<Channel> {
    opening ??= open().catch((error: unknown) => {
      opening = null
      throw brokerAway(error)
    })
    return opening
  }

  return {
    async ask(packet, { to, signal }) {
      const ready = await channel()
      const correlationId = randomUUID()
      using linked = anySignal([signal])
      const answer = new Promise<MessageBody>((resolve, reject) => {
        pending.set(correlationId, { resolve, reject })
        linked.signal.addEventListener('abort', () => reject(linked.signal.reason as Error), { once: true })
      })
      const timer = setTimeout(
        () => pending.get(correlationId)?.reject(brokerAway('no answer in time')),
        answerTimeoutMs,
      )
      // It may fail while the publish is still waiting for its confirm.
      answer.catch(() => undefined)
      try {
        const envelope = {
          exchange: 'lt.submit',
          routingKey: as,
          mandatory: true,
          durable: true,
          userId: system,
          replyTo: replyAddress,
          correlationId,
          headers: { lang: language, ...(to === undefined ? {} : { to: to.join(',') }) },
        }
        await Promise.race([
          ready.basicPublish(envelope, asBuffer(packet)).catch((error: unknown) => {
            throw brokerAway(error)
          }),
          answer,
        ])
        return submittedIn(await answer)
      } finally {
        clearTimeout(timer)
        pending.delete(correlationId)
      }
    },
    async close() {
      const last = await opening?.catch(() => null)
      await last?.close().catch(() => undefined)
    },
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function submittedIn(body: MessageBody): Submitted {
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : typeof body === 'string' ? body : JSON.stringify(body)
  const answer = parsed(text)
  if (answer['accepted'] === true) {
    const { uid, recipients } = answer as unknown as Submitted
    return { uid, recipients }
  }
  const { code, text: said } = answer
  const detail = typeof said === 'string' ? { text: said } : {}
  if (typeof code === 'string' && isCode(code)) throw new RelayError(code, { detail })
  throw new RelayError('ANSWER_INVALID', { detail })
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {}
  } catch (cause) {
    throw new RelayError('ANSWER_INVALID', { cause })
  }
}
