/** Documents that their sender recalls, replaces or takes back. What became of that is in `GET /documents/{uid}`. */
import { replacementOf } from '@lienthong/edxml'
import type { FastifyInstance } from 'fastify'
import { chunksOf } from '../body.ts'
import { recallSent, takeBackSent } from '../recall.ts'
import { actingAs } from './acting.ts'
import { packetTypes, takeStreams } from './body.ts'
import { answerSubmitted, submitted } from './documents.ts'
import { as, described, digest, listOf, object, options, organCode, type Schema } from './schema.ts'
import { type Said, said, saidAt, saidIn, short } from './statuses.ts'

const documentParams = object({ uid: digest })
const to = described(
  { type: 'array', items: organCode, minItems: 1, maxItems: 5000 },
  'Some of its recipients; default: all it went to.',
)

interface DocumentKey {
  readonly uid: string
}

export function recallRoutes(app: FastifyInstance): void {
  const { node, now } = app.gateway

  app.post<{ Params: DocumentKey; Body: { reason: string; signer?: string; at?: string; to?: readonly string[] } }>(
    '/documents/:uid/recall',
    {
      schema: {
        operationId: 'recall',
        summary: 'Recalls a sent document, by a packet of type 1 that the node writes',
        description:
          'Where it is not delivered yet it is stopped, where nobody has taken it it is withdrawn, elsewhere the recipient is asked and answers with status 15 or 16. The answer has the `uid` of the recall; `recall` of each recipient in `GET /v1/documents/{uid}` says what became of it. A recall with a notice of your own is handed in as any packet.',
        tags: ['documents'],
        params: documentParams,
        querystring: options({ as }),
        body: object(
          {
            reason: described({ type: 'string', minLength: 1, maxLength: 500 }, 'Recipients read it.'),
            signer: described({ ...short, minLength: 1 }, 'Who signs; default: the organisation.'),
            at: saidAt,
            to,
          },
          ['signer', 'at', 'to'],
        ),
        response: { 200: submitted, 201: submitted },
      },
    },
    async (request, reply) => {
      const { at, ...form } = request.body
      const key = { as: actingAs(request, 'send'), uid: request.params.uid }
      const sentAt = at === undefined ? now() : Date.parse(at)
      return answerSubmitted(reply, await recallSent(node, key, { ...form, sentAt }))
    },
  )

  app.post<{ Params: DocumentKey; Body: Said & { to?: readonly string[] } }>(
    '/documents/:uid/take-back',
    {
      schema: {
        operationId: 'takeBack',
        summary: 'Takes a sent document back by a status 13 to each recipient; who has taken it answers with 15 or 16',
        tags: ['statuses'],
        params: documentParams,
        querystring: options({ as }),
        body: object({ ...said, to }, ['staff', 'at', 'to']),
        response: { 200: taken, 201: taken },
      },
    },
    async (request, reply) => {
      const key = { as: actingAs(request, 'send'), uid: request.params.uid }
      const form = { ...saidIn(request.body, now()), to: request.body.to }
      const packets = await takeBackSent(node, key, form)
      reply.code(packets.some(({ recipients: [first] }) => first?.outcome === 'new') ? 201 : 200)
      return { packets: packets.map(({ organ, uid }) => ({ organ, uid })) }
    },
  )
}

/** `POST /documents/{uid}/replace` alone, because its body is no JSON. */
export function replaceRoute(app: FastifyInstance): void {
  const { node } = app.gateway
  takeStreams(app, packetTypes)
  app.post<{ Params: DocumentKey }>(
    '/documents/:uid/replace',
    {
      schema: {
        operationId: 'replace',
        summary: 'Replaces a sent document by an edXML packet of type 3 that names it',
        description:
          'As `submitDocument`, and a packet that does not replace this document is refused with NOT_EDXML. What has not been taken yet is stopped or withdrawn; the replacement is delivered to everybody.',
        tags: ['documents'],
        params: documentParams,
        querystring: options({ as }),
        response: { 200: submitted, 201: submitted },
      },
      config: { bytesIn: packetTypes },
    },
    async (request, reply) => {
      const organ = actingAs(request, 'send')
      const { documentId } = await node.sent.get(organ, request.params.uid)
      const body = replacementOf(documentId, chunksOf(request.body))
      return answerSubmitted(reply, await node.submit({ as: organ, body }))
    },
  )
}

const taken: Schema = { title: 'TakenBack', ...object({ packets: listOf(object({ organ: organCode, uid: digest })) }) }
