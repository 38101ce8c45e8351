/** REST under `/v1`, for known systems only, and the OpenAPI document that describes it, for anybody. */
import type { FastifyInstance } from 'fastify'
import { requireCaller } from '../caller.ts'
import { documentRoutes, submitRoute } from './documents.ts'
import { mailboxRoutes } from './mailbox.ts'
import { meRoutes } from './me.ts'
import { collectRoutes } from './open-api.ts'
import { organisationRoutes } from './organisations.ts'
import { packetRoutes } from './packet.ts'
import { recallRoutes, replaceRoute } from './recalls.ts'
import { mayBeLeftOut } from './schema.ts'
import { statusRoutes } from './statuses.ts'
import { appendRoute, uploadRoutes } from './uploads.ts'
import { webhookRoutes } from './webhooks.ts'

/** Of the interface, not of the program: it grows when a route changes its meaning. */
const restVersion = '1.0.0'

/** In the order of the document. */
const resources: readonly ((app: FastifyInstance) => void)[] = [
  meRoutes,
  submitRoute,
  documentRoutes,
  recallRoutes,
  replaceRoute,
  uploadRoutes,
  appendRoute,
  mailboxRoutes,
  packetRoutes,
  statusRoutes,
  organisationRoutes,
  webhookRoutes,
]

export async function restRoutes(app: FastifyInstance): Promise<void> {
  const openApi = collectRoutes(app, restVersion)
  // The schemas describe what the views make; they do not make it.
  app.setSerializerCompiler(() => JSON.stringify)
  await app.register(
    async (scope) => {
      requireCaller(scope)
      scope.addHook('onSend', async (_request, reply) => {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
        reply.header('x-content-type-options', 'nosniff')
      })
      scope.addHook('preValidation', async (request) => {
        const { schema } = request.routeOptions
        if (schema?.body !== undefined && mayBeLeftOut(schema.body)) request.body ??= {}
      })
      for (const resource of resources) await scope.register(async (own) => resource(own))
    },
    { prefix: '/v1' },
  )
  app.get('/openapi.json', async () => openApi.document())
}
