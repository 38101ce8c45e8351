/** The order that is promised: of each origin, serving node and lane, for what was never deferred. */
import assert from 'node:assert/strict'
import type { OrganId } from '@lienthong/core'
import type { LedgerEntry } from './federation-ledger.ts'
import type { LiveFederation } from './federation-nodes.ts'

/** Compares the order in the mailboxes with that of the ledger; returns the lines it has looked at. */
export async function orderKept(
  { ledger, events, plan, node }: Pick<LiveFederation, 'ledger' | 'events' | 'plan' | 'node'>,
  /** @default all */
  entries: readonly LedgerEntry[] = ledger.entries,
): Promise<readonly string[]> {
  const dropped = new Set(events.flatMap((event) => (event.type === 'dropped' ? [event.uid] : [])))
  const lanes = new Map(events.flatMap((event) => (event.type === 'accepted' ? [[event.uid, event.lane]] : [])))
  const lines = new Map<string, number[]>()
  for (const { uid, from, to } of entries) {
    const [organ] = to as [OrganId]
    // A copy that was deferred has lost its place.
    if (dropped.has(uid)) continue
    const serving = plan.serving(organ).id
    const items = await node(serving).mailbox.list(organ, { limit: 10_000, all: true })
    const key = `${plan.serving(from).id} → ${serving}, ${lanes.get(uid)}`
    lines.set(key, [...(lines.get(key) ?? []), items.find((item) => item.uid === uid)?.id ?? 0])
  }
  for (const [key, line] of lines) {
    const late = line.flatMap((id, place) => (place > 0 && id < (line[place - 1] ?? 0) ? [place] : []))
    assert.deepEqual(late, [], `${key}: overtaken, of ${line.length}`)
  }
  return [...lines.keys()]
}
