/** The origin's side of custody: apply signals, ask what is late, hold what is full; and `collected`, repeated until noted. */
import {
  dueProbes,
  type Hold,
  hurryHolds,
  isHeld,
  type NodeId,
  recipientNode,
  releaseHold,
  type SealedSignal,
  type Signal,
  startHold,
} from '@lienthong/core'
import type { LifeContext } from './context.ts'
import type { Copy } from './outbox.ts'
import type { Process } from './process.ts'
import type { SignalInbox } from './serving.ts'

export interface Custody extends SignalInbox {
  readonly holds: readonly Hold[]
  hold(copy: Copy, places: readonly number[]): void
  /** Looks at the times again: something was scheduled. */
  wake(): void
  /** A way reopened: what is late is asked at once. */
  hurry(): void
}

/** The loop looks this often at most, ms. */
const tickMs = 500

export function createCustody(
  context: LifeContext,
  pump: () => void,
  /** A handover may have come to its end. */
  settled: () => void,
): Custody {
  const { store, world } = context
  const { scheduler } = world
  let holds: readonly Hold[] = []
  let wakeAt = Number.POSITIVE_INFINITY

  function wake(): void {
    lookAt(scheduler.now + tickMs)
  }

  function lookAt(at: number): void {
    if (at >= wakeAt || at === Number.POSITIVE_INFINITY) return
    wakeAt = at
    scheduler.at(at, () => {
      if (!context.life.alive || wakeAt !== at) return
      wakeAt = Number.POSITIVE_INFINITY
      const due = nextDue()
      if (due <= scheduler.now) context.spawn(ask())
      else lookAt(due)
    })
  }

  function nextDue(): number {
    let next = Number.POSITIVE_INFINITY
    const soonest = (at: number | null) => {
      if (at !== null && at < next) next = at
    }
    for (const query of store.outbox.queries) if (!isHeld(holds, query.node, query.lane)) soonest(query.nextAt)
    for (const notice of store.mailbox.notices) soonest(notice.nextAt)
    for (const hold of holds) soonest(hold.nextAt)
    return next
  }

  function* ask(): Process {
    const now = scheduler.now
    const { due, holds: probed } = dueProbes(holds, now)
    holds = probed
    const asked = yield* context.commit(() => ({
      late: store.outbox.dueQueries({ now, held: (node, lane) => isHeld(holds, node, lane) }),
      probes: due.map((hold) => ({
        hold,
        queries: store.outbox.dueQueries({ now, held: () => false, about: { ...hold.about, node: hold.node } }),
      })),
      notices: store.mailbox.dueNotices(now),
    }))
    for (const { hold, queries } of asked.probes) {
      // Settled meanwhile: nothing to ask, so nothing to hold.
      if (queries.length === 0) release(hold.node, hold)
    }
    for (const query of [...asked.late, ...asked.probes.flatMap((probe) => probe.queries)]) {
      const { uid, generation, node, lane, organs, number } = query
      context.post(node, lane, { type: 'query', uid, generation, organs, number })
    }
    for (const row of asked.notices) {
      const { uid, generation, origin } = row
      if (store.table.hopToNode(origin) === null) store.mailbox.forget(origin)
      context.post(origin, 'express', { type: 'collected', uid, generation, receipts: [row] })
    }
    wake()
  }

  function release(node: NodeId, { lane }: Pick<Hold, 'lane'>): void {
    const left = releaseHold(holds, node, lane)
    if (left === holds) return
    holds = left
    store.outbox.hurry(scheduler.now, node)
    pump()
  }

  /** Read in line with the transactions: what came before the query in its lane must count, or all is sent again. */
  function* answer(origin: NodeId, query: Extract<Signal, { type: 'query' }>): Process {
    const { uid, generation, organs, number } = query
    const read = () => {
      const stopped = store.mailbox.stopped(uid, generation, organs, origin)
      const wanted = organs.filter((organ) => !stopped.includes(organ))
      const receipts = store.mailbox.receipts(uid, generation, organs)
      return { stopped, answer: { receipts, missing: store.mailbox.missing(uid, generation, wanted) } }
    }
    const { stopped, answer: found } = world.mechanisms.answerInLine ? yield* context.commit(read) : read()
    if (stopped.length > 0) {
      const said = { uid, generation, organs: stopped, code: 'DOCUMENT_RECALLED' } as const
      context.post(origin, 'express', { type: 'undeliverable', ...said })
    }
    context.post(origin, 'express', { type: 'answer', uid, generation, number, ...found })
  }

  function* apply(sealed: SealedSignal): Process {
    const { signal, sealedBy } = sealed
    const { uid, generation } = signal
    const outcome = yield* context.commit(() => {
      const result = store.outbox.apply(sealed, store.table, scheduler.now)
      world.observer.believed(
        context.id,
        result.changed.filter(({ organ }) => recipientNode(organ) === null),
      )
      return result
    })
    if (outcome.noted.length > 0) {
      context.post(sealedBy, 'express', { type: 'noted', uid, generation, organs: outcome.noted })
    }
    if (signal.type === 'deferred' && signal.code === 'LINK_FULL' && outcome.lane !== null) {
      for (const organ of signal.organs) {
        const serving = store.table.keeperOf(organ)
        if (serving !== null) start({ node: serving.node, lane: outcome.lane, about: { uid, generation } })
      }
    }
    if (signal.type === 'answer' && signal.number > 0 && outcome.lane !== null)
      release(sealedBy, { lane: outcome.lane })
    if (outcome.resent) pump()
    if (outcome.changed.some(({ organ }) => recipientNode(organ) !== null)) settled()
    wake()
  }

  function start(hold: Pick<Hold, 'node' | 'lane' | 'about'>): void {
    holds = startHold(holds, { ...hold, now: scheduler.now })
  }

  return {
    get holds() {
      return holds
    },
    *handle(sealedBy, signals) {
      for (const signal of signals) {
        if (signal.type === 'query') yield* answer(sealedBy, signal)
        else if (signal.type === 'noted') {
          yield* context.commit(() => store.mailbox.noted(signal.uid, signal.generation, signal.organs))
        } else yield* apply({ sealedBy, signal })
      }
    },
    hold(copy, places) {
      const { uid, generation, lane } = copy.core
      for (const { place, node } of store.outbox.open(copy.core, copy.to)) {
        if (places.includes(place)) start({ node, lane, about: { uid, generation } })
      }
      wake()
    },
    wake,
    hurry() {
      holds = hurryHolds(holds, scheduler.now)
      store.outbox.hurry(scheduler.now)
      wake()
    },
  }
}
