/** What becomes of a sent document, told as it happens. */
import { anySignal } from './any-signal.ts'
import type { RecipientOutcome, SentDocument, TrackOptions } from './contract.ts'
import type { HttpLine } from './http.ts'

const waitSeconds = 30

interface Changes {
  readonly changes: readonly { readonly uid: string }[]
  readonly last: number
}

export async function* trackDocument(
  http: HttpLine,
  uid: string,
  { until = 'settled', signal: given }: TrackOptions,
): AsyncGenerator<RecipientOutcome, void, undefined> {
  using linked = anySignal([given, http.closing])
  const { signal } = linked
  const told = new Map<string, string>()
  const changes = (query: Readonly<Record<string, number>>) =>
    http.ask<Changes>({ method: 'GET', path: '/v1/changes', query, signal })
  try {
    // Before the first look, so that nothing falls in between.
    let { last } = await changes({})
    for (;;) {
      const document = await http.ask<SentDocument>({ method: 'GET', path: `/v1/documents/${uid}`, signal })
      for (const outcome of document.recipients) {
        const { organ, generation, state, provisional, statusCode, code, recall } = outcome
        const shown = JSON.stringify([generation, state, provisional, statusCode, code, recall?.outcome])
        if (told.get(organ) === shown) continue
        told.set(organ, shown)
        yield outcome
      }
      if (document.settled && (until === 'settled' || document.recipients.every(isCollected))) return
      let isOurs = false
      while (!isOurs) {
        const found = await changes({ after: last, wait: waitSeconds, limit: 1000 })
        last = found.last
        // Without any word for so long, one looks: being overdue is no change.
        isOurs = found.changes.length === 0 || found.changes.some((change) => change.uid === uid)
      }
    }
  } catch (error) {
    if (!signal.aborted || http.closing.aborted) throw error
  }
}

/** Nothing more comes by itself. */
function isCollected({ state, provisional, recall }: RecipientOutcome): boolean {
  if (recall?.outcome === 'withdrawn') return true
  return state === 'collected' || state === 'stopped' || (state === 'undeliverable' && !provisional)
}
