/**
 * Refusals as problem details [RFC 9457]: `{type, title, status, detail, code, action, instance}`, in the
 * caller's language. `code` is the project's own and never translated; match on it.
 */

import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { type ErrorCode, type Language, RelayError, sentence } from '@lienthong/core'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Status of each code that is not `defaultStatus`. */
const statuses: Partial<Record<ErrorCode, number>> = {
  ACCESS_DENIED: 401,
  OPERATOR_DENIED: 401,
  SENDER_NOT_ALLOWED: 403,
  SCOPE_MISSING: 403,
  ROLE_MISSING: 403,
  RECALL_NOT_SENDER: 403,
  PLAIN_HTTP_REFUSED: 403,
  NOT_FOUND: 404,
  USAGE: 400,
  CALL_INVALID: 400,
  ORGAN_REQUIRED: 400,
  DOCUMENT_ID_REUSED: 409,
  LEASE_LOST: 409,
  UPLOAD_OFFSET: 409,
  SYSTEM_EXISTS: 409,
  SYSTEM_DECLARED: 409,
  BASE_MOVED: 409,
  DECISION_LATE: 409,
  TOKEN_USED: 409,
  NODE_JOINED: 409,
  DIRECTORY_FIXED: 409,
  NODE_NO_PARENT: 409,
  OPERATOR_EXISTS: 409,
  DOCUMENT_RECALLED: 410,
  DOCUMENT_TOO_LARGE: 413,
  BUNDLE_TOO_LARGE: 413,
  RANGE_INVALID: 416,
  RATE_LIMITED: 429,
  OPERATOR_LOCKED: 429,
  UPLOADS_FULL: 429,
  HOOKS_FULL: 429,
  BUNDLES_WAITING: 429,
  DISK_FULL: 503,
  STORE_FAILED: 503,
  STORE_LOCKED: 503,
  NODE_STOPPING: 503,
  BROKER_UNREACHABLE: 503,
  ACCOUNT_NOT_MADE: 503,
  NODE_NOT_DRAINED: 409,
  INTERNAL: 500,
}

/** The document, or what was said of it, cannot be taken. */
const defaultStatus = 422

/** What a caller that may try again should wait when nothing better is known, seconds. */
const retryAfterSeconds = 30

/** Status of the answer to a call that is refused with this code. */
export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? defaultStatus
}

/** Seconds of Retry-After for statuses that ask for patience; null for the others. */
export function retryAfterOf({ code, detail }: RelayError): number | null {
  if (![429, 503].includes(statusOf(code))) return null
  const after = detail['retryAfterSeconds']
  return typeof after === 'number' ? Math.max(1, Math.ceil(after)) : retryAfterSeconds
}

/** Answers every error of this instance, and every path nobody knows, with problem details. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | RelayError | Error>(answerProblem)
  app.setNotFoundHandler(async (request) => {
    throw new RelayError('NOT_FOUND', { detail: { what: `${request.method} ${pathOf(request)}` } })
  })
}

export function answerProblem(
  error: FastifyError | RelayError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = asRelayError(error)
  if (known.code === 'INTERNAL') logInternal(request, error)
  const after = retryAfterOf(known)
  if (after !== null) reply.header('retry-after', after)
  if (statusOf(known.code) === 401) reply.header('www-authenticate', 'Bearer')
  const body = JSON.stringify(problemOf(known, request))
  return reply.code(statusOf(known.code)).type('application/problem+json').serializer(String).send(body)
}

/** What is no HTTP, or has more header lines than anybody needs, never becomes a request. */
export function answerBrokenCalls(server: Server): void {
  server.on('clientError', (error: Error & { readonly code?: string }, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const code: ErrorCode = 'CALL_INVALID'
    const { text, action } = sentence('vi', code, { reason: error.code ?? 'HTTP' })
    const [status, phrase] =
      error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request']
    const body = JSON.stringify({ type: 'about:blank', title: code, status, detail: text, code, action })
    const head = [
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ]
    socket.end(`HTTP/1.1 ${status} ${phrase}\r\n${head.join('\r\n')}\r\n\r\n${body}`)
  })
}

export function problemOf(error: RelayError, request: FastifyRequest): Readonly<Record<string, unknown>> {
  const { code, detail } = error
  const { text, action } = sentence(languageOf(request), code, detail)
  return {
    type: 'about:blank',
    title: code,
    status: statusOf(code),
    detail: text,
    code,
    action,
    instance: pathOf(request),
  }
}

/** Vietnamese unless the caller prefers English. */
export function languageOf(request: FastifyRequest): Language {
  const [first = ''] = (request.headers['accept-language'] ?? '').toLowerCase().split(',')
  return first.trim().startsWith('en') ? 'en' : 'vi'
}

function pathOf({ url }: FastifyRequest): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

/** Fastify's own refusals (a body that is no JSON, a query out of schema) are the caller's fault. */
export function asRelayError(error: FastifyError | RelayError | Error): RelayError {
  if (error instanceof RelayError) return error
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) return new RelayError('DOCUMENT_TOO_LARGE', { cause: error })
  if (status !== undefined && status >= 400 && status < 500) {
    return new RelayError('CALL_INVALID', { detail: { reason: error.message }, cause: error })
  }
  return new RelayError('INTERNAL', { detail: { reason: 'see the log of the node' }, cause: error })
}

export function logInternal(request: FastifyRequest, error: Error): void {
  const detail = { error: String(error), stack: error.stack }
  request.server.gateway.log('error', 'unexpected failure', { code: 'INTERNAL', detail })
}
