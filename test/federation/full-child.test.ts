/** One child is absent and its queue is full (G8): its senders are told, everybody else notices nothing. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { OrganId } from '@lienthong/core'
import { allArrived } from '../kit/federation-arrival.ts'
import type { LedgerEntry } from '../kit/federation-ledger.ts'
import { type LiveFederation, smallTree, startFederation } from '../kit/federation-nodes.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

const absent = 'H26.10'
const sibling = 'H26.11'
const tree = [...smallTree, { id: sibling, tier: 'commune', parent: 'H26', name: 'Xã thứ ba' }]
/** A few documents fill it. */
const linkQueueBytes = 300_000
const attachmentBytes = 60_000
const documentsEach = 10
/** From far, from above, from the parent itself and from beside. */
const senders: readonly OrganId[] = ['H29.18', 'G22', 'H26', sibling]
/** Its own queue is full: nobody needs to tell it, and its documents stay with it. */
const parent = 'H26'
/** Each of these passes through a node that also holds documents for the absent one. */
const others: readonly (readonly [OrganId, OrganId])[] = [
  ['H29.18', sibling],
  ['H29.02', 'H26'],
  ['G22', sibling],
  [sibling, 'H29.18'],
]
const measuredRounds = 12

describe('a child that is absent, with its queue full', { skip, timeout: 240_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  const toOthers: LedgerEntry[] = []
  const toAbsent: LedgerEntry[] = []
  let worstBefore = 0
  before(async () => {
    fed = await startFederation(teardown, {
      tree,
      absent: [absent],
      proxied: ['H29.18'],
      queryTiming: { firstMs: 2_000, maxMs: 4_000 },
      configOf: (config) => {
        if (config.id === 'H26') return { ...config, limits: { ...config.limits, linkQueueBytes } }
        if (config.id === 'H29.02') return { ...config, limits: { ...config.limits, openAssemblies: 1 } }
        return config
      },
    })
    worstBefore = worst(await measure())
  })

  it('is told to its senders, who send nothing more to it', async () => {
    for (let number = 0; number < documentsEach; number += 1) {
      for (const from of senders) toAbsent.push(await fed.ledger.send({ from, to: [absent], attachmentBytes }))
    }
    for (const from of senders) {
      await waitFor(() => (from === parent ? isKept(from) : isDeferred(from)), {
        what: `${from} to learn that the queue is full`,
        deadlineMs: 30_000,
      })
    }

    const held = await fed.ledger.send({ from: 'H29.18', to: [absent] })
    toAbsent.push(held)
    await measure()
    const left = fed.events.filter((event) => event.type === 'sent' && event.uid === held.uid)
    assert.deepEqual(left, [], 'a document left although the way is known to be full')
    const [document] = await fed.node('H29.18').track({ uid: held.uid })
    assert.equal(document?.recipients[0]?.state, 'accepted')
  })

  it('delays nobody else, not even those named in the same document', async () => {
    // The first knows and leaves the absent one out; the second learns it by this.
    for (const from of ['H29.18', 'H29.02']) {
      const { uid } = await fed.ledger.send({ from, to: [absent, sibling] })
      await waitFor(() => isDelivered(uid), { what: `the document of ${from} at the one that is there` })
    }
    const latencies = await measure()

    const dropped = fed.events.flatMap((event) => (event.type === 'dropped' ? [event] : []))
    assert.ok(dropped.length > 0)
    assert.deepEqual(
      dropped.filter(({ uid }) => toOthers.some((entry) => entry.uid === uid)),
      [],
    )
    assert.deepEqual([...new Set(dropped.map(({ code, hop }) => `${code} ${hop}`))], [`LINK_FULL down:${absent}`])
    assert.ok(worst(latencies) < 5 * worstBefore + 2_000, `${worst(latencies)} ms, before it was ${worstBefore} ms`)
    await waitFor(async () => [...(await fed.queued()).keys()].every((queue) => queue.includes(absent)), {
      what: 'all queues but its own to be empty',
      deadlineMs: 30_000,
    })
  })

  it('gets all that waited when it comes, once', async () => {
    await fed.start(absent)

    await allArrived(fed)
    await fed.quiet()
    assert.deepEqual(fed.failures, [])
  })

  it('defers large documents when a node has too many open, and all arrive in the end', async () => {
    // They gather in the outbox, so that they leave side by side.
    await fed.proxy('H29.18').setMode('refuse')
    const large: LedgerEntry[] = []
    for (const _ of [1, 2, 3]) {
      large.push(await fed.ledger.send({ from: 'H29.18', to: ['H29.02'], attachmentBytes: 1_500_000 }))
    }
    await fed.proxy('H29.18').setMode('pass')

    await waitFor(() => large.some(({ uid }) => droppedFor(uid).includes('ASSEMBLY_FULL')), {
      what: 'one to be deferred',
      deadlineMs: 30_000,
    })
    await allArrived(fed)
    await fed.quiet()
    assert.deepEqual(fed.failures, [])
  })

  /** Milliseconds from acceptance to the mailbox, one document at a time on each route. */
  async function measure(): Promise<readonly number[]> {
    const latencies = others.map(async ([from, to]) => {
      const mine: number[] = []
      for (let round = 0; round < measuredRounds; round += 1) {
        const entry = await fed.ledger.send({ from, to: [to] })
        toOthers.push(entry)
        await waitFor(() => isDelivered(entry.uid), { what: `${from} → ${to}`, deadlineMs: 30_000 })
        mine.push(Date.now() - entry.acceptedAt)
      }
      return mine
    })
    return (await Promise.all(latencies)).flat()
  }

  function isDelivered(uid: string): boolean {
    return fed.events.some((event) => event.type === 'delivered' && event.uid === uid)
  }

  function droppedFor(uid: string): readonly string[] {
    return fed.events.flatMap((event) => (event.type === 'dropped' && event.uid === uid ? [event.code] : []))
  }

  /** The sender sees why one of its documents has not arrived. */
  async function isDeferred(from: OrganId): Promise<boolean> {
    for (const { uid } of toAbsent.filter((entry) => entry.from === from)) {
      const [document] = await fed.node(from).track({ uid })
      if (document?.recipients[0]?.code === 'LINK_FULL') return true
    }
    return false
  }

  async function isKept(from: OrganId): Promise<boolean> {
    return (await fed.node(from).status()).backlog.copies > 0
  }
})

function worst(latencies: readonly number[]): number {
  return Math.max(...latencies)
}
