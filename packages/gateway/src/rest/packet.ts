/** One item of a mailbox, and the packet itself: bytes as they were handed in, whole or in ranges. */
import { Readable } from 'node:stream'
import { RelayError } from '@lienthong/core'
import type { FastifyInstance } from 'fastify'
import { actingAs } from './acting.ts'
import { packetTypes } from './body.ts'
import { byteRange } from './byte-range.ts'
import { type ItemKey, itemParams } from './mailbox.ts'
import { as, described, options, type Schema } from './schema.ts'
import { itemSchema, itemView } from './views.ts'

const [packetType] = packetTypes
const tag: Schema = { type: 'string', maxLength: 1000 }

export function packetRoutes(app: FastifyInstance): void {
  const { mailbox } = app.gateway.node

  app.get<ItemKey>(
    '/mailbox/:id',
    {
      schema: {
        operationId: 'getItem',
        summary: 'One item, acknowledged or not',
        tags: ['mailbox'],
        params: itemParams,
        querystring: options({ as }),
        response: { 200: itemSchema },
      },
    },
    async (request) => {
      const { item } = await mailbox.read(actingAs(request, 'receive'), request.params.id)
      return itemView(item)
    },
  )

  app.route<ItemKey & { Headers: { range?: string; 'if-range'?: string; 'if-none-match'?: string } }>({
    method: ['GET', 'HEAD'],
    url: '/mailbox/:id/packet',
    schema: {
      operationId: 'getPacket',
      summary: 'The packet’s bytes; Range goes on where a break came, ETag is its SHA-256',
      tags: ['mailbox'],
      params: itemParams,
      querystring: options({ as }),
      headers: {
        type: 'object',
        properties: {
          range: described({ type: 'string', maxLength: 100 }, '`bytes=FIRST-LAST`, one range.'),
          'if-range': described(tag, 'The range only if this is still the ETag, else all of it.'),
          'if-none-match': described(tag, '304 if this is the ETag.'),
        },
      },
    },
    config: { bytesOut: packetType },
    handler: async (request, reply) => {
      const { headers, params, method } = request
      const organ = actingAs(request, 'receive')
      const { item, body } = await mailbox.read(organ, params.id)
      const { sha256, size } = item.payload
      const etag = `"${sha256}"`
      reply.header('etag', etag).header('accept-ranges', 'bytes').header('cache-control', 'private, no-cache')
      if (headers['if-none-match']?.includes(etag)) return reply.code(304).send()
      const asked = [undefined, etag].includes(headers['if-range']) ? byteRange(headers.range, size) : null
      if (asked === 'unsatisfiable') {
        reply.header('content-range', `bytes */${size}`)
        throw new RelayError('RANGE_INVALID', { detail: { size } })
      }
      const { start, end } = asked ?? { start: 0, end: size }
      if (asked !== null) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`)
      reply.type(packetType).header('content-length', end - start)
      reply.header('content-disposition', `attachment; filename="${item.uid}.edxml"`)
      if (method === 'HEAD') return reply.send()
      const bytes = asked === null ? body : (await mailbox.read(organ, params.id, asked)).body
      return reply.send(Readable.from(bytes, { objectMode: false }))
    },
  })
}
