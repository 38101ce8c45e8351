/** What every implementation does with what is under way when routes have changed. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Hop, Receipt } from '@lienthong/core'
import type { Store } from '../src/index.ts'
import type { OpenStore } from './samples.ts'
import { accept, delivered, now, receiptOf, sealedBy, uidOf } from './samples.ts'

const two = [
  { organ: 'H26.10', node: 'H26' },
  { organ: 'G12.1', node: 'G12' },
]
const everything = { limit: 100, held: [] }
const line = (store: Store, hop: Hop) => store.outbox.page(hop, 'bulk', { after: 0, limit: 100 })
const unsettled = async (store: Store, node: string, after = { seq: 0, generation: 0 }) =>
  store.outbox.unsettledFor(node, { after, limit: 10 })
const waiting = (store: Store, after = 0) => store.outbox.waiting({ after, limit: 100 })

/** Queries due in a very long time, as `node: organs`. */
async function asked(store: Store): Promise<readonly string[]> {
  const due = await store.outbox.dueQueries({ ...everything, now: now + 1e9 })
  return due.map(({ node, organs }) => `${node}: ${organs.join(' ')}`).sort()
}

async function nodesOf(store: Store, name: string): Promise<readonly string[]> {
  const [tracked] = await store.outbox.track({ uid: uidOf(name) })
  return (tracked?.recipients ?? []).map(({ organ, node, state }) => `${organ} ${node} ${state}`).sort()
}

export function rerouteContract(open: OpenStore): void {
  describe('copies in line', () => {
    it('are told with their recipients, over all hops, in order', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a', recipients: two, copies: [{ hop: 'up', to: [1] }] })
      await accept(store, { name: 'b' })

      const [a, b, ...none] = await waiting(store)

      assert.deepEqual(none, [])
      assert.deepEqual(
        { ...a, seq: 0 },
        { seq: 0, uid: uidOf('a'), generation: 1, hop: 'up', to: [1], recipients: [two[1]] },
      )
      assert.deepEqual([b?.uid, b?.recipients], [uidOf('b'), [two[0]]])
      assert.deepEqual(await waiting(store, a?.seq), [b])
    })

    it('take other ways, the first in their own place, and name who serves them now', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a', recipients: two })
      await accept(store, { name: 'b' })
      const [a] = await waiting(store)
      const seq = a?.seq ?? 0

      const parts = [
        { hop: 'down:H29.18', to: [1], whole: true },
        { hop: 'mailbox', to: [0], whole: false },
      ] as const
      await store.outbox.reroute([{ seq, parts, moved: [{ organ: 'G12.1', node: 'H29.18' }] }])

      assert.deepEqual(
        (await line(store, 'up')).map(({ uid }) => uid),
        [uidOf('b')],
      )
      const [down] = await line(store, 'down:H29.18')
      assert.deepEqual([down?.seq, down?.to, down?.recipients], [seq, [1], [{ organ: 'G12.1', node: 'H29.18' }]])
      const [here] = await line(store, 'mailbox')
      assert.deepEqual([here?.to, here?.recipients], [[0], [two[0]]])
      assert.deepEqual(await nodesOf(store, 'a'), ['G12.1 H29.18 accepted', 'H26.10 H26 accepted'])
      assert.deepEqual(await store.outbox.backlog(), { documents: 2, copies: 3 })
      await store.outbox.dispatched([{ seq }], now)
      assert.deepEqual(await asked(store), ['H29.18: G12.1'])
    })

    it('bring everything to another node, though only a part was to go', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      const [first] = await line(store, 'up')
      await store.outbox.dispatched([{ seq: first?.seq ?? 0 }], now)
      const about = { uid: uidOf('a'), generation: 1, organs: ['H26.10'] }
      await store.outbox.resend({ ...about, missing: [[2, 3]], hop: 'up' })
      const [resent] = await waiting(store)
      const seq = resent?.seq ?? 0

      await store.outbox.reroute([{ seq, parts: [{ hop: 'up', to: [0], whole: false }], moved: [] }])
      assert.deepEqual((await line(store, 'up'))[0]?.segments, [[2, 3]])
      const moved = [{ organ: 'H26.10', node: 'G12' }]
      await store.outbox.reroute([{ seq, parts: [{ hop: 'up', to: [0], whole: true }], moved }])

      assert.equal((await line(store, 'up'))[0]?.segments, 'all')
      assert.deepEqual(await asked(store), [])
    })

    it('that went meanwhile do not come back', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a', recipients: two })
      const [a] = await waiting(store)
      const seq = a?.seq ?? 0
      const parts = [{ hop: 'mailbox', to: [0, 1], whole: false }] as const

      await store.outbox.apply([delivered('a')], now)
      await store.outbox.reroute([{ seq, parts, moved: [] }])
      assert.deepEqual((await line(store, 'mailbox'))[0]?.to, [1])
      await store.outbox.dispatched([{ seq }], now)
      await store.outbox.reroute([{ seq, parts, moved: [] }])
      assert.deepEqual(await waiting(store), [])
    })
  })

  describe('what has left for a node', () => {
    async function sent(store: Store): Promise<void> {
      await accept(store, { name: 'a', recipients: two })
      const [item] = await line(store, 'up')
      await store.outbox.dispatched([{ seq: item?.seq ?? 0 }], now)
    }

    it('is asked of another once its recipients are served there, and that one is believed', async (t) => {
      const store = await open(t)
      await sent(store)
      assert.deepEqual([...(await store.outbox.askedNodes())].sort(), ['G12', 'H26'])
      const [first, ...more] = await unsettled(store, 'H26')
      assert.deepEqual(first, { seq: 1, uid: uidOf('a'), generation: 1, organs: ['H26.10'] })
      assert.deepEqual([more, await unsettled(store, 'H26', { seq: 1, generation: 1 })], [[], []])
      assert.equal((await unsettled(store, 'H26', { seq: 1, generation: 0 })).length, 1)
      const about = { uid: uidOf('a'), generation: 1, organs: ['H26.10'] }

      await store.outbox.relocate({ ...about, node: 'H29.18', askAt: now + 5 })

      assert.deepEqual(await unsettled(store, 'H26'), [])
      const [due, ...later] = await store.outbox.dueQueries({ ...everything, now: now + 5 })
      assert.deepEqual([due?.node, due?.organs, later], ['H29.18', ['H26.10'], []])
      const [before, after] = await store.outbox.apply([delivered('a'), delivered('a', 'H26.10', 'H29.18')], now)
      assert.deepEqual([before?.changed, after?.changed], [false, true])
    })

    it('stays with the node that has it', async (t) => {
      const store = await open(t)
      await sent(store)
      await store.outbox.apply([delivered('a')], now)

      await store.outbox.relocate({ uid: uidOf('a'), generation: 1, organs: ['H26.10'], node: 'H29.18', askAt: now })

      assert.deepEqual(await nodesOf(store, 'a'), ['G12.1 G12 dispatched', 'H26.10 H26 delivered'])
      assert.deepEqual(await asked(store), ['G12: G12.1'])
    })

    it('is settled by a node that serves its recipient now, and only for that recipient', async (t) => {
      const store = await open(t)
      await sent(store)
      const receipts: Receipt[] = [receiptOf('H26.10'), receiptOf('G12.1')]
      const signal = { type: 'delivered', uid: uidOf('a'), generation: 1, receipts } as const

      const [outcome] = await store.outbox.apply([{ ...sealedBy('H29.18', signal), serves: ['H26.10'] }], now)

      assert.equal(outcome?.changed, true)
      assert.deepEqual(await nodesOf(store, 'a'), ['G12.1 G12 dispatched', 'H26.10 H29.18 delivered'])
      assert.deepEqual(await asked(store), ['G12: G12.1'])
    })
  })
}
