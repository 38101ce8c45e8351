/** What every implementation of mailboxes, the ledger and payloads does. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OpenStore } from './samples.ts'
import { accept, chunksOf, deliverRequest, inline, large, now, readAll, sha256, stage, uidOf } from './samples.ts'

const timing = { firstMs: 30_000, maxMs: 3_600_000 }
const inbox = { after: 0, limit: 100, all: false }

export function mailboxContract(open: OpenStore): void {
  describe('delivering', () => {
    it('delivers once per document, organisation and generation, and answers a duplicate with the original receipt', async (t) => {
      const store = await open(t)
      const organs = ['H26.10', 'H26.11']

      const first = await store.mailbox.deliver(deliverRequest('a', inline('a')))
      const second = await store.mailbox.deliver(
        deliverRequest('a', inline('a'), { organs, deliveredAt: now + 9, path: [] }),
      )
      const third = await store.mailbox.deliver(deliverRequest('a', inline('a'), { generation: 2 }))

      assert.deepEqual(
        [first, second, third].map(({ fresh }) => fresh),
        [['H26.10'], ['H26.11'], ['H26.10']],
      )
      assert.deepEqual(second.receipts[0], first.receipts[0])
      assert.deepEqual(second.receipts[1], { organ: 'H26.11', deliveredAt: now + 9, collectedAt: null, path: [] })
      assert.deepEqual(await store.mailbox.receipts(uidOf('a'), 1, ['H26.11', 'unknown', 'H26.10']), [
        second.receipts[1],
        first.receipts[0],
      ])
      const list = await store.mailbox.list('H26.10', inbox)
      assert.deepEqual(
        list.map(({ generation }) => generation),
        [1, 2],
      )
    })

    it('delivers many copies of one document at once exactly once', async (t) => {
      const store = await open(t)

      const replies = await Promise.all(
        Array.from({ length: 50 }, () => store.mailbox.deliver(deliverRequest('a', inline('a')))),
      )

      assert.equal(replies.flatMap(({ fresh }) => fresh).length, 1)
      assert.equal((await store.mailbox.list('H26.10', inbox)).length, 1)
    })

    it('keeps the order of calls, also where some payloads go to a file first', async (t) => {
      const store = await open(t)
      const names = Array.from({ length: 12 }, (_, number) => `document ${number}`)

      await Promise.all(
        names.map((name, number) => {
          const filler = number % 3 === 0 ? large().byteLength : 10
          const bytes = new TextEncoder().encode(name.padEnd(filler, '.'))
          return store.mailbox.deliver(deliverRequest(name, { bytes, sha256: sha256(bytes) }))
        }),
      )

      const list = await store.mailbox.list('H26.10', inbox)
      assert.deepEqual(
        list.map(({ uid }) => uid),
        names.map((name) => uidOf(name)),
      )
    })

    for (const [what, bytes] of [
      ['small', new TextEncoder().encode('small')],
      ['large', large()],
      ['empty', new Uint8Array(0)],
    ] as const) {
      it(`gives back a ${what} payload, staged, in memory, or by reference to one delivered before`, async (t) => {
        const store = await open(t)
        const ref = { sha256: sha256(bytes), size: bytes.byteLength }
        assert.equal(await store.mailbox.payloadOf(uidOf('a')), null)

        await store.mailbox.deliver(deliverRequest('a', await stage(store, bytes)))
        await store.mailbox.deliver(deliverRequest('b', ref))
        await store.mailbox.deliver(deliverRequest('c', { bytes, sha256: ref.sha256 }))

        const [, , item] = await store.mailbox.list('H26.10', inbox)
        assert.deepEqual(item?.payload, ref)
        assert.deepEqual(await store.mailbox.payloadOf(uidOf('b')), ref)
        assert.deepEqual(await readAll(store.payloads.stream(ref.sha256)), Buffer.from(bytes))
        const slice = await store.payloads.slice(ref.sha256, 2, 2)
        assert.deepEqual(Buffer.from(slice), Buffer.from(bytes.subarray(2, 4)))
        assert.equal((await store.payloads.slice(ref.sha256, bytes.byteLength, 10)).byteLength, 0)
      })
    }

    it('refuses a reference to a payload it does not have, and delivers nothing', async (t) => {
      const store = await open(t)

      const delivery = store.mailbox.deliver(deliverRequest('a', { sha256: sha256('nowhere'), size: 7 }))

      await assert.rejects(delivery, { code: 'NOT_FOUND' })
      assert.deepEqual(await store.mailbox.list('H26.10', inbox), [])
    })

    it('delivers a copy of its own outbox from the payload it already has, and keeps that after all has settled', async (t) => {
      const store = await open(t)
      const bytes = large()
      await accept(store, { name: 'a', bytes, copies: [{ hop: 'mailbox', to: [0] }] })
      const ref = { sha256: sha256(bytes), size: bytes.byteLength }

      const { receipts } = await store.mailbox.deliver(deliverRequest('a', ref))
      await store.outbox.apply(
        [{ sealedBy: 'H26', signal: { type: 'delivered', uid: uidOf('a'), generation: 1, receipts } }],
        now,
      )

      assert.deepEqual(await store.outbox.backlog(), { documents: 0, copies: 0 })
      assert.deepEqual(await readAll(store.payloads.stream(ref.sha256)), bytes)
    })
  })

  describe('collecting', () => {
    it('lists what waits in pages, and all on request', async (t) => {
      const store = await open(t)
      for (const name of ['a', 'b', 'c']) await store.mailbox.deliver(deliverRequest(name, inline(name)))
      const [a, b, c] = await store.mailbox.list('H26.10', inbox)
      assert.ok(a && b && c)

      await store.mailbox.acknowledge('H26.10', b.id, now + 5)

      assert.deepEqual(await store.mailbox.list('H26.10', inbox), [a, c])
      assert.deepEqual(await store.mailbox.list('H26.10', { after: a.id, limit: 1, all: true }), [
        { ...b, collectedAt: now + 5, state: 'done' },
      ])
      assert.deepEqual(await store.mailbox.list('H26.11', { ...inbox, all: true }), [])
      assert.deepEqual(await store.mailbox.get('H26.10', c.id), c)
    })

    it('acknowledges once, and only to the organisation itself', async (t) => {
      const store = await open(t)
      await store.mailbox.deliver(deliverRequest('a', inline('a')))
      const [item] = await store.mailbox.list('H26.10', inbox)
      const id = item?.id ?? 0

      const first = await store.mailbox.acknowledge('H26.10', id, now + 1)
      const second = await store.mailbox.acknowledge('H26.10', id, now + 2)

      assert.equal(first?.origin, 'H29.18.05')
      assert.deepEqual(second, first)
      assert.equal(first?.collectedAt, now + 1)
      assert.equal(await store.mailbox.acknowledge('H26.11', id, now), null)
      assert.equal(await store.mailbox.get('H26.11', id), null)
    })

    it('repeats the notice with growing pauses until the origin has noted it', async (t) => {
      const store = await open(t, { queryTiming: timing })
      const organs = ['H26.10', 'H26.11']
      await store.mailbox.deliver(deliverRequest('a', inline('a'), { organs }))
      for (const organ of organs) {
        const [item] = await store.mailbox.list(organ, inbox)
        await store.mailbox.acknowledge(organ, item?.id ?? 0, now)
      }
      const times: number[] = []

      for (let at = now; at < now + 300_000; at += 10_000) {
        const notices = await store.mailbox.dueCollected(at, 100, timing)
        for (const notice of notices) {
          times.push(at - now)
          assert.equal(notice.origin, 'H29.18.05')
          assert.deepEqual(
            notice.receipts.map(({ organ, collectedAt }) => [organ, collectedAt]),
            [
              ['H26.10', now],
              ['H26.11', now],
            ],
          )
        }
      }
      await store.mailbox.noted(uidOf('a'), 1, ['H26.10'], 'H29.18.05')
      await store.mailbox.noted(uidOf('a'), 1, ['H26.11'], 'H29.02')
      const [rest] = await store.mailbox.dueCollected(now + 1e9, 100, timing)
      await store.mailbox.noted(uidOf('a'), 1, ['H26.11'], 'H29.18.05')

      assert.deepEqual(times, [30_000, 90_000, 210_000])
      assert.deepEqual(
        rest?.receipts.map(({ organ }) => organ),
        ['H26.11'],
      )
      assert.deepEqual(await store.mailbox.dueCollected(now + 2e9, 100, timing), [])
    })
  })

  describe('payloads', () => {
    it('refuses more bytes than allowed, and passes on the error of a source', async (t) => {
      const store = await open(t)
      const seen: number[] = []
      const onChunk = (chunk: Uint8Array) => seen.push(chunk.byteLength)
      async function* broken() {
        yield large()
        throw new Error('the sender went away')
      }

      const tooLarge = store.payloads.stage(chunksOf(large(200_000)), { maxBytes: 100_000, onChunk })
      await assert.rejects(tooLarge, { code: 'DOCUMENT_TOO_LARGE' })
      await assert.rejects(store.payloads.stage(broken(), { maxBytes: 1e9 }), /the sender went away/)

      assert.deepEqual(seen, [65_536, 65_536])
    })

    it('does not know what was staged and discarded, and discards twice without harm', async (t) => {
      const store = await open(t)
      const staged = await stage(store, large())

      await staged.discard()
      await staged.discard()

      await assert.rejects(readAll(store.payloads.stream(staged.sha256)), { code: 'NOT_FOUND' })
      await assert.rejects(store.payloads.slice(staged.sha256, 0, 1), { code: 'NOT_FOUND' })
    })

    it('keeps a payload that one document gives up while another takes it', async (t) => {
      const store = await open(t)
      const bytes = large()
      const name = (index: number) => `owner ${index}`
      await accept(store, { name: name(0), bytes })

      for (let index = 1; index <= 20; index += 1) {
        const give = { type: 'undeliverable', uid: uidOf(name(index - 1)), generation: 1, organs: ['H26.10'] } as const
        const taking = accept(store, { name: name(index), bytes })
        await store.outbox.apply([{ sealedBy: 'H26', signal: { ...give, code: 'RECEIVER_UNKNOWN' } }], now)
        await taking
        assert.deepEqual(await readAll(store.payloads.stream(sha256(bytes))), bytes)
      }
    })
  })

  describe('the ledger', () => {
    it('keeps dead letters with all they came with', async (t) => {
      const store = await open(t)
      const letter = {
        at: now,
        reason: 'FRAME_INVALID',
        link: 'H29.18',
        uid: null,
        detail: 'cut \0 off',
        bytes: new Uint8Array([1, 2, 3]).subarray(1),
      }

      await store.ledger.bury(letter)
      await store.ledger.bury({ ...letter, uid: uidOf('a') })
      await store.ledger.event({ at: now, type: 'administration', uid: null, detail: { who: 'an administrator' } })

      const [first, second] = await store.ledger.deadLetters({ after: 0, limit: 10 })
      assert.ok(first && second)
      assert.deepEqual(first, { ...letter, detail: 'cut \ufffd off', bytes: new Uint8Array([2, 3]), id: first.id })
      assert.deepEqual(await store.ledger.deadLetters({ after: first.id, limit: 10 }), [second])
    })
  })
}
