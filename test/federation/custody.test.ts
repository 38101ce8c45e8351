/**
 * The origin keeps a document until every recipient has an outcome (DESIGN §3.2): whatever a broker loses on the way is
 * asked for again, and nothing more than that.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { NodeId, OrganId } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import { decodeFrame, encodeFrame, names, type Segment } from '@lienthong/link'
import type { NodeConfig } from '@lienthong/relay'
import { publishedOf } from '../kit/federation.ts'
import { allArrived } from '../kit/federation-arrival.ts'
import type { LedgerEntry } from '../kit/federation-ledger.ts'
import { type LiveFederation, smallTree, startFederation } from '../kit/federation-nodes.ts'
import { childAccount, publishRaw, purge, rawChannel } from '../kit/federation-outsider.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

const origin = 'H29.18'
const far = 'H26.10'
const farQueue = names.link(far, 'bulk')
/** Its code points nowhere: only the directory knows that it is served at the far end. */
const late = 'K77'
const tree = smallTree.map((node) =>
  node.id === far ? { ...node, organisations: [{ id: late, name: 'Đơn vị mới' }] } : node,
)
const largeBytes = 1_400_000

describe('custody', { skip, timeout: 200_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, {
      tree,
      absent: [far],
      queryTiming: { firstMs: 1_500, maxMs: 4_000 },
      configOf: (config) => (config.id === 'H26' ? withOlderDirectory(config) : config),
    })
  })

  it('brings again what a broker has lost, after a query', async () => {
    const entries: LedgerEntry[] = []
    for (const attachmentBytes of [2_000, 2_000, 300_000, largeBytes]) {
      entries.push(await fed.ledger.send({ from: origin, to: [far], attachmentBytes }))
    }
    await waiting(entries)
    await purge(fed.plan, 'H26', farQueue)
    await fed.start(far)

    await allArrived(fed)
    for (const { uid } of entries) {
      const numbers = sentBy(origin, uid)
      assert.deepEqual(numbers, [...segmentsOf(uid), ...segmentsOf(uid)].sort(ascending), 'all of it twice')
    }
  })

  it('brings of a large document only the segments that are missing', async () => {
    await stopFar()
    const entry = await fed.ledger.send({ from: origin, to: [far], attachmentBytes: largeBytes })
    await waiting([entry])
    const lost = [1, 2, 4]
    assert.deepEqual(await takeFromQueue(entry.uid, lost), lost)
    await fed.start(far)

    await allArrived(fed)
    assert.deepEqual(sentBy(origin, entry.uid), [...segmentsOf(entry.uid), ...lost].sort(ascending))
  })

  it('brings again a document of which a byte was changed on the way', async () => {
    await stopFar()
    const entry = await fed.ledger.send({ from: origin, to: [far], attachmentBytes: largeBytes })
    await waiting([entry])
    const altered: Segment[] = []
    await takeFromQueue(entry.uid, [3], (segment) => altered.push(segment))
    const [segment] = altered as [Segment]
    segment.data[1_000] = (segment.data[1_000] ?? 0) ^ 1
    const { address } = fed.plan.node('H26').config.broker
    const channel = await rawChannel(address, teardown)
    const message = { exchange: names.out, routingKey: farQueue, userId: address.user, body: encodeFrame([segment]) }
    assert.equal(await publishRaw(channel, message), 'confirmed')
    await fed.start(far)

    await allArrived(fed)
    assert.deepEqual(sentBy(origin, entry.uid).filter((number) => number === 3).length, 2)
  })

  it('asks for a receipt that was lost, and sends nothing twice', async () => {
    await stopFar()
    const entry = await fed.ledger.send({ from: origin, to: [far] })
    await waiting([entry])
    await fed.stop(origin)
    await fed.start(far)
    const receipts = names.link(origin, 'express')
    await waitFor(async () => (await fed.queued()).has(`H29 ${receipts}`), { what: 'the receipt on its way' })
    await purge(fed.plan, 'H29', receipts)
    await fed.start(origin)

    await allArrived(fed)
    assert.deepEqual(sentBy(origin, entry.uid), [0])
    const [document] = await fed.node(origin).track({ uid: entry.uid })
    const [item] = (await mail(far)).filter(({ uid }) => uid === entry.uid)
    assert.equal(document?.recipients[0]?.deliveredAt, item?.deliveredAt, 'the original receipt')
  })

  it('answers the same document handed in again with what it knows, and adds whom it did not know', async () => {
    const body = await packet('1/TRUNG', [far])
    const first = await fed.node(origin).submit({ as: origin, body })
    await settled(first.uid)
    const again = await fed.node(origin).submit({ as: origin, body })
    const wider = await fed.node(origin).submit({ as: origin, body, to: [far, 'G22'] })
    await settled(first.uid)

    assert.deepEqual(first.recipients, [{ organ: far, outcome: 'new' }])
    assert.deepEqual(again, { uid: first.uid, recipients: [{ organ: far, outcome: 'already' }], warnings: [] })
    assert.deepEqual(wider.recipients, [
      { organ: far, outcome: 'already' },
      { organ: 'G22', outcome: 'new' },
    ])
    for (const organ of [far, 'G22']) assert.equal((await mail(organ)).filter(({ uid }) => uid === first.uid).length, 1)
  })

  it('refuses other bytes under the same document id', async () => {
    const body = await packet('2/TRUNG', ['G22'])
    const { uid } = await fed.node(origin).submit({ as: origin, body })
    await settled(uid)
    const other = await packet('2/TRUNG', ['G22'], 'Nội dung khác')

    await assert.rejects(fed.node(origin).submit({ as: origin, body: other }), { code: 'DOCUMENT_ID_REUSED' })
    assert.equal((await fed.node(origin).track({ number: '2/TRUNG' })).length, 1)
  })

  it('takes the word of a transit node with an old directory for provisional', async () => {
    const { uid } = await fed.node(origin).submit({ as: origin, body: await packet('3/MOI', [late]) })
    await waitFor(async () => (await outcome(uid)).state === 'undeliverable', { what: 'the word of the transit node' })
    assert.deepEqual(await outcome(uid), { state: 'undeliverable', provisional: true, code: 'RECEIVER_UNKNOWN' })
    const { backlog } = await fed.node(origin).status()
    assert.equal(backlog.documents, 1, 'it is kept')

    await fed.stop('H26')
    await fed.start('H26', (config) => config)
    await settled(uid)
    assert.deepEqual(await outcome(uid), { state: 'delivered', provisional: false, code: null })
    assert.equal((await mail(late)).length, 1)
  })

  it('takes the word of the serving node for final, and sends a new generation when asked to', async () => {
    await fed.stop(far)
    await fed.start(far, withOlderDirectory)
    const body = await packet('4/MOI', [late])
    const { uid } = await fed.node(origin).submit({ as: origin, body })
    await waitFor(async () => (await outcome(uid)).state === 'undeliverable', { what: 'the word of the serving node' })
    assert.deepEqual(await outcome(uid), { state: 'undeliverable', provisional: false, code: 'RECEIVER_UNKNOWN' })
    await fed.stop(far)
    await fed.start(far)

    const again = await fed.node(origin).submit({ as: origin, body })
    await settled(uid)
    assert.deepEqual(again, { uid, recipients: [{ organ: late, outcome: 'new' }], warnings: [] })
    const items = (await mail(late)).filter((item) => item.uid === uid)
    assert.deepEqual(
      items.map(({ generation }) => generation),
      [2],
    )
  })

  it('ends with nothing under way', async () => {
    await fed.quiet()
    assert.deepEqual(fed.failures, [])
  })

  /** With nothing left to say, which nobody would send on while it is stopped. */
  async function stopFar(): Promise<void> {
    await fed.quiet()
    await fed.stop(far)
  }

  /** They have left the origin and lie before the far end. */
  async function waiting(entries: readonly LedgerEntry[]): Promise<void> {
    await fed.quiet({ except: (busy) => busy === `H26 ${farQueue}` || busy === `${origin} outbox` })
    for (const { uid } of entries) {
      await waitFor(async () => (await outcome(uid)).state === 'dispatched', { what: `${uid} to be dispatched` })
    }
    const all = entries.flatMap(({ uid }) => segmentsOf(uid).map((segment) => `${uid} ${segment}`))
    const atLast = () =>
      fed.events.flatMap((event) =>
        event.type === 'sent' && event.node === 'H26' && event.hop === `down:${far}`
          ? [`${event.uid} ${event.segment}`]
          : [],
      )
    await waitFor(() => all.every((each) => atLast().includes(each)), { what: 'all segments before the far end' })
  }

  /** Removes these segments from the far end's queue, under its account; the numbers that were found. */
  async function takeFromQueue(
    uid: string,
    numbers: readonly number[],
    onTaken: (segment: Segment) => void = () => {},
  ): Promise<readonly number[]> {
    const channel = await rawChannel(childAccount(fed.plan.node(far)), teardown)
    const taken: number[] = []
    await channel.consume(farQueue, (message) => {
      const segments = message?.properties.type === 'lt.frame' ? decodeFrame(message.content) : []
      const wanted = segments.flatMap((segment) => ('error' in segment ? [] : [segment])).filter(isWanted)
      if (message === null || wanted.length === 0 || wanted.length < segments.length) return
      for (const segment of wanted) {
        onTaken(segment)
        taken.push(segment.envelope.segment)
      }
      channel.ack(message)
    })
    await waitFor(() => taken.length === numbers.length, { what: 'the segments in the queue' })
    await channel.close()
    return taken

    function isWanted({ envelope }: Segment): boolean {
      return envelope.core.uid === uid && numbers.includes(envelope.segment)
    }
  }

  /** Numbers of the segments that a node has sent of a document, ascending. */
  function sentBy(node: NodeId, uid: string): readonly number[] {
    return fed.events
      .flatMap((event) => (event.type === 'sent' && event.node === node && event.uid === uid ? [event.segment] : []))
      .sort(ascending)
  }

  function segmentsOf(uid: string): readonly number[] {
    const sent = fed.events.find((event) => event.type === 'sent' && event.uid === uid)
    return Array.from({ length: sent?.type === 'sent' ? sent.segments : 0 }, (_, number) => number)
  }

  async function outcome(uid: string) {
    const [document] = await fed.node(origin).track({ uid })
    const newest = document?.recipients.at(-1)
    return { state: newest?.state, provisional: newest?.provisional, code: newest?.code }
  }

  async function settled(uid: string): Promise<void> {
    await waitFor(
      async () => {
        const [document] = await fed.node(origin).track({ uid })
        const newest = new Map(document?.recipients.map((recipient) => [recipient.organ, recipient.state]))
        return newest.size > 0 && [...newest.values()].every((state) => state === 'delivered')
      },
      { what: `${uid} to be delivered`, deadlineMs: 60_000 },
    )
  }

  function mail(organ: OrganId) {
    return fed.node(fed.plan.serving(organ).id).mailbox.list(organ, { limit: 10_000, all: true })
  }
})

async function packet(number: string, to: readonly OrganId[], subject = 'Về việc gửi lại'): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const organizations = to.map((organId) => ({ organId, organName: organId }))
  const from = { organId: origin, organName: origin }
  for await (const chunk of samplePacket({ from, to: organizations, number, subject })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** As it was before the last organisation came. */
function withOlderDirectory(config: NodeConfig): NodeConfig {
  const directory = publishedOf(config)
  const organisations = directory.organisations.filter(({ id }) => id !== late)
  return { ...config, directory: { ...directory, organisations } }
}

function ascending(a: number, b: number): number {
  return a - b
}
