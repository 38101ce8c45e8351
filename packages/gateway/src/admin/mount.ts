/**
 * The door for administration under `/admin/v1`, for operators by their keys.
 *
 * Order of a call: encrypted, or from this machine → from a network that may → not shut out → whose key → rate → role.
 */
import { RelayError } from '@lienthong/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { loopback, openNetworks } from '../networks.ts'
import { asRelayError, logInternal, retryAfterOf, statusOf } from '../problem.ts'
import { openRateLimit } from '../rate-limit.ts'
import type { Caller } from './call.ts'
import { createAdminDoor } from './door.ts'
import { adminPrefix, refusalOf } from './protocol.ts'
import { openTries, type TryName } from './tries.ts'

/** Wrong keys under one operator's name from one address, and from one address at all, that shut it out. */
const maxWrongOfOperator = 10
const maxWrongOfAddress = 50

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route for operators. */
    operator: Caller
  }
}

export async function adminRoutes(app: FastifyInstance): Promise<void> {
  const door = createAdminDoor(app.gateway.node, app.gateway.log)
  app.decorateRequest('operator', null as never)
  await app.register(
    async (scope) => {
      requireOperator(scope)
      // Told as the control socket tells it: code and values, for a program to make a sentence of.
      scope.setErrorHandler<Error>((error, request, reply) => {
        const known = asRelayError(error)
        if (known.code === 'INTERNAL') logInternal(request, error)
        const after = retryAfterOf(known)
        if (after !== null) reply.header('retry-after', after)
        if (statusOf(known.code) === 401) reply.header('www-authenticate', 'Bearer')
        return reply.code(statusOf(known.code)).send(refusalOf(known))
      })
      // Bodies reach the door as the streams they are.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
      scope.all('/*', async ({ raw, operator }, reply) => {
        reply.hijack()
        const path = (raw.url ?? '').slice(adminPrefix.length)
        await door.answer({ request: raw, response: reply.raw, caller: operator, path })
      })
    },
    { prefix: adminPrefix },
  )
}

/** OPERATOR_DENIED, OPERATOR_LOCKED, RATE_LIMITED, PLAIN_HTTP_REFUSED; NOT_FOUND from elsewhere. */
function requireOperator(scope: FastifyInstance): void {
  const { node, now, log, tls, admin } = scope.gateway
  const isHere = openNetworks(loopback)
  const mayCall = admin.from === null ? () => true : openNetworks(admin.from)
  const tries = openTries(now)
  const limit = openRateLimit({ perMinute: admin.ratePerMinute, now })

  scope.addHook('onRequest', async (request) => {
    const { ip } = request
    // Networks that may speak plain HTTP are for software that cannot do better: an operator's key is worth more.
    if (tls === null && !isHere(ip)) throw new RelayError('PLAIN_HTTP_REFUSED', { detail: { address: ip } })
    if (!mayCall(ip)) throw new RelayError('NOT_FOUND', { detail: { what: adminPrefix } })
    // No key is no guess.
    if (request.headers.authorization === undefined) throw new RelayError('OPERATOR_DENIED')
    const key = keyOf(request)
    const claimed = claimedBy(key)
    const names: readonly TryName[] = [
      { name: `${ip} ${claimed}`, limit: maxWrongOfOperator },
      { name: ip, limit: maxWrongOfAddress },
    ]
    tries.check(names)
    const operator = node.operators.authenticate(key)
    if (operator === null) {
      if (tries.failed(names)) {
        const detail = { address: ip, operator: claimed }
        log('warn', 'too many wrong keys of operators: shut out for a while', { code: 'OPERATOR_LOCKED', detail })
        await node.operators.record({ type: 'operator.lock', detail }, 'gateway')
      }
      throw new RelayError('OPERATOR_DENIED')
    }
    tries.succeeded(names)
    limit.take(operator.id)
    request.operator = { operator: operator.id, role: operator.role }
  })
}

function keyOf({ headers }: FastifyRequest): string {
  const [, key = ''] = /^Bearer +([!-~]{1,200})$/i.exec(headers.authorization ?? '') ?? []
  return key
}

/** The operator a key says it is of, known or not; `?` when it says none. */
function claimedBy(key: string): string {
  return /^lto_([A-Za-z0-9._-]{1,64})_/.exec(key)?.[1] ?? '?'
}
