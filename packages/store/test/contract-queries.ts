/** What every implementation does about queries. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Missing } from '@lienthong/core'
import type { Store } from '../src/index.ts'
import type { OpenStore } from './samples.ts'
import { accept, delivered, deliverRequest, inline, now, receiptOf, sealedBy, uidOf } from './samples.ts'

const queryTiming = { firstMs: 30_000, maxMs: 100_000 }
const about = (name: string) => ({ uid: uidOf(name), generation: 1, node: 'H26' })
const everything = { limit: 100, held: [] }

async function sent(store: Store, name: string): Promise<void> {
  await accept(store, { name })
  const items = await store.outbox.page('up', 'bulk', { after: 0, limit: 100 })
  await store.outbox.dispatched(
    items.map(({ seq }) => ({ seq })),
    now,
  )
}

export function queryContract(open: OpenStore): void {
  describe('queries', () => {
    it('go out when a receipt is late, with a new number and twice the pause each time', async (t) => {
      const store = await open(t, { queryTiming })
      await sent(store, 'a')
      const times: [number, number][] = []

      for (let at = now; at < now + 400_000; at += 10_000) {
        for (const query of await store.outbox.dueQueries({ ...everything, now: at })) {
          times.push([at - now, query.number])
          assert.deepEqual(query, { ...about('a'), organs: ['H26.10'], lane: 'bulk', number: query.number })
        }
      }

      assert.deepEqual(times, [
        [30_000, 1],
        [60_000, 2],
        [120_000, 3],
        [220_000, 4],
        [320_000, 5],
      ])
      const [tracked] = await store.outbox.track({ uid: uidOf('a') })
      assert.equal(tracked?.recipients[0]?.overdue, true)
    })

    it('are not scheduled before the document left, and end with it', async (t) => {
      const store = await open(t, { queryTiming })
      await accept(store, { name: 'waits' })
      const before = await store.outbox.dueQueries({ ...everything, now: now + 1e9 })
      await sent(store, 'settled')
      await store.outbox.apply([delivered('settled'), delivered('waits')], now)

      const after = await store.outbox.dueQueries({ ...everything, now: now + 1e9 })

      assert.deepEqual([before, after], [[], []])
      await sent(store, 'later')
      assert.equal((await store.outbox.dueQueries({ now: now + 1e9, limit: 1, held: [] })).length, 1)
      assert.deepEqual(await store.outbox.dueQueries({ ...everything, now, about: about('settled') }), [])
    })

    it('leave held ones alone and due, and give a named one at any time', async (t) => {
      const store = await open(t, { queryTiming })
      await sent(store, 'a')
      const held = [{ node: 'H26', lane: 'bulk' }] as const
      const due = now + queryTiming.firstMs

      const whileHeld = await store.outbox.dueQueries({ now: due, limit: 100, held })
      const otherLane = await store.outbox.dueQueries({ now, limit: 100, held: [{ node: 'H26', lane: 'express' }] })
      const probe = await store.outbox.dueQueries({ now, limit: 1, held, about: about('a') })
      const early = await store.outbox.dueQueries({ ...everything, now: due - 1 })
      const lifted = await store.outbox.dueQueries({ ...everything, now: due })

      assert.deepEqual([whileHeld, otherLane, early], [[], [], []])
      assert.deepEqual(
        [...probe, ...lifted].map(({ number }) => number),
        [1, 2],
      )
    })

    it('say when the next is due, beside repeated notices: earliest first, and held ones not', async (t) => {
      const store = await open(t, { queryTiming })
      const none = await store.dueAt([])
      await accept(store, { name: 'waits' })
      const unsent = await store.dueAt([])
      await sent(store, 'a')
      const first = await store.dueAt([])
      const held = await store.dueAt([{ node: 'H26', lane: 'bulk' }])
      await store.outbox.dueQueries({ ...everything, now: now + 40_000 })
      const second = await store.dueAt([])
      await store.mailbox.deliver(deliverRequest('b', inline('b')))
      const [item] = await store.mailbox.list('H26.10', { after: 0, limit: 1, all: false })
      await store.mailbox.acknowledge('H26.10', item?.id ?? 0, now)
      const notice = await store.dueAt([])
      await store.mailbox.noted(uidOf('b'), 1, ['H26.10'], 'H29.18.05')
      const noted = await store.dueAt([])

      assert.deepEqual([none, unsent, first, held], [null, null, now + 30_000, null])
      assert.deepEqual([second, notice, noted], [now + 70_000, now + 30_000, now + 70_000])
    })

    it('are hurried when a way opens: all, or those to some nodes', async (t) => {
      const store = await open(t, { queryTiming })
      await sent(store, 'a')

      await store.outbox.hurryQueries(now + 1, ['G12'])
      const others = await store.outbox.dueQueries({ ...everything, now: now + 1 })
      await store.outbox.hurryQueries(now + 1, ['G12', 'H26'])
      const named = await store.outbox.dueQueries({ ...everything, now: now + 1 })
      await store.outbox.hurryQueries(now + 2)
      const all = await store.outbox.dueQueries({ ...everything, now: now + 2 })

      assert.deepEqual(
        [others, named, all].map((due) => due.length),
        [0, 1, 1],
      )
    })

    it('come soon after a deferral, also for what had long pauses or never left', async (t) => {
      const store = await open(t, { queryTiming })
      await sent(store, 'a')
      await accept(store, { name: 'b' })
      const late = now + 1e6
      await store.outbox.dueQueries({ ...everything, now: late })
      await store.outbox.dueQueries({ ...everything, now: late + queryTiming.firstMs })
      const defer = (name: string) =>
        sealedBy('G22', {
          type: 'deferred',
          uid: uidOf(name),
          generation: 1,
          organs: ['H26.10'],
          code: 'LINK_FULL',
        })
      const at = late + queryTiming.firstMs

      await store.outbox.apply([defer('a'), defer('b')], at)

      const early = await store.outbox.dueQueries({ ...everything, now: at + queryTiming.firstMs - 1 })
      const soon = await store.outbox.dueQueries({ ...everything, now: at + queryTiming.firstMs })
      assert.deepEqual(early, [])
      assert.deepEqual(soon.map(({ uid }) => uid).sort(), [uidOf('a'), uidOf('b')].sort())
      const [tracked] = await store.outbox.track({ uid: uidOf('a') })
      assert.equal(tracked?.recipients[0]?.code, 'LINK_FULL')
    })

    it('bring a resend when the newest is answered; receipts count in any answer', async (t) => {
      const store = await open(t, { queryTiming })
      await sent(store, 'a')
      for (const at of [now + 30_000, now + 60_000]) await store.outbox.dueQueries({ ...everything, now: at })
      const answer = (number: number, missing: Missing, node = 'H26') =>
        sealedBy(node, { type: 'answer', uid: uidOf('a'), generation: 1, number, receipts: [], missing })

      const [stale, forged, newest, unasked, lacksNothing] = await store.outbox.apply(
        [answer(1, 'all'), answer(2, 'all', 'G12'), answer(2, [[1, 2]]), answer(0, 'all'), answer(2, 'none')],
        now,
      )
      const last = answer(1, 'all')
      assert.ok(last.signal.type === 'answer')
      const receipts = [receiptOf('H26.10')]
      const [late] = await store.outbox.apply([{ ...last, signal: { ...last.signal, receipts } }], now)

      const wanted = { ...about('a'), organs: ['H26.10'] }
      assert.deepEqual(
        [stale, forged, lacksNothing].map((outcome) => outcome?.resend),
        [null, null, null],
      )
      assert.deepEqual(newest?.resend, { ...wanted, missing: [[1, 2]] })
      assert.deepEqual(unasked?.resend, { ...wanted, missing: 'all' })
      assert.deepEqual([late?.changed, late?.resend], [true, null])
    })
  })
}
