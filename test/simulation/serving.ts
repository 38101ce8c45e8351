/** The serving node: believe a core or not, deliver, report to the origin; and take signals. */
import { mayOriginate, type NodeId, type Signal } from '@lienthong/core'
import { type LifeContext, visit } from './context.ts'
import type { CheckedCore, Delivered } from './mailbox.ts'
import type { Process } from './process.ts'
import type { Segment } from './wire.ts'

export interface Serving {
  take(segment: Segment, to: readonly number[]): Process
  /** What was delivered here: to the observer in the same instant, to the origin by a signal. */
  report(delivered: readonly Delivered[]): void
}

export interface SignalInbox {
  handle(sealedBy: NodeId, signals: readonly Signal[]): Process
}

export function createServing(context: LifeContext, inbox: () => SignalInbox): Serving {
  const { store, world } = context

  function believed({ envelope, sealedBy }: Segment): boolean {
    const { core, origin } = envelope
    return !world.mechanisms.sealCheck || (sealedBy === origin && mayOriginate(store.table, origin, core))
  }

  function report(delivered: readonly Delivered[]): void {
    for (const { document, receipts } of delivered) {
      const { uid, generation } = document.core
      context.post(document.origin, 'express', { type: 'delivered', uid, generation, receipts })
    }
  }

  return {
    report,
    *take(segment, to) {
      if (!believed(segment)) return
      const { core, origin, path, segment: number } = segment.envelope
      if (core.kind === 'signal') return yield* inbox().handle(segment.sealedBy, segment.signals ?? [])
      const organs = to.map((place) => core.recipients[place] ?? '')
      const document: CheckedCore = { core, origin, organs, path: [...path, visit(context)] }
      const delivered = yield* context.commit(() => {
        const completed = store.mailbox.take(document, number, world.scheduler.now)
        for (const each of completed) world.observer.delivered(context.id, each, segment.mark)
        return completed
      })
      report(delivered)
    },
  }
}
