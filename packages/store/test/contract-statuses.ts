import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { planResubmission } from '@lienthong/core'
import type { AcceptRequest, BusinessStatus, Store } from '../src/index.ts'
import { accept, deliverRequest, inline, now, type OpenStore, uidOf } from './samples.ts'

const about: BusinessStatus['about'] = [{ documentId: 'id-a' }]
const sender = 'H29.18.05'

interface Said extends Partial<BusinessStatus> {
  readonly code: number
  readonly from?: string
  readonly to?: readonly string[]
  readonly at?: number
}

/** A status packet named `name` arrives for the sender of the document. */
function say(store: Store, name: string, { from = 'H26.10', to = [sender], at = now, ...status }: Said) {
  const request = deliverRequest(name, inline(name), {
    kind: 'status',
    from,
    origin: 'H26',
    organs: to,
    businessStatus: { about, description: null, ...status },
    deliveredAt: at,
  })
  return store.mailbox.deliver(request)
}

/** The sender sends a packet named `name` that asks its recipient something. */
function ask(store: Store, name: string, rest: Partial<AcceptRequest> & { readonly at: number }) {
  const businessStatus = { about, code: 13, description: 'gửi nhầm' }
  return accept(store, { name }, { kind: 'status', acceptedAt: rest.at, businessStatus, ...rest })
}

async function recipient(store: Store, name = 'a') {
  const [tracked] = await store.outbox.track({ uid: uidOf(name) })
  return tracked?.recipients[0] ?? assert.fail('no recipient')
}

export function statusContract(open: OpenStore): void {
  describe('business statuses', () => {
    it('show the furthest step, whatever the order and however often', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      const heard = [3, 1, 3, 5, 4, 1]

      for (const [index, code] of heard.entries()) await say(store, `s${index}`, { code, at: now + index })
      const again = await say(store, 's3', { code: 5, at: now + 9 })

      const { statusCode, statusAt, statuses } = await recipient(store)
      assert.deepEqual([statusCode, statusAt], [5, now + 3])
      assert.deepEqual(
        statuses.map(({ code, at }) => [code, at - now]),
        heard.map((code, index) => [code, index]),
      )
      assert.deepEqual(again.moved, [])
    })

    it('are news when a step is further or the code is no step, else only history', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      for (const [index, code] of [3, 1, 3, 15, 9, 2, 6].entries())
        await say(store, `s${index}`, { code, at: now + index })

      const changes = await store.outbox.changes(sender, { after: 0, limit: 20 })
      assert.deepEqual(
        changes.map(({ type, statusCode }) => [type, statusCode]),
        [3, 15, 9, 2, 6].map((code) => ['status', code]),
      )
      assert.deepEqual((await recipient(store)).statuses.length, 7)
    })

    it('stay refused, with the reason, until the document is sent again', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      for (const [name, code] of [
        ['one', 3],
        ['two', 2],
        ['three', 1],
        ['four', 4],
      ] as const) {
        await say(store, name, { code, description: code === 2 ? 'sai thẩm quyền' : null })
      }
      const refused = await recipient(store)
      assert.equal(refused.statusCode, 2)
      assert.equal(refused.statuses.find(({ code }) => code === 2)?.description, 'sai thẩm quyền')

      const stale = await accept(store, { name: 'a' })
      const earlier = stale.outcome === 'stale' ? stale.earlier : assert.fail(stale.outcome)
      assert.deepEqual(planResubmission(['H26.10'], earlier).send, [{ generation: 2, organs: ['H26.10'] }])
      await accept(store, { name: 'a', generation: 2 }, { expected: earlier })
      const anew = await recipient(store)
      assert.deepEqual([anew.generation, anew.statusCode, anew.statuses], [2, null, []])

      await say(store, 'two', { code: 2, to: ['H29.18.05', 'H29.18.06'] })
      assert.equal(
        (await recipient(store)).statusCode,
        null,
        'a packet about the first sending says nothing of the second',
      )
      await say(store, 'five', { code: 1 })
      assert.equal((await recipient(store)).statusCode, 1)
    })

    it('speak for the sender of the packet alone, about documents of those who get it', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })

      await say(store, 'elsewhere', { code: 6, from: 'H26.99' })
      await say(store, 'to another', { code: 6, to: ['H29.18.06'] })
      assert.deepEqual((await recipient(store)).statuses, [])
      await say(store, 'in another spelling', { code: 3, from: ' h26.10' })
      assert.equal((await recipient(store)).statusCode, 3)
    })

    it('find the document by the first name that leads to one', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      await accept(store, { name: 'b', recipients: [{ organ: 'H26.11', node: 'H26' }] })
      const number = { number: 'a/UBND-VP', date: '2025/06/15' }

      await say(store, 'one', { code: 1, about: [{ documentId: 'nothing' }, { documentId: 'id-b' }, number] })
      assert.equal((await recipient(store)).statusCode, 1, 'id-b has no such recipient')
      await say(store, 'two', { code: 3, about: [{ ...number, date: '2024/06/15' }] })
      assert.equal((await recipient(store)).statusCode, 1)
      assert.equal((await recipient(store, 'b')).statusCode, null)
    })

    it('tell what became of a take-back', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      const change = async () => (await recipient(store)).change
      assert.equal(await change(), null)

      await ask(store, 'ask', { at: now + 1 })
      assert.equal(await change(), 'asked')
      await say(store, 'no', { code: 16, at: now + 2 })
      assert.equal(await change(), 'declined')
      await ask(store, 'ask again', { at: now + 3 })
      assert.equal(await change(), 'asked')
      await say(store, 'yes', { code: 15, at: now + 4 })
      assert.equal(await change(), 'agreed')
      const { statusCode, statuses } = await recipient(store)
      assert.deepEqual([statusCode, statuses.map(({ code }) => code)], [null, [13, 16, 13, 15]])
      assert.equal(statuses[0]?.description, 'gửi nhầm')
    })

    it('note a recall beside the document it means, not beside itself, and of the sender’s own only', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      const recall = { kind: 'document', businessType: 1, documentId: 'id-a', at: now + 1 } as const
      await ask(store, 'recall', recall)
      assert.equal((await recipient(store)).change, 'asked')
      assert.equal((await recipient(store, 'recall')).change, null)

      await accept(store, { name: 'b' })
      await ask(store, 'foreign', {
        from: 'H29.18.06',
        at: now,
        businessStatus: { about: [{ documentId: 'id-b' }], code: 13, description: null },
      })
      assert.equal((await recipient(store, 'b')).change, null)
    })

    it('keep a hundred reports of a recipient, and the furthest step beyond', async (t) => {
      const store = await open(t)
      await accept(store, { name: 'a' })
      const many = Array.from({ length: 120 }, (_, index) =>
        say(store, `s${index}`, { code: index === 119 ? 4 : 1, at: now + index }),
      )
      await Promise.all(many)

      const { statusCode, statuses } = await recipient(store)
      assert.deepEqual([statusCode, statuses.length], [4, 100])
    })
  })
}
