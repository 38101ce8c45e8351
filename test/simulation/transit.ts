/** A frame from a child, from the parent or out of the spool: route each segment, one copy per hop, then acknowledge. */
import {
  type Arrival,
  type Core,
  type DeferReason,
  decideTransit,
  type Envelope,
  type ErrorCode,
  type Hop,
  type Lane,
  type TransitDecision,
} from '@lienthong/core'
import type { Delivery, SendOutcome } from './connection.ts'
import { type LifeContext, laneQueues, visit } from './context.ts'
import { all, type Process, take } from './process.ts'
import type { Serving } from './serving.ts'
import { type Frame, type Segment, segmentKey } from './wire.ts'

export type Onward = Exclude<Hop, 'mailbox'>

/** A blocking transit – the mechanism switched off – tries again this often, ms. */
const blockedRetryMs = 500

export interface Transit {
  take(delivery: Delivery, arrival: Arrival, lane: Lane): Process
  /** Out of the spool, to the parent. */
  climb(delivery: Delivery, lane: Lane): Process
  /** Puts a frame on a way: down into the child's queue, up into the spool. */
  forward(hop: Onward, lane: Lane, frame: Frame): Process<SendOutcome>
}

export function createTransit(context: LifeContext, serving: Serving): Transit {
  const { ways, world, store } = context
  const { mechanisms, observer } = world
  /** One deferral per (uid, generation, way). */
  const told = new Set<string>()

  function* forward(hop: Onward, lane: Lane, frame: Frame): Process<SendOutcome> {
    if (hop !== 'up') return yield* ways.publish('own', laneQueues.link(hop.slice('down:'.length), lane), frame)
    if (mechanisms.spool) return yield* ways.publish('own', laneQueues.up(lane), frame)
    for (;;) {
      yield* ways.whenOpen('pub')
      const outcome = yield* ways.publish('pub', laneQueues.transit(lane), frame)
      if (outcome !== 'lost') return outcome
    }
  }

  /** Never holds a frame: what a full destination refuses is dropped and told once. */
  function* send(hop: Onward, lane: Lane, frame: Frame): Process<SendOutcome> {
    for (;;) {
      const outcome = yield* forward(hop, lane, frame)
      if (outcome === 'nacked' && !mechanisms.dropWhenFull) {
        yield* take<void>((resume) => world.scheduler.after(blockedRetryMs, resume))
        continue
      }
      for (const segment of frame) {
        const { core } = segment.envelope
        const key = `${core.uid} ${core.generation} ${hop} ${segment.envelope.to.join()}`
        if (outcome === 'confirmed') told.delete(key)
        if (outcome !== 'nacked' || told.has(key)) continue
        told.add(key)
        tell(segment, segment.envelope.to, { type: 'deferred', code: 'LINK_FULL' })
      }
      return outcome
    }
  }

  function tell(
    segment: Segment,
    to: readonly number[],
    word:
      | { readonly type: 'deferred'; readonly code: DeferReason }
      | { readonly type: 'undeliverable'; readonly code: ErrorCode },
  ): void {
    const { core, origin } = segment.envelope
    // No signal ever causes a signal.
    if (core.kind === 'signal') return
    const organs = to.map((place) => core.recipients[place] ?? '')
    observer.deferred(segment, organs, word.code)
    context.post(origin, 'express', { ...word, uid: core.uid, generation: core.generation, organs })
  }

  function refuse(segment: Segment, refused: TransitDecision['refused']): void {
    for (const { code, to } of refused) {
      observer.refused(code)
      if (code === 'FROM_NOT_ALLOWED' || code === 'ROUTE_CHANGED')
        tell(segment, to, { type: 'deferred', code: 'ROUTE_CHANGED' })
      if (code === 'RECEIVER_UNKNOWN') tell(segment, to, { type: 'undeliverable', code })
    }
  }

  function decide(arrival: Arrival, envelope: Envelope): TransitDecision {
    const { core } = envelope
    if (!mechanisms.pathRule) {
      const from = store.table.self
      return decideTransit(store.table, { from: 'self' }, { ...envelope, core: speakingFor(core, from), path: [] })
    }
    if (!mechanisms.fromCheck && arrival.from === 'child') {
      return decideTransit(store.table, arrival, { ...envelope, core: speakingFor(core, arrival.child) })
    }
    return decideTransit(store.table, arrival, envelope)
  }

  return {
    forward,
    *climb(delivery, lane) {
      if (!mechanisms.ackAfterConfirm) delivery.ack()
      if ((yield* ways.publish('pub', laneQueues.transit(lane), delivery.message.frame)) !== 'lost') delivery.ack()
    },
    *take(delivery, arrival, lane) {
      if (!mechanisms.ackAfterConfirm) delivery.ack()
      const onward = new Map<Onward, Segment[]>()
      const work: Process<SendOutcome>[] = []
      for (const segment of delivery.message.frame) {
        const { deliver, forward: copies, refused } = decide(arrival, segment.envelope)
        const copied = new Set<string>()
        for (const { hop, to } of copies) {
          observer.copied(context.id, copied, `${hop} ${segmentKey(segment)}`)
          const copy = {
            ...segment,
            envelope: { ...segment.envelope, to, path: [...segment.envelope.path, visit(context)] },
          }
          onward.set(hop, [...(onward.get(hop) ?? []), copy])
        }
        refuse(segment, refused)
        if (deliver.length > 0) work.push(confirmed(serving.take(segment, deliver)))
      }
      for (const [hop, frame] of onward) work.push(send(hop, lane, frame))
      const outcomes = yield* all(context.life, work)
      if (!outcomes.includes('lost')) delivery.ack()
    },
  }
}

/** A node's unit organisation has the node's own id: it may always speak there. */
function speakingFor(core: Core, from: string): Core {
  return { ...core, from }
}

function* confirmed(process: Process): Process<SendOutcome> {
  yield* process
  return 'confirmed'
}
