/** Business statuses about a received document (01 … 06, 15, 16), as packets the node writes for its caller. They travel like any document. */
import { type OrganId, RelayError, statusCodes } from '@lienthong/core'
import { writeStatus } from '@lienthong/edxml'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { actingAs } from './acting.ts'
import { answerSubmitted, submitted } from './documents.ts'
import { type ItemKey, itemParams } from './mailbox.ts'
import { as, described, object, options, type Schema } from './schema.ts'

/** What a recipient may say; 13 is the sender's. */
const repliesAllowed = Object.values(statusCodes).filter((code) => code !== statusCodes.takeBack)

export const short: Schema = { type: 'string', maxLength: 200 }
export const saidAt = described(
  { type: 'string', format: 'date-time' },
  'When it was said (default: now). Say the same again with the same `at`, and it is the same packet.',
)
export const said = {
  description: described({ type: 'string', maxLength: 500 }, 'The reason, for people.'),
  staff: { title: 'Staff', ...options({ department: short, name: short, email: short, mobile: short }) },
  at: saidAt,
}

export interface Said {
  readonly description?: string
  readonly staff?: {
    readonly department?: string
    readonly name?: string
    readonly email?: string
    readonly mobile?: string
  }
  readonly at?: string
}

export function saidIn({ description, staff, at }: Said, now: number) {
  const { name, ...rest } = staff ?? {}
  return {
    ...(description === undefined ? {} : { description }),
    ...(staff === undefined ? {} : { staff: [{ ...rest, ...(name === undefined ? {} : { staff: name }) }] }),
    sentAt: at === undefined ? now : Date.parse(at),
  }
}

export function statusRoutes(app: FastifyInstance): void {
  const { node, now } = app.gateway

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
      const body = writeStatus({
        ...saidIn(request.body, now()),
        from: { organId: organ, organName: node.table.listed(organ)?.name ?? organ },
        statusCode: request.body.code,
        responseFor: [{ organId: from, code: headline.number, documentId, promulgationDate: headline.date }],
      })
      return answerSubmitted(reply, await node.submit({ as: organ, body }))
    },
  )
}

/** It reads a mailbox and writes to somebody. */
function bothScopes(request: FastifyRequest): OrganId {
  actingAs(request, 'send')
  return actingAs(request, 'receive')
}
