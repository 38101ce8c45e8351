/** Calls about where documents are and whether ways carry. They ask other nodes, and so may take as long as they are told. */
import { RelayError } from '@lienthong/core'
import type { TrackKey } from '@lienthong/store'
import { type Call, type Route, required, sendJson, wholeOf } from './call.ts'
import type { AdminNode } from './door.ts'

export function diagnosisRoutes({ diagnosis }: Pick<AdminNode, 'diagnosis'>): readonly Route[] {
  const route = (path: string, find: (query: URLSearchParams) => Promise<unknown>): Route => ({
    method: 'GET',
    path,
    role: 'viewer',
    answer: async ({ response, query }: Call) => sendJson(response, await find(query)),
  })
  return [
    route('/ping', (query) => diagnosis.ping(required(query, 'organ'), patienceIn(query))),
    route('/trace', (query) => diagnosis.trace(required(query, 'organ'), patienceIn(query))),
    route('/where', async (query) => {
      const [date, to] = [query.get('date'), query.get('to')]
      const question = {
        key: trackKeyIn(query),
        ...(date === null ? {} : { date }),
        ...(to === null ? {} : { to }),
      }
      return { items: await diagnosis.where(question, patienceIn(query)) }
    }),
  ]
}

/** Throws USAGE. */
export function trackKeyIn(query: URLSearchParams): TrackKey {
  const [uid, documentId, number] = ['uid', 'documentId', 'number'].map((name) => query.get(name))
  const key = uid ? { uid } : documentId ? { documentId } : number ? { number } : null
  if (key === null) throw new RelayError('USAGE', { detail: { reason: 'uid, documentId, number' } })
  return key
}

function patienceIn(query: URLSearchParams): { readonly timeoutMs?: number } {
  const timeoutMs = wholeOf(query, 'timeoutMs')
  return timeoutMs === null ? {} : { timeoutMs }
}
