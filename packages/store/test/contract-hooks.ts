/** What every implementation does about subscriptions. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { HookEventType } from '@lienthong/core'
import type { HookEvent, Store } from '../src/index.ts'
import type { OpenStore } from './samples.ts'
import { accept, delivered, deliverRequest, hour, inline, now, uidOf } from './samples.ts'

const act = { at: now, type: 'hook', detail: {} }
const secret = { kid: 'H26#1', bytes: Uint8Array.of(7) }
const organ = 'H29.18.05'
const owners = [['dms', organ]] as const

async function add(store: Store, id: string, events: readonly HookEventType[], system = 'dms'): Promise<void> {
  const hook = { id, system, organ, url: `http://127.0.0.1/${id}`, events, createdAt: now, pausedAt: null, secret }
  await store.hooks.add(hook, act)
}

const claim = (store: Store, at: number, rest: Partial<Parameters<Store['hooks']['claim']>[0]> = {}) =>
  store.hooks.claim({ now: at, claimMs: 1000, limit: 9, events: 9, owners, ...rest })

const told = (events: readonly HookEvent[]): Parameters<Store['hooks']['settle']>[1] => ({
  told: events,
  failures: 0,
  failingSince: null,
  lastError: null,
  nextAt: 0,
  pausedAt: null,
})

async function arrive(store: Store, name: string): Promise<void> {
  await store.mailbox.deliver(deliverRequest(name, inline(name), { organs: [organ] }))
}

async function settled(store: Store, name: string): Promise<void> {
  await accept(store, { name })
  await store.outbox.apply([delivered(name)], now)
}

export function hookContract(open: OpenStore): void {
  describe('subscriptions', () => {
    it('are told of both streams, in order, from the moment they begin, and of nothing twice', async (t) => {
      const store = await open(t)
      await arrive(store, 'before')
      await settled(store, 'before')
      await add(store, 'one', ['arrived', 'delivered'])
      await arrive(store, 'x')
      await settled(store, 'a')
      await arrive(store, 'y')

      const [first] = await claim(store, now, { events: 2 })
      assert.ok(first)
      await store.hooks.settle('one', told(first.events))
      const [second] = await claim(store, now)
      await store.hooks.settle('one', told(second?.events ?? []))
      await settled(store, 'b')
      const [third] = await claim(store, now)

      const uids = [first, second, third].map((due) =>
        due?.events.map((event) => ('item' in event ? event.item.uid : event.change.uid)),
      )
      assert.deepEqual(uids, [[uidOf('x'), uidOf('y')], [uidOf('a')], [uidOf('b')]])
      assert.deepEqual(first.secret, secret)
    })

    it('get only what they asked for, and never look at the rest again', async (t) => {
      const store = await open(t)
      await add(store, 'ends', ['undeliverable'])
      for (let index = 0; index < 101; index += 1) await settled(store, `a${index}`)
      assert.deepEqual(await claim(store, now), [])
      await accept(store, { name: 'b' })
      const signal = { type: 'undeliverable', uid: uidOf('b'), generation: 1, organs: ['H26.10'] } as const
      await store.outbox.apply([{ sealedBy: 'H26', signal: { ...signal, code: 'RECEIVER_UNKNOWN' } }], now)

      const [due] = await claim(store, now)

      assert.deepEqual(
        due?.events.map(({ type }) => type),
        ['undeliverable'],
      )
    })

    it('are claimed by one sender at a time, and fall due again when it never says how it went', async (t) => {
      const store = await open(t)
      await add(store, 'one', ['arrived'])
      await arrive(store, 'x')

      const claims = await Promise.all([claim(store, now), claim(store, now), claim(store, now + 999)])
      const later = await claim(store, now + 1000)

      assert.deepEqual(
        [...claims, later].map(({ length }) => length),
        [1, 0, 0, 1],
      )
    })

    it('lose their claims with the process that made them, and no pause', async (t) => {
      const store = await open(t)
      for (const id of ['claimed', 'failed']) await add(store, id, ['arrived'])
      await arrive(store, 'x')
      assert.equal((await claim(store, now)).length, 2)
      const failing = { failures: 1, failingSince: now, lastError: '503', nextAt: now + hour, pausedAt: null }
      await store.hooks.settle('failed', { told: [], ...failing })

      await store.hooks.unclaim()

      assert.deepEqual(
        (await claim(store, now)).map(({ hook }) => hook.id),
        ['claimed'],
      )
    })

    it('tell arrivals of the kind they asked for', async (t) => {
      const store = await open(t)
      await add(store, 'documents', ['arrived'])
      await add(store, 'statuses', ['statusArrived'])
      await add(store, 'both', ['arrived', 'statusArrived'])
      await arrive(store, 'x')
      await store.mailbox.deliver(deliverRequest('y', inline('y'), { organs: [organ], kind: 'status' }))

      const due = await claim(store, now)

      const told = due.map(({ hook, events }) => [hook.id, events.map(({ type }) => type).join()])
      assert.deepEqual(Object.fromEntries(told), {
        documents: 'arrived',
        statuses: 'statusArrived',
        both: 'arrived,statusArrived',
      })
    })

    it('have two secrets for a while after a change, and then one', async (t) => {
      const store = await open(t)
      await add(store, 'one', ['arrived'])
      await arrive(store, 'x')
      const key = { system: 'dms', id: 'one' }
      const newer = { kid: 'v1', bytes: Uint8Array.of(8) }

      assert.equal(await store.hooks.rotate(key, { secret: newer, earlierUntil: now + hour }, act), true)

      const found = await store.hooks.get(key, now)
      assert.deepEqual([found?.secret, found?.earlier], [newer, secret])
      const [due] = await claim(store, now + hour)
      assert.deepEqual([due?.secret, due?.earlier], [newer, null])
      const stranger = { ...key, system: 'other' }
      assert.equal(await store.hooks.get(stranger, now), null)
      assert.equal(await store.hooks.rotate(stranger, { secret, earlierUntil: now }, act), false)
    })

    it('fail and pause alone, keep their place, and show what is wrong', async (t) => {
      const store = await open(t)
      await add(store, 'bad', ['arrived'])
      await add(store, 'good', ['arrived'])
      await arrive(store, 'x')
      await arrive(store, 'y')
      const due = await claim(store, now)
      assert.equal(due.length, 2)
      const [x] = due[0]?.events ?? []
      assert.ok(x)

      const failing = { failures: 3, failingSince: now, lastError: '503', nextAt: now + hour, pausedAt: null }
      await store.hooks.settle('bad', { told: [x], ...failing })
      await store.hooks.settle('good', told(due[1]?.events ?? []))

      assert.deepEqual(await claim(store, now), [])
      const [shown] = await store.hooks.list('dms')
      assert.deepEqual([shown?.id, shown?.failures, shown?.lastError, shown?.nextAt], ['bad', 3, '503', now + hour])
      const [again] = await claim(store, now + hour)
      assert.deepEqual(
        again?.events.map((event) => 'item' in event && event.item.uid),
        [uidOf('y')],
      )
      await store.hooks.settle('bad', { told: [], ...failing, pausedAt: now + hour })
      await arrive(store, 'z')
      assert.deepEqual(
        (await claim(store, now + 9 * hour)).map(({ hook }) => hook.id),
        ['good'],
      )
      assert.equal(await store.hooks.pause({ system: 'dms', id: 'bad' }, null, act), true)
      const [resumed] = await claim(store, now)
      assert.deepEqual([resumed?.hook.failures, resumed?.events.length], [0, 2])
    })

    it('belong to their system: only it removes or pauses them, and only for what it may read are they told', async (t) => {
      const store = await open(t)
      await add(store, 'mine', ['arrived'])
      await add(store, 'theirs', ['arrived'], 'other')
      await arrive(store, 'x')

      assert.equal(await store.hooks.remove('dms', 'theirs', act), false)
      assert.equal(await store.hooks.pause({ system: 'dms', id: 'theirs' }, now, act), false)
      assert.deepEqual(
        (await store.hooks.list()).map(({ id }) => id),
        ['mine', 'theirs'],
      )
      assert.deepEqual(await claim(store, now, { owners: [['dms', 'H29.18.06']] }), [])
      assert.deepEqual(
        (await claim(store, now)).map(({ hook }) => hook.id),
        ['mine'],
      )
      assert.equal(await store.hooks.remove('dms', 'mine', act), true)
      assert.deepEqual(await store.hooks.list('dms'), [])
    })
  })
}
