/** A door and a store without a broker, on the days around a re-organisation. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { dayStart, type Organisation } from '@lienthong/core'
import { samplePacket, writeStatus } from '@lienthong/edxml'
import { createSealingKey } from '@lienthong/link'
import { startStoreHost } from '@lienthong/store'
import { createContext } from '../src/context.ts'
import type { NodeConfig } from '../src/contract.ts'
import { followDirectory } from '../src/current-directory.ts'
import { createMailboxDoor } from '../src/mailbox-door.ts'
import { createSentDoor } from '../src/sent-door.ts'
import { submitDocument } from '../src/submit.ts'

const key = createSealingKey('G22', 1)
const organ = (id: string, node: string, fields: Partial<Organisation> = {}): Organisation => ({
  id,
  name: id,
  parent: null,
  node,
  ...fields,
})
const closed = { validTo: '2025-06-30' }
const directory = {
  version: 1,
  nodes: [
    { id: 'G22', tier: '', parent: null, keys: [{ kid: key.kid, publicKey: key.publicKey }] },
    { id: 'H13', tier: '', parent: 'G22', keys: [] },
  ],
  organisations: [
    organ('G22', 'G22'),
    organ('H13', 'H13'),
    organ('H30', 'G22', { ...closed, successors: ['H13'] }),
    organ('H99', 'H13', { ...closed, successors: ['H13', 'G22'] }),
    organ('H98', 'H13', closed),
    organ('H31', 'G22', { ...closed, successors: ['G22'] }),
    organ('H96', 'G22', { ...closed, successors: ['H13'], newDocuments: 'return' }),
    organ('H95', 'H13', {
      ...closed,
      successors: ['H13', 'G22'],
      newDocuments: 'hold',
      splitRules: [{ from: 'H13', to: 'G22' }],
    }),
    organ('H32', 'G22', closed),
  ],
  groups: { all: ['H30', 'H99'] },
}
const june = start('2025-06-30')
const july = start('2025-07-01')

function start(day: string): number {
  return dayStart(day) ?? assert.fail(day)
}

async function openDoor(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'lt-'))
  const host = startStoreHost()
  t.after(async () => {
    await host.close()
    await rm(dir, { recursive: true, force: true })
  })
  const config = {
    id: 'G22',
    directory,
    tableVersion: 4,
    key,
    limits: { maxDocumentBytes: 1e6 },
    onReusedId: 'refuse',
    signatures: { policy: 'ignore', organisations: {} },
  }
  const clock = { now: june }
  const versions: number[] = []
  const current = followDirectory(
    config,
    { directory, exceptions: [] },
    () => clock.now,
    ({ version }) => versions.push(version),
  )
  const context = createContext({
    config: config as unknown as NodeConfig,
    host: { store: host, log: () => undefined },
    directory: current,
    store: await host.open(dir),
    instance: 'i',
  })
  const submit = async (body: AsyncIterable<Uint8Array> | Uint8Array, as = 'G22', to?: readonly string[]) => {
    const { reply } = await submitDocument(context, { as, body, ...(to === undefined ? {} : { to }) })
    return reply.recipients.map((recipient) => recipient.organ)
  }
  /** The receipt of the node that serves it. */
  const apply = async (uid: string, organ: string, deliveredAt: number) => {
    const receipts = [{ organ, deliveredAt, collectedAt: null, path: [] }]
    const signal = { type: 'delivered', uid, generation: 1, receipts } as const
    await context.store.outbox.apply([{ sealedBy: 'G22', signal }], clock.now)
  }
  return {
    context,
    apply,
    clock,
    versions,
    submit,
    door: createMailboxDoor(context, { send: () => undefined, close: () => undefined }),
  }
}

let count = 0
function packet(to: string, from = 'G22'): AsyncIterable<Uint8Array> {
  const sender = { organId: from, organName: 'Nơi gửi' }
  count += 1
  return samplePacket({
    from: sender,
    to: [{ organId: to, organName: 'Nơi nhận' }],
    number: `${count}/VP`,
    subject: 'x',
  })
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

function statusTo(organId: string): Uint8Array {
  count += 1
  return writeStatus({
    from: { organId: 'G22', organName: 'Nơi gửi' },
    responseFor: [
      {
        organId,
        code: '1/VP',
        documentId: `${organId},2025/06/20,${count}/VP`,
        promulgationDate: '2025/06/20',
      },
    ],
    statusCode: 3,
    sentAt: june,
  })
}

describe('a document handed in around the day of a re-organisation', () => {
  it('goes to the organisation itself until its last day, and to its successor from midnight on', async (t) => {
    const { clock, submit, versions } = await openDoor(t)
    clock.now = july - 1
    assert.deepEqual(await submit(packet('H30')), ['H30'])
    assert.deepEqual(versions, [])

    clock.now = july
    assert.deepEqual(await submit(packet('H30')), ['H13'])
    assert.deepEqual(await submit(packet('H30')), ['H13'])
    assert.deepEqual(versions, [5], 'compiled once, a version further')
  })

  it('is no second document when it is handed in again after midnight', async (t) => {
    const { clock, context, submit } = await openDoor(t)
    const bytes = await collect(packet('H30'))
    clock.now = july - 1
    assert.deepEqual(await submit(bytes), ['H30'])
    clock.now = july
    const again = async (to: readonly string[]) =>
      (await submitDocument(context, { as: 'G22', body: bytes, to })).reply.recipients
    assert.deepEqual(await again(['H30']), [{ organ: 'H13', outcome: 'already' }])
    // Whoever is written itself gets it itself.
    assert.deepEqual(await again(['H30', 'H13']), [{ organ: 'H13', outcome: 'new' }])
  })

  it('is refused, with the choice, when the recipient was split; its members in a group are the successors', async (t) => {
    const { clock, submit } = await openDoor(t)
    assert.deepEqual(await submit(packet('H99')), ['H99'])
    assert.deepEqual(await submit(packet('H13'), 'G22', ['all']), ['H30', 'H99'])

    clock.now = july
    await assert.rejects(submit(packet('H99')), {
      code: 'RECEIVER_SPLIT',
      detail: { organ: 'H99', validTo: '2025-06-30', candidates: 'H13, G22' },
    })
    await assert.rejects(submit(packet('H98')), { code: 'RECEIVER_CLOSED' })
    assert.deepEqual(await submit(packet('H13'), 'G22', ['all']), ['H13', 'G22'])
  })

  it('goes on with a notice, is returned with the successor, or waits, as the one that closed says', async (t) => {
    const { clock, context } = await openDoor(t)
    clock.now = july
    const told = async (to: string) => {
      const { reply } = await submitDocument(context, { as: 'G22', body: packet(to) })
      const notices = reply.warnings.filter(({ code }) => code.startsWith('RECEIVER_'))
      return {
        to: reply.recipients.map(({ organ: id }) => id),
        notices: notices.map(({ code, detail }) => ({ code, ...detail })),
      }
    }
    const day = { validTo: '2025-06-30' }
    assert.deepEqual(await told('H30'), {
      to: ['H13'],
      notices: [{ code: 'RECEIVER_FOLLOWED', organ: 'H30', successor: 'H13', ...day }],
    })
    await assert.rejects(told('H96'), {
      code: 'RECEIVER_REPLACED',
      detail: { organ: 'H96', successor: 'H13', name: 'H13', ...day },
    })
    assert.deepEqual(await told('H95'), {
      to: ['H95'],
      notices: [{ code: 'RECEIVER_WAITS', organ: 'H95', candidates: 'H13, G22', ...day }],
    })
    assert.deepEqual((await told('H13')).notices, [])
  })

  it('is known by the closed codes that led to whoever got it, also to one that closed while it was on its way', async (t) => {
    const { clock, context, submit, apply } = await openDoor(t)
    const sent = createSentDoor(context)
    const closedIn = async () => (await sent.list('G22', { limit: 1 }))[0]?.recipients.map((each) => each.closed)
    const follows = (code: string) => ({ code, validTo: '2025-06-30', successors: ['H13'] })
    clock.now = july - 1
    const [early, late] = [await submit(packet('H30')), await submit(packet('H30'))]
    assert.deepEqual([early, late], [['H30'], ['H30']])
    assert.deepEqual(await closedIn(), [[]])
    const [newest, oldest] = await sent.list('G22')
    await apply(oldest?.uid ?? '', 'H30', july - 1)
    clock.now = july + 1
    await apply(newest?.uid ?? '', 'H30', july)
    const [known, had] = await sent.list('G22')
    assert.deepEqual(
      known?.recipients.map(({ state, closed: code }) => [state, code]),
      [['delivered', [follows('H30')]]],
    )
    assert.deepEqual(
      had?.recipients.map(({ state, closed: code }) => [state, code]),
      [['delivered', []]],
    )

    await submit(packet('H30'), 'G22', ['H30', 'H13', 'G22'])
    assert.deepEqual(await closedIn(), [[follows('H30')], []])
    await submit(packet('H95'))
    assert.deepEqual(await closedIn(), [[{ ...follows('H95'), successors: ['H13', 'G22'] }]])
  })

  it('is not taken from an organisation that has closed', async (t) => {
    const { clock, submit } = await openDoor(t)
    for (const from of ['H30', 'H31']) assert.deepEqual(await submit(packet('H13', from), from), ['H13'])
    clock.now = july
    for (const from of ['H30', 'H31']) {
      await assert.rejects(submit(packet('H13', from), from), { code: 'SENDER_NOT_ALLOWED' })
    }
  })
})

describe('a late status', () => {
  it('to a code that has closed arrives at its successor, and at all of them when it was split', async (t) => {
    const { clock, submit } = await openDoor(t)
    assert.deepEqual(await submit(statusTo('H99')), ['H99'])
    clock.now = july
    assert.deepEqual(await submit(statusTo('H30')), ['H13'])
    assert.deepEqual(await submit(statusTo('H99')), ['H13', 'G22'])
    assert.deepEqual(await submit(statusTo('H96')), ['H13'])
    assert.deepEqual(await submit(statusTo('H95')), ['H13', 'G22'])
    await assert.rejects(submit(statusTo('H98')), { code: 'RECEIVER_CLOSED' })
    await assert.rejects(submit(statusTo('H97')), { code: 'RECEIVER_UNKNOWN' })
  })
})

describe('what takes a document back after its recipient has closed', () => {
  it('goes to the mailbox the document went to, and a new document to the successor', async (t) => {
    const { clock, submit } = await openDoor(t)
    await submit(packet('H30'))
    const documentId = `G22,2025/07/01,${count}/VP`
    const takeBack = () =>
      writeStatus({
        from: { organId: 'G22', organName: 'Nơi gửi' },
        responseFor: [{ organId: 'H30', documentId }],
        statusCode: 13,
        description: 'Gửi nhầm',
        sentAt: 0,
      })
    clock.now = july
    assert.deepEqual(await submit(packet('H30')), ['H13'])
    assert.deepEqual(await submit(takeBack(), 'G22', ['H30']), ['H30'])
    assert.deepEqual(await submit(statusTo('H30'), 'G22', ['H30']), ['H13'])
  })
})

describe('the mailbox of an organisation that has closed', () => {
  it('can still be emptied where it is, and only there, unless somebody took over', async (t) => {
    const { context, clock, door } = await openDoor(t)
    const bytes = Buffer.from('Kính gửi')
    await context.store.mailbox.deliver({
      uid: 'a'.repeat(64),
      generation: 1,
      kind: 'document',
      businessType: 0,
      from: 'G22',
      origin: 'G22',
      documentId: '1',
      organs: ['H30', 'H32'],
      path: [],
      headline: { subject: null, number: null, date: null },
      payload: { bytes, sha256: 'b'.repeat(64) },
      businessStatus: null,
      about: [],
      deliveredAt: june,
      sealedAt: june,
    })
    clock.now = july
    const [item] = await door.list('h32')
    assert.equal(item?.organ, 'H32')
    assert.notEqual((await door.acknowledge('H32', item.id)).collectedAt, null)
    for (const elsewhere of ['H99', 'H13', 'H30', 'H32.1']) {
      await assert.rejects(door.list(elsewhere), { code: 'SENDER_NOT_ALLOWED' })
    }
  })
})
