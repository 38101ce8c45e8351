/** Who calls, by API key or client certificate. (VXP signs its calls; see `vxp/`.) */
import type { TLSSocket } from 'node:tls'
import { RelayError } from '@lienthong/core'
import type { SystemView } from '@lienthong/relay'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { openRateLimit } from './rate-limit.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route under `requireCaller`. */
    caller: SystemView
  }
}

/** Every route of this instance is for known systems only: ACCESS_DENIED, RATE_LIMITED. */
export function requireCaller(app: FastifyInstance): void {
  const { node, now, rest } = app.gateway
  const limit = openRateLimit({ perMinute: rest.ratePerMinute, now })
  app.addHook('onRequest', async (request) => {
    const caller = keyCaller(request, node.systems) ?? certificateCaller(request, node.systems)
    if (caller === null) throw new RelayError('ACCESS_DENIED')
    limit.take(caller.id)
    request.caller = caller
  })
}

type Systems = FastifyInstance['gateway']['node']['systems']

function keyCaller({ headers }: FastifyRequest, systems: Systems): SystemView | null {
  const [, key] = /^Bearer +([!-~]{1,200})$/i.exec(headers.authorization ?? '') ?? []
  return key === undefined ? null : systems.authenticateKey(key)
}

function certificateCaller({ raw }: FastifyRequest, systems: Systems): SystemView | null {
  const socket = raw.socket as Partial<TLSSocket>
  if (socket.authorized !== true || socket.getPeerCertificate === undefined) return null
  const { fingerprint256 } = socket.getPeerCertificate()
  return systems.authenticateCertificate(fingerprint256)
}
