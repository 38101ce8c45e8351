/** Calls about an axis before it is connected to the one above. An invitation holds a secret: it travels in a body. */
import { RelayError } from '@lienthong/core'
import type { BridgeDoor } from '@lienthong/relay'
import { type Call, type Route, sendJson, wholeOf } from './call.ts'
import type { AdminNode } from './door.ts'
import { jsonBody, textIn } from './json-body.ts'

const usualStatusDays = 30

export function bridgeRoutes(node: Pick<AdminNode, 'bridging' | 'id'>): readonly Route[] {
  function door(): BridgeDoor {
    if (node.bridging === null) throw new RelayError('DIRECTORY_FIXED', { detail: { node: node.id } })
    return node.bridging
  }

  async function facts({ response, query }: Call): Promise<void> {
    sendJson(response, await door().facts({ statusDays: wholeOf(query, 'statusDays') ?? usualStatusDays }))
  }

  async function overlaps({ request, response }: Call): Promise<void> {
    sendJson(response, await door().overlaps(textIn(await jsonBody(request), 'token')))
  }

  return [
    { method: 'GET', path: '/bridge/facts', role: 'viewer', answer: facts },
    { method: 'POST', path: '/bridge/overlaps', role: 'administrator', answer: overlaps },
  ]
}
