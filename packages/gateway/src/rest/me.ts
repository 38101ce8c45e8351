import { systemScopes } from '@lienthong/core'
import type { FastifyInstance } from 'fastify'
import { listOf, object, oneOf, text } from './schema.ts'

/** Who the caller is to this node. */
export function meRoutes(app: FastifyInstance): void {
  const { node } = app.gateway
  app.get(
    '/me',
    {
      schema: {
        operationId: 'me',
        summary: 'Who the caller is to this node, and what it may do',
        tags: ['access'],
        response: {
          200: {
            title: 'Me',
            ...object({
              id: text,
              name: text,
              node: text,
              organisations: listOf(object({ id: text, name: text })),
              scopes: listOf(oneOf(systemScopes)),
            }),
          },
        },
      },
    },
    async ({ caller: { id, name, organisations, scopes } }) => ({
      id,
      name,
      node: node.id,
      organisations: organisations.map((organ) => ({ id: organ, name: node.table.listed(organ)?.name ?? organ })),
      scopes,
    }),
  )
}
