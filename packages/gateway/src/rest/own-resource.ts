/** Resources that belong to the calling system alone, each under an id that the node drew. Of others’ nothing is said but 404. */
import type { SystemScope } from '@lienthong/core'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { requireScope } from './acting.ts'
import { object } from './schema.ts'

export interface OwnResource {
  /** First word of its paths, and its tag in the OpenAPI document. */
  readonly name: string
  readonly scope: SystemScope
}

export interface OwnKey {
  readonly Params: { readonly id: string }
}

export const ownParams = object({ id: { type: 'string', pattern: '^[0-9a-f]{32}$' } })

export function answerCreated(reply: FastifyReply, { name }: OwnResource, id: string): void {
  reply.code(201).header('location', `/v1/${name}/${id}`)
}

/** `DELETE /<name>/:id` */
export function removalRoute(
  app: FastifyInstance,
  { name, scope }: OwnResource,
  removal: {
    readonly operationId: string
    readonly summary: string
    readonly remove: (system: string, id: string) => Promise<void>
  },
): void {
  const { operationId, summary, remove } = removal
  app.delete<OwnKey>(
    `/${name}/:id`,
    { schema: { operationId, summary, tags: [name], params: ownParams, response: { 204: { type: 'null' } } } },
    async (request, reply) => {
      requireScope(request, scope)
      await remove(request.caller.id, request.params.id)
      return reply.code(204).send()
    },
  )
}
