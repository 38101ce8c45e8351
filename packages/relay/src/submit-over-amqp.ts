/** Documents handed in over AMQP, from any language: exchange `lt.submit`, routing key = sending organisation. */
import { RelayError, sentence } from '@lienthong/core'
import { warningSentence } from '@lienthong/edxml'
import type { Delivery, Sender } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import type { SubmitReply, SubmitRequest } from './contract.ts'
import type { SystemDoor } from './doors.ts'

/** Larger packets go over HTTP, which streams. */
const maxBodyBytes = 1024 * 1024
/** What the broker makes of `amq.rabbitmq.reply-to`; any other address would be written with this node's rights. */
const replyPrefix = 'amq.rabbitmq.reply-to.'

/** Handles one submission; refusals are said in Vietnamese, or in English when header `lang` is `en`. Settles it when the answer has gone (or nobody asked for one). */
export function createAmqpDoor(
  context: NodeContext,
  parts: {
    sender: Sender
    systems: Pick<SystemDoor, 'actingAs'>
    submit: (request: SubmitRequest) => Promise<SubmitReply>
  },
): (delivery: Delivery) => void {
  async function handle(delivery: Delivery): Promise<void> {
    const answer = await outcome(delivery)
    await reply(delivery, answer)
    delivery.settle()
  }

  async function outcome(delivery: Delivery): Promise<Record<string, unknown>> {
    const language = delivery.headers['lang'] === 'en' ? 'en' : 'vi'
    try {
      const result = await parts.submit(requestOf(parts.systems, delivery))
      const warnings = result.warnings.map((warning) => ({ ...warning, text: warningSentence(language, warning) }))
      return { accepted: true, uid: result.uid, recipients: result.recipients, warnings }
    } catch (error) {
      const known = error instanceof RelayError ? error : new RelayError('INTERNAL', { cause: error })
      context.log(known.code === 'INTERNAL' ? 'error' : 'info', 'submission over AMQP refused', {
        code: known.code,
        detail: { user: delivery.userId ?? null, as: delivery.routingKey, ...known.detail },
      })
      const { text, action } = sentence(language, known.code, known.detail)
      return { accepted: false, code: known.code, text: `${text} ${action}`.trim() }
    }
  }

  async function reply(delivery: Delivery, answer: Record<string, unknown>): Promise<void> {
    const { replyTo, correlationId } = delivery
    if (replyTo === undefined || !replyTo.startsWith(replyPrefix)) return
    await parts.sender.send({
      exchange: '',
      routingKey: replyTo,
      type: 'lt.answer',
      body: Buffer.from(JSON.stringify(answer)),
      persistent: false,
      // The client may be gone: then nobody wants the answer.
      mandatory: false,
      ...(correlationId === undefined ? {} : { correlationId }),
    })
  }

  return (delivery) => {
    // A probe of this node itself: that it came this far is all.
    if (delivery.type === 'lt.canary' && delivery.userId === context.config.broker.address.user)
      return delivery.settle()
    handle(delivery).catch((error: unknown) => {
      context.log('error', 'submission over AMQP failed', { detail: { error: String(error) } })
      delivery.settle()
    })
  }
}

/** Throws RelayError USER_ID_REQUIRED, SENDER_NOT_ALLOWED, SCOPE_MISSING, USE_HTTP. */
function requestOf(systems: Pick<SystemDoor, 'actingAs'>, delivery: Delivery): SubmitRequest {
  const { userId, routingKey, headers } = delivery
  if (userId === undefined) throw new RelayError('USER_ID_REQUIRED')
  systems.actingAs(userId, routingKey, 'send')
  if (delivery.body.length > maxBodyBytes)
    throw new RelayError('USE_HTTP', { detail: { bytes: delivery.body.length, maxBytes: maxBodyBytes } })
  const to = recipientsIn(headers['to'])
  return { as: routingKey, body: delivery.body, ...(to === null ? {} : { to }) }
}

/** Header `to`: one code, several separated by commas, or an array. */
function recipientsIn(header: unknown): readonly string[] | null {
  const list = Array.isArray(header) ? header : typeof header === 'string' ? header.split(',') : []
  const codes = list.map((code) => String(code).trim()).filter((code) => code !== '')
  return codes.length === 0 ? null : codes
}
