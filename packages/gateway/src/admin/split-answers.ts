/** Calls about organisations that were split. */
import { RelayError } from '@lienthong/core'
import { type Call, type Route, required, sendJson } from './call.ts'
import type { AdminNode } from './door.ts'

export function splitRoutes({ splits }: Pick<AdminNode, 'splits'>): readonly Route[] {
  async function decide({ response, query, id, by }: Call): Promise<void> {
    const [uid, number, from] = ['uid', 'number', 'from'].map((name) => query.get(name))
    const key = uid ? { uid } : number ? { number } : null
    if (key === null) throw new RelayError('USAGE', { detail: { reason: 'uid, number' } })
    const order = { key, to: required(query, 'to'), reason: required(query, 'reason'), ...(from ? { from } : {}) }
    sendJson(response, await splits.decide(id, order, by()))
  }

  return [
    {
      method: 'GET',
      path: '/splits',
      role: 'viewer',
      answer: async ({ response, query }) =>
        sendJson(response, { items: await splits.waiting(query.get('organ') ?? undefined) }),
    },
    { method: 'POST', path: '/splits/:id/decide', role: 'operator', answer: decide },
  ]
}
