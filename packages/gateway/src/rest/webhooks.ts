/** Subscriptions: to be told instead of asking. They belong to the calling system, each for one of its organisations. */
import { RelayError } from '@lienthong/core'
import type { HookRecord } from '@lienthong/store'
import type { FastifyInstance } from 'fastify'
import { eventNamesOf, testMessage, type WebhookEvent, webhookEventNames, webhookEvents } from '../hooks/event.ts'
import { hookPostOf } from '../hooks/hook-part.ts'
import { openTargets } from '../hooks/targets.ts'
import { actingAs, requireScope } from './acting.ts'
import { answerCreated, type OwnKey, type OwnResource, ownParams, removalRoute } from './own-resource.ts'
import {
  as,
  described,
  flag,
  instant,
  instantOrNull,
  listOf,
  object,
  oneOf,
  options,
  type Schema,
  text,
  textOrNull,
  whole,
  wholeOrNull,
} from './schema.ts'

const dayHours = 24
const maxOverlapHours = 30 * dayHours
const hourMs = 3_600_000

const resource: OwnResource = { name: 'webhooks', scope: 'hooks' }
const tags = [resource.name]
const states = ['active', 'failing', 'paused'] as const

const properties = {
  id: text,
  organ: described(text, 'The organisation whose documents are told of.'),
  url: text,
  events: listOf(oneOf(webhookEventNames)),
  createdAt: instant,
  state: described(oneOf(states), 'What happens while it is paused is told when it is resumed.'),
  pausedAt: instantOrNull,
  failures: described(whole, 'Attempts failed since the last success.'),
  failingSince: described(instantOrNull, 'After five days it is paused.'),
  lastError: textOrNull,
  nextAt: described(instantOrNull, 'Of a failing one: when it is tried again.'),
}
const webhook: Schema = { title: 'Webhook', ...object(properties) }
const secret = described(text, 'Told only now. `whsec_` and base64, as Standard Webhooks has it.')

export function webhookRoutes(app: FastifyInstance): void {
  const { node, now, webhooks } = app.gateway
  const { hooks } = node
  const targets = openTargets(webhooks.allow)
  const post = hookPostOf(app)

  app.post<{ Body: { url: string; events: readonly WebhookEvent[] } }>(
    '/webhooks',
    {
      schema: {
        operationId: 'addWebhook',
        summary: 'Tells this address what happens from now on',
        tags,
        querystring: options({ as }),
        body: object({
          url: { type: 'string', minLength: 1, maxLength: 2000 },
          events: { ...listOf(oneOf(webhookEventNames)), minItems: 1, uniqueItems: true },
        }),
        response: { 201: { title: 'NewWebhook', ...object({ ...properties, secret }) } },
      },
    },
    async (request, reply) => {
      const organ = actingAs(request, resource.scope)
      const { url, events } = request.body
      if (!URL.canParse(url)) throw new RelayError('CALL_INVALID', { detail: { reason: 'url' } })
      targets.check(new URL(url))
      const types = events.flatMap((name) => webhookEvents[name])
      const added = await hooks.add(request.caller.id, { organ, url, events: types })
      answerCreated(reply, resource, added.hook.id)
      return { ...view(added.hook), secret: added.secret }
    },
  )

  app.get(
    '/webhooks',
    {
      schema: {
        operationId: 'listWebhooks',
        summary: 'The system’s webhooks and how each of them stands',
        tags,
        response: { 200: { title: 'Webhooks', ...object({ webhooks: listOf(webhook) }) } },
      },
    },
    async (request) => {
      requireScope(request, resource.scope)
      return { webhooks: (await hooks.list(request.caller.id)).map(view) }
    },
  )

  removalRoute(app, resource, {
    operationId: 'removeWebhook',
    summary: 'Ends it; what was not told yet is not told',
    remove: (system, id) => hooks.remove(system, id),
  })

  for (const [verb, paused, summary] of [
    ['pause', true, 'Holds it back until it is resumed'],
    ['resume', false, 'Goes on where it stopped; failures are forgotten'],
  ] as const) {
    app.post<OwnKey>(
      `/webhooks/:id/${verb}`,
      { schema: { operationId: `${verb}Webhook`, summary, tags, params: ownParams, response: { 200: webhook } } },
      async (request) => {
        requireScope(request, resource.scope)
        await hooks.pause(request.caller.id, request.params.id, paused)
        return view((await hooks.open(request.caller.id, request.params.id)).hook)
      },
    )
  }

  app.post<OwnKey>(
    '/webhooks/:id/test',
    {
      schema: {
        operationId: 'testWebhook',
        summary: 'Sends an event `webhook.test` now and says what came of it',
        tags,
        params: ownParams,
        response: {
          200: {
            title: 'WebhookTest',
            ...object({ taken: flag, status: wholeOrNull, error: textOrNull, ms: whole }),
          },
        },
      },
    },
    async (request) => {
      requireScope(request, resource.scope)
      const known = await hooks.open(request.caller.id, request.params.id)
      const { taken, status, error, ms } = await post(known, testMessage(known.hook, now()), app.closing)
      return { taken, status, error, ms }
    },
  )

  app.post<OwnKey & { Body: { overlapHours: number } }>(
    '/webhooks/:id/rotate',
    {
      schema: {
        operationId: 'rotateWebhook',
        summary: 'Issues a new secret; meanwhile every event is signed with both',
        tags,
        params: ownParams,
        body: options({
          overlapHours: { type: 'integer', minimum: 0, maximum: maxOverlapHours, default: dayHours },
        }),
        response: { 200: { title: 'WebhookSecret', ...object({ secret }) } },
      },
    },
    async (request) => {
      requireScope(request, resource.scope)
      const overlapMs = request.body.overlapHours * hourMs
      return hooks.rotate(request.caller.id, request.params.id, { overlapMs })
    },
  )
}

function view(hook: HookRecord) {
  const { id, organ, url, events, createdAt, pausedAt, failures, failingSince, lastError, nextAt } = hook
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  const state: (typeof states)[number] = pausedAt !== null ? 'paused' : failures > 0 ? 'failing' : 'active'
  return {
    id,
    organ,
    url,
    events: eventNamesOf(events),
    createdAt: new Date(createdAt).toISOString(),
    state,
    pausedAt: time(pausedAt),
    failures,
    failingSince: time(failingSince),
    lastError,
    nextAt: state === 'failing' ? time(nextAt) : null,
  }
}
