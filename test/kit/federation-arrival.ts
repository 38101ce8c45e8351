/** What is asked of a federation after any trouble: all is there, once, unaltered, and the senders know it. */
import assert from 'node:assert/strict'
import type { LiveFederation } from './federation-nodes.ts'
import { waitFor } from './wait-for.ts'

/** Longest queries and probes of a test, and a busy machine. */
const arrivalDeadlineMs = 90_000

/** Waits until every sender has the receipt of every recipient, then compares the mailboxes with what was handed in. */
export async function allArrived({ ledger }: LiveFederation, deadlineMs = arrivalDeadlineMs): Promise<void> {
  let waiting: readonly string[] = []
  await waitFor(
    async () => {
      waiting = await ledger.notYet(['delivered', 'collected'])
      return waiting.length === 0
    },
    { what: 'every receipt', deadlineMs },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; ${waiting.length} missing: ${waiting.slice(0, 5).join(', ')}`, { cause: error })
  })
  const { lost, duplicated, altered, unexpected } = await ledger.reconcile()
  assert.deepEqual({ lost, duplicated, altered, unexpected }, { lost: [], duplicated: [], altered: [], unexpected: [] })
}
