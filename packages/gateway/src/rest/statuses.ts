/**
 * Business statuses as packets the node writes for its caller: about a document it received (01 … 06, 15, 16), or to take
 * back one it sent (13). They travel like any document.
 */
import { type OrganId, RelayError, statusCodes } from '@lienthong/core'
import { type StatusPacket, writeStatus } from '@lienthong/edxml'
import type { SubmitReply } from '@lienthong/relay'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { actingAs } from './acting.ts'
import { answerSubmitted, submitted } from './documents.ts'
import { type ItemKey, itemParams } from './mailbox.ts'
import { as, described, digest, listOf, object, options, organCode, type Schema } from './schema.ts'

/** What a recipient may say; 13 is the sender's. */
const repliesAllowed = Object.values(statusCodes).filter((code) => code !== statusCodes.takeBack)

const short: Schema = { type: 'string', maxLength: 200 }
const said = {
  description: described({ type: 'string', maxLength: 500 }, 'The reason, for people.'),
  staff: { title: 'Staff', ...options({ department: short, name: short, email: short, mobile: short }) },
  at: described(
    { type: 'string', format: 'date-time' },
    'When it was said (default: now). Say the same again with the same `at`, and it is the same packet.',
  ),
}

interface Said {
  readonly description?: string
  readonly staff?: {
    readonly department?: string
    readonly name?: string
    readonly email?: string
    readonly mobile?: string
  }
  readonly at?: string
}

export function statusRoutes(app: FastifyInstance): void {
  const { node, now } = app.gateway

  function packetOf(
    organ: OrganId,
    { description, staff, at }: Said,
    about: Pick<StatusPacket, 'statusCode' | 'responseFor'>,
  ) {
    const { name, ...rest } = staff ?? {}
    return writeStatus({
      ...about,
      from: { organId: organ, organName: node.table.listed(organ)?.name ?? organ },
      ...(description === undefined ? {} : { description }),
      ...(staff === undefined ? {} : { staff: [{ ...rest, ...(name === undefined ? {} : { staff: name }) }] }),
      sentAt: at === undefined ? now() : Date.parse(at),
    })
  }

  app.post<ItemKey & { Body: Said & { code: number } }>(
    '/mailbox/:id/statuses',
    {
      schema: {
        operationId: 'sendStatus',
        summary: 'Tells the sender of a received document how far it has come',
        tags: ['statuses'],
        params: itemParams,
        querystring: options({ as }),
        body: object({ code: { type: 'integer', enum: repliesAllowed }, ...said }, Object.keys(said)),
        response: { 200: submitted, 201: submitted },
      },
    },
    async (request, reply) => {
      const organ = bothScopes(request)
      const { item } = await node.mailbox.read(organ, request.params.id)
      if (item.kind !== 'document') throw new RelayError('NOT_FOUND', { detail: { what: `document ${item.id}` } })
      const { from, documentId, headline } = item
      const body = packetOf(organ, request.body, {
        statusCode: request.body.code,
        responseFor: [{ organId: from, code: headline.number, documentId, promulgationDate: headline.date }],
      })
      return answerSubmitted(reply, await node.submit({ as: organ, body }))
    },
  )

  app.post<{ Params: { uid: string }; Body: Said & { to?: readonly string[] } }>(
    '/documents/:uid/take-back',
    {
      schema: {
        operationId: 'takeBack',
        summary: 'Asks recipients of a sent document to give it back; they answer with status 15 or 16',
        tags: ['statuses'],
        params: object({ uid: digest }),
        querystring: options({ as }),
        body: object(
          {
            ...said,
            to: described(
              { type: 'array', items: organCode, maxItems: 1000 },
              'Some of its recipients; default: all it went to.',
            ),
          },
          ['staff', 'at', 'to'],
        ),
        response: { 200: taken, 201: taken },
      },
    },
    async (request, reply) => {
      const organ = actingAs(request, 'send')
      const { documentId, headline, recipients } = await node.sent.get(organ, request.params.uid)
      const reached = new Set(recipients.filter(({ state }) => state !== 'undeliverable').map((each) => each.organ))
      const chosen = request.body.to?.map((code) => node.table.listed(code)?.id ?? code) ?? [...reached]
      const stranger = chosen.find((each) => !reached.has(each))
      if (stranger !== undefined) throw new RelayError('NOT_FOUND', { detail: { what: stranger } })
      const packets: (SubmitReply & { organ: OrganId })[] = []
      for (const recipient of chosen) {
        const body = packetOf(organ, request.body, {
          statusCode: statusCodes.takeBack,
          responseFor: [{ organId: recipient, code: headline.number, documentId, promulgationDate: headline.date }],
        })
        packets.push({ organ: recipient, ...(await node.submit({ as: organ, body })) })
      }
      reply.code(packets.some(({ recipients: [first] }) => first?.outcome === 'new') ? 201 : 200)
      return { packets: packets.map(({ organ: to, uid }) => ({ organ: to, uid })) }
    },
  )
}

const taken: Schema = { title: 'TakenBack', ...object({ packets: listOf(object({ organ: organCode, uid: digest })) }) }

/** It reads a mailbox and writes to somebody. */
function bothScopes(request: FastifyRequest): OrganId {
  actingAs(request, 'send')
  return actingAs(request, 'receive')
}
