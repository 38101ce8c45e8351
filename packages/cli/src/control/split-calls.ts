/** Calls about organisations that were split. */
import type { SplitDoor, SplitView } from '@lienthong/relay'
import type { Calls } from './declared-calls.ts'

export function splitCalls({ get, post }: Calls): SplitDoor {
  return {
    waiting: async (organ) => (await get<{ items: SplitView[] }>('/splits', { organ })).items,
    decide: (organ, { key, ...order }, by) =>
      post(`/splits/${encodeURIComponent(organ)}/decide`, { ...key, ...order, by }),
  }
}
