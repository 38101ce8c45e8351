/** What every implementation of the outbox does. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Store } from '../src/index.ts'
import type { OpenStore } from './samples.ts'
import {
  accept,
  acceptRequest,
  delivered,
  large,
  now,
  readAll,
  receiptOf,
  sealedBy,
  sha256,
  stage,
  uidOf,
} from './samples.ts'

const line = (store: Store, hop: 'up' | 'mailbox' | `down:${string}` = 'up', after = 0) =>
  store.outbox.page(hop, 'bulk', { after, limit: 100 })

const two = [
  { organ: 'H26.10', node: 'H26' },
  { organ: 'G12.1', node: 'G12' },
]

export function outboxContract(open: OpenStore): void {
  describe('accepting', () => {
    it('gives the document back in line, with its bytes, and to those who track it', async (t) => {
      const store = await open(t)

      const outcome = await accept(store, { name: 'a', recipients: two })

      assert.deepEqual(outcome, { outcome: 'accepted' })
      const [item] = await line(store)
      assert.ok(item)
      const { seq, core, seal, inline: bytes, ...rest } = item
      assert.ok(seq > 0)
      assert.equal(Buffer.from(core).toString(), 'core of a')
      assert.equal(Buffer.from(seal).toString(), 'seal of a')
      assert.equal(Buffer.from(bytes ?? []).toString(), 'payload of a')
      assert.deepEqual(rest, {
        uid: uidOf('a'),
        generation: 1,
        to: [0, 1],
        recipients: two,
        segments: 'all',
        segmentBytes: 262_144,
        payload: { sha256: sha256('payload of a'), size: 12 },
        lane: 'bulk',
      })
      for (const key of [{ uid: uidOf('a') }, { documentId: 'id-a' }, { number: 'a/UBND-VP' }]) {
        const [tracked, ...others] = await store.outbox.track(key)
        assert.equal(others.length, 0)
        assert.equal(tracked?.headline.subject, 'Về việc a')
        assert.deepEqual(
          tracked?.recipients.map(({ organ, state, generation, overdue }) => ({ organ, state, generation, overdue })),
          two.map(({ organ }) => ({ organ, state: 'accepted', generation: 1, overdue: false })),
        )
      }
      assert.deepEqual(await store.outbox.backlog(), { documents: 1, copies: 1 })
    })

    it('keeps the closed codes by which a recipient was addressed', async (t) => {
      const store = await open(t)
      const written = { code: 'H26.09', validTo: '2025-06-30' }

      await accept(store, {
        name: 'a',
        recipients: [{ organ: 'H26.10', node: 'H26', closed: [written] }, ...two.slice(1)],
      })

      const [tracked] = await store.outbox.track({ uid: uidOf('a') })
      assert.deepEqual(
        tracked?.recipients.map(({ closed }) => closed),
        [[{ ...written, successors: ['H26.10'] }], []],
      )
    })

    it('keeps lines apart by hop and lane, in the order of accepting', async (t) => {
      const store = await open(t)
      const copies = [
        { hop: 'up', to: [0] },
        { hop: 'mailbox', to: [1] },
      ] as const
      for (const name of ['a', 'b', 'c']) await accept(store, { name, recipients: two, copies })
      await accept(store, { name: 'fast', lane: 'express' })

      const up = await line(store)
      const next = await line(store, 'up', up[1]?.seq)

      const uids = ['a', 'b', 'c'].map(uidOf)
      assert.deepEqual(
        up.map((item) => item.uid),
        uids,
      )
      assert.deepEqual(
        (await line(store, 'mailbox')).map((item) => item.recipients),
        Array(3).fill([two[1]]),
      )
      assert.deepEqual(
        next.map((item) => item.uid),
        uids.slice(2),
      )
      assert.deepEqual(await line(store, 'down:H29.18'), [])
      const express = await store.outbox.page('up', 'express', { after: 0, limit: 100 })
      assert.deepEqual(
        express.map((item) => item.uid),
        [uidOf('fast')],
      )
    })

    it('puts what is urgent before what waits, and urgent ones in the order of accepting', async (t) => {
      const store = await open(t)
      for (const name of ['ordinary', 'later']) await accept(store, { name })
      for (const name of ['urgent', 'urgent too']) await accept(store, { name }, { urgent: true })

      const line = await store.outbox.page('up', 'bulk', { after: Number.MIN_SAFE_INTEGER, limit: 10 })

      assert.deepEqual(
        line.map(({ uid }) => uid),
        ['urgent', 'urgent too', 'ordinary', 'later'].map(uidOf),
      )
    })

    it('refuses a plan made on other generations, writes nothing, and takes the same payload at the second try', async (t) => {
      const store = await open(t)
      const bytes = large()
      await accept(store, { name: 'a', bytes })
      const payload = await stage(store, bytes)
      const again = { name: 'a', recipients: [{ organ: 'G12.1', node: 'G12' }] }

      const first = await store.outbox.accept(acceptRequest(again, payload))
      assert.equal(first.outcome, 'stale')
      const earlier = first.outcome === 'stale' ? first.earlier : []
      const backlog = await store.outbox.backlog()
      const second = await store.outbox.accept(acceptRequest(again, payload, { expected: earlier }))

      assert.deepEqual(earlier, [
        {
          organ: 'H26.10',
          generation: 1,
          state: 'accepted',
          provisional: false,
          statusCode: null,
          withdrawn: false,
          about: [],
        },
      ])
      assert.deepEqual(backlog, { documents: 1, copies: 1 })
      assert.deepEqual(second, { outcome: 'accepted' })
      const [tracked] = await store.outbox.track({ uid: uidOf('a') })
      assert.deepEqual(
        tracked?.recipients.map((recipient) => recipient.organ),
        ['H26.10', 'G12.1'],
      )
      assert.deepEqual(await readAll(store.payloads.stream(sha256(bytes))), bytes)
    })

    it('refuses other bytes under the same id unless told to warn only', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a', documentId: 'same' })

      const refused = await accept(store, { name: 'b', documentId: 'same' })
      const otherSender = await accept(store, { name: 'c', documentId: 'same' }, { from: 'H29.02' })
      const otherKind = await accept(store, { name: 'd', documentId: 'same' }, { kind: 'status' })
      const warned = await accept(store, { name: 'e', documentId: 'same' }, { onReusedId: 'warn' })

      assert.deepEqual(refused, { outcome: 'reused', uid: uidOf('a') })
      assert.deepEqual(
        [otherSender, otherKind, warned].map(({ outcome }) => outcome),
        Array(3).fill('accepted'),
      )
      assert.deepEqual(await store.outbox.track({ uid: uidOf('b') }), [])
    })

    it('sends a settled document again as its next generation, with its payload', async (t) => {
      const store = await open(t)
      const bytes = large()
      await accept(store, { name: 'a', bytes })
      const about = { uid: uidOf('a'), generation: 1 }
      const dead = sealedBy('H26', { type: 'undeliverable', ...about, organs: ['H26.10'], code: 'DOCUMENT_TOO_LARGE' })
      await store.outbox.apply([dead], now)
      const stale = await accept(store, { name: 'a', bytes, generation: 2 })
      assert.ok(stale.outcome === 'stale')

      await accept(store, { name: 'a', bytes, generation: 2 }, { expected: stale.earlier })

      const [item] = await line(store)
      assert.equal(item?.generation, 2)
      assert.deepEqual(await readAll(store.payloads.stream(sha256(bytes))), bytes)
      const [tracked] = await store.outbox.track({ uid: uidOf('a') })
      assert.deepEqual(
        tracked?.recipients.map(({ state, generation }) => ({ state, generation })),
        [{ state: 'accepted', generation: 2 }],
      )
      assert.deepEqual(await store.outbox.backlog(), { documents: 1, copies: 1 })
    })
  })

  describe('dispatching', () => {
    it('makes recipients dispatched when their last copy has gone, and keeps the place of what remains', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a', recipients: two })
      const [whole] = await line(store)
      assert.ok(whole)

      await store.outbox.dispatched([{ seq: whole.seq, remaining: [1] }], now)
      const [rest] = await line(store)
      const [half] = await store.outbox.track({ uid: uidOf('a') })
      await store.outbox.dispatched([{ seq: whole.seq }], now + 5)

      assert.equal(rest?.seq, whole.seq)
      assert.deepEqual(rest?.recipients, [two[1]])
      assert.deepEqual(
        half?.recipients.map(({ state }) => state),
        ['dispatched', 'accepted'],
      )
      const [all] = await store.outbox.track({ uid: uidOf('a') })
      assert.deepEqual(
        all?.recipients.map(({ dispatchedAt }) => dispatchedAt),
        [now, now + 5],
      )
      assert.deepEqual(await store.outbox.backlog(), { documents: 1, copies: 0 })
    })

    it('does not call a recipient dispatched while another copy of it waits', async (t) => {
      const store = await open(t)
      const copies = [
        { hop: 'up', to: [0] },
        { hop: 'down:H29.18', to: [0] },
      ] as const
      await accept(store, { name: 'a', copies })
      const [up] = await line(store)
      const [down] = await line(store, 'down:H29.18')

      await store.outbox.dispatched([{ seq: up?.seq ?? 0 }], now)
      const [between] = await store.outbox.track({ uid: uidOf('a') })
      await store.outbox.dispatched([{ seq: down?.seq ?? 0 }], now)

      assert.equal(between?.recipients[0]?.state, 'accepted')
      const [after] = await store.outbox.track({ uid: uidOf('a') })
      assert.equal(after?.recipients[0]?.state, 'dispatched')
    })

    it('ignores a copy that has gone meanwhile', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      const [item] = await line(store)
      await store.outbox.apply([delivered('a')], now)

      await store.outbox.dispatched([{ seq: item?.seq ?? 0 }], now)

      const [tracked] = await store.outbox.track({ uid: uidOf('a') })
      assert.equal(tracked?.recipients[0]?.state, 'delivered')
    })
  })

  describe('resending', () => {
    it('puts the missing segments in line for the unsettled only, once, and leaves their state', async (t) => {
      const store = await open(t)
      const recipients = [...two, { organ: 'H26.11', node: 'H26' }]
      await accept(store, { name: 'a', recipients })
      const [first] = await line(store)
      await store.outbox.dispatched([{ seq: first?.seq ?? 0 }], now)
      await store.outbox.apply([delivered('a', 'H26.11')], now)
      const request = {
        uid: uidOf('a'),
        generation: 1,
        organs: ['H26.10', 'H26.11'],
        missing: [[3, 5]] as const,
        hop: 'up' as const,
      }

      await store.outbox.resend(request)
      await store.outbox.resend(request)

      const [again, ...more] = await line(store)
      assert.equal(more.length, 0)
      assert.ok((again?.seq ?? 0) > (first?.seq ?? 0))
      assert.deepEqual(again?.segments, [[3, 5]])
      assert.deepEqual(again?.recipients, [recipients[0]])
      const [tracked] = await store.outbox.track({ uid: uidOf('a') })
      assert.equal(tracked?.recipients[0]?.state, 'dispatched')
    })

    it('adds nothing when the whole document still waits, is settled, or is unknown', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'waits' })
      await accept(store, { name: 'settled' })
      await store.outbox.apply([delivered('settled')], now)

      for (const name of ['waits', 'settled', 'unknown']) {
        const about = { uid: uidOf(name), generation: 1, organs: ['H26.10'], hop: 'up' as const }
        await store.outbox.resend({ ...about, missing: 'all' })
        await store.outbox.resend({ ...about, missing: [[0, 1]] })
      }

      assert.deepEqual(
        (await line(store)).map((item) => item.uid),
        [uidOf('waits')],
      )
    })
  })

  describe('applying signals', () => {
    it('takes a receipt, releases copies, queries and the payload, and says nothing new the second time', async (t) => {
      const store = await open(t)
      const bytes = large()
      await accept(store, { name: 'a', bytes, recipients: two })
      await store.outbox.apply([delivered('a')], now)
      assert.deepEqual(
        (await line(store)).map((item) => item.recipients),
        [[two[1]]],
      )
      await readAll(store.payloads.stream(sha256(bytes)))

      const [last, repeated] = await store.outbox.apply(
        [delivered('a', 'G12.1', 'G12'), delivered('a', 'G12.1', 'G12')],
        now,
      )

      assert.deepEqual(last, { ...last, changed: true, noted: [], resend: null, lane: 'bulk' })
      assert.deepEqual(repeated, { changed: false, noted: [], resend: null, lane: 'bulk', moved: [] })
      assert.deepEqual(await store.outbox.backlog(), { documents: 0, copies: 0 })
      const [tracked] = await store.outbox.track({ uid: uidOf('a') })
      assert.deepEqual(
        tracked?.recipients.map(({ path }) => path?.[0]?.node),
        ['G22', 'G22'],
      )
      await assert.rejects(readAll(store.payloads.stream(sha256(bytes))), { code: 'NOT_FOUND' })
    })

    it('believes receipts only from the serving node, and knows nothing of documents it never sent', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })

      const [forged, unknown] = await store.outbox.apply([delivered('a', 'H26.10', 'G12'), delivered('other')], now)

      assert.equal(forged?.changed, false)
      assert.deepEqual(unknown, { changed: false, noted: [], resend: null, lane: null, moved: [] })
      assert.equal((await line(store)).length, 1)
    })

    it('names the collected each time they are told, but not to a node that may not tell', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      const collected = (node: string) =>
        sealedBy(node, {
          type: 'collected',
          uid: uidOf('a'),
          generation: 1,
          receipts: [receiptOf('H26.10', now + 2000)],
        })

      const outcomes = await store.outbox.apply(
        [collected('G12'), collected('H26'), collected('H26'), collected('G12')],
        now,
      )

      assert.deepEqual(
        outcomes.map(({ changed, noted }) => [changed, noted]),
        [
          [false, []],
          [true, ['H26.10']],
          [false, ['H26.10']],
          [false, []],
        ],
      )
    })

    it('keeps asking while an end is provisional, and lets a receipt override it', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      const about = { uid: uidOf('a'), generation: 1, organs: ['H26.10'] }
      const lost = sealedBy('G22', { type: 'undeliverable', ...about, code: 'LOOP' })

      await store.outbox.apply([lost], now)
      const [provisional] = await store.outbox.track({ uid: uidOf('a') })
      const backlog = await store.outbox.backlog()
      await store.outbox.apply([delivered('a')], now)

      assert.equal(provisional?.recipients[0]?.state, 'undeliverable')
      assert.equal(provisional?.recipients[0]?.provisional, true)
      assert.equal(backlog.documents, 1)
      const [tracked] = await store.outbox.track({ uid: uidOf('a') })
      assert.equal(tracked?.recipients[0]?.state, 'delivered')
    })

    it('leaves notes to the mailbox', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      const signal = { type: 'noted', uid: uidOf('a'), generation: 1, organs: ['H26.10'] } as const

      const [outcome] = await store.outbox.apply([sealedBy('H26', signal)], now)

      assert.equal(outcome?.changed, false)
    })
  })
}
