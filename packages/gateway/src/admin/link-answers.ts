/** Calls about links, and how the node does. */
import { RelayError } from '@lienthong/core'
import { type Call, type Route, sendJson, wholeOf } from './call.ts'
import type { AdminNode } from './door.ts'

export function linkRoutes({ links, health }: Pick<AdminNode, 'links' | 'health'>): readonly Route[] {
  const stop =
    (kind: 'pause' | 'drain') =>
    async ({ response, query, id, by }: Call): Promise<void> => {
      const request = { stop: kind, until: wholeOf(query, 'until'), reason: query.get('reason') ?? '' }
      sendJson(response, await links.stop(id, request, by()))
    }

  async function throttle({ response, query, id, by }: Call): Promise<void> {
    const bytesPerSecond = wholeOf(query, 'bytesPerSecond')
    if (bytesPerSecond === null) throw new RelayError('USAGE', { detail: { reason: 'bytesPerSecond' } })
    // 0 would be a pause: it ends the rate.
    const request = { bytesPerSecond: bytesPerSecond === 0 ? null : bytesPerSecond, reason: query.get('reason') ?? '' }
    sendJson(response, await links.throttle(id, request, by()))
  }

  return [
    {
      method: 'GET',
      path: '/links',
      role: 'viewer',
      answer: async ({ response }) => sendJson(response, await links.list()),
    },
    {
      method: 'GET',
      path: '/links/:id',
      role: 'viewer',
      answer: async ({ response, id }) => sendJson(response, await links.get(id)),
    },
    { method: 'POST', path: '/links/:id/pause', role: 'operator', answer: stop('pause') },
    { method: 'POST', path: '/links/:id/drain', role: 'operator', answer: stop('drain') },
    {
      method: 'POST',
      path: '/links/:id/resume',
      role: 'operator',
      answer: async ({ response, id, by }) => sendJson(response, await links.resume(id, by())),
    },
    { method: 'POST', path: '/links/:id/throttle', role: 'operator', answer: throttle },
    {
      method: 'GET',
      path: '/health',
      role: 'viewer',
      answer: async ({ response }) => sendJson(response, await health()),
    },
  ]
}
