/** Calls about support bundles. They say much of a node: nobody below an operator sees them. */
import { parseWhole, RelayError } from '@lienthong/core'
import { type Call, type Route, sendJson, wholeOf } from './call.ts'
import type { AdminNode } from './door.ts'
import { sendHeaded } from './headed-body.ts'
import type { BundlePage } from './protocol.ts'

/** Below what a remote caller takes for silence. */
const longestWaitMs = 30_000

export function bundleRoutes(
  { bundles }: Pick<AdminNode, 'bundles'>,
  report: (error: unknown) => void,
): readonly Route[] {
  const role = 'operator'

  async function send({ request, response, by }: Call): Promise<void> {
    const actor = by()
    // Leaving the loop early must not destroy the request, which carries the answer too.
    sendJson(response, await bundles.send(request.iterator({ destroyOnReturn: false }), actor))
  }

  async function sent({ response, query, id }: Call): Promise<void> {
    const timeoutMs = Math.min(wholeOf(query, 'timeoutMs') ?? 0, longestWaitMs)
    sendJson(response, await bundles.sent(id, { timeoutMs }))
  }

  async function list({ response }: Call): Promise<void> {
    const page: BundlePage = { items: await bundles.list() }
    sendJson(response, page)
  }

  async function read({ response, id, by }: Call): Promise<void> {
    const { bundle, body } = await bundles.read(bundleId(id), by())
    await sendHeaded(response, { head: bundle, body, report })
  }

  return [
    { method: 'POST', path: '/bundles', role, answer: send },
    { method: 'GET', path: '/bundles', role, answer: list },
    { method: 'GET', path: '/bundles/sent/:id', role, answer: sent },
    { method: 'GET', path: '/bundles/:id', role, answer: read },
    {
      method: 'POST',
      path: '/bundles/:id/delete',
      role,
      answer: async ({ response, id, by }) => sendJson(response, await bundles.remove(bundleId(id), by())),
    },
  ]
}

function bundleId(written: string): number {
  const id = parseWhole(written)
  if (id === null) throw new RelayError('NOT_FOUND', { detail: { what: written } })
  return id
}
