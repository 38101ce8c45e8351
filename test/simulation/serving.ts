/** The serving node: believe a core or not, deliver, report to the origin; and take signals. */
import { mayHandOver, mayOriginate, type NodeId, recipientNode, type Signal } from '@lienthong/core'
import { type LifeContext, visit } from './context.ts'
import type { CheckedCore, Delivered } from './mailbox.ts'
import type { Process } from './process.ts'
import type { Mark, Segment } from './wire.ts'

export interface Serving {
  take(segment: Segment, to: readonly number[]): Process
  /** Part of a transaction: takes segments for those of its organisations that are served here now. */
  deliver(document: CheckedCore, segments: readonly number[], mark: Mark): readonly Delivered[]
  /** Tells the origin what was delivered here. */
  report(delivered: readonly Delivered[]): void
}

export interface SignalInbox {
  handle(sealedBy: NodeId, signals: readonly Signal[]): Process
}

export function createServing(
  context: LifeContext,
  inbox: () => SignalInbox,
  /** Something may stand here now for an organisation that another node keeps. */
  moved: () => void,
): Serving {
  const { store, world } = context

  function believed({ envelope, sealedBy }: Segment): boolean {
    const { core, origin } = envelope
    return !world.mechanisms.sealCheck || (sealedBy === origin && mayOriginate(store.table, origin, core))
  }

  function report(delivered: readonly Delivered[]): void {
    for (const { document, receipts, stopped, refused } of delivered) {
      const about = { uid: document.core.uid, generation: document.core.generation }
      if (receipts.length > 0) context.post(document.origin, 'express', { type: 'delivered', ...about, receipts })
      for (const [code, organs] of [
        ['DOCUMENT_RECALLED', stopped],
        ['RECALL_NOT_SENDER', refused],
      ] as const) {
        if (organs.length > 0)
          context.post(document.origin, 'express', { type: 'undeliverable', ...about, organs, code })
      }
    }
  }

  function deliver(document: CheckedCore, segments: readonly number[], mark: Mark): readonly Delivered[] {
    // A mailbox may have moved since the frame was routed. Where it is handed over, what comes late goes the same way.
    const organs = document.organs.filter(
      (organ) =>
        recipientNode(organ) === context.id ||
        store.table.keeperOf(organ)?.node === context.id ||
        (world.mechanisms.handover && mayHandOver(store.table, context.id, organ)),
    )
    if (organs.length === 0) return []
    return segments.flatMap((segment) => {
      const completed = store.mailbox.take({ ...document, organs }, segment, world.scheduler.now)
      moved()
      if (document.core.kind === 'handover') return completed
      for (const each of completed) world.observer.delivered(context.id, each, mark)
      return completed
    })
  }

  return {
    deliver,
    report,
    *take(segment, to) {
      if (!believed(segment)) return
      const { core, origin, path, segment: number } = segment.envelope
      if (core.kind === 'signal') return yield* inbox().handle(segment.sealedBy, segment.signals ?? [])
      const organs = to.map((place) => core.recipients[place] ?? '')
      if (core.handed?.every(({ organ }) => mayHandOver(store.table, core.from, organ)) === false) {
        const about = { uid: core.uid, generation: core.generation }
        return context.post(origin, 'express', { type: 'deferred', code: 'ROUTE_CHANGED', organs, ...about })
      }
      const document: CheckedCore = { core, origin, organs, path: [...path, visit(context)] }
      report(yield* context.commit(() => deliver(document, [number], segment.mark)))
    },
  }
}
