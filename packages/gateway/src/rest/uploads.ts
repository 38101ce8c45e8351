/**
 * A packet in several requests, for lines that break: open it with its digest and size, append from `offset` on until it
 * is complete, and hand it in with `POST /v1/documents?upload=…`. After a break, opening the same again (or asking for it) says
 * where to go on; nothing that was acknowledged is sent twice.
 */

import type { UploadState } from '@lienthong/store'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { chunksOf } from '../body.ts'
import { requireScope } from './acting.ts'
import { takeStreams } from './body.ts'
import { answerCreated, type OwnKey, type OwnResource, ownParams, removalRoute } from './own-resource.ts'
import { described, digest, object, position } from './schema.ts'
import { uploadSchema, uploadView } from './views.ts'

/** Name of the header that says where a piece begins. */
export const offsetHeader = 'upload-offset'

const pieceTypes = ['application/octet-stream'] as const
const resource: OwnResource = { name: 'uploads', scope: 'send' }
const tags = [resource.name]

export function uploadRoutes(app: FastifyInstance): void {
  const { uploads } = app.gateway.node

  app.post<{ Body: { sha256?: string; size: number } }>(
    '/uploads',
    {
      schema: {
        operationId: 'openUpload',
        summary: 'Begins an upload, or goes on with the one of the same digest and size',
        tags,
        body: object({ sha256: digest, size: { ...position, minimum: 1 } }, ['sha256']),
        response: { 201: uploadSchema },
      },
    },
    async (request, reply) => {
      requireScope(request, resource.scope)
      const upload = await uploads.open(request.caller.id, request.body)
      answerCreated(reply, resource, upload.id)
      return answer(reply, upload)
    },
  )

  app.get<OwnKey>(
    '/uploads/:id',
    {
      schema: {
        operationId: 'getUpload',
        summary: 'How far it has come',
        tags,
        params: ownParams,
        response: { 200: uploadSchema },
      },
    },
    async (request, reply) => {
      requireScope(request, resource.scope)
      return answer(reply, await uploads.get(request.caller.id, request.params.id))
    },
  )

  removalRoute(app, resource, {
    operationId: 'dropUpload',
    summary: 'Gives it up. Safe to repeat',
    remove: (system, id) => uploads.drop(system, id),
  })
}

/** `PATCH /uploads/:id` alone, because its body is no JSON. */
export function appendRoute(app: FastifyInstance): void {
  const { uploads } = app.gateway.node
  takeStreams(app, pieceTypes)
  app.patch<OwnKey & { Headers: { [offsetHeader]: number } }>(
    '/uploads/:id',
    {
      schema: {
        operationId: 'appendUpload',
        summary: 'Appends the body; what came before a break stays',
        tags,
        params: ownParams,
        headers: {
          type: 'object',
          properties: { [offsetHeader]: described(position, 'Must be the upload’s offset, else 409 UPLOAD_OFFSET.') },
          required: [offsetHeader],
        },
        response: { 200: uploadSchema },
      },
      config: { bytesIn: pieceTypes },
    },
    async (request, reply) => {
      requireScope(request, resource.scope)
      const { caller, params: key, headers, body } = request
      const options = { offset: headers[offsetHeader], source: chunksOf(body) }
      return answer(reply, await uploads.append(caller.id, key.id, options))
    },
  )
}

function answer(reply: FastifyReply, upload: UploadState): ReturnType<typeof uploadView> {
  reply.header(offsetHeader, upload.offset)
  return uploadView(upload)
}
