/**
 * A node speaks only for its own subtree, an organisation only for itself (G7). Accounts and keys are real, what is said
 * with them is not: whoever holds one unit's account and key must not reach beyond that unit.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { NodeId, OrganId, Receipt } from '@lienthong/core'
import { encodeFrame, names, type SealingKey, type Segment } from '@lienthong/link'
import type { ConfirmChannel } from 'amqplib'
import { forgeDocument, forgeSignals, keyNamed } from '../kit/federation-forge.ts'
import type { LedgerEntry } from '../kit/federation-ledger.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import {
  childAccount,
  type Message,
  openTap,
  publishRaw,
  rawChannel,
  type TappedCopy,
} from '../kit/federation-outsider.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

/** Declared and never started: documents to it stay under way. */
const absent = 'H29.02'
const dayMs = 86_400_000

describe('authority', { skip, timeout: 200_000 }, () => {
  let fed: LiveFederation
  let tapped: readonly TappedCopy[]
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, {
      absent: [absent],
      // No query and no repetition while forgeries are watched.
      queryTiming: { firstMs: 600_000, maxMs: 600_000 },
      configOf: (config) => ({ ...config, limits: { ...config.limits, openAssemblies: 1 } }),
    })
    const there = fed.plan.nodes.filter(({ id }) => id !== absent)
    tapped = await openTap(there, teardown)
  })

  describe('over a document', () => {
    it('of another subtree: refused where the link begins, whoever seals it', async () => {
      for (const key of [keyOf('H29'), keyOf('H26.10'), keyNamed('H26.10#1', keyOf('H29'))]) {
        const forged = forgeDocument({ from: 'H26.10', to: ['G22', 'H26', 'H29.18'], key })
        await speak('H29', forged)

        await happens('dropped', 'G22', forged, 'FROM_NOT_ALLOWED')
        await nowhere(forged)
      }
    })

    it('of its own subtree, sealed by another key than that of the unit: believed by no one', async () => {
      for (const [key, code] of [
        [keyOf('H29'), 'FROM_NOT_ALLOWED'],
        [keyNamed('H29.18#1', keyOf('H29')), 'SEAL_INVALID'],
        [keyNamed('H29.18#2', keyOf('H29.18')), 'KEY_UNKNOWN'],
        [keyNamed('H77#1', keyOf('H29')), 'FROM_NOT_ALLOWED'],
      ] as const) {
        const forged = forgeDocument({ from: 'H29.18', to: ['G22', 'H26.10'], key })
        await speak('H29', forged)

        await happens('dead', 'G22', forged, code)
        await happens('dead', 'H26.10', forged, code)
        await nowhere(forged)
      }
    })

    it('that the parent says an organisation of my own subtree has sent: refused', async () => {
      const forged = forgeDocument({ from: 'H29.18', to: ['H29'], key: keyOf('H29.18') })
      const { address } = fed.plan.node('G22').config.broker
      const channel = await rawChannel(address, teardown)
      const message = { exchange: names.out, routingKey: names.link('H29', 'bulk'), userId: address.user }
      assert.equal(await publishRaw(channel, { ...message, body: encodeFrame(forged) }), 'confirmed')

      await happens('dropped', 'H29', forged, 'FROM_NOT_ALLOWED')
      await nowhere(forged)
    })

    it('with its recipients changed, its payload changed, or another’s seal: delivered to no one', async () => {
      const honest = forgeDocument({ from: 'H29.18', to: ['H26.10'], key: keyOf('H29.18') })[0] as Segment
      const other = forgeDocument({ from: 'H29.18', to: ['G22'], key: keyOf('H29.18'), core: sameCore(honest) })
      const widened = { ...(other[0] as Segment), seal: honest.seal, data: honest.data }
      const flipped = { ...honest, data: honest.data.map((byte, place) => (place === 7 ? byte ^ 1 : byte)) }

      await speak('H29.18', [widened])
      await happens('dead', 'G22', [widened], 'SEAL_INVALID')
      await speak('H29.18', [flipped])
      await happens('dead', 'H26.10', [flipped], 'DIGEST_MISMATCH')
      await nowhere([honest])
    })

    it('sealed 401 days ago or two days ahead: refused', async () => {
      for (const [offset, code] of [
        [-401 * dayMs, 'DOCUMENT_TOO_OLD'],
        [2 * dayMs, 'DOCUMENT_FROM_FUTURE'],
      ] as const) {
        const core = { sealedAt: Date.now() + offset }
        const forged = forgeDocument({ from: 'H29.18', to: ['H26.10'], key: keyOf('H29.18'), core })
        await speak('H29.18', forged)

        await happens('dead', 'H26.10', forged, code)
        await nowhere(forged)
      }
    })

    it('of many segments and a seal that does not hold: takes no place from honest ones', async () => {
      const key = keyNamed('H29.18#1', keyOf('H29'))
      const forged = forgeDocument({ from: 'H29.18', to: ['H26.10'], key, payload: new Uint8Array(600_000) })
      await speak('H29', forged.slice(0, 1))
      await happens('dead', 'H26.10', forged, 'SEAL_INVALID')

      const entry = await fed.ledger.send({ from: 'H29.18', to: ['H26.10'], attachmentBytes: 600_000 })
      await arrives(entry)
      await nowhere(forged)
    })

    it('once delivered and sent again: in no mailbox a second time', async () => {
      const entry = await fed.ledger.send({ from: 'H29.18', to: ['H26.10', 'G22'] })
      await arrives(entry)
      const recorded = tapped.find(
        ({ exchange, segment }) => exchange === names.from('H29.18') && segment.envelope.core.uid === entry.uid,
      ) as TappedCopy

      await speak('H29.18', [recorded.segment])
      await speak('H29', [recorded.segment])

      await waitFor(() => eventsOf('delivered', entry.uid).length === 6, { what: 'the repetitions to be handled' })
      assert.equal(eventsOf('delivered', entry.uid).flatMap((event) => ('fresh' in event ? event.fresh : [])).length, 2)
      for (const organ of entry.to) assert.equal((await mailOf(organ, entry.uid)).length, 1)
    })
  })

  describe('over a signal', () => {
    let entry: LedgerEntry
    before(async () => {
      entry = await fed.ledger.send({ from: 'H26.10', to: [absent], attachmentBytes: 600_000 })
      await waitFor(async () => (await stateAtOrigin()).state === 'dispatched', {
        what: 'the document to be under way',
      })
      await fed.quiet({ except: (busy) => busy === 'H26.10 outbox' || busy.includes(absent) })
    })

    it('of a recipient it does not serve: changes nothing', async () => {
      const before = await stateAtOrigin()
      for (const node of ['H29.18', 'H29'] as const) {
        for (const type of ['delivered', 'collected', 'answer'] as const) {
          const forged = forgeSignals({ to: 'H26.10', key: keyOf(node), signals: [signal(type)] })
          await speak(node, [forged])
          await happens('received', 'H26.10', [forged])
        }
      }
      await roundTrip()

      assert.deepEqual(await stateAtOrigin(), before)
      const sent = fed.events.filter(
        (event) => event.type === 'sent' && event.node === 'H26.10' && event.uid === entry.uid,
      )
      const segments = new Set(sent.map((event) => (event.type === 'sent' ? event.segment : 0)))
      assert.equal(sent.length, segments.size, 'a forged answer made the origin send again')
    })

    it('in the name of the node that may say it: is seen at the seal, or at the link', async () => {
      const before = await stateAtOrigin()
      const wrongKey = forgeSignals({
        to: 'H26.10',
        key: keyNamed(`${absent}#1`, keyOf('H29.18')),
        signals: [signal('delivered')],
      })
      await speak('H29', [wrongKey])
      await happens('dead', 'H26.10', [wrongKey], 'SEAL_INVALID')
      await speak('H29.18', [wrongKey])
      await happens('dropped', 'H29', [wrongKey], 'FROM_NOT_ALLOWED')

      const ofAnother = forgeSignals({ to: 'H26.10', key: keyOf('H26'), signals: [signal('delivered')] })
      await speak('H29', [ofAnother])
      await happens('dropped', 'G22', [ofAnother], 'FROM_NOT_ALLOWED')

      const bodyOf = forgeSignals({
        to: 'H26.10',
        key: keyOf('H29'),
        signals: [signal('delivered')],
        core: { from: absent },
      })
      await speak('H29', [bodyOf])
      await waitFor(
        () => fed.events.some((event) => event.type === 'dead' && event.node === 'G22' && event.uid === null),
        {
          what: 'the signal whose sealer is another to be a dead letter',
        },
      )
      await roundTrip()
      assert.deepEqual(await stateAtOrigin(), before)
    })

    it('that a collected was noted, by a node that did not send the document: the notice is repeated', async () => {
      const collected = await fed.ledger.send({ from: 'H26', to: ['H29.18'] })
      await arrives(collected)
      const [item] = await mailOf('H29.18', collected.uid)
      const { mailbox } = fed.store('H29.18')
      // As if the node had stopped before it could say so.
      await mailbox.acknowledge('H29.18', item?.id ?? 0, Date.now())
      const forged = forgeSignals({
        to: 'H29.18',
        key: keyOf('G22'),
        signals: [{ type: 'noted', uid: collected.uid, generation: 1, organs: ['H29.18'] }],
      })
      const { address } = fed.plan.node('G22').config.broker
      const channel = await rawChannel(address, teardown)
      const message = { exchange: names.out, routingKey: names.link('H29', 'express'), userId: address.user }
      await publishRaw(channel, { ...message, body: encodeFrame([forged]) })
      await happens('received', 'H29.18', [forged])
      await roundTrip()

      const later = await mailbox.dueCollected(Date.now() + dayMs, 100, fed.plan.node('H29.18').config.queryTiming)
      assert.deepEqual(
        later.map(({ uid }) => uid),
        [collected.uid],
      )
    })

    it('of the node that serves the recipient is believed: the forgeries were well made', async () => {
      await speak(absent, [forgeSignals({ to: 'H26.10', key: keyOf(absent), signals: [signal('delivered')] })])

      await waitFor(async () => (await stateAtOrigin()).state === 'delivered', { what: 'the receipt to be believed' })
    })

    function signal(type: 'delivered' | 'collected' | 'answer') {
      const about = { uid: entry.uid, generation: 1 }
      const now = Date.now()
      const receipt: Receipt = {
        organ: absent,
        deliveredAt: now,
        collectedAt: type === 'collected' ? now : null,
        path: [],
      }
      if (type === 'answer') return { ...about, type, number: 0, receipts: [receipt], missing: 'all' } as const
      return { ...about, type, receipts: [receipt] } as const
    }

    async function stateAtOrigin() {
      const [document] = await fed.node('H26.10').track({ uid: entry.uid })
      const { state, provisional, deliveredAt, collectedAt } = document?.recipients[0] ?? assert.fail('no recipient')
      return { state, provisional, deliveredAt, collectedAt }
    }
  })

  describe('at the broker', () => {
    it('without user_id or with a CC: refused; with another’s user_id: not even taken', async () => {
      const message = (segments: readonly Segment[]) => ({
        exchange: names.from('H29.18'),
        routingKey: 'bulk',
        body: encodeFrame(segments),
      })
      const nameless = honestDocument()
      assert.equal(await say('H29.18', { ...message(nameless), userId: null }), 'confirmed')
      await droppedAtH29(1, 'USER_ID_REQUIRED')

      const copied = honestDocument()
      const headers = { CC: ['express', 'lt.link.H29.express', 'lt.submit'] }
      assert.equal(await say('H29.18', { ...message(copied), userId: 'H29.18', headers }), 'confirmed')
      // The other lane's transit queue had its copy, and refused it as well.
      await droppedAtH29(2, 'CC_REFUSED')

      const borrowed = honestDocument()
      assert.equal(await say('H29.18', { ...message(borrowed), userId: 'H29' }), 406)

      for (const segments of [nameless, copied, borrowed]) await nowhere(segments)
    })

    it('with a BCC, which the broker hides: reaches its own transit queues and nothing else', async () => {
      const before = await fed.queued()
      const segments = honestDocument()
      const uid = segments[0]?.envelope.core.uid ?? ''
      const targets = [names.up('bulk'), names.link('H29.02', 'bulk'), names.submit, names.dead, 'express', 'bulk']
      const headers = { BCC: targets }
      const body = encodeFrame(segments)
      const exchange = names.from('H29.18')
      assert.equal(await say('H29.18', { exchange, routingKey: 'bulk', body, userId: 'H29.18', headers }), 'confirmed')

      await waitFor(() => eventsOf('received', uid).filter(({ node }) => node === 'H29').length === 2, {
        what: 'its copies in both transit queues',
      })
      await waitFor(async () => (await mailOf('G22', uid)).length === 1, { what: 'the document' })
      await roundTrip()
      assert.equal((await mailOf('G22', uid)).length, 1)
      const queued = await fed.queued()
      assert.equal(queued.get('H29 lt.link.H29.02.bulk'), before.get('H29 lt.link.H29.02.bulk'))
      assert.equal(queued.get('H29 lt.dead') ?? 0, 0)
      assert.deepEqual(await fed.store('H29').ledger.deadLetters({ after: 0, limit: 10 }), [])
    })

    it('to anything but its own exchange: refused', async () => {
      const body = encodeFrame(honestDocument())
      for (const [exchange, routingKey] of [
        [names.from(absent), 'bulk'],
        [names.out, names.up('bulk')],
        [names.submit, 'H29.18'],
        [names.dead, ''],
        ['', names.transit('bulk')],
        ['amq.direct', 'bulk'],
      ] as const) {
        assert.equal(
          await say('H29.18', { exchange, routingKey, body, userId: 'H29.18' }),
          403,
          `${exchange} ${routingKey}`,
        )
      }
    })

    function honestDocument(): Segment[] {
      return forgeDocument({ from: 'H29.18', to: ['G22'], key: keyOf('H29.18') })
    }

    function droppedAtH29(count: number, code: string): Promise<unknown> {
      const seen = (): number =>
        fed.events.filter((event) => event.type === 'dropped' && event.node === 'H29' && event.code === code).length
      return waitFor(() => seen() === count, { what: `${count} times ${code}` })
    }
  })

  it('no node had a failure of its own, and no queue holds anything but what waits for the absent one', async () => {
    await fed.quiet({ except: (busy) => busy.includes(absent) })
    assert.deepEqual(fed.failures, [])
  })

  function keyOf(node: NodeId): SealingKey {
    return fed.plan.node(node).config.key
  }

  /** Publishes on a child's line, under its account, as only its node should. */
  async function speak(child: NodeId, segments: readonly Segment[]): Promise<void> {
    const routingKey = segments[0]?.envelope.core.lane ?? 'bulk'
    for (const segment of segments) {
      const body = encodeFrame([segment])
      const outcome = await say(child, { exchange: names.from(child), routingKey, body, userId: child })
      assert.equal(outcome, 'confirmed')
    }
  }

  async function say(child: NodeId, message: Message): Promise<number | 'confirmed'> {
    const channel: ConfirmChannel = await rawChannel(childAccount(fed.plan.node(child)), teardown)
    return publishRaw(channel, message)
  }

  function eventsOf(type: 'received' | 'dropped' | 'dead' | 'delivered', uid: string) {
    return fed.events.filter((event) => event.type === type && event.uid === uid)
  }

  async function happens(
    type: 'received' | 'dropped' | 'dead',
    node: NodeId,
    segments: readonly Segment[],
    code?: string,
  ): Promise<void> {
    const uid = segments[0]?.envelope.core.uid ?? ''
    const found = () =>
      eventsOf(type, uid).some(
        (event) => event.node === node && (code === undefined || ('code' in event && event.code === code)),
      )
    await waitFor(found, { what: `${type} ${code ?? ''} at ${node}`, deadlineMs: 20_000 })
  }

  /** After an honest document has gone the same ways, the forged one is in no mailbox and in no receipt. */
  async function nowhere(segments: readonly Segment[]): Promise<void> {
    const uid = segments[0]?.envelope.core.uid ?? ''
    await roundTrip()
    assert.deepEqual(eventsOf('delivered', uid), [])
    for (const { id } of fed.plan.nodes) {
      if (id !== absent) assert.deepEqual(await mailOf(id, uid), [], `in the mailbox of ${id}`)
    }
  }

  /** An honest document in each lane from one end to the other and everywhere between, both ways, receipts included. */
  async function roundTrip(): Promise<void> {
    for (const priority of [0, 1]) {
      await arrives(await fed.ledger.send({ from: 'H29.18', to: ['H29', 'G22', 'H26', 'H26.10'], priority }))
      await arrives(await fed.ledger.send({ from: 'H26.10', to: ['H26', 'G22', 'H29', 'H29.18'], priority }))
    }
  }

  async function arrives({ uid, from, to }: LedgerEntry): Promise<void> {
    await waitFor(
      async () => {
        const [document] = await fed.node(from).track({ uid })
        return document?.recipients.filter(({ state }) => state === 'delivered').length === to.length
      },
      { what: `${from} → ${to.join(', ')}`, deadlineMs: 30_000 },
    )
  }

  async function mailOf(organ: OrganId, uid: string) {
    const items = await fed.node(organ).mailbox.list(organ, { limit: 10_000, all: true })
    return items.filter((item) => item.uid === uid)
  }
})

/** What makes two cores one document. */
function sameCore({ envelope: { core } }: Segment) {
  const { documentId, sha256, size } = core
  return { documentId, sha256, size }
}
