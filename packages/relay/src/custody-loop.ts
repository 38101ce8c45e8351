/**
 * The origin's side of custody: applies what serving nodes report, asks when a receipt is late, and
 * puts in line again what is missing. Also repeats `collected` notices of this node's mailboxes.
 */
import {
  copiesFor,
  isLost,
  mayTurnAway,
  type NodeId,
  type OrganId,
  type SealedSignal,
  type ServedRecipient,
  type Signal,
  servingNow,
} from '@lienthong/core'
import type { CollectedNotice, DueQuery, JudgedSignal, SignalOutcome } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { Dispatchers } from './dispatcher.ts'
import type { Holds } from './holds.ts'
import { historyMs } from './housekeeping.ts'
import { keepRounds } from './rounds.ts'
import { tellMoved } from './serving.ts'
import type { SignalPost } from './signal-post.ts'

/** From one round to the next, ms. */
const leastMs = 500
/**
 * The longest rest, ms, and never longer than `firstMs`: whatever schedules without waking the loop does so for `firstMs` from then,
 * and is seen before it is due.
 */
const mostMs = 30_000
/** Queries to a node that has lost a recipient, before its successor is asked. */
const patience = 2
/** Queries claimed in one round; the rest follow in the next. */
const queriesPerRound = 500

export interface CustodyLoop {
  /** Signals to this node as origin, seals checked. */
  apply(signals: readonly SealedSignal[]): Promise<void>
  /** A way reopened: what is late is asked at once. */
  hurry(): void
  /** Something may be due sooner than a first query would be. */
  wake(): void
  stop(): Promise<void>
}

export function createCustodyLoop(
  context: NodeContext,
  parts: { post: SignalPost; dispatchers: Dispatchers; holds: Holds },
): CustodyLoop {
  const { store } = context
  const { post, dispatchers, holds } = parts
  let hurried = false
  /** Origins that have left, of which it was said that they are told no more. */
  const goneOrigins = new Set<NodeId>()

  async function apply(signals: readonly SealedSignal[]): Promise<void> {
    const outcomes = await store.outbox.apply(signals.map(judged), context.now())
    for (const [index, sealed] of signals.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined) continue
      tellMoved(context, outcome.moved)
      await follow(sealed, outcome)
    }
  }

  async function follow({ sealedBy, signal }: SealedSignal, outcome: SignalOutcome): Promise<void> {
    const { uid, generation } = signal
    const organs = 'receipts' in signal ? signal.receipts.map((receipt) => receipt.organ) : signal.organs
    if (outcome.changed)
      context.observe({ type: 'receipt', node: context.config.id, at: context.now(), uid, organs, signal: signal.type })
    if (outcome.noted.length > 0)
      post.send(sealedBy, 'express', { type: 'noted', uid, generation, organs: outcome.noted })
    if (signal.type === 'deferred' && signal.code === 'LINK_FULL' && outcome.lane !== null) {
      for (const organ of organs) {
        const keeper = context.table.keeperOf(organ)
        if (keeper !== null) {
          holds.hold({ node: keeper.node, lane: outcome.lane, about: { uid, generation } }, context.now())
        }
      }
    }
    if (
      signal.type === 'answer' &&
      signal.number > 0 &&
      outcome.lane !== null &&
      holds.release(sealedBy, outcome.lane)
    ) {
      await store.outbox.hurryQueries(context.now(), [sealedBy])
      rounds.wake()
      dispatchers.rescan()
    }
    if (outcome.resend !== null) await resend(outcome.resend)
  }

  /** Whoever serves a recipient now, or did before, is believed as well as the node it was addressed at. */
  function judged(sealed: SealedSignal): JudgedSignal {
    const { sealedBy, signal } = sealed
    if (!('receipts' in signal)) return sealed
    const serves = signal.receipts
      .map(({ organ }) => organ)
      .filter((organ) => context.table.speakersOf(organ).includes(sealedBy))
    return serves.length === 0 ? sealed : { ...sealed, serves }
  }

  /** Of those who have moved the node that serves them now is asked: the one before has said that it lacks it. */
  async function resend(lacking: NonNullable<SignalOutcome['resend']>): Promise<void> {
    const { uid, generation, node, organs, missing } = lacking
    const { table } = context
    const recipients = organs.map((organ) => ({ organ, node: servingNow(table, { organ, node }) }))
    for (const [serving, moved] of byNode(recipients)) {
      if (isLost(table, { organ: moved[0] ?? '', node: serving })) continue
      if (serving !== node) {
        await store.outbox.relocate({ uid, generation, organs: moved, node: serving, askAt: context.now() })
        rounds.wake()
        continue
      }
      const served = moved.map((organ) => ({ organ, node: serving }))
      for (const { hop, to } of copiesFor(table, served)) {
        const behind = to.flatMap((place) => moved[place] ?? [])
        await store.outbox.resend({ uid, generation, organs: behind, missing, hop })
      }
    }
    dispatchers.rescan()
  }

  async function ask(): Promise<void> {
    const now = context.now()
    const due = [...(await store.outbox.dueQueries({ now, limit: queriesPerRound, held: holds.list }))]
    for (const { node, lane, about } of holds.due(now)) {
      const probe = await store.outbox.dueQueries({ now, limit: 1, held: [], about: { ...about, node } })
      // Settled meanwhile: nothing to ask, so nothing to hold.
      if (probe.length === 0 && holds.release(node, lane)) dispatchers.rescan()
      due.push(...probe)
    }
    for (const query of due) {
      const { uid, generation, node, number, lane } = query
      const organs = number > patience ? await turnAway(query) : query.organs
      if (organs.length > 0) post.send(node, lane, { type: 'query', uid, generation, organs, number })
    }
  }

  /**
   * A node that answers no more is not asked about those who are served elsewhere now: whoever serves them is. One that
   * does answer says first what it has, so that they do not get it twice; so does one that has their mailboxes to hand
   * over, however long that takes. Returns those it is still asked about.
   */
  async function turnAway({ uid, generation, node, organs }: DueQuery): Promise<readonly OrganId[]> {
    const { table } = context
    const nodeOf = (organ: OrganId) => (mayTurnAway(table, node, organ) ? servingNow(table, { organ, node }) : node)
    const served = byNode(organs.map((organ) => ({ organ, node: nodeOf(organ) })))
    for (const [serving, moved] of served) {
      if (serving === node) continue
      await store.outbox.relocate({ uid, generation, organs: moved, node: serving, askAt: context.now() })
    }
    return served.get(node) ?? []
  }

  async function repeatCollected(): Promise<void> {
    const notices = await store.mailbox.dueCollected(context.now(), queriesPerRound, context.config.queryTiming)
    for (const notice of notices) {
      const { origin, uid, generation, receipts } = notice
      if (context.table.hopToNode(origin) === null) {
        await giveUp(notice)
        continue
      }
      goneOrigins.delete(origin)
      post.send(origin, 'express', { type: 'collected', uid, generation, receipts })
    }
  }

  /**
   * The directory does not know the origin. It may come back, by another parent; after as long as what became of a document
   * is told at all, nobody waits for it any more. Nobody else does either: what a node has sent is handed over to no other.
   */
  async function giveUp({ origin, uid, generation, receipts }: CollectedNotice): Promise<void> {
    const before = context.now() - historyMs
    const organs = receipts.flatMap(({ organ, collectedAt }) => ((collectedAt ?? Infinity) <= before ? organ : []))
    if (organs.length === 0) return
    await store.mailbox.noted(uid, generation, organs, origin)
    context.counters.count('notices_given_up_total', organs.length)
    if (goneOrigins.has(origin)) return
    goneOrigins.add(origin)
    context.log('warn', 'an origin has left: it is told no more what was collected', { detail: { origin } })
  }

  /** When the next query, probe or notice is due, ms from now; null for none. */
  async function restMs(): Promise<number | null> {
    const stored = await store.dueAt(holds.list)
    const dueAt = Math.min(stored ?? Infinity, holds.nextAt ?? Infinity)
    return dueAt === Infinity ? null : dueAt - context.now()
  }

  async function hurryQueries(): Promise<void> {
    hurried = false
    await store.outbox.hurryQueries(context.now()).catch((error: unknown) => {
      hurried = true
      throw error
    })
  }

  async function round(): Promise<number | null> {
    try {
      if (hurried) await hurryQueries()
      const dueInMs = await restMs()
      if (dueInMs === null || dueInMs > 0) return dueInMs
      await ask()
      await repeatCollected()
      return await restMs()
    } catch (error) {
      context.log('error', 'custody round failed', { detail: { error: String(error) } })
      return null
    }
  }

  const rounds = keepRounds({ round, leastMs, mostMs: Math.min(mostMs, context.config.queryTiming.firstMs) })

  return {
    apply,
    hurry() {
      hurried = true
      holds.hurry(context.now())
      rounds.wake()
    },
    wake: rounds.wake,
    stop: rounds.stop,
  }
}

/** Signals that the origin applies; the others are for a serving node. */
export function isForOrigin(signal: Signal): boolean {
  return signal.type !== 'query' && signal.type !== 'noted'
}

function byNode(recipients: readonly ServedRecipient[]): ReadonlyMap<NodeId, readonly OrganId[]> {
  const groups = new Map<NodeId, OrganId[]>()
  for (const { organ, node } of recipients) {
    const group = groups.get(node)
    if (group === undefined) groups.set(node, [organ])
    else group.push(organ)
  }
  return groups
}
