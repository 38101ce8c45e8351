/**
 * Documents from software to software: submitted over HTTP at one commune, over five links, listed, fetched and acknowledged
 * over HTTP at a commune of the other province, the receipt of each known at the origin. Journal, seals and receipts as always.
 *
 * The software of either side is a process of its own.
 */
import type { NodeId } from '@lienthong/core'
import { issueSoftware } from '../kit/federation-http.ts'
import { type Teardown, waitFor } from '../kit/index.ts'
import { monotonicMs } from './clock.ts'
import type { FederationParts } from './federation-figures.ts'
import type { Figure } from './figure.ts'
import { type Forked, startForked } from './forked.ts'
import type { Desk, SoftwareOrder, SoftwareReport } from './software-contract.ts'
import { median, percentile } from './statistics.ts'
import { wholePathEnd, wholePathOrigin } from './whole-path.ts'

export interface HttpParts extends FederationParts {
  readonly teardown: Teardown
}

const size = '64KiB'
const documents = 2_000
const steadyDocuments = 1_000
const warmUpDocuments = 500
/** Handed in at once. */
const atOnce = 32
const perSecond = 50
const deadlineMs = 180_000

type Pace = (SoftwareOrder & { type: 'send' })['pace']

interface Passage {
  /** Documents per second from the first call to the last document acknowledged and the last receipt. */
  readonly rate: number
  /** Milliseconds from the call of each until it is listed. */
  readonly delays: readonly number[]
}

interface Ends {
  readonly from: Desk
  readonly to: Desk
  readonly sender: Forked<SoftwareOrder, SoftwareReport>
  readonly collector: Forked<SoftwareOrder, SoftwareReport>
}

export async function httpFigures(parts: HttpParts): Promise<readonly Figure[]> {
  const { options, progress, teardown } = parts
  const ends: Ends = {
    from: await deskAt(parts, wholePathOrigin),
    to: await deskAt(parts, wholePathEnd),
    sender: startForked('./software.js', teardown),
    collector: startForked('./software.js', teardown),
  }
  const scaled = (count: number): number => Math.ceil(count * options.scale)
  await pass(parts, ends, { count: scaled(warmUpDocuments), pace: { atOnce } })
  progress('warm')
  const rates: number[] = []
  const tails: number[] = []
  for (let round = 0; round < options.rounds; round += 1) {
    const flood = await pass(parts, ends, { count: scaled(documents), pace: { atOnce } })
    rates.push(flood.rate)
    progress(`HTTP ${size} ${flood.delays.length} documents: ${flood.rate.toFixed(0)} docs/s`)
    const { delays } = await pass(parts, ends, { count: scaled(steadyDocuments), pace: { perSecond } })
    tails.push(percentile(delays, 0.99))
    const [p50, p99] = [percentile(delays, 0.5), percentile(delays, 0.99)]
    progress(`HTTP ${size} at ${perSecond} docs/s: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)
  }
  const { rounds: runs } = options
  const where = `HTTP ${size} 5 links`
  return [
    {
      name: `${where}, submit to collected and receipt`,
      reference: null,
      measured: median(rates),
      unit: 'docs/s',
      runs,
    },
    {
      name: `${where}, p99 submit to listed at ${perSecond} docs/s`,
      reference: null,
      measured: median(tails),
      unit: 'ms',
      runs,
    },
  ]
}

async function deskAt({ stage, relays }: HttpParts, id: NodeId): Promise<Desk> {
  const issued = await issueSoftware({ planned: stage.plan.node(id), client: relays.client(id) })
  const found = issued.find(({ organ }) => organ === id)
  if (found === undefined) throw new Error(`no software at ${id}`)
  return found
}

/** Throws when one document is missing, comes twice, or comes and was never sent. */
async function pass(
  { relays }: HttpParts,
  { from, to, sender, collector }: Ends,
  { count, pace }: { readonly count: number; readonly pace: Pace },
): Promise<Passage> {
  collector.order({ type: 'collect', desk: to, documents: count })
  await collector.next(deadlineMs)
  const collecting = collector.next(deadlineMs)
  collecting.catch(() => {})
  sender.order({ type: 'send', desk: from, to: to.organ, size, documents: count, pace })
  const sent = await sender.next(deadlineMs)
  const collected = await collecting
  await waitFor(async () => (await relays.client(wholePathOrigin).status()).backlog.documents === 0, {
    what: 'the receipt of every document',
    deadlineMs,
  })
  const settledAt = monotonicMs()
  if (sent.type !== 'sent' || collected.type !== 'collected') throw new Error('another report was expected')
  const begun = new Map(sent.begun)
  const listed = new Map(collected.arrivals.map(([uid, at]) => [uid, at]))
  const delays = [...begun].map(([uid, at]) => (listed.get(uid) ?? Number.NaN) - at)
  if (listed.size !== count || collected.arrivals.length !== count || delays.some(Number.isNaN)) {
    throw new Error(`${collected.arrivals.length} of ${count} documents were collected, ${listed.size} different ones`)
  }
  const startedAt = Math.min(...begun.values())
  return { rate: (count * 1_000) / (settledAt - startedAt), delays }
}
