/**
 * One listener in front of one node. Nothing here holds a document: bodies are handed to the node as the
 * streams they are.
 *
 * Order of a call: plain HTTP guarded → who calls → rate → route → problem details.
 */
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { RelayError } from '@lienthong/core'
import fastify, { type FastifyInstance } from 'fastify'
import { adminRoutes } from './admin/mount.ts'
import { throwUnwantedAway } from './body.ts'
import type { Gateway, GatewayOptions, GatewaySettings } from './contract.ts'
import { healthRoutes } from './health.ts'
import { hookPart } from './hooks/hook-part.ts'
import { metricsRoutes } from './metrics.ts'
import { loopback } from './networks.ts'
import { limitPeers } from './peers.ts'
import { guardPlainHttp } from './plain-http.ts'
import { answerBrokenCalls, answerProblem, answerProblems } from './problem.ts'
import { restRoutes } from './rest/rest-routes.ts'
import { vxpRoutes } from './vxp/vxp-routes.ts'

declare module 'fastify' {
  interface FastifyInstance {
    gateway: GatewaySettings
    /** Aborted with NODE_STOPPING when the gateway closes: for what waits. */
    closing: AbortSignal
  }
}

/** Header lines of one call, bytes: recipients may stand in the query. */
const maxHeaderSize = 256 * 1024
/** JSON bodies; documents are streamed and have a limit of their own. */
const maxJsonBytes = 1024 * 1024
const headersTimeoutMs = 20_000
/** A connection on which nothing moves, ms: long polls take less. */
const idleTimeoutMs = 120_000
const defaultCloseMs = 10_000
const adminDefaults = { from: null, ratePerMinute: 600 } as const

/** What is mounted, in this order; each in a scope of its own. */
const parts: readonly ((app: FastifyInstance) => void | Promise<void>)[] = [
  healthRoutes,
  metricsRoutes,
  restRoutes,
  vxpRoutes,
  adminRoutes,
  hookPart,
]

/** Starts listening. Throws CONFIG_INVALID, LISTEN_FAILED. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const settings = settingsOf(options)
  const app = buildApp(settings)
  for (const part of parts) {
    await app.register(async (scope) => part(scope))
  }
  const { host, port } = settings.listen
  try {
    await app.listen({ host, port })
  } catch (cause) {
    await app.close()
    throw new RelayError('LISTEN_FAILED', { detail: { address: `${host}:${port}` }, cause })
  }
  let closing: Promise<void> | undefined
  return {
    url: urlOf(app, settings),
    close: ({ timeoutMs = defaultCloseMs } = {}) => {
      closing ??= closeApp(app, timeoutMs)
      return closing
    },
  }
}

/** An application with the frame only, for the parts and their tests to be mounted on. */
export function buildApp(settings: GatewaySettings): FastifyInstance {
  const app = fastify({
    bodyLimit: maxJsonBytes,
    // A large body may take hours; one on which nothing moves is cut by the idle timeout.
    requestTimeout: 0,
    connectionTimeout: idleTimeoutMs,
    forceCloseConnections: 'idle',
    // We say it ourselves, so that callers read when to come again.
    return503OnClosing: false,
    // A member or parameter nobody knows is a mistake worth hearing of.
    ajv: { customOptions: { removeAdditional: false } },
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: false, maxParamLength: 512 },
    serverFactory: (handler) => {
      const { tls } = settings
      const server =
        tls === null
          ? createHttpServer({ maxHeaderSize, headersTimeout: headersTimeoutMs }, handler)
          : createHttpsServer(
              {
                maxHeaderSize,
                headersTimeout: headersTimeoutMs,
                cert: tls.cert,
                key: tls.key,
                minVersion: 'TLSv1.2',
                ...(tls.clientCa === undefined
                  ? {}
                  : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: false }),
              },
              handler,
            )
      limitPeers(server)
      answerBrokenCalls(server)
      return server
    },
  })
  app.decorate('gateway', settings)
  app.decorateRequest('caller', null as never)
  const closing = new AbortController()
  app.decorate('closing', closing.signal)
  app.addHook('preClose', async () => closing.abort(new RelayError('NODE_STOPPING')))
  app.addHook('onRequest', async () => closing.signal.throwIfAborted())
  throwUnwantedAway(app)
  answerProblems(app)
  guardPlainHttp(app)
  return app
}

export function settingsOf(options: GatewayOptions): GatewaySettings {
  const {
    node,
    listen,
    tls = null,
    vxp = {},
    rest = {},
    webhooks = {},
    admin = {},
    metricsFrom = loopback,
    log = () => undefined,
    now = Date.now,
  } = options
  const { plainHttpFrom = [], ratePerMinute = 600 } = vxp
  return {
    node,
    listen,
    tls,
    vxp: { plainHttpFrom, ratePerMinute },
    rest: { ratePerMinute: rest.ratePerMinute ?? 6000 },
    webhooks: { allow: webhooks.allow ?? [], ca: webhooks.ca ?? null },
    admin: { ...adminDefaults, ...admin },
    metricsFrom,
    log,
    now,
  }
}

function urlOf(app: FastifyInstance, { tls, listen }: GatewaySettings): string {
  const { port } = app.server.address() as AddressInfo
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host
  return `${tls === null ? 'http' : 'https'}://${host}:${port}`
}

async function closeApp(app: FastifyInstance, timeoutMs: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), timeoutMs)
  try {
    await app.close()
  } finally {
    clearTimeout(timer)
  }
}
