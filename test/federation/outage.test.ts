/**
 * The bridge between a province and the centre is away (G5): first the line is silent, then it is refused. Inside the
 * province nobody notices; what must cross waits, and arrives once and in order.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setInterval as every } from 'node:timers/promises'
import type { OrganId } from '@lienthong/core'
import { allArrived } from '../kit/federation-arrival.ts'
import type { LedgerEntry } from '../kit/federation-ledger.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { orderKept } from '../kit/federation-order.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

/** Long enough for confirms to be late (10 s), so that the link notices by itself. */
const silentMs = 11_000
const refusedMs = 3_000
/** One document on every route in each turn. */
const turnMs = 150
/** No pause between two arrivals inside the province may be longer. */
const longestGapMs = 5_000

const inside: readonly (readonly [OrganId, OrganId])[] = [
  ['H29.18', 'H29.02'],
  ['H29.02', 'H29'],
  ['H29', 'H29.18'],
]
const across: readonly (readonly [OrganId, OrganId])[] = [
  ['H29.18', 'H26.10'],
  ['H29', 'G22'],
  ['G22', 'H29.18'],
  ['H26.10', 'H29.02'],
]

describe('a province whose bridge to the centre is away', { skip, timeout: 180_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  const sentInside: LedgerEntry[] = []
  const sentAcross: LedgerEntry[] = []
  let awayFrom = 0
  let awayUntil = 0
  before(async () => {
    // Little credit: the province's own documents fill it while the line is silent.
    fed = await startFederation(teardown, {
      proxied: ['H29'],
      limits: { inFlightBytes: 8 * 1024 * 1024 },
      queryTiming: { firstMs: 20_000, maxMs: 60_000 },
    })
  })

  it('works inside, while what must cross waits', async () => {
    for (const [from, to] of [...inside, ...across]) await fed.ledger.send({ from, to: [to] })
    await allArrived(fed)

    const line = fed.proxy('H29')
    await line.setMode('silent')
    awayFrom = Date.now()
    await sendFor(silentMs)
    await line.setMode('refuse')
    await sendFor(refusedMs)
    await arrived(sentInside)
    awayUntil = Date.now()

    const times = fed.events
      .flatMap((event) => (event.type === 'delivered' && isOf(sentInside, event.uid) ? [event.at] : []))
      .sort((a, b) => a - b)
    const gaps = [...times, awayUntil].map((at, place) => at - (times[place - 1] ?? awayFrom))
    assert.ok(Math.max(...gaps) < longestGapMs, `nothing arrived inside for ${Math.max(...gaps)} ms`)
    assert.deepEqual(droppedOf(sentInside), [])
    assert.deepEqual(deliveredOf(sentAcross), [], 'something crossed a bridge that was away')
    assert.equal((await fed.node('H29').status()).link?.phase, 'opening')
  })

  it('delivers all that waited once the bridge is back, nothing lost or doubled', async () => {
    await fed.proxy('H29').setMode('pass')
    await allArrived(fed)
    await fed.quiet()

    assert.deepEqual(fed.failures, [])
  })

  it('keeps the order of each origin, serving node and lane', async () => {
    const lines = await orderKept(fed)

    assert.ok(lines.length >= 2 * across.length, lines.join('; '))
  })

  /** A document on each route in every turn; one in three is urgent and goes in the other lane. */
  async function sendFor(durationMs: number): Promise<void> {
    const end = performance.now() + durationMs
    let turn = 0
    for await (const _ of every(turnMs)) {
      const priority = turn % 3 === 0 ? 1 : 0
      for (const [from, to] of inside) sentInside.push(await fed.ledger.send({ from, to: [to], priority }))
      for (const [from, to] of across) {
        sentAcross.push(await fed.ledger.send({ from, to: [to], priority, attachmentBytes: 60_000 }))
      }
      turn += 1
      if (performance.now() > end) return
    }
  }

  function arrived(entries: readonly LedgerEntry[]): Promise<unknown> {
    return waitFor(() => deliveredOf(entries).length === entries.length, {
      what: 'documents inside the province',
      deadlineMs: longestGapMs,
    })
  }

  function deliveredOf(entries: readonly LedgerEntry[]): readonly string[] {
    const uids = new Set(fed.events.flatMap((event) => (event.type === 'delivered' ? [event.uid] : [])))
    return entries.map(({ uid }) => uid).filter((uid) => uids.has(uid))
  }

  function droppedOf(entries: readonly LedgerEntry[]): readonly string[] {
    return fed.events.flatMap((event) => {
      const of = event.type === 'dropped' && event.uid !== null && isOf(entries, event.uid)
      return of ? [event.uid] : []
    })
  }
})

function isOf(entries: readonly LedgerEntry[], uid: string): boolean {
  return entries.some((entry) => entry.uid === uid)
}
