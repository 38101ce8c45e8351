/** Recall, update, replacement and take-back: what every implementation does at the serving node and at the origin. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { documentTypes, planResubmission, type Sending } from '@lienthong/core'
import type { AcceptRequest, DeliverRequest, Store } from '../src/index.ts'
import type { DocumentSketch, OpenStore } from './samples.ts'
import { accept, deliverRequest, inline, large, now, readAll, receiptOf, sealedBy, sha256, uidOf } from './samples.ts'

const inbox = { after: 0, limit: 100, all: false }
const everything = { ...inbox, all: true }
const organ = 'H26.10'
const later = now + 60_000

const a = (generation = 1): Sending => ({ uid: uidOf('a'), generation })

/** A recall named `name` arrives. */
function recall(store: Store, name: string, about: readonly Sending[], rest: Partial<DeliverRequest> = {}) {
  const request = { businessType: documentTypes.recall, about, deliveredAt: later, ...rest }
  return store.mailbox.deliver(deliverRequest(name, inline(name), request))
}

/** A recall named `name` is accepted at the origin. */
function ask(store: Store, name: string, about: readonly Sending[], rest: Partial<AcceptRequest> = {}) {
  return accept(store, { name }, { businessType: documentTypes.recall, about, ...rest })
}

/** The receipt of a packet comes to its origin. */
async function told(store: Store, name: string, effects: NonNullable<ReturnType<typeof receiptOf>['effects']>) {
  const receipts = [{ ...receiptOf(organ), effects }]
  const [outcome] = await store.outbox.apply(
    [sealedBy('H26', { type: 'delivered', uid: uidOf(name), generation: 1, receipts })],
    later,
  )
  return outcome
}

const deliver = (store: Store, name: string, rest: Partial<DeliverRequest> = {}) =>
  store.mailbox.deliver(deliverRequest(name, inline(name), rest))

async function recipient(store: Store, name = 'a') {
  const [tracked] = await store.outbox.track({ uid: uidOf(name) })
  return tracked?.recipients[0] ?? assert.fail('no recipient')
}

/** Hands the document in again, as a relay does: first refused with what is known, then by the plan made of that. */
async function again(store: Store, sketch: DocumentSketch, wanted = [organ], rest: Partial<AcceptRequest> = {}) {
  const stale = await accept(store, sketch, { ...rest, recalledUpTo: -1 })
  assert.ok(stale.outcome === 'stale')
  const { earlier, recalledUpTo } = stale
  const plan = planResubmission(wanted, earlier, { recalledUpTo, about: rest.about ?? [] })
  for (const { generation, organs } of plan.send) {
    const recipients = organs.map((each) => ({ organ: each, node: 'H26' }))
    const done = await accept(
      store,
      { ...sketch, generation, recipients },
      { ...rest, expected: earlier, recalledUpTo },
    )
    assert.equal(done.outcome, 'accepted')
  }
  return plan
}

export function recallContract(open: OpenStore): void {
  describe('a recall at the serving node', () => {
    it('stops what has not come: never delivered, whatever comes how often, and the recall is done with', async (t) => {
      const store = await open(t)

      const first = await recall(store, 'recall', [a()])
      const repeated = await recall(store, 'recall', [a()], { deliveredAt: later + 9 })

      const receipt = { organ, deliveredAt: later, collectedAt: later, path: [{ node: 'H29', version: 1, at: now }] }
      assert.deepEqual(first.receipts, [{ ...receipt, effects: ['stopped'] }])
      assert.deepEqual(repeated.receipts, first.receipts)
      assert.deepEqual([first.fresh, first.arrivals, repeated.fresh], [[organ], [], []])
      assert.deepEqual(await store.mailbox.dueCollected(later + 1e9, 9, { firstMs: 1, maxMs: 1 }), [])
      for (let time = 0; time < 2; time += 1) {
        const { fresh, receipts, stopped } = await deliver(store, 'a')
        assert.deepEqual([fresh, receipts, stopped], [[], [], [organ]])
      }
      assert.deepEqual(await store.mailbox.list(organ, inbox), [])
      assert.equal(await store.mailbox.count(organ), 0)
      assert.deepEqual(await store.mailbox.stopped(uidOf('a'), 1, [organ, 'H26.11'], { origin: 'H29.18.05' }), [organ])
      assert.deepEqual(await store.mailbox.stopped(uidOf('a'), 1, [organ], { origin: 'H29' }), [])
    })

    it('swallows neither a later generation nor another organisation’s copy', async (t) => {
      const store = await open(t)
      await recall(store, 'recall', [a(2)])

      const outcomes = [
        await deliver(store, 'a', { generation: 1 }),
        await deliver(store, 'a', { generation: 2, organs: [organ, 'H26.11'] }),
        await deliver(store, 'a', { generation: 3 }),
      ]

      assert.deepEqual(
        outcomes.map(({ fresh, stopped }) => [fresh, stopped]),
        [
          [[], [organ]],
          [['H26.11'], [organ]],
          [[organ], []],
        ],
      )
    })

    it('withdraws what was not collected: gone for every reader, its payload given up, its receipt kept', async (t) => {
      const store = await open(t)
      const bytes = large()
      const payload = { bytes, sha256: sha256(bytes) }
      const { receipts } = await store.mailbox.deliver(deliverRequest('a', payload))
      const [leased] = await store.mailbox.lease(organ, { now, until: later, limit: 1 })
      const { id } = leased?.item ?? assert.fail('no item')
      const lease = leased?.lease ?? ''

      const [receipt] = (await recall(store, 'recall', [a()])).receipts

      assert.deepEqual(receipt?.effects, ['withdrawn'])
      assert.deepEqual(
        (await store.mailbox.list(organ, everything)).map(({ uid }) => uid),
        [uidOf('recall')],
      )
      assert.deepEqual(await store.mailbox.lease(organ, { now: later, until: later, limit: 9 }), [])
      const gone = { code: 'DOCUMENT_RECALLED' }
      await assert.rejects(store.mailbox.get(organ, id), gone)
      await assert.rejects(store.mailbox.acknowledge(organ, id, later, lease), gone)
      await assert.rejects(store.mailbox.renew(organ, id, lease, later), gone)
      await assert.rejects(store.mailbox.release(organ, id, { lease, reason: null, heldUntil: 0 }), gone)
      await assert.rejects(store.mailbox.mark(organ, id, 'processing', null), gone)
      await assert.rejects(readAll(store.payloads.stream(payload.sha256)), { code: 'NOT_FOUND' })
      const { waiting, oldestWaitingAt } = await store.figures()
      assert.deepEqual([waiting.document, oldestWaitingAt.document], [0, null])
      assert.equal(await store.mailbox.payloadOf(uidOf('a')), null)
      const duplicate = await store.mailbox.deliver(deliverRequest('a', payload))
      assert.deepEqual([duplicate.fresh, duplicate.receipts], [[], receipts])
      assert.deepEqual((await recall(store, 'once more', [a()])).receipts[0]?.effects, ['withdrawn'])
    })

    it('only asks about what was collected, and about any when it is an update', async (t) => {
      const store = await open(t)
      const [first] = (await deliver(store, 'a')).arrivals
      await deliver(store, 'b')
      await store.mailbox.acknowledge(organ, first?.id ?? 0, now)

      const asked = await recall(store, 'recall', [a()])
      const update = await recall(
        store,
        'update',
        [
          { uid: uidOf('b'), generation: 1 },
          { uid: uidOf('c'), generation: 1 },
        ],
        {
          businessType: documentTypes.update,
        },
      )

      assert.deepEqual(asked.receipts[0]?.effects, ['asked'])
      assert.deepEqual(update.receipts[0]?.effects, ['asked', 'asked'])
      assert.deepEqual(
        (await store.mailbox.list(organ, inbox)).map(({ uid }) => uid),
        ['b', 'recall', 'update'].map(uidOf),
      )
      assert.equal((await deliver(store, 'c')).fresh.length, 1)
    })

    it('is one transaction for all it is about: a replacement is delivered whatever it did, as is what leaves something to ask', async (t) => {
      const store = await open(t)
      await deliver(store, 'a')
      const about = [a(), { uid: uidOf('b'), generation: 4 }]

      const replaced = await recall(store, 'new text', about, { businessType: documentTypes.replacement })
      const taken = await recall(store, 'take back', [a()], { kind: 'status', businessType: 13 })

      assert.deepEqual(replaced.receipts[0]?.effects, ['withdrawn', 'stopped'])
      assert.deepEqual(taken.receipts[0]?.effects, ['withdrawn'])
      assert.deepEqual(
        (await store.mailbox.list(organ, inbox)).map(({ uid }) => uid),
        [uidOf('new text')],
      )
    })

    it('is refused when a document is another’s, and touches none', async (t) => {
      const store = await open(t)
      await deliver(store, 'a', { from: 'G12.1' })
      await deliver(store, 'b')

      const outcome = await recall(store, 'recall', [{ uid: uidOf('b'), generation: 1 }, a()])
      const ahead = await recall(store, 'ahead', [{ uid: uidOf('c'), generation: 1 }], { from: 'H30', origin: 'H30' })
      const own = await deliver(store, 'c')

      assert.deepEqual([outcome.refused, outcome.fresh, outcome.receipts], [[organ], [], []])
      assert.deepEqual(ahead.receipts[0]?.effects, ['stopped'])
      assert.deepEqual([own.fresh, own.stopped], [[organ], []], 'a tombstone is for documents of its own sender')
      assert.equal((await store.mailbox.list(organ, inbox)).length, 3)
    })

    it('withdraws earlier generations and stops the one named, when that has not come', async (t) => {
      const store = await open(t)
      await deliver(store, 'a')

      assert.deepEqual((await recall(store, 'recall', [a(2)])).receipts[0]?.effects, ['withdrawn'])
      assert.deepEqual((await deliver(store, 'a', { generation: 2 })).stopped, [organ])
      assert.deepEqual((await deliver(store, 'a', { generation: 3 })).fresh, [organ])
    })

    it('ends an assembly that is for nobody else, now or when its next segment is committed', async (t) => {
      const store = await open(t)
      const bytes = large(300_000)
      const commit = async (name: string, organs: readonly string[], segment = 0) => {
        const file = await store.assemblies.file(uidOf(name), bytes.byteLength, 100_000)
        await file.write(segment, bytes.subarray(segment * 100_000, (segment + 1) * 100_000))
        await file.sync()
        await file.close()
        const core = { core: Buffer.from(name), seal: Buffer.from('seal'), generation: 1, organs, path: [] }
        return store.assemblies.commit({
          uid: uidOf(name),
          from: 'H29.18.05',
          link: 'up',
          segmentBytes: 100_000,
          payload: { sha256: sha256(bytes), size: bytes.byteLength },
          segments: [segment],
          cores: [core],
          now,
        })
      }
      assert.equal(await commit('a', [organ]), 'open')
      assert.equal(await commit('b', [organ, 'H26.11']), 'open')
      const about = ['a', 'b', 'c'].map((name) => ({ uid: uidOf(name), generation: 1 }))

      const { ended } = await recall(store, 'recall', about)

      assert.deepEqual(ended, [uidOf('a')])
      assert.equal(await store.assemblies.load(uidOf('a')), null)
      assert.equal(await commit('a', [organ], 1), 'stopped', 'a commit that was under way')
      assert.equal(await commit('c', [organ]), 'stopped')
      assert.deepEqual(
        (await store.assemblies.list()).map(({ uid }) => uid),
        [uidOf('b')],
      )
      const swallowed = await deliver(store, 'b')
      assert.deepEqual([swallowed.stopped, (await store.assemblies.list()).length], [[organ], 1])
    })
  })

  describe('a recall at the origin', () => {
    it('finds what a packet means: documents of the same sender, and whether another sent it', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      await accept(store, { name: 'b' }, { from: 'H29.18.06' })
      await ask(store, 'recall', [a()], { documentId: 'id-a', onReusedId: 'warn' })
      const request = { from: 'H29.18.05', uid: uidOf('another') }
      const number = { number: 'a/UBND-VP', date: '2025/06/15' }

      const found = await store.outbox.named({
        ...request,
        lists: [[{ documentId: 'id-a' }], [{ documentId: 'nothing' }, number], [{ documentId: 'id-b' }], []],
      })

      assert.deepEqual(await store.outbox.addressed([uidOf('a'), uidOf('b')], ['H26.10', 'H26.11']), ['H26.10'])
      assert.deepEqual(found, [
        { sendings: [a()], isOthers: false },
        { sendings: [a()], isOthers: false },
        { sendings: [], isOthers: true },
        { sendings: [], isOthers: false },
      ])
    })

    it('settles a recipient that was stopped: no copy, no query, and it is news', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a', bytes: large() })
      await ask(store, 'recall', [a()])
      assert.equal((await recipient(store)).recall?.outcome, 'unknown')

      const outcome = await told(store, 'recall', ['stopped'])

      const { state, recall: known } = await recipient(store)
      assert.deepEqual([state, known?.outcome], ['stopped', 'stopped'])
      assert.deepEqual(
        known?.packets.map(({ uid, businessType, effectAt, outcome: each }) => [uid, businessType, effectAt, each]),
        [[uidOf('recall'), 1, now + 1000, 'stopped']],
      )
      assert.deepEqual(outcome?.moved.map(({ uid }) => uid).sort(), [uidOf('a'), uidOf('recall')].sort())
      assert.deepEqual(await store.outbox.page('up', 'bulk', inbox), [])
      assert.deepEqual(await store.outbox.backlog(), { documents: 0, copies: 0 })
      assert.equal((await told(store, 'recall', ['stopped']))?.changed, false)
    })

    it('is told so as well when the document itself meets the tombstone', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      const about = { uid: uidOf('a'), generation: 1, organs: [organ], code: 'DOCUMENT_RECALLED' } as const

      await store.outbox.apply([sealedBy('H29', { type: 'undeliverable', ...about })], later)
      assert.deepEqual([(await recipient(store)).state, (await recipient(store)).provisional], ['undeliverable', true])
      await store.outbox.apply([sealedBy('H26', { type: 'undeliverable', ...about })], later)
      const { state, provisional } = await recipient(store)
      assert.deepEqual([state, provisional], ['stopped', false])
    })

    it('tells per recipient what became of it: asked, then as the recipient answers to either packet', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      await ask(store, 'recall', [a()])
      const outcome = async () => (await recipient(store)).recall?.outcome
      await told(store, 'recall', ['asked'])
      assert.equal(await outcome(), 'asked')

      const say = (name: string, code: number, documentId: string, at: number) =>
        deliver(store, name, {
          kind: 'status',
          from: organ,
          organs: ['H29.18.05'],
          deliveredAt: at,
          businessStatus: { about: [{ documentId }], code, description: null },
        })
      await say('no', 16, 'id-a', later)
      assert.equal(await outcome(), 'refused')
      await say('yes', 15, 'id-recall', later + 1)
      assert.equal(await outcome(), 'agreed')

      await ask(store, 'second', [a()])
      await told(store, 'second', ['withdrawn'])
      assert.equal(await outcome(), 'withdrawn')
      const changes = await store.outbox.changes('H29.18.05', { after: 0, limit: 99 })
      assert.deepEqual(
        changes.filter(({ uid }) => uid === uidOf('a')).map(({ type, statusCode }) => statusCode ?? type),
        [16, 'withdrawn'],
      )
      const end = { type: 'undeliverable', uid: uidOf('third'), generation: 1, organs: [organ] } as const
      await ask(store, 'third', [a()])
      await store.outbox.apply([sealedBy('H26', { ...end, code: 'RECALL_NOT_SENDER' })], later)
      const known = (await recipient(store)).recall
      assert.deepEqual(
        known?.packets.map((packet) => packet.outcome),
        ['agreed', 'withdrawn', 'refused'],
      )
    })

    it('never swallows what is sent after it: above every generation that a recall reached, for old and new recipients', async (t) => {
      const store = await open(t)
      const two = [
        { organ, node: 'H26' },
        { organ: 'H26.11', node: 'H26' },
      ]
      await accept(store, { name: 'a', recipients: two })
      await ask(store, 'recall', [a(3)])
      await told(store, 'recall', ['withdrawn'])

      const plan = await again(store, { name: 'a' }, [organ, 'H26.11', 'H26.12'])

      assert.deepEqual(plan, { send: [{ generation: 4, organs: [organ, 'H26.12'] }], kept: ['H26.11'] })
      const { generation, recall: known } = await recipient(store)
      assert.deepEqual([generation, known], [4, null], 'the recall is about what was sent before')
      const [newest] = await store.outbox.named({
        from: 'H29.18.05',
        lists: [[{ documentId: 'id-a' }]],
        uid: '',
      })
      assert.deepEqual(newest?.sendings, [a(4)])
    })

    it('goes again to those who had it when the document was sent again meanwhile', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      await ask(store, 'recall', [a()])
      await told(store, 'recall', ['stopped'])
      const rest = { businessType: documentTypes.recall }
      assert.deepEqual((await again(store, { name: 'recall' }, [organ], { ...rest, about: [a()] })).send, [])

      await again(store, { name: 'a' })
      const plan = await again(store, { name: 'recall' }, [organ], { ...rest, about: [a(2)] })

      assert.deepEqual(plan.send, [{ generation: 2, organs: [organ] }])
      assert.deepEqual((await recipient(store)).recall?.outcome, 'unknown')
    })
  })
}
