/** The doors for document software, over a real store and without a broker. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { hookPatienceMs } from '@lienthong/core'
import type { OutMessage, SendOutcome } from '@lienthong/link'
import { figureTable, type NodeChange, type Notice } from '../src/doors.ts'
import { readFigures } from '../src/figures.ts'
import { createHookDoor } from '../src/hook-door.ts'
import { keepHouse } from '../src/housekeeping.ts'
import { createMailboxDoor } from '../src/mailbox-door.ts'
import { publishNotices } from '../src/notices.ts'
import { createProbe } from '../src/probe.ts'
import { createSentDoor } from '../src/sent-door.ts'
import { createServing, tellMoved } from '../src/serving.ts'
import { submitDocument } from '../src/submit.ts'
import { createUploadDoor } from '../src/upload-door.ts'
import { aNode, packet } from './a-node.ts'

const post = { send: () => undefined, close: () => undefined }
const organ = 'H29.1'

async function* stream(...chunks: Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks
}

async function doorsOf(t: TestContext) {
  const node = await aNode(t)
  const { context } = node
  const serving = createServing(context, { post, assembler: () => assert.fail(), onMoved: () => undefined })
  return {
    ...node,
    mailbox: createMailboxDoor(context, post),
    sent: createSentDoor(context),
    uploads: createUploadDoor(context),
    /** A document for H29.1, as if it came over a link. */
    async arrive(bytes: Uint8Array, kind: 'document' | 'status' = 'document') {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const core = { uid: sha256, generation: 1, kind, businessType: 0, from: 'G22', documentId: 'd', sealedAt: 0 }
      const segment = { envelope: { core, origin: 'G22', path: [] } } as never
      await serving.deliver({ segment, organs: [organ] }, { bytes, sha256 }, null)
    },
  }
}

describe('the mailbox door', () => {
  it('reads ranges as HTTP asks for them, and refuses those that lie outside', async (t) => {
    const { mailbox, arrive } = await doorsOf(t)
    await arrive(Buffer.from('0123456789'))
    await arrive(Buffer.alloc(0), 'status')
    const read = async (id: number, range?: { start?: number; end?: number }) => {
      const { body } = await mailbox.read(organ, id, range)
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(chunk)
      return Buffer.concat(chunks).toString()
    }

    assert.equal(await read(1), '0123456789')
    assert.equal(await read(1, { start: 7 }), '789')
    assert.equal(await read(1, { end: 2 }), '01')
    assert.equal(await read(1, { start: 8, end: 99 }), '89')
    assert.equal(await read(2), '')
    for (const range of [{ start: 10 }, { start: -1 }, { start: 5, end: 4 }, { start: 0.5 }, { start: Number.NaN }]) {
      await assert.rejects(read(1, range), { code: 'RANGE_INVALID', detail: { size: 10 } }, JSON.stringify(range))
    }
    await assert.rejects(mailbox.read('H29', 1), { code: 'NOT_FOUND' })
    await assert.rejects(mailbox.read('G22', 1), { code: 'SENDER_NOT_ALLOWED' })
  })

  it('wakes those who wait for just this, and nobody else', async (t) => {
    const { mailbox, arrive, context } = await doorsOf(t)
    const patient = { after: 0, timeoutMs: 60_000 }
    const any = mailbox.waitFor(organ, patient)
    const status = mailbox.waitFor(organ, { ...patient, kind: 'status' })
    const later = mailbox.waitFor(organ, { ...patient, after: 1 })
    const elsewhere = mailbox.waitFor('H29', { ...patient, timeoutMs: 1 })
    const given = new AbortController()
    const givenUp = mailbox.waitFor(organ, { ...patient, after: 9, signal: given.signal })

    await arrive(Buffer.from('a'))
    assert.equal(await any, true)
    assert.equal(await mailbox.waitFor(organ, patient), true)
    await arrive(Buffer.from('b'), 'status')
    assert.deepEqual(await Promise.all([status, later, elsewhere]), [true, true, false])
    given.abort(new Error('the client went away'))
    await assert.rejects(givenUp, /went away/)
    await assert.rejects(mailbox.waitFor(organ, { ...patient, signal: given.signal }), /went away/)
    const stopped = mailbox.waitFor(organ, { ...patient, after: 9 })
    const expected = assert.rejects(stopped, { code: 'NODE_STOPPING' })
    // It waits once it has looked.
    await mailbox.count(organ)
    context.news.close()
    await expected
    await assert.rejects(mailbox.waitFor(organ, patient), { code: 'NODE_STOPPING' })
  })

  it('leases, holds back, marks and acknowledges', async (t) => {
    const { mailbox, arrive, clock, context } = await doorsOf(t)
    await arrive(Buffer.from('a'))
    const [leased] = await mailbox.lease(organ, { limit: 5, leaseMs: 0 })
    const lease = leased?.lease ?? ''

    assert.equal(leased?.item.leasedUntil, clock.now + 1000)
    assert.equal((await mailbox.renew(organ, 1, { lease, leaseMs: 1e12 })).leasedUntil, clock.now + 86_400_000)
    const released = await mailbox.release(organ, 1, { lease, reason: 'x'.repeat(999), delayMs: 60_000 })
    assert.deepEqual([released.state, released.stateReason?.length], ['fail', 500])
    assert.deepEqual(await mailbox.lease(organ, { limit: 5, leaseMs: 5000 }), [])
    clock.now += 60_000
    const [again] = await mailbox.lease(organ, { limit: 5, leaseMs: 5000 })
    await assert.rejects(mailbox.acknowledge(organ, 1, { lease }), { code: 'LEASE_LOST' })
    await mailbox.acknowledge(organ, 1, { lease: again?.lease ?? '' })
    assert.equal((await mailbox.mark(organ, 1, 'done')).state, 'done')
    assert.equal(await mailbox.count(organ, { kind: 'document' }), 0)
    assert.equal(context.counters.read().delivered_total, 1)
  })
})

describe('what was sent', () => {
  it('is its sender’s alone, and whoever follows it is woken by the next change', async (t) => {
    const { sent, context, store } = await doorsOf(t)
    const { reply } = await submitDocument(context, { as: 'H29', body: await packet() })
    const { last } = await sent.changes('H29', { after: null })
    const waiting = sent.waitFor('H29', { after: last, timeoutMs: 60_000 })
    const { uid } = reply

    const receipts = [{ organ, deliveredAt: 1, collectedAt: null, path: [] }]
    const signal = { type: 'delivered', uid, generation: 1, receipts } as const
    const [outcome] = await store.outbox.apply([{ sealedBy: 'H29', signal }], context.now())
    tellMoved(context, outcome?.moved ?? [])

    assert.equal(await waiting, true)
    const { changes, last: next } = await sent.changes('H29', { after: last })
    assert.deepEqual(
      changes.map((change) => [change.type, change.uid, change.organ]),
      [['delivered', uid, organ]],
    )
    assert.deepEqual(await sent.changes('H29', { after: next }), { changes: [], last: next })
    assert.equal(await sent.waitFor('H29', { after: next, timeoutMs: 1 }), false)
    assert.equal((await sent.get('H29', uid)).uid, uid)
    assert.equal((await sent.list('H29')).length, 1)
    await assert.rejects(sent.get('H29.1', uid), { code: 'NOT_FOUND' })
    assert.deepEqual(await sent.list('H29.1'), [])
    assert.deepEqual(await sent.find('H29.1', { uid }), [])
  })
})

describe('an upload', () => {
  it('is submitted when it is whole, stays after a refusal, and makes no second document', async (t) => {
    const { uploads, context, clock, mailbox } = await doorsOf(t)
    const bytes = await packet(100_000)
    const upload = await uploads.open('dms', { size: bytes.byteLength })
    const key = { system: 'dms', id: upload.id }
    const submit = (more: object = {}) => submitDocument(context, { as: 'H29', body: { upload: key }, ...more })

    await uploads.append('dms', upload.id, { offset: 0, source: stream(bytes.subarray(0, 5000)) })
    await assert.rejects(submit(), { code: 'UPLOAD_OFFSET', detail: { offset: 5000, size: bytes.byteLength } })
    await uploads.append('dms', upload.id, { offset: 5000, source: stream(bytes.subarray(5000)) })
    await assert.rejects(submit({ as: 'H29.1' }), { code: 'SENDER_NOT_ALLOWED' })
    const first = await submit()
    const again = await submit()

    const sha256 = createHash('sha256').update(bytes).digest('hex')
    assert.equal(first.reply.uid, again.reply.uid)
    assert.deepEqual(again.reply.recipients, [{ organ, outcome: 'already' }])
    assert.equal((await context.store.outbox.track({ uid: first.reply.uid }))[0]?.size, bytes.byteLength)
    assert.equal((await context.store.payloads.slice(sha256, 0, 10)).byteLength, 10)
    assert.deepEqual(await mailbox.list(organ), [])
    clock.now += 11 * 60_000
    await keepHouse(context).stop()
    await assert.rejects(submit(), { code: 'NOT_FOUND' })
  })

  it('of a document marked secret is gone as soon as that is known', async (t) => {
    const { uploads, context } = await doorsOf(t)
    const bytes = Buffer.from((await packet()).toString().replace('>Công văn</', '>Mật</'))
    const { id } = await uploads.open('dms', { size: bytes.byteLength })
    await uploads.append('dms', id, { offset: 0, source: stream(bytes) })

    const submitted = submitDocument(context, { as: 'H29', body: { upload: { system: 'dms', id } } })

    await assert.rejects(submitted, { code: 'DOCUMENT_SECRET' })
    await assert.rejects(uploads.get('dms', id), { code: 'NOT_FOUND' })
  })

  it('is bounded in size, number and age', async (t) => {
    const { uploads, context, clock } = await doorsOf(t)

    for (const size of [-1, 1.5, 1_000_001, Number.NaN]) {
      await assert.rejects(uploads.open('dms', { size }), { code: 'DOCUMENT_TOO_LARGE' })
    }
    await assert.rejects(uploads.open('dms', { size: 1, sha256: '../../x' }), { code: 'FRAME_INVALID' })
    for (let index = 0; index < 32; index += 1) await uploads.open('dms', { size: 1 })
    await assert.rejects(uploads.open('dms', { size: 1 }), { code: 'UPLOADS_FULL' })
    clock.now += 86_400_001
    await keepHouse(context).stop()
    await uploads.open('dms', { size: 1 })
  })
})

describe('webhooks', () => {
  const request = { organ, url: 'https://dms.invalid/hook?token=1', events: ['arrived'] as const }

  async function hooksOf(t: TestContext) {
    const doors = await doorsOf(t)
    const access = await doors.access()
    await access.systems.add({ id: 'dms', organisations: [organ] }, 'a clerk')
    return { ...doors, access, hooks: createHookDoor(doors.context, access) }
  }

  it('cost the store nothing while there is none, and are found when one is added, also in the midst of looking', async (t) => {
    const { hooks, arrive, store } = await hooksOf(t)
    const claims = t.mock.method(store.hooks, 'claim')
    const lists = t.mock.method(store.hooks, 'list')
    await arrive(Buffer.from('a'))
    for (let look = 0; look < 3; look += 1) assert.deepEqual(await hooks.due(), [])
    assert.deepEqual([claims.mock.callCount(), lists.mock.callCount(), hooks.none], [0, 1, true])

    const { hook } = await hooks.add('dms', request)
    assert.equal(hooks.none, false)
    await arrive(Buffer.from('b'))
    assert.equal((await hooks.due()).length, 1)
    await hooks.remove('dms', hook.id)
    const looking = hooks.due()
    await hooks.add('dms', request)
    await looking
    await arrive(Buffer.from('c'))
    assert.equal((await hooks.due()).length, 1)
  })

  it('bring what arrives, in order and once, signed with a secret that is told once', async (t) => {
    const { hooks, arrive, disk } = await hooksOf(t)
    const { hook, secret } = await hooks.add('dms', request)
    await arrive(Buffer.from('a'))
    await arrive(Buffer.from('b'))

    const [due] = await hooks.due()
    assert.ok(due)
    assert.deepEqual(await hooks.due(), [])
    await hooks.succeeded(due)

    assert.match(secret, /^whsec_[A-Za-z0-9+/]{32}$/)
    assert.deepEqual(due.secrets, [secret])
    assert.deepEqual(
      due.events.map(({ position }) => position),
      [1, 2],
    )
    assert.deepEqual(await hooks.due(), [])
    assert.deepEqual(
      (await hooks.list('dms')).map(({ id }) => id),
      [hook.id],
    )
    assert.ok(!(await disk()).includes(secret))
  })

  it('are tried again from where they stopped, and paused after days', async (t) => {
    const { hooks, arrive, clock, logged } = await hooksOf(t)
    const { hook } = await hooks.add('dms', request)
    for (const name of ['a', 'b']) await arrive(Buffer.from(name))
    const [first] = await hooks.due()
    assert.ok(first)
    await hooks.failed(first, { told: 1, error: '503 Service Unavailable' })
    assert.deepEqual(await hooks.due(), [])
    clock.now += 6_000
    const [second] = await hooks.due()
    assert.ok(second)
    assert.deepEqual(
      second.events.map(({ position }) => position),
      [2],
    )
    clock.now += hookPatienceMs
    await hooks.failed(second, { told: 0, error: 'x'.repeat(9999) })

    const [paused] = await hooks.list('dms')
    assert.equal(paused?.pausedAt, clock.now)
    assert.equal(paused.lastError?.length, 500)
    assert.equal(logged.length, 1)
    await hooks.pause('dms', hook.id, false)
    assert.equal((await hooks.due())[0]?.events[0]?.position, 2)
  })

  it('are signed with both secrets while one takes over from the other', async (t) => {
    const { hooks, arrive, clock } = await hooksOf(t)
    const { hook, secret } = await hooks.add('dms', request)

    const newer = await hooks.rotate('dms', hook.id, { overlapMs: 60_000 })

    assert.deepEqual((await hooks.open('dms', hook.id)).secrets, [newer.secret, secret])
    clock.now += 60_000
    await arrive(Buffer.from('a'))
    assert.deepEqual((await hooks.due())[0]?.secrets, [newer.secret])
    await assert.rejects(hooks.open('declared', hook.id), { code: 'NOT_FOUND' })
    await assert.rejects(hooks.rotate('declared', hook.id, { overlapMs: 0 }), { code: 'NOT_FOUND' })
  })

  it('belong to a system that may have them, for organisations of its own', async (t) => {
    const { hooks, access, arrive } = await hooksOf(t)
    await assert.rejects(hooks.add('dms', { ...request, organ: 'H29' }), { code: 'SENDER_NOT_ALLOWED' })
    for (const url of ['ftp://x/', 'nonsense', 'https://a:b@x/', `https://x/${'x'.repeat(2000)}`]) {
      await assert.rejects(hooks.add('dms', { ...request, url }), { code: 'USAGE' })
    }
    await assert.rejects(hooks.add('dms', { ...request, events: [] }), { code: 'USAGE' })
    const { hook } = await hooks.add('dms', request)
    for (let index = 1; index < 32; index += 1) await hooks.add('dms', request)
    await assert.rejects(hooks.add('dms', request), { code: 'HOOKS_FULL' })
    await assert.rejects(hooks.remove('declared', hook.id), { code: 'NOT_FOUND' })
    await arrive(Buffer.from('a'))
    await access.systems.change('dms', { scopes: ['receive'] }, 'a clerk')
    assert.deepEqual(await hooks.due(), [])
    await access.systems.change('dms', { scopes: ['hooks'] }, 'a clerk')
    assert.equal((await hooks.due()).length, 32)
    await hooks.remove('dms', hook.id)
    assert.equal((await hooks.list('dms')).length, 31)
  })
})

function senderOf(outcome: SendOutcome | Promise<SendOutcome>) {
  const messages: OutMessage[] = []
  const send = async (message: OutMessage) => {
    messages.push(message)
    return outcome
  }
  return { messages, open: true, inFlightBytes: 0, send, ready: async () => undefined, close: async () => undefined }
}

describe('notices', () => {
  const notice: Notice = { uid: 'u', id: 1, organ, kind: 'document', from: 'G22', number: '1', subject: 's', at: 1 }
  const arrived: NodeChange = { type: 'arrived', notice }

  it('go to each system that may read the mailbox, and never wait', () => {
    const sender = senderOf('confirmed')
    const tell = publishNotices({ sender, readersOf: (each) => (each === organ ? ['a', 'b'] : []) })

    tell(arrived)
    tell({ type: 'arrived', notice: { ...notice, organ: 'H29' } })
    tell({ type: 'changed', from: organ, uid: 'u', last: 1 })

    assert.deepEqual(
      sender.messages.map(({ exchange, routingKey, persistent }) => [exchange, routingKey, persistent]),
      [
        ['lt.notify', 'a', false],
        ['lt.notify', 'b', false],
      ],
    )
    assert.deepEqual(JSON.parse(Buffer.from(sender.messages[0]?.body ?? []).toString()), notice)
  })

  it('are left out while the broker is away or does not keep up', () => {
    for (const trouble of [{ open: false }, { inFlightBytes: 1024 * 1024 }]) {
      const sender = { ...senderOf('confirmed'), ...trouble }
      publishNotices({ sender, readersOf: () => ['a'] })(arrived)
      assert.deepEqual(sender.messages, [])
    }
  })
})

describe('a probe', () => {
  it('is ready only when a message was confirmed and a row written', async (t) => {
    const { context, store } = await aNode(t)
    const ask = (outcome: Parameters<typeof senderOf>[0]) => createProbe(context, senderOf(outcome))({ timeoutMs: 50 })

    const good = await ask('confirmed')
    const nacked = await ask('nacked')
    const late = await ask(new Promise(() => undefined))
    await store.close()
    const closed = await ask('confirmed')

    assert.deepEqual([good.ready, good.broker.error, good.store.error], [true, null, null])
    assert.deepEqual([nacked.ready, nacked.broker.error, nacked.store.ok], [false, 'nacked', true])
    assert.deepEqual([late.ready, late.broker.error], [false, 'late'])
    assert.deepEqual([closed.ready, closed.broker.ok, closed.store.ok], [false, true, false])
  })

  it('is made once for all who ask at the same time', async (t) => {
    const { context } = await aNode(t)
    const sender = senderOf('confirmed')
    const probe = createProbe(context, sender)

    const [one, other] = await Promise.all([probe(), probe()])

    assert.equal(one, other)
    assert.equal(sender.messages.length, 1)
  })
})

describe('figures', () => {
  const sources = {
    broker: () => ({ open: true, blocked: null, lastError: null }),
    link: () => null,
    openAssemblies: () => 2,
  }

  it('are exactly those of the table', async (t) => {
    const { context, arrive, clock } = await doorsOf(t)
    await arrive(Buffer.from('a'))
    clock.now += 5_000

    const figures = await readFigures(context, sources)

    assert.deepEqual(Object.keys(figures).sort(), Object.keys(figureTable).sort())
    assert.equal(figures.mailbox_oldest_document_seconds, 5)
    assert.deepEqual([figures.mailbox_documents, figures.mailbox_statuses, figures.delivered_total], [1, 0, 1])
    assert.deepEqual([figures.link_open, figures.broker_open, figures.assemblies_open], [null, 1, 2])
  })

  it('stand in the README, in the same order and words', () => {
    const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const rows = [...text.matchAll(/^\| `([a-z_]+)` +\| (gauge|counter) +\| (.*?) +\|$/gm)]
    assert.deepEqual(
      rows.map(([, name, type, help]) => [name, type, help]),
      Object.entries(figureTable).map(([name, { type, help }]) => [name, type, help]),
    )
  })
})
