/**
 * The outbox after a change of the routing table, and after a start: every copy that waits takes the way of now, and
 * what has left for a node that is gone is asked of whoever serves its recipients now.
 */
import {
  isLost,
  type NodeId,
  type OrganId,
  reroute,
  type ServedRecipient,
  servingNow,
  type WaitingCopy,
} from '@lienthong/core'
import type { UnsettledSending } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { CustodyLoop } from './custody-loop.ts'
import type { Dispatchers } from './dispatcher.ts'

/** Copies looked at in one call of the store: a long line must not keep others from it. */
const pageSize = 500
/** Urgent copies have negative numbers. */
const beforeAll = Number.MIN_SAFE_INTEGER
const retryMs = 1_000

export interface Rerouting {
  /** The table is another one: look through all that waits. */
  begin(): void
  stop(): Promise<void>
}

export function createRerouting(
  context: NodeContext,
  parts: { readonly custody: CustodyLoop; readonly dispatchers: Dispatchers },
): Rerouting {
  const { outbox } = context.store
  let wanted = false
  let stopped = false
  let running: Promise<void> | null = null
  let wake: (() => void) | null = null

  async function run(): Promise<void> {
    // oxlint-disable-next-line typescript/no-unnecessary-condition -- both change while we wait
    while (wanted && !stopped) {
      wanted = false
      try {
        await lookThrough()
        parts.dispatchers.rescan()
      } catch (error) {
        // oxlint-disable-next-line typescript/no-unnecessary-condition -- it may have changed while we waited
        if (stopped) return
        context.log('warn', 'outbox not yet routed anew, trying again', { detail: { error: String(error) } })
        wanted = true
        await pause()
      }
    }
  }

  async function lookThrough(): Promise<void> {
    let after = beforeAll
    for (;;) {
      if (stopped) return
      const copies = await outbox.waiting({ after, limit: pageSize })
      const { table } = context
      const changed = copies.flatMap((copy) => reroute(table, copy) ?? [])
      if (changed.length > 0) await outbox.reroute(changed)
      for (const copy of copies) await tellLost(copy, copy.recipients)
      after = copies.at(-1)?.seq ?? after
      if (copies.length < pageSize) break
    }
    for (const node of await outbox.askedNodes()) if (context.table.hopToNode(node) === null) await leave(node)
    parts.custody.wake()
  }

  /** Nobody answers for this node any more. */
  async function leave(node: NodeId): Promise<void> {
    let after = { seq: 0, generation: 0 }
    for (;;) {
      const sendings = await outbox.unsettledFor(node, { after, limit: pageSize })
      for (const sending of sendings) await leaveOne(node, sending)
      after = sendings.at(-1) ?? after
      if (stopped || sendings.length < pageSize) return
    }
  }

  async function leaveOne(node: NodeId, { uid, generation, organs }: UnsettledSending): Promise<void> {
    const recipients = organs.map((organ) => ({ organ, node }))
    for (const recipient of recipients) {
      if (isLost(context.table, recipient)) continue
      const serving = servingNow(context.table, recipient)
      await outbox.relocate({ uid, generation, organs: [recipient.organ], node: serving, askAt: context.now() })
    }
    await tellLost({ uid, generation }, recipients)
  }

  /** Not for good: a serving node that comes back overrides it. */
  async function tellLost(
    { uid, generation }: Pick<WaitingCopy, 'uid' | 'generation'>,
    recipients: readonly ServedRecipient[],
  ): Promise<void> {
    const organs: OrganId[] = recipients.filter((each) => isLost(context.table, each)).map(({ organ }) => organ)
    if (organs.length === 0) return
    const signal = { type: 'undeliverable', uid, generation, organs, code: 'RECEIVER_UNKNOWN' } as const
    await parts.custody.apply([{ sealedBy: context.config.id, signal }])
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, retryMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    begin() {
      wanted = true
      running ??= run().finally(() => {
        running = null
      })
    },
    async stop() {
      stopped = true
      wake?.()
      await running
    },
  }
}
