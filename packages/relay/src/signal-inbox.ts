/** Signals addressed to this node: who sealed them, and who acts on them. */
import type { Enquiry, Missing, NodeId, SealedSignal, Signal } from '@lienthong/core'
import { decodeSignals, type Segment } from '@lienthong/link'
import type { Assembler } from './assembler.ts'
import { checkCore, checkPayload } from './checks.ts'
import type { NodeContext } from './context.ts'
import { type CustodyLoop, isForOrigin } from './custody-loop.ts'
import type { Enquiries } from './enquiries.ts'
import type { SignalPost } from './signal-post.ts'
import type { Standings } from './standings.ts'

export interface SignalInbox {
  /** Throws RelayError when the seal is not that of the node named as sender. */
  take(segment: Segment): Promise<void>
  handle(sealedBy: NodeId, signals: readonly (Signal | Enquiry)[]): Promise<void>
}

export function createSignalInbox(
  context: NodeContext,
  parts: {
    post: SignalPost
    assembler: () => Assembler
    custody: () => CustodyLoop
    standings: Standings
    enquiries: Enquiries
  },
): SignalInbox {
  const { store } = context

  async function answer(origin: NodeId, query: Extract<Signal, { type: 'query' }>): Promise<void> {
    const { uid, generation, organs, number } = query
    const receipts = await store.mailbox.receipts(uid, generation, organs)
    const lacking = organs.filter((organ) => !receipts.some((receipt) => receipt.organ === organ))
    const stopped = lacking.length === 0 ? [] : await store.mailbox.stopped(uid, generation, lacking, { origin })
    if (stopped.length > 0) {
      parts.post.send(origin, 'express', {
        type: 'undeliverable',
        uid,
        generation,
        organs: stopped,
        code: 'DOCUMENT_RECALLED',
      })
    }
    const wanted = lacking.filter((organ) => !stopped.includes(organ))
    const missing = await missingFor(uid, generation, wanted)
    parts.post.send(origin, 'express', { type: 'answer', uid, generation, number, receipts, missing })
  }

  async function missingFor(uid: string, generation: number, organs: readonly string[]): Promise<Missing> {
    if (organs.length === 0) return 'none'
    // Complete here for others: one segment brings the core that names these.
    if ((await store.mailbox.payloadOf(uid)) !== null) return [[0, 0]]
    return (await parts.assembler().missing(uid, generation, organs)) ?? 'all'
  }

  async function handle(sealedBy: NodeId, signals: readonly (Signal | Enquiry)[]): Promise<void> {
    const forOrigin: SealedSignal[] = []
    for (const signal of signals) {
      // Not waited for: nothing else in the frame may be late for it.
      if (signal.type === 'ask') void parts.standings.answer(sealedBy, signal)
      else if (signal.type === 'standing') parts.enquiries.heard(sealedBy, signal)
      else if (isForOrigin(signal)) forOrigin.push({ sealedBy, signal })
      else if (signal.type === 'query') await answer(sealedBy, signal)
      else if (signal.type === 'noted')
        await store.mailbox.noted(signal.uid, signal.generation, signal.organs, sealedBy)
    }
    if (forOrigin.length > 0) await parts.custody().apply(forOrigin)
  }

  return {
    handle,
    async take(segment) {
      checkCore(context, segment)
      checkPayload(segment.envelope.core, segment.data)
      await handle(segment.envelope.core.from, decodeSignals(segment.data))
    },
  }
}
