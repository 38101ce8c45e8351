/** Mailboxes that move from one store to another, and those that move inside one. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type HandedRow, type HandedTombstone, nodeRecipient, type RowTraits, type SealedSignal } from '@lienthong/core'
import type { KeptPart, LeavingRows, RowDecision, Store } from '@lienthong/store'
import { deliverRequest, inline, large, now, type OpenStore, readAll, stage, uidOf } from './samples.ts'

const organ = 'H29.1'
const [here, there] = [nodeRecipient('H29'), nodeRecipient('H26')]

let count = 0
async function handOver(store: Store, { rows, ids, heirs, tombstones, payload }: LeavingRows): Promise<string | null> {
  count += 1
  const uid = uidOf(`handover ${count}`)
  const bytes = inline(`rows ${count} ${rows.length}`)
  const done = await store.handovers.handOver({
    uid,
    ids,
    heirs,
    tombstones,
    from: here,
    documentId: `${count}`,
    segmentBytes: 1024,
    payload: payload ?? bytes,
    sealed: { core: Buffer.from(`core ${count}`), seal: Buffer.from('seal') },
    recipient: { organ: there, node: 'H26' },
    hop: 'up',
    acceptedAt: now,
  })
  return done ? uid : null
}

async function takeOver(
  store: Store,
  uid: string,
  {
    rows,
    tombstones = [],
    payload,
  }: {
    readonly rows: readonly HandedRow[]
    readonly tombstones?: readonly HandedTombstone[]
    readonly payload: Uint8Array | null
  },
  keepers: Readonly<Record<string, string>> = {},
) {
  const [first] = rows
  return store.handovers.takeOver({
    uid,
    generation: 1,
    from: 'H29',
    organ: there,
    documentId: '1',
    path: [],
    payload: payload === null ? inline(uid) : { bytes: payload, sha256: first?.sha256 ?? '' },
    headline: { subject: 'Về việc', number: '1/UB', date: null },
    rows,
    tombstones,
    mailboxes: rows.map((row) => keepers[row.organ] ?? row.organ),
    deliveredAt: now + 5_000,
    sealedAt: now,
  })
}

function arrived(uid: string): SealedSignal {
  const receipts = [{ organ: there, deliveredAt: now, collectedAt: null, path: [] }]
  return { sealedBy: 'H26', signal: { type: 'delivered', uid, generation: 1, receipts } }
}

async function listed(store: Store, mailbox = organ) {
  return (await store.mailbox.list(mailbox, { after: 0, limit: 100, all: false })).map(({ uid }) => uid)
}

async function bytesOf(store: Store, sha256: string): Promise<string> {
  return (await readAll(store.payloads.stream(sha256))).toString()
}

export function handoverContract(open: OpenStore): void {
  describe('mailboxes that move', () => {
    it('leave row by row: first what needs no payload, then document by document', async (t) => {
      const store = await open(t)
      const names = ['a', 'b', 'c']
      for (const name of names) await store.mailbox.deliver(deliverRequest(name, inline(name), { organs: [organ] }))
      const [first] = await store.mailbox.list(organ, { after: 0, limit: 1, all: false })
      await store.mailbox.acknowledge(organ, first?.id ?? 0, now + 1_000)
      assert.deepEqual(await store.handovers.organs(), [organ])
      assert.equal(await store.handovers.count([{ organ }]), 3)

      const seen: string[] = []
      for (;;) {
        const rows = await store.handovers.leaving([{ organ }], 10)
        if (rows === null) break
        seen.push(`${rows.rows.map(({ uid, noted }) => `${uid.slice(0, 4)} ${noted}`).join()} ${rows.payload !== null}`)
        assert.notEqual(await handOver(store, rows), null)
        assert.equal(await handOver(store, rows), null, 'a row leaves once')
      }
      const [a, b, c] = names.map((name) => uidOf(name).slice(0, 4))
      assert.deepEqual(seen, [`${a} false false`, `${b} false true`, `${c} false true`])
      assert.deepEqual(await listed(store), [])
      assert.equal(await store.mailbox.count(organ), 0)
      assert.deepEqual((await store.figures()).waiting, { document: 0, status: 0 })
      assert.equal(await store.mailbox.acknowledge(organ, (first?.id ?? 0) + 1, now), null)
      assert.deepEqual(await store.handovers.settle(), { arrived: 0, returned: 0, open: 3, rows: 3 })
    })

    it('still answer for what has left, and let go of its payload when it has arrived', async (t) => {
      const store = await open(t)
      const payload = inline('a')
      const { receipts } = await store.mailbox.deliver(deliverRequest('a', payload, { organs: [organ] }))
      const uid = await handOver(store, (await store.handovers.leaving([{ organ }], 10)) ?? assert.fail())
      await store.outbox.apply([arrived(uid ?? '')], now)
      assert.deepEqual(await store.handovers.settle(), { arrived: 1, returned: 0, open: 0, rows: 0 })
      assert.deepEqual(await store.mailbox.receipts(uidOf('a'), 1, [organ]), receipts)
      await assert.rejects(bytesOf(store, payload.sha256), { code: 'NOT_FOUND' })
      assert.equal(await store.mailbox.payloadOf(uidOf('a')), null)
      const again = await store.mailbox.deliver(deliverRequest('a', payload, { organs: [organ] }))
      assert.deepEqual([again.fresh, again.receipts], [[], receipts])
      assert.deepEqual(await store.handovers.organs(), [])
    })

    it('are as before when the other node does not take them', async (t) => {
      const store = await open(t)
      await store.mailbox.deliver(deliverRequest('a', inline('a'), { organs: [organ] }))
      const uid = (await handOver(store, (await store.handovers.leaving([{ organ }], 10)) ?? assert.fail())) ?? ''
      const signal = { type: 'undeliverable', uid, generation: 1, organs: [there], code: 'INTERNAL' } as const
      await store.outbox.apply([{ sealedBy: 'H26', signal }], now)
      assert.deepEqual(await store.handovers.settle(), { arrived: 0, returned: 1, open: 0, rows: 0 })
      assert.deepEqual(await listed(store), [uidOf('a')])
      assert.deepEqual((await store.figures()).waiting, { document: 1, status: 0 })
    })

    it('come once, with their times, and with what their origin does not know yet', async (t) => {
      const [from, to] = [await open(t), await open(t)]
      for (const name of ['a', 'b']) await from.mailbox.deliver(deliverRequest(name, inline(name), { organs: [organ] }))
      const [a] = await from.mailbox.list(organ, { after: 0, limit: 1, all: false })
      const told = await from.mailbox.acknowledge(organ, a?.id ?? 0, now + 1_000)
      for (const payload of [null, inline('b').bytes]) {
        const rows = (await from.handovers.leaving([{ organ }], 10)) ?? assert.fail()
        const uid = (await handOver(from, rows)) ?? assert.fail()
        const first = await takeOver(to, uid, { rows: rows.rows, payload })
        const again = await takeOver(to, uid, { rows: rows.rows, payload })
        assert.deepEqual(again.receipts, first.receipts)
        assert.deepEqual([first.arrivals.length, again.arrivals.length], [payload === null ? 0 : 1, 0])
        await from.outbox.apply([arrived(uid)], now)
      }
      await from.handovers.settle()
      const notices = (store: Store) => store.mailbox.dueCollected(now + 9_000_000, 10, { firstMs: 1, maxMs: 2 })
      assert.deepEqual(await notices(from), [])
      assert.deepEqual(
        (await notices(to)).map(({ uid, receipts }) => [uid, receipts]),
        [[uidOf('a'), told?.receipts]],
      )
      assert.deepEqual(await listed(to), [uidOf('b')])
      assert.equal(await bytesOf(to, inline('b').sha256), Buffer.from(inline('b').bytes).toString())
      assert.equal((await to.mailbox.list(organ, { after: 0, limit: 9, all: true })).length, 1)
      assert.deepEqual((await to.mailbox.deliver(deliverRequest('a', inline('a'), { organs: [organ] }))).fresh, [])
      assert.equal(await to.mailbox.payloadOf(uidOf('a')), null)
      assert.deepEqual((await to.figures()).waiting, { document: 1, status: 0 })
    })

    it('meet a document that came to both nodes: it is there once, and not again for whoever had it', async (t) => {
      const [from, to] = [await open(t), await open(t)]
      const names = ['a', 'b']
      for (const store of [from, to]) {
        for (const name of names) await store.mailbox.deliver(deliverRequest(name, inline(name), { organs: [organ] }))
      }
      const [a] = await from.mailbox.list(organ, { after: 0, limit: 1, all: false })
      await from.mailbox.acknowledge(organ, a?.id ?? 0, now + 1_000)
      for (const payload of [null, inline('b').bytes]) {
        const rows = (await from.handovers.leaving([{ organ }], 10)) ?? assert.fail()
        const uid = (await handOver(from, rows)) ?? assert.fail()
        assert.deepEqual((await takeOver(to, uid, { rows: rows.rows, payload })).arrivals, [])
      }
      assert.deepEqual(await listed(to), [uidOf('b')])
      assert.deepEqual((await to.figures()).waiting, { document: 1, status: 0 })
    })

    it('bring what was recalled: it is in no mailbox afterwards, whatever comes when', async (t) => {
      const [from, to] = [await open(t), await open(t)]
      const about = [{ uid: uidOf('a'), generation: 2 }]
      const recall = { organs: [organ], about, businessType: 1 }
      await from.mailbox.deliver(deliverRequest('b', inline('b'), { organs: [organ] }))
      await from.mailbox.deliver(
        deliverRequest('recall b', inline('recall b'), { ...recall, about: [{ uid: uidOf('b'), generation: 1 }] }),
      )
      await from.mailbox.deliver(deliverRequest('recall', inline('recall'), recall))
      await to.mailbox.deliver(deliverRequest('b', inline('b'), { organs: [organ] }))
      const rows = (await from.handovers.leaving([{ organ }], 10)) ?? assert.fail()
      assert.deepEqual([rows.rows.length, rows.tombstones.length, rows.payload], [3, 1, null])
      const uid = (await handOver(from, rows)) ?? assert.fail()
      assert.deepEqual((await takeOver(to, uid, rows as LeavingRows & { payload: null })).arrivals, [])
      assert.equal(await from.handovers.leaving([{ organ }], 10), null)
      assert.equal(await from.handovers.count([{ organ }]), 0)

      assert.deepEqual(await listed(to), [])
      assert.deepEqual((await to.figures()).waiting, { document: 0, status: 0 })
      const late = deliverRequest('a', inline('a'), { organs: [organ] })
      assert.deepEqual((await to.mailbox.deliver(late)).stopped, [organ])
      const [receipt] = await to.mailbox.receipts(uidOf('recall'), 1, [organ])
      assert.deepEqual(receipt?.effects, ['stopped'])
    })

    it('may come back, and wait behind all that was seen', async (t) => {
      const [one, other] = [await open(t), await open(t)]
      await one.mailbox.deliver(deliverRequest('a', inline('a'), { organs: [organ] }))
      const [before] = await one.mailbox.list(organ, { after: 0, limit: 1, all: false })
      const bytes = inline('a').bytes
      const goes = (await one.handovers.leaving([{ organ }], 10)) ?? assert.fail()
      const uid = (await handOver(one, goes)) ?? assert.fail()
      await takeOver(other, uid, { rows: goes.rows, payload: bytes })
      await one.outbox.apply([arrived(uid)], now)
      await one.handovers.settle()
      const back = (await other.handovers.leaving([{ organ }], 10)) ?? assert.fail()
      const { arrivals } = await takeOver(one, uidOf('back'), { rows: back.rows, payload: bytes })
      assert.equal(arrivals.length, 1)
      assert.ok((arrivals[0]?.id ?? 0) > (before?.id ?? 0))
      assert.deepEqual(await listed(one), [uidOf('a')])
      assert.equal(await bytesOf(one, inline('a').sha256), Buffer.from(bytes).toString())
    })
  })

  describe('organisations that have merged', () => {
    it('have one document once in the mailbox of whoever took over, and a receipt each', async (t) => {
      const store = await open(t)
      const keepers = { X1: 'Y', X2: 'Y' }
      const first = await store.mailbox.deliver(deliverRequest('a', inline('a'), { organs: ['X1'], keepers }))
      const second = await store.mailbox.deliver(deliverRequest('a', inline('a'), { organs: ['X2'], keepers }))
      assert.deepEqual([first.fresh, second.fresh], [['X1'], ['X2']])
      assert.deepEqual([first.arrivals.length, second.arrivals.length], [1, 0])
      assert.deepEqual(await listed(store, 'Y'), [uidOf('a')])
      assert.equal(await store.mailbox.count('Y'), 1)
      assert.deepEqual((await store.figures()).waiting, { document: 1, status: 0 })
      const [item] = await store.mailbox.list('Y', { after: 0, limit: 1, all: false })
      assert.deepEqual([item?.organ, item?.addressed], ['Y', 'X1'])
      const collected = await store.mailbox.acknowledge('Y', item?.id ?? 0, now + 1_000)
      assert.deepEqual(
        collected?.receipts.map((receipt) => [receipt.organ, receipt.collectedAt]),
        [
          ['X1', now + 1_000],
          ['X2', now + 1_000],
        ],
      )
      const third = await store.mailbox.deliver(deliverRequest('a', inline('a'), { organs: ['Y'] }))
      assert.deepEqual([third.fresh, third.arrivals], [['Y'], []])
      assert.deepEqual(await listed(store, 'Y'), [])
    })

    it('have what waited put behind what the new reader has seen', async (t) => {
      const store = await open(t)
      for (const [name, to] of [
        ['a', 'X1'],
        ['both', 'X1'],
        ['both', 'X2'],
        ['seen', 'Y'],
      ] as const) {
        await store.mailbox.deliver(deliverRequest(name, inline(name), { organs: [to] }))
      }
      const [seen] = await store.mailbox.list('Y', { after: 0, limit: 1, all: false })
      const kept = [
        ...(await store.handovers.keep({ organ: 'X1' }, 'Y', 10)),
        ...(await store.handovers.keep({ organ: 'X2' }, 'Y', 10)),
        ...(await store.handovers.keep({ organ: 'X1' }, 'Y', 10)),
      ]
      assert.deepEqual(
        kept.map(({ row, mailbox }) => [row.uid, row.organ, mailbox]),
        [
          [uidOf('a'), 'X1', 'Y'],
          [uidOf('both'), 'X1', 'Y'],
        ],
      )
      const after = await store.mailbox.list('Y', { after: seen?.id ?? 0, limit: 10, all: false })
      assert.deepEqual(
        after.map(({ uid }) => uid),
        [uidOf('a'), uidOf('both')],
      )
      assert.deepEqual(await listed(store, 'X1'), [])
      assert.deepEqual((await store.figures()).waiting, { document: 3, status: 0 })
      await store.mailbox.deliver(deliverRequest('later', inline('later'), { organs: ['X1'] }))
      assert.ok(
        (after.at(-1)?.id ?? 0) < ((await store.mailbox.list('X1', { after: 0, limit: 1, all: false }))[0]?.id ?? 0),
      )
    })

    it('are recalled from whoever took over, though others were addressed', async (t) => {
      const store = await open(t)
      const keepers = { X1: 'Y', X2: 'Y' }
      const both = { organs: ['X1', 'X2'], keepers }
      await store.mailbox.deliver(deliverRequest('a', inline('a'), both))
      const about = ['a', 'later'].map((name) => ({ uid: uidOf(name), generation: 1 }))
      const recall = { organs: ['Y'], about, businessType: 1, predecessors: { Y: ['X1', 'X2'] } }
      const { receipts } = await store.mailbox.deliver(deliverRequest('recall', inline('recall'), recall))
      assert.deepEqual(receipts[0]?.effects, ['withdrawn', 'stopped'])
      assert.deepEqual(await listed(store, 'Y'), [])
      assert.deepEqual((await store.figures()).waiting, { document: 0, status: 0 })
      const later = await store.mailbox.deliver(deliverRequest('later', inline('later'), both))
      assert.deepEqual(later.stopped, ['X1', 'X2'])
    })

    it('hand over one payload for all of them', async (t) => {
      const [from, to] = [await open(t), await open(t)]
      const bytes = large()
      await from.mailbox.deliver(deliverRequest('large', await stage(from, bytes), { organs: ['X1', 'X2'] }))
      const rows = (await from.handovers.leaving([{ organ: 'X1' }, { organ: 'X2' }], 10)) ?? assert.fail()
      assert.deepEqual(
        rows.rows.map((row) => row.organ),
        ['X1', 'X2'],
      )
      const uid = (await handOver(from, rows)) ?? assert.fail()
      const { arrivals } = await takeOver(to, uid, { rows: rows.rows, payload: bytes }, { X1: 'Y', X2: 'Y' })
      assert.equal(arrivals.length, 1)
      assert.deepEqual(await listed(to, 'Y'), [uidOf('large')])
      assert.equal((await to.mailbox.receipts(uidOf('large'), 1, ['X1', 'X2'])).length, 2)
    })
  })

  describe('the mailbox of an organisation that was split', () => {
    const [sender, other] = ['H29.2', 'H29.3']
    const deliverTo = async (store: Store, text: string, from: string, about: readonly string[] = []) => {
      const headline = { subject: text, number: '1/UB', date: null }
      const request = deliverRequest(text, inline(text), { organs: [organ], from, headline })
      const means = about.map((each) => ({ uid: uidOf(each), generation: 1 }))
      return store.mailbox.deliver(about.length === 0 ? request : { ...request, businessType: 1, about: means })
    }
    const waitingFrom = (from: string, chosen: RowTraits['chosen'] = null) => {
      return { organ, of: { organ, from, unit: null, chosen }, heir: 'B' }
    }
    async function pass(from: Store, to: Store, part: KeptPart): Promise<string> {
      const rows = (await from.handovers.leaving([part], 10)) ?? assert.fail()
      const uid = (await handOver(from, rows)) ?? assert.fail()
      const payload = rows.payload === null ? null : await readAll(from.payloads.stream(rows.payload.sha256))
      await takeOver(to, uid, { ...rows, payload }, { [organ]: 'B' })
      await from.outbox.apply([arrived(uid)], now)
      await from.handovers.settle()
      return uid
    }

    it('leaves row by row: those of one sender, and the rest stays to be counted and decided', async (t) => {
      const [from, to] = [await open(t), await open(t)]
      for (const text of ['a', 'b']) await deliverTo(from, text, sender)
      await deliverTo(from, 'c', other)
      assert.deepEqual(
        (await from.splits.groups(organ)).map((group) => [group.from, group.chosen, group.count]),
        [
          [sender, null, 2],
          [other, null, 1],
        ],
      )
      assert.equal(await from.handovers.count([waitingFrom(sender)]), 2)
      for (let left = 2; left > 0; left -= 1) await pass(from, to, waitingFrom(sender))
      assert.equal(await from.handovers.leaving([waitingFrom(sender)], 10), null)
      assert.deepEqual(await listed(from), [uidOf('c')])
      assert.deepEqual(await listed(to, 'B'), [uidOf('a'), uidOf('b')])
      const chosen = { heir: 'B', byHand: false }
      assert.deepEqual(
        (await to.splits.groups(organ)).map((group) => [group.from, group.chosen, group.count]),
        [[sender, chosen, 2]],
      )
      // Another rule: as they were given, they are found again.
      assert.equal(await to.handovers.count([waitingFrom(sender, chosen)]), 2)
    })

    it('gives one document to whom a person names: recorded once, and not once it has gone', async (t) => {
      const [from, to] = [await open(t), await open(t)]
      for (const [text, by] of [
        ['a', sender],
        ['b', sender],
        ['c', other],
      ] as const) {
        await deliverTo(from, text, by)
      }
      const said = { organ, by: 'an-operator', reason: 'NQ 60', at: now }
      const decide = (heir: string, key: RowDecision['key'], of?: string) =>
        from.splits.decide({ ...said, key, heir, ...(of !== undefined && { from: of }) })
      const uid = uidOf('a')
      assert.deepEqual(await decide('B', { uid }), { outcome: 'decided', uid, fresh: true })
      assert.deepEqual(await decide('B', { uid }), { outcome: 'decided', uid, fresh: false })
      assert.deepEqual(await decide('B', { uid: uidOf('nothing') }), { outcome: 'unknown' })
      const number = (await from.mailbox.list(organ, { after: 0, limit: 1, all: false }))[0]?.headline.number ?? ''
      assert.equal((await decide('C', { number })).outcome, 'several')
      assert.deepEqual(await decide('C', { number }, other), { outcome: 'decided', uid: uidOf('c'), fresh: true })
      await pass(from, to, waitingFrom(sender, { heir: 'B', byHand: true }))
      assert.deepEqual(await listed(to, 'B'), [uid])
      assert.deepEqual(await decide('C', { uid }), { outcome: 'late', uid, heir: 'B' })
      assert.deepEqual(await decide('B', { uid }), { outcome: 'decided', uid, fresh: false })
    })

    it('sends a recall after what has left, and carries it out where that is now', async (t) => {
      const [from, to] = [await open(t), await open(t)]
      for (const text of ['a', 'b']) await deliverTo(from, text, sender)
      for (let left = 2; left > 0; left -= 1) await pass(from, to, waitingFrom(sender))
      const read = (await to.mailbox.list('B', { after: 0, limit: 10, all: false })).find(
        ({ uid }) => uid === uidOf('b'),
      )
      await to.mailbox.acknowledge('B', read?.id ?? 0, now)
      const chosen = { heir: 'B', byHand: true }
      for (const [text, effects] of [
        ['a', ['withdrawn']],
        ['b', ['asked']],
      ] as const) {
        const recall = `recall of ${text}`
        const { receipts, arrivals } = await deliverTo(from, recall, sender, [text])
        assert.deepEqual([receipts[0]?.effects, arrivals], [undefined, []])
        await pass(from, to, waitingFrom(sender, chosen))
        const [receipt] = await to.mailbox.receipts(uidOf(recall), 1, [organ])
        assert.deepEqual(receipt?.effects, effects)
      }
      // Nobody need read the first; its origin is told as of what was collected. The second asks its reader.
      const notices = await to.mailbox.dueCollected(now + 60_000, 10, { firstMs: 1_000, maxMs: 1_000 })
      const told = notices.find(({ uid }) => uid === uidOf('recall of a'))?.receipts[0]
      assert.deepEqual(told?.effects, ['withdrawn'])
      await to.handovers.keep({ organ }, 'B', 10)
      assert.deepEqual(await listed(to, 'B'), [uidOf('recall of b')])
    })

    it('knows what a recall that came first has stopped, and lets nobody read it', async (t) => {
      const [from, to] = [await open(t), await open(t)]
      await deliverTo(from, 'a', sender)
      const rows = (await from.handovers.leaving([waitingFrom(sender)], 10)) ?? assert.fail()
      const uid = (await handOver(from, rows)) ?? assert.fail()
      await deliverTo(from, 'recall', sender, ['a'])
      await pass(from, to, waitingFrom(sender, { heir: 'B', byHand: true }))
      assert.deepEqual((await to.mailbox.receipts(uidOf('recall'), 1, [organ]))[0]?.effects, ['stopped'])
      await takeOver(to, uid, { ...rows, payload: Buffer.from('payload of a') }, { [organ]: 'B' })
      assert.deepEqual(await listed(to, 'B'), [])
    })
  })
}
