/**
 * The door for administration: one table of calls, each with the role it takes, behind the control socket and behind
 * `/admin/v1/` of the gateway alike.
 *
 * A refusal while a body still comes in is answered at once and the rest is thrown away, so that the client hears the
 * reason instead of a broken pipe.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { explainRoute, mayAct, RelayError } from '@lienthong/core'
import type { RelayLog } from '@lienthong/relay'
import type { GatewayNode } from '../contract.ts'
import { statusOf } from '../problem.ts'
import { bridgeRoutes } from './bridge-answers.ts'
import { bundleRoutes } from './bundle-answers.ts'
import { byOf, type Call, type Caller, type Route, required, sendJson, wholeOf } from './call.ts'
import { coverageRoutes } from './coverage-answers.ts'
import { declaredRoutes } from './declared-answers.ts'
import { diagnosisRoutes } from './diagnosis-answers.ts'
import { documentRoutes } from './document-answers.ts'
import { joiningRoutes } from './joining-answers.ts'
import { linkRoutes } from './link-answers.ts'
import { operatorRoutes } from './operator-answers.ts'
import { organisationRoutes } from './organisation-answers.ts'
import { refusalOf } from './protocol.ts'
import { splitRoutes } from './split-answers.ts'
import { systemRoutes } from './system-answers.ts'

/** What the door asks of its node. */
export type AdminNode = GatewayNode

export interface AdminDoor {
  /** In the order of `protocol.ts`. */
  readonly routes: readonly Route[]
  /** `path` is what stands behind the door's own prefix, with its query. Never rejects. */
  answer(call: Exchange): Promise<void>
}

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly caller: Caller
  readonly path: string
}

export function createAdminDoor(node: AdminNode, log?: RelayLog): AdminDoor {
  const routes: readonly Route[] = [
    ...documentRoutes(node, report),
    { method: 'GET', path: '/routes', role: 'viewer', answer: explain },
    ...declaredRoutes(node),
    ...organisationRoutes(node),
    ...systemRoutes(node),
    ...operatorRoutes(node),
    ...linkRoutes(node),
    ...coverageRoutes(node),
    ...joiningRoutes(node),
    ...bridgeRoutes(node),
    ...diagnosisRoutes(node),
    ...bundleRoutes(node, report),
    ...splitRoutes(node),
    {
      method: 'GET',
      path: '/status',
      role: 'viewer',
      answer: async ({ response }) => sendJson(response, await node.status()),
    },
  ]
  const known = routes.map((route) => ({ route, pattern: patternOf(route.path) }))

  async function explain({ response, query }: Call): Promise<void> {
    const at = wholeOf(query, 'at') ?? Date.now()
    const question = { from: required(query, 'from'), to: required(query, 'to'), at }
    const exceptions = (await node.administration?.current())?.content.exceptions ?? []
    sendJson(response, explainRoute(node.directory, question, { self: node.id, exceptions }))
  }

  function find(method: string, path: string): { readonly route: Route; readonly id: string } {
    for (const { route, pattern } of known) {
      const match = pattern.exec(path)
      if (match !== null && route.method === method) return { route, id: decoded(match[1] ?? '') }
    }
    throw new RelayError('NOT_FOUND', { detail: { what: `${method} ${path}` } })
  }

  function report(error: unknown): void {
    if (error instanceof RelayError) {
      const { uid, ...detail } = error.detail
      const about = typeof uid === 'string' ? { uid } : {}
      log?.('debug', 'command refused', { node: node.id, ...about, code: error.code, detail })
    } else if (!isAbort(error)) log?.('error', 'command failed', { node: node.id, code: 'INTERNAL', detail: { error } })
  }

  return {
    routes,
    async answer({ request, response, caller, path }) {
      // A write after the client has gone is reported here too; `writeAll` has seen it.
      response.on('error', () => undefined)
      try {
        // By hand: what is no URL is no call, and no failure of ours.
        const [pathname = '', ...search] = path.split('?')
        const query = new URLSearchParams(search.join('?'))
        const { route, id } = find(request.method ?? '', pathname)
        if (!mayAct(caller.role, route.role)) {
          throw new RelayError('ROLE_MISSING', { detail: { operator: caller.operator ?? '', role: route.role } })
        }
        await route.answer({ request, response, query, id, by: () => byOf(caller, query) })
      } catch (error) {
        report(error)
        refuse(error, request, response)
      }
    },
  }
}

/** Answers with why not. */
export function refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const refusal = refusalOf(error)
  sendJson(response, refusal, statusOf(refusal.code))
  // What still comes in is read and dropped until the client has seen the answer.
  request.resume()
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/, '([^/]+)')}$`)
}

function decoded(written: string): string {
  try {
    return decodeURIComponent(written)
  } catch {
    throw new RelayError('NOT_FOUND', { detail: { what: written } })
  }
}

/** True for the error of a client that went away in the middle. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ECONNRESET', 'EPIPE'].includes(String(error.code))
}
