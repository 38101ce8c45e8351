import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RelayError } from '@lienthong/core'
import { verifyEvents } from '../src/index.ts'
import {
  accept,
  acceptRequest,
  deliverRequest,
  inline,
  large,
  openHost,
  openTemporary,
  sha256,
  stage,
} from './samples.ts'

const inbox = { after: 0, limit: 1000, all: true }
const codeOf = (result: PromiseSettledResult<unknown>) =>
  result.status === 'fulfilled' ? 'done' : (result.reason as RelayError).code

describe('operations that share a transaction', () => {
  it('do not share their failure', async (t) => {
    const { host, dir } = await openHost(t)
    const store = await host.open(dir)
    const unknown = { sha256: sha256('nowhere'), size: 9 }
    const twice = [
      { organ: 'H26.10', node: 'H26' },
      { organ: 'H26.10', node: 'H26' },
    ]
    const payloads = await Promise.all(['a', 'b', 'c'].map((name) => stage(store, inline(name).bytes)))
    const [a, b, c] = payloads
    assert.ok(a && b && c)

    const results = await Promise.allSettled([
      store.outbox.accept(acceptRequest({ name: 'a' }, a)),
      store.outbox.accept(acceptRequest({ name: 'b', recipients: twice }, b)),
      store.mailbox.deliver(deliverRequest('x', unknown)),
      store.outbox.accept(acceptRequest({ name: 'c' }, c)),
      store.mailbox.deliver(deliverRequest('y', inline('y'))),
    ])

    assert.deepEqual(results.map(codeOf), ['done', 'INTERNAL', 'NOT_FOUND', 'done', 'done'])
    assert.deepEqual(await store.outbox.backlog(), { documents: 2, copies: 2 })
    assert.equal((await store.outbox.page('up', 'bulk', { after: 0, limit: 10 })).length, 2)
    assert.deepEqual(
      (await store.mailbox.list('H26.10', inbox)).map(({ documentId }) => documentId),
      ['id-y'],
    )
    await store.close()
    assert.deepEqual(verifyEvents(dir).brokenAt, null)
    assert.equal(verifyEvents(dir).events, 3)
    const again = await host.open(dir)
    assert.deepEqual(await again.outbox.backlog(), { documents: 2, copies: 2 })
  })

  it('fail with DISK_FULL when there is no room, and the store works on when there is', async (t) => {
    const { host, dir } = await openHost(t)
    const store = await host.open(dir, { maxDatabaseBytes: 600_000 })
    const offers = Array.from({ length: 40 }, (_, index) => ({ name: `full ${index}`, bytes: large(30_000) }))

    const results = await Promise.allSettled(offers.map((offer) => accept(store, offer)))

    const outcomes = results.map(codeOf)
    const done = outcomes.filter((outcome) => outcome === 'done').length
    assert.ok(done > 5 && done < 35, `${done} of 40 fit`)
    assert.equal(outcomes.filter((outcome) => outcome === 'DISK_FULL').length, 40 - done)
    assert.deepEqual(await store.outbox.backlog(), { documents: done, copies: done })
    await store.close()
    const larger = await host.open(dir)
    assert.deepEqual(await larger.outbox.backlog(), { documents: done, copies: done })
    assert.deepEqual(await accept(larger, { name: 'later', bytes: large(30_000) }), { outcome: 'accepted' })
    await larger.close()
    assert.equal(verifyEvents(dir).events, done + 1)
  })

  it('keep the order in which they were called', async (t) => {
    const store = await openTemporary(t)
    const names = Array.from({ length: 50 }, (_, index) => `n${index}`)

    await Promise.all(names.map((name) => store.mailbox.deliver(deliverRequest(name, inline(name)))))

    const list = await store.mailbox.list('H26.10', inbox)
    assert.deepEqual(
      list.map(({ documentId }) => documentId),
      names.map((name) => `id-${name}`),
    )
  })

  it('are apart from those of another store', async (t) => {
    const { host, dir } = await openHost(t)
    const stores = await Promise.all(['one', 'two'].map((name) => host.open(`${dir}/${name}`)))

    await Promise.all(stores.map((store, index) => accept(store, { name: `in ${index}` })))
    await stores[0]?.close()

    assert.deepEqual(await stores[1]?.outbox.backlog(), { documents: 1, copies: 1 })
  })
})
