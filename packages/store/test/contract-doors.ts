/** What every implementation does for the doors of document software: leases, what was sent, access, figures. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LinkOrder } from '@lienthong/core'
import type { Store } from '../src/index.ts'
import type { OpenStore } from './samples.ts'
import {
  accept,
  delivered,
  deliverRequest,
  hour,
  inline,
  large,
  now,
  readAll,
  receiptOf,
  sealedBy,
  sha256,
  stage,
  uidOf,
} from './samples.ts'

const organ = 'H26.10'
const all = { after: 0, limit: 100, all: true }

async function deliverAll(store: Store, names: readonly string[], kind: 'document' | 'status' = 'document') {
  for (const name of names) await store.mailbox.deliver(deliverRequest(name, inline(name), { kind }))
}

export function doorContract(open: OpenStore): void {
  mailboxDoors(open)
  sentDoors(open)
  accessDoors(open)
}

function mailboxDoors(open: OpenStore): void {
  describe('a mailbox for several readers', () => {
    it('lists and counts by kind, in order of arrival', async (t) => {
      const store = await open(t)
      await deliverAll(store, ['a'])
      await deliverAll(store, ['s'], 'status')
      await deliverAll(store, ['b', 'c'])
      await store.mailbox.acknowledge(organ, 3, now)

      const lists = await Promise.all([
        store.mailbox.list(organ, { ...all, kind: 'document' }),
        store.mailbox.list(organ, { ...all, all: false }),
        store.mailbox.list(organ, { ...all, kind: 'status' }),
        store.mailbox.list(organ, { ...all, limit: 2, after: 1 }),
      ])

      assert.deepEqual(
        lists.map((list) => list.map(({ id }) => id)),
        [[1, 3, 4], [1, 2, 4], [2], [2, 3]],
      )
      assert.deepEqual(
        await Promise.all([
          store.mailbox.count(organ),
          store.mailbox.count(organ, 'document'),
          store.mailbox.count(organ, 'status'),
          store.mailbox.count('H26.11'),
        ]),
        [3, 2, 1, 0],
      )
    })

    it('says which items arrived, and only for the fresh ones', async (t) => {
      const store = await open(t)
      await deliverAll(store, ['a'])

      const { arrivals } = await store.mailbox.deliver(
        deliverRequest('a', inline('a'), { organs: ['H26.10', 'H26.11'] }),
      )

      const [item] = await store.mailbox.list('H26.11', all)
      assert.deepEqual(arrivals, [{ organ: 'H26.11', mailbox: 'H26.11', id: item?.id }])
    })

    it('gives each item to one reader until its lease ends', async (t) => {
      const store = await open(t)
      await deliverAll(store, ['a', 'b', 'c'])
      await deliverAll(store, ['s'], 'status')
      const lease = (at: number, limit = 10) => store.mailbox.lease(organ, { now: at, until: at + 1000, limit })

      const readers = await Promise.all([lease(now, 1), lease(now, 1), lease(now)])
      const late = await lease(now + 1000)

      const ids = readers.map((reader) => reader.map(({ item }) => item.id))
      assert.deepEqual(ids, [[1], [2], [3, 4]])
      assert.deepEqual(
        late.map(({ item }) => item.id),
        [1, 2, 3, 4],
      )
      assert.equal(new Set([...readers.flat(), ...late].map((each) => each.lease)).size, 8)
      assert.equal(readers[0]?.[0]?.item.leasedUntil, now + 1000)
      assert.deepEqual(await store.mailbox.lease(organ, { now, until: now + 1, limit: 9, kind: 'status' }), [])
    })

    it('takes renewals, releases and acknowledgements only from the one who holds the lease', async (t) => {
      const store = await open(t)
      await deliverAll(store, ['a', 'b'])
      const [a, b] = await store.mailbox.lease(organ, { now, until: now + 1000, limit: 2 })
      assert.ok(a && b)

      await store.mailbox.renew(organ, 1, a.lease, now + 5000)
      const [taken] = await store.mailbox.lease(organ, { now: now + 1000, until: now + 2000, limit: 9 })
      assert.equal(taken?.item.id, 2)
      for (const refused of [
        store.mailbox.renew(organ, 2, b.lease, now + 9000),
        store.mailbox.release(organ, 2, { lease: b.lease, reason: null, heldUntil: 0 }),
        store.mailbox.acknowledge(organ, 2, now, b.lease),
      ]) {
        await assert.rejects(refused, { code: 'LEASE_LOST' })
      }
      await assert.rejects(store.mailbox.renew('H26.11', 1, a.lease, now), { code: 'NOT_FOUND' })

      await store.mailbox.acknowledge(organ, 2, now, taken.lease)
      assert.equal((await store.mailbox.acknowledge(organ, 2, now + 5, b.lease))?.collectedAt, now)
      assert.equal((await store.mailbox.acknowledge(organ, 1, now))?.state, 'done')
      await assert.rejects(store.mailbox.renew(organ, 1, a.lease, now), { code: 'LEASE_LOST' })
    })

    it('gives a released item again, at once or after a pause, and says why it failed', async (t) => {
      const store = await open(t)
      await deliverAll(store, ['a', 'b'])
      const [a, b] = await store.mailbox.lease(organ, { now, until: now + 1000, limit: 2 })
      assert.ok(a && b)

      const freed = await store.mailbox.release(organ, 1, { lease: a.lease, reason: null, heldUntil: 0 })
      const failed = await store.mailbox.release(organ, 2, { lease: b.lease, reason: 'đĩa đầy', heldUntil: now + 50 })

      assert.deepEqual([freed.state, freed.leasedUntil], ['initial', null])
      assert.deepEqual([failed.state, failed.stateReason, failed.leasedUntil], ['fail', 'đĩa đầy', now + 50])
      const idsAt = async (at: number) =>
        (await store.mailbox.lease(organ, { now: at, until: at, limit: 9 })).map(({ item }) => item.id)
      assert.deepEqual(await idsAt(now + 49), [1])
      assert.deepEqual(await idsAt(now + 50), [1, 2])
      await assert.rejects(store.mailbox.release(organ, 2, { lease: b.lease, reason: null, heldUntil: 0 }), {
        code: 'LEASE_LOST',
      })
    })

    it('keeps the state software gives an item, and leaves a failed one listed', async (t) => {
      const store = await open(t)
      await deliverAll(store, ['a'])

      await store.mailbox.mark(organ, 1, 'processing', null)
      const marked = await store.mailbox.mark(organ, 1, 'fail', 'không đọc được')
      assert.deepEqual(await store.mailbox.list(organ, { ...all, all: false }), [marked])
      await store.mailbox.acknowledge(organ, 1, now)
      const after = await store.mailbox.mark(organ, 1, 'fail', null)

      assert.deepEqual([marked.state, after.state], ['fail', 'done'])
      await assert.rejects(store.mailbox.mark('H26.11', 1, 'fail', null), { code: 'NOT_FOUND' })
    })

    it('reads any part of a payload, in memory or in a file', async (t) => {
      const store = await open(t)
      for (const bytes of [large(), Buffer.from('0123456789')]) {
        await store.mailbox.deliver(deliverRequest(sha256(bytes), await stage(store, bytes)))
        for (const [start, end] of [
          [0, 1],
          [3, 7],
          [5, bytes.byteLength],
          [0, 262_145],
        ] as const) {
          const part = await readAll(store.payloads.stream(sha256(bytes), { start, end }))
          assert.deepEqual(part, bytes.subarray(start, end))
        }
      }
    })
  })
}

function sentDoors(open: OpenStore): void {
  describe('what an organisation sent', () => {
    it('is listed in pages from either end, and is nobody else’s', async (t) => {
      const store = await open(t)
      for (let index = 1; index <= 6; index += 1) {
        const rest = { acceptedAt: now + index * hour, ...(index === 3 ? { kind: 'status' as const } : {}) }
        await accept(store, { name: `d${index}` }, index === 5 ? { ...rest, from: 'H29.18.06' } : rest)
      }
      const seqs = async (options: Parameters<Store['outbox']['sent']>[1], from = 'H29.18.05') =>
        (await store.outbox.sent(from, options)).map(({ seq }) => seq)

      assert.deepEqual(await seqs({ limit: 3 }), [6, 4, 3])
      assert.deepEqual(await seqs({ limit: 3, before: 3 }), [2, 1])
      assert.deepEqual(await seqs({ limit: 2, after: 0 }), [1, 2])
      assert.deepEqual(await seqs({ limit: 9, after: 2, kind: 'document' }), [4, 6])
      assert.deepEqual(await seqs({ limit: 9, since: now + 4 * hour }), [6, 4])
      assert.deepEqual(await seqs({ limit: 9, since: now + 9 * hour }), [])
      assert.deepEqual(await seqs({ limit: 9, since: now }), [6, 4, 3, 2, 1])
      assert.deepEqual(await seqs({ limit: 9 }, 'H29.18.06'), [5])
      assert.equal((await store.outbox.trackOf('H29.18.05', { uid: uidOf('d1') })).length, 1)
      assert.deepEqual(await store.outbox.trackOf('H29.18.06', { uid: uidOf('d1') }), [])
      assert.deepEqual(await store.outbox.trackOf('H29.18.06', { documentId: 'id-d1' }), [])
    })

    it('is counted by sender and recipient, page by page, from a day on and without statuses', async (t) => {
      const store = await open(t)
      const to = (...organs: readonly string[]) => organs.map((organ) => ({ organ, node: 'H26' }))
      await accept(store, { name: 'before', recipients: to('H26.1') }, { acceptedAt: now - 1 })
      await accept(store, { name: 'a', recipients: to('H26.1', 'H26.2') })
      await accept(store, { name: 'b', recipients: to('H26.1') })
      await accept(store, { name: 's', recipients: to('H26.1') }, { kind: 'status' })
      await accept(store, { name: 'c', recipients: to('H26.2') }, { from: 'H29' })

      const pages = []
      for (let after: number | null = 0; after !== null; ) {
        const page: Awaited<ReturnType<typeof store.outbox.traffic>> = await store.outbox.traffic({
          ...{ since: now, after, limit: 2 },
        })
        pages.push(page.pairs.map(({ from, to: organ, documents }) => `${from} ${organ} ${documents}`))
        after = page.next
      }

      assert.deepEqual(pages, [['H29.18.05 H26.1 2', 'H29.18.05 H26.2 1'], ['H29 H26.2 1'], []])
    })

    it('is known by its mailbox item too, where this node serves the recipient and in that generation', async (t) => {
      const store = await open(t)
      const recipients = ['H26.10', 'H26.11'].map((each) => ({ organ: each, node: 'H26' }))
      await store.mailbox.deliver(deliverRequest('other', inline('other')))
      await accept(store, { name: 'a', recipients })
      const itemsOf = async () => (await store.outbox.track({ uid: uidOf('a') }))[0]?.recipients.map(({ item }) => item)
      assert.deepEqual(await itemsOf(), [null, null])

      await store.mailbox.deliver(deliverRequest('a', inline('a'), { generation: 2 }))
      assert.deepEqual(await itemsOf(), [null, null])
      const { arrivals } = await store.mailbox.deliver(deliverRequest('a', inline('a')))

      assert.deepEqual(await itemsOf(), [arrivals[0]?.id, null])
    })

    it('has a history: one entry for each outcome of each recipient, and none for what says nothing new', async (t) => {
      const store = await open(t)
      const recipients = ['H26.10', 'H26.11', 'H26.12'].map((each) => ({ organ: each, node: 'H26' }))
      await accept(store, { name: 'a', recipients, copies: [{ hop: 'up', to: [0, 1, 2] }] })
      const { length } = await store.outbox.changes('H29.18.05', { after: 0, limit: 9 })
      const about = { uid: uidOf('a'), generation: 1 }
      const end = { ...about, type: 'undeliverable', code: 'RECEIVER_UNKNOWN' } as const

      const [first, again, provisional, overruled] = await store.outbox.apply(
        [
          delivered('a', 'H26.10'),
          delivered('a', 'H26.10'),
          sealedBy('G22', { ...end, organs: ['H26.11'] }),
          delivered('a', 'H26.11'),
          sealedBy('H26', { ...end, organs: ['H26.12'] }),
          sealedBy('H26', { type: 'collected', ...about, receipts: [receiptOf('H26.10', now + 7)] }),
        ],
        now,
      )
      const businessStatus = { about: [{ documentId: 'id-a' }], code: 3, description: null }
      const answer = await store.mailbox.deliver(
        deliverRequest('s', inline('s'), { from: 'H26.11', organs: ['H29.18.05'], kind: 'status', businessStatus }),
      )

      const changes = await store.outbox.changes('H29.18.05', { after: 0, limit: 9 })
      assert.deepEqual(
        changes.map((change) => [change.seq, change.type, change.organ, change.state, change.code, change.statusCode]),
        [
          [1, 'delivered', 'H26.10', 'delivered', null, null],
          [2, 'delivered', 'H26.11', 'delivered', null, null],
          [3, 'undeliverable', 'H26.12', 'undeliverable', 'RECEIVER_UNKNOWN', null],
          [4, 'collected', 'H26.10', 'collected', null, null],
          [5, 'status', 'H26.11', 'delivered', null, 3],
        ],
      )
      assert.deepEqual(changes[0], { ...changes[0], ...about, documentId: 'id-a', kind: 'document', from: 'H29.18.05' })
      assert.equal(length, 0)
      const moved = { uid: uidOf('a'), from: 'H29.18.05' }
      assert.deepEqual([first?.moved, again?.moved, provisional?.moved], [[{ ...moved, seq: 1 }], [], []])
      assert.deepEqual(overruled?.moved, [{ ...moved, seq: 2 }])
      assert.deepEqual(answer.moved, [{ ...moved, seq: 5 }])
      assert.deepEqual(await store.outbox.changes('H29.18.06', { after: 0, limit: 9 }), [])
      assert.equal((await store.outbox.changes('H29.18.05', { after: 3, limit: 1 }))[0]?.seq, 4)
    })

    it('forgets old history from its beginning, and still knows where it ends', async (t) => {
      const store = await open(t)
      for (const name of ['a', 'b']) {
        await accept(store, { name })
        await store.outbox.apply([delivered(name)], name === 'a' ? now : now + hour)
      }

      assert.equal(await store.outbox.trimChanges(now + 1), 1)
      const [left] = await store.outbox.changes('H29.18.05', { after: 0, limit: 9 })
      assert.equal(left?.seq, 2)
      assert.equal(await store.outbox.trimChanges(now + 2 * hour), 1)
      assert.equal(await store.outbox.lastChange(), 2)
    })
  })
}

function accessDoors(open: OpenStore): void {
  describe('access', () => {
    it('keeps systems and credentials, and who changed them, in one transaction', async (t) => {
      const store = await open(t)
      const system = {
        id: 'dms-1',
        name: 'Quản lý văn bản',
        organisations: ['H26.10'],
        scopes: ['send', 'receive'] as const,
        createdAt: now,
        disabledAt: null,
      }
      const act = { at: now, type: 'system.add', detail: { by: 'an administrator' } }
      const sealed = { kid: 'H26#1', bytes: Uint8Array.of(1, 2, 3) }
      const base = { id: 0, system: 'dms-1', createdAt: now, expiresAt: null }

      const [secret, key] = await store.access.write({
        systems: [system],
        credentials: [
          { ...base, kind: 'secret', sealed },
          { ...base, kind: 'apiKey', digest: 'ab' },
        ],
        act,
      })
      assert.ok(secret && key)
      await store.access.write({ credentials: [{ ...key, expiresAt: now + 5 }], act })
      await store.access.write({ systems: [{ ...system, disabledAt: now + 1 }], act })
      for (const kid of ['H26#1', 'H26#2']) await store.access.keep({ id: 'v1', kid, bytes: Uint8Array.of(9) })
      const loaded = await store.access.load()
      const same = store.access.write({ credentials: [{ ...base, kind: 'certificate', digest: 'ab' }], act })

      assert.deepEqual(loaded, {
        vault: [{ id: 'v1', kid: 'H26#2', bytes: Uint8Array.of(9) }],
        systems: [{ ...system, disabledAt: now + 1 }],
        credentials: [
          { ...secret, sealed },
          { ...key, expiresAt: now + 5 },
        ],
      })
      await assert.rejects(same, { code: 'INTERNAL' })
      await store.access.write({ act: { ...act, at: now + 6 } })
      assert.deepEqual((await store.access.load()).credentials, [{ ...secret, sealed }])
    })

    it('keeps operators and their keys, and forgets a key that has ended', async (t) => {
      const store = await open(t)
      const operator = { id: 'truc-1', name: 'Trực', role: 'operator', createdAt: now, disabledAt: null } as const
      const act = { at: now, type: 'operator.add', detail: { by: 'an administrator' } }
      const base = { id: 0, operator: 'truc-1', createdAt: now, expiresAt: null }

      const [first, second] = await store.access.writeOperators({
        operators: [operator],
        keys: [
          { ...base, digest: 'ab' },
          { ...base, digest: 'cd' },
        ],
        act,
      })
      assert.ok(first && second)
      await store.access.writeOperators({ keys: [{ ...first, expiresAt: now + 5 }], act })
      await store.access.writeOperators({ operators: [{ ...operator, role: 'viewer', disabledAt: now + 1 }], act })

      assert.deepEqual(await store.access.loadOperators(), {
        operators: [{ ...operator, role: 'viewer', disabledAt: now + 1 }],
        keys: [{ ...first, expiresAt: now + 5 }, second],
      })
      const same = store.access.writeOperators({ keys: [{ ...base, digest: 'cd' }], act })
      await assert.rejects(same, { code: 'INTERNAL' })
      await store.access.writeOperators({ act: { ...act, at: now + 6 } })
      assert.deepEqual((await store.access.loadOperators()).keys, [second])
    })
  })

  describe('links', () => {
    it('keep what was ordered of them until it is taken away', async (t) => {
      const store = await open(t)
      const act = { at: now, type: 'link.pause', detail: {} }
      const up = {
        neighbour: 'G22',
        stop: 'pause',
        until: now + hour,
        bytesPerSecond: null,
        by: 'a',
        reason: 'r',
        at: now,
      }
      const rate = { neighbour: 'H26', stop: null, until: null, bytesPerSecond: 9, by: 'a', reason: '', at: now }
      const orders = [up, rate] as LinkOrder[]
      for (const order of orders) await store.links.order({ neighbour: order.neighbour, order, act })
      await store.links.order({ neighbour: 'G22', order: { ...orders[0]!, stop: 'drain' }, act })
      assert.deepEqual(await store.links.orders(), [{ ...up, stop: 'drain' }, rate])
      await store.links.order({ neighbour: 'G22', order: null, act })
      assert.deepEqual(await store.links.orders(), [rate])
    })

    it('say what waits for each of them, and since when', async (t) => {
      const store = await open(t)
      const down = 'down:H26.1' as const
      for (const [name, later, hop] of [
        ['a', 0, 'up'],
        ['b', 5, 'up'],
        ['c', 9, down],
      ] as const) {
        await accept(store, { name, copies: [{ hop, to: [0] }] }, { acceptedAt: now + later })
      }
      const found = [...(await store.links.backlog())].sort((a, b) => (a.hop < b.hop ? -1 : 1))
      assert.deepEqual(
        found.map(({ hop, copies, oldestAt }) => [hop, copies, oldestAt]),
        [
          [down, 1, now + 9],
          ['up', 2, now],
        ],
      )
    })
  })

  describe('figures', () => {
    it('count what waits and know the oldest of it', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      await deliverAll(store, ['b', 'c'])
      await deliverAll(store, ['s'], 'status')
      await store.mailbox.deliver(deliverRequest('d', inline('d'), { deliveredAt: now + 9 }))
      await store.ledger.bury({ at: now, reason: 'LOOP', link: 'up', uid: null, detail: '', bytes: new Uint8Array(1) })
      for (const id of [1, 2, 2, 3]) await store.mailbox.acknowledge(organ, id, now)
      await store.touch(now)
      await store.touch(now + 1)

      const { databaseBytes, ...figures } = await store.figures()

      assert.deepEqual(figures, {
        documents: 1,
        copies: 1,
        oldestDocumentAt: now,
        waiting: { document: 1, status: 0 },
        oldestWaitingAt: { document: now + 9, status: null },
        deadLetters: 1,
      })
      assert.ok(databaseBytes > 50_000)
    })
  })
}
