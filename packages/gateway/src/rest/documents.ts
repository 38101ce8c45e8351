/** Handing documents in, and what became of them. */
import { type OrganId, type PacketKind, packetKinds } from '@lienthong/core'
import { warningSentence } from '@lienthong/edxml'
import type { SubmitReply } from '@lienthong/relay'
import type { TrackedDocument } from '@lienthong/store'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { chunksOf } from '../body.ts'
import { languageOf } from '../problem.ts'
import { actingAs } from './acting.ts'
import { packetTypes, takeStreams } from './body.ts'
import { longPoll, maxWaitSeconds } from './long-poll.ts'
import {
  as,
  described,
  digest,
  limit,
  listOf,
  object,
  oneOf,
  options,
  organCode,
  position,
  type Schema,
  text,
  whole,
} from './schema.ts'
import { changeSchema, changeView, documentSchema, documentView } from './views.ts'

/** Recipients named beside a packet, at most; the header lines of a call have a limit as well. */
const maxRecipients = 5000

export const submitted: Schema = {
  title: 'Submitted',
  ...object({
    uid: digest,
    recipients: listOf(object({ organ: text, outcome: oneOf(['new', 'already']) })),
    warnings: described(
      listOf(object({ code: text, severity: oneOf(['error', 'warning']), text })),
      'What is unusual about the packet, and which rules it does not keep. It was taken all the same.',
    ),
  }),
}

/** 201 when somebody gets it who did not have it, else 200: handing the same packet in again is no error. */
export function answerSubmitted(reply: FastifyReply, { uid, recipients, warnings }: SubmitReply) {
  const language = languageOf(reply.request)
  reply.code(recipients.some(({ outcome }) => outcome === 'new') ? 201 : 200)
  reply.header('location', `/v1/documents/${uid}`)
  return {
    uid,
    recipients,
    warnings: warnings.map((warning) => ({
      code: warning.code,
      severity: warning.severity,
      text: warningSentence(language, warning),
    })),
  }
}

interface Submission {
  readonly to?: readonly string[]
  readonly upload?: string
}

/** `POST /documents` alone, because its body is no JSON. */
export function submitRoute(app: FastifyInstance): void {
  const { node } = app.gateway
  takeStreams(app, packetTypes)
  app.post<{ Querystring: Submission }>(
    '/documents',
    {
      schema: {
        operationId: 'submitDocument',
        summary: 'Hands in an edXML packet: its bytes as the body, or an upload that is complete',
        description:
          'Safe to repeat: the same packet is the same document, whoever already has it keeps it. 201 when somebody gets it who did not have it, else 200.',
        tags: ['documents'],
        querystring: options({
          as,
          to: described(
            { type: 'array', items: organCode, maxItems: maxRecipients },
            'Recipients (organisations or groups) instead of those in the packet; repeated.',
          ),
          upload: described({ type: 'string', maxLength: 64 }, 'Id of an upload; then there is no body.'),
        }),
        response: { 200: submitted, 201: submitted },
      },
      config: { bytesIn: packetTypes },
    },
    async (request, reply) => {
      const { to, upload } = request.query
      const organ = actingAs(request, 'send')
      const recipients = to === undefined ? {} : { to }
      if (upload === undefined) {
        return answerSubmitted(reply, await node.submit({ as: organ, body: chunksOf(request.body), ...recipients }))
      }
      const body = { upload: { system: request.caller.id, id: upload } }
      return answerSubmitted(reply, await node.submit({ as: organ, body, ...recipients }))
    },
  )
}

interface SentQuery {
  readonly number?: string
  readonly documentId?: string
  readonly kind?: PacketKind
  readonly since?: string
  readonly before?: number
  readonly after?: number
  readonly limit: number
}

export function documentRoutes(app: FastifyInstance): void {
  const { sent } = app.gateway.node

  async function find(organ: OrganId, query: SentQuery): Promise<readonly TrackedDocument[]> {
    const { number, documentId, since, ...page } = query
    if (number !== undefined) return sent.find(organ, { number })
    if (documentId !== undefined) return sent.find(organ, { documentId })
    return sent.list(organ, { ...page, ...(since === undefined ? {} : { since: Date.parse(since) }) })
  }

  app.get<{ Querystring: SentQuery }>(
    '/documents',
    {
      schema: {
        operationId: 'listDocuments',
        summary: 'What the organisation sent, newest first (oldest first with `after`)',
        tags: ['documents'],
        querystring: options({
          as,
          number: described({ type: 'string', minLength: 1, maxLength: 200 }, 'Only these: number and notation.'),
          documentId: described({ type: 'string', minLength: 1, maxLength: 500 }, 'Only these: the sender’s own id.'),
          kind: oneOf(packetKinds),
          since: described({ type: 'string', format: 'date-time' }, 'Accepted at or after this instant.'),
          before: described(position, 'Goes on behind this `seq`, newest first.'),
          after: described(position, 'Goes on behind this `seq`, oldest first.'),
          limit: limit(100, 500),
        }),
        response: { 200: { title: 'SentDocuments', ...object({ documents: listOf(documentSchema) }) } },
      },
    },
    async (request) => {
      const { as: _, ...query } = request.query as SentQuery & { as?: string }
      const found = await find(actingAs(request, 'send'), query)
      return { documents: found.map(documentView) }
    },
  )

  app.get<{ Params: { uid: string } }>(
    '/documents/:uid',
    {
      schema: {
        operationId: 'getDocument',
        summary: 'One sent document and how far each recipient has come',
        tags: ['documents'],
        params: object({ uid: digest }),
        querystring: options({ as }),
        response: { 200: documentSchema },
      },
    },
    async (request) => documentView(await sent.get(actingAs(request, 'send'), request.params.uid)),
  )

  app.get<{ Querystring: { after?: number; limit: number; wait: number } }>(
    '/changes',
    {
      schema: {
        operationId: 'listChanges',
        summary: 'What became of the organisation’s documents, in order; kept 30 days',
        tags: ['documents'],
        querystring: options({
          as,
          after: described(position, 'The `last` of an earlier answer. Without it: only where the history ends now.'),
          limit: limit(100, 1000),
          wait: described(
            { type: 'integer', minimum: 0, maximum: maxWaitSeconds, default: 0 },
            'Seconds to wait when there is nothing yet.',
          ),
        }),
        response: { 200: { title: 'Changes', ...object({ changes: listOf(changeSchema), last: whole }) } },
      },
    },
    async (request, reply) => {
      const { after = null, limit: most, wait } = request.query
      const organ = actingAs(request, 'send')
      const found = await longPoll(reply, {
        waitSeconds: after === null ? 0 : wait,
        look: () => sent.changes(organ, { after, limit: most }),
        isEmpty: ({ changes }) => changes.length === 0,
        waitFor: (options) => sent.waitFor(organ, { after: after ?? 0, ...options }),
      })
      return { changes: found.changes.map(changeView), last: found.last }
    },
  )
}
