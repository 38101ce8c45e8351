/** What a node tells those who ask, and what it does not. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Ask, Core, Directory, Enquiry, Signal, Standing } from '@lienthong/core'
import { asksPerMinute, createAskLimit } from '../src/ask-limit.ts'
import { createDiagnosis } from '../src/diagnosis.ts'
import { createEnquiries } from '../src/enquiries.ts'
import { createSightings, rememberedDocuments } from '../src/sightings.ts'
import { createStandings } from '../src/standings.ts'
import { findWays } from '../src/tree-ways.ts'
import { aNode, nodeKey } from './a-node.ts'

const uidOf = (number: number) => String(number).padStart(64, '0')

function segment(uid: string, recipients: readonly string[], more: Partial<Core> = {}) {
  const core: Core = {
    version: 1,
    uid,
    generation: 1,
    kind: 'document',
    businessType: 0,
    from: 'H29.18',
    documentId: 'd',
    recipients,
    size: 10,
    sha256: uid,
    segmentBytes: 10,
    lane: 'bulk',
    sealedAt: 0,
    directoryVersion: 1,
    ...more,
  }
  return { envelope: { core, origin: 'H29.18', to: recipients.map((_, place) => place), segment: 0, path: [] } }
}

const sent = { step: 'sent', neighbour: 'G22' } as const
const received = { step: 'received', neighbour: 'H29.18' } as const

describe('sightings', () => {
  it('tell the last step of each recipient, and how far a large document is', () => {
    const seen = createSightings({ documents: 10, now: () => 7 })
    const large = segment(uidOf(1), ['H26', 'H29.02'], { size: 95 })
    seen.note(large, [0, 1], received)
    seen.note({ envelope: { ...large.envelope, segment: 3 } }, [0], sent)
    assert.deepEqual(seen.of(uidOf(1))?.last('H26'), { organ: 'H26', ...sent, at: 7, code: null, part: [4, 10] })
    assert.deepEqual(seen.of(uidOf(1))?.last('H29.02')?.step, 'received')
    assert.deepEqual([seen.of(uidOf(1))?.last('H99'), seen.of(uidOf(2))], [null, null])
    assert.deepEqual([...(seen.of(uidOf(1))?.organs ?? [])].sort(), ['H26', 'H29.02'])
  })

  it('forget the oldest, and say from when on they know all', () => {
    const clock = { now: 0 }
    const seen = createSightings({ documents: 3, now: () => clock.now })
    for (const number of [1, 2, 3, 4]) {
      clock.now = number
      seen.note(segment(uidOf(number), ['H26']), [0], sent)
    }
    assert.deepEqual(
      [1, 2, 3, 4].map((number) => seen.of(uidOf(number)) !== null),
      [false, true, true, true],
    )
    assert.equal(seen.since, 1)
    const many = Array.from({ length: 31 }, (_, place) => `H26.${place}`)
    seen.note(segment(uidOf(5), many), [...many.keys()], sent)
    assert.equal(seen.of(uidOf(4)), null)
    assert.equal(seen.of(uidOf(5))?.organs.length, 31)
  })

  it('are of documents, and shared out among the nodes of a process', () => {
    const seen = createSightings({ documents: 3, now: () => 0 })
    seen.note(segment(uidOf(1), ['H26'], { kind: 'signal' }), [0], sent)
    assert.equal(seen.of(uidOf(1)), null)
    assert.deepEqual([1, 10, 200].map(rememberedDocuments), [10_000, 1_000, 500])
  })
})

describe('the limit of asks', () => {
  it('lets each number in once, and so many of one node and of all a minute', () => {
    const clock = { now: 0 }
    const limit = createAskLimit(() => clock.now)
    assert.deepEqual([limit.admit('H26', 1), limit.admit('H26', 1), limit.admit('H27', 1)], [true, false, true])
    for (let number = 2; number <= asksPerMinute.ofOne; number += 1) assert.ok(limit.admit('H26', number))
    assert.deepEqual([limit.admit('H26', 9_999), limit.admit('H27', 9_999)], [false, true])
    clock.now = 60_000
    assert.deepEqual([limit.admit('H26', 1), limit.admit('H26', 9_999)], [false, true])
    let admitted = 0
    for (let node = 0; node < asksPerMinute.ofAll + 5; node += 1) admitted += limit.admit(`X${node}`, 1) ? 1 : 0
    assert.equal(admitted, asksPerMinute.ofAll - 1)
  })
})

const directory: Directory = {
  version: 1,
  nodes: [
    { id: 'G22', tier: '', parent: null, keys: [] },
    { id: 'H29', tier: '', parent: 'G22', keys: [{ kid: nodeKey.kid, publicKey: nodeKey.publicKey }] },
    { id: 'H26', tier: '', parent: 'G22', keys: [] },
    { id: 'H29.18', tier: '', parent: 'H29', keys: [] },
    { id: 'H29.02', tier: '', parent: 'H29', keys: [] },
  ],
  organisations: ['G22', 'H29', 'H26', 'H29.18', 'H29.02'].map((id) => ({ id, name: id, parent: null, node: id })),
}

async function anAnsweringNode(t: Parameters<typeof aNode>[0]) {
  const node = await aNode(t, directory)
  const posted: { to: string; signal: Signal | Enquiry }[] = []
  const post = {
    send: (to: string, _lane: unknown, signal: Signal | Enquiry) => posted.push({ to, signal }),
    close() {},
  }
  const order = {
    neighbour: 'G22',
    stop: 'pause',
    until: null,
    bytesPerSecond: null,
    by: 'x',
    reason: 'y',
    at: 5,
  } as const
  const up = {
    neighbour: 'G22',
    direction: 'up',
    place: null,
    phase: 'opening',
    since: 9,
    canaryMs: null,
    peer: null,
    order,
  } as const
  const view = { ...up, reasons: ['sender-down: 10.0.0.1 refused', 'pause'], copies: 2, oldestAt: 3 }
  const ways = findWays(node.context)
  const standings = createStandings(node.context, {
    post,
    ways,
    links: () => ({ list: async () => [{ ...view, queued: { express: 1, bulk: 4 } }] }),
  })
  let number = 0
  async function ask(asker: string, question: Partial<Ask>): Promise<Standing | null> {
    const before = posted.length
    await standings.answer(asker, {
      type: 'ask',
      number: (number += 1),
      uid: null,
      generation: 1,
      organs: [],
      ...question,
    })
    const answer = posted[before]
    assert.ok(answer === undefined || (answer.to === asker && answer.signal.type === 'standing'))
    return (answer?.signal ?? null) as Standing | null
  }
  return { ...node, ask, posted, post, ways }
}

describe('a node that is asked', () => {
  it('tells where it sends what is for an organisation, how the link does, and nobody’s words', async (t) => {
    const { ask } = await anAnsweringNode(t)
    const answer = await ask('H26', { organs: ['H26', 'H29', 'G22', 'X99'] })
    const reasons = ['sender-down', 'pause']
    const link = { phase: 'opening', reasons, since: 5, copies: 2, oldestAt: 3, queued: 5 }
    assert.deepEqual(answer?.ways, [
      { organs: ['H26', 'G22'], next: 'G22', link },
      { organs: ['H29'], next: null, link: null },
    ])
    assert.deepEqual((await ask('H26', {}))?.ways, [])
  })

  it('tells of a document whom it passes, and nobody else, nor about others', async (t) => {
    const { ask, context } = await anAnsweringNode(t)
    const passing = segment(uidOf(1), ['H26', 'H29.02'])
    context.sightings.note(passing, [0, 1], received)
    context.sightings.note(passing, [0], sent)
    const about = { uid: uidOf(1), organs: ['H26', 'H29.02', 'G22'] }
    const told = async (asker: string) =>
      (await ask(asker, about))?.sightings.map(({ organ, step }) => `${organ} ${step}`)
    assert.deepEqual(await told('H29.18'), ['H26 sent', 'H29.02 received'])
    assert.deepEqual(await told('G22'), ['H26 sent'])
    assert.deepEqual(await told('H26'), ['H26 sent'])
    assert.deepEqual(await told('H29.02'), ['H29.02 received'])
    assert.deepEqual((await ask('H26', { uid: uidOf(2), organs: ['H26'] }))?.sightings, [])
    const stranger = segment(uidOf(3), ['H29.02'])
    context.sightings.note(stranger, [0], received)
    assert.deepEqual((await ask('H26', { uid: uidOf(3), organs: ['H26', 'H29.02'] }))?.sightings, [])
  })

  it('knows from its store what it sent itself', async (t) => {
    const { ask, accept, store } = await anAnsweringNode(t)
    await accept({ hop: 'up', to: { organ: 'H26', node: 'H26' }, name: 'a' })
    const [document] = await store.outbox.track({ documentId: 'a' })
    const [seen] = (await ask('G22', { uid: document?.uid ?? '', organs: ['H26'] }))?.sightings ?? []
    assert.deepEqual([seen?.step, seen?.at], ['waiting', document?.acceptedAt])
    assert.deepEqual((await ask('H29.02', { uid: document?.uid ?? '', organs: ['H26'] }))?.sightings, [])
  })

  it('answers no ask twice', async (t) => {
    const { ask } = await anAnsweringNode(t)
    assert.notEqual(await ask('H26', { number: 77 }), null)
    assert.equal(await ask('H26', { number: 77 }), null)
  })
})

describe('a node that asks', () => {
  it('believes only the node it asked, once, and gives up in time', async (t) => {
    const { posted, post, ask } = await anAnsweringNode(t)
    const enquiries = createEnquiries(post)
    const question = { uid: null, generation: 1, organs: [] }
    const asked = enquiries.ask('G22', question, 30_000)
    const asking = posted.at(-1)?.signal
    assert.ok(asking?.type === 'ask')
    const { number } = asking
    const standing = (await ask('H26', {})) as Standing
    enquiries.heard('H26', { ...standing, number, tableVersion: 666 })
    enquiries.heard('G22', { ...standing, number: number + 1, tableVersion: 666 })
    enquiries.heard('G22', { ...standing, number, tableVersion: 42 })
    assert.equal((await asked)?.standing.tableVersion, 42)
    assert.equal(await enquiries.ask('G22', question, 1), null)
    const last = enquiries.ask('G22', question, 30_000)
    enquiries.close()
    assert.equal(await last, null)
  })

  it('finds nothing by a uid that never was here, and by a date that is none', async (t) => {
    const { context, post, ways } = await anAnsweringNode(t)
    const diagnosis = createDiagnosis(context, { enquiries: createEnquiries(post), ways })
    await assert.rejects(diagnosis.where({ key: { uid: uidOf(8) } }), { code: 'NOT_FOUND' })
    await assert.rejects(diagnosis.where({ key: { number: '1/VP' } }), { code: 'NOT_FOUND' })
    await assert.rejects(diagnosis.where({ key: { number: '1/VP' }, date: 'hôm qua' }), { code: 'USAGE' })
    await assert.rejects(diagnosis.ping('X99'), { code: 'RECEIVER_UNKNOWN' })
    await assert.rejects(diagnosis.trace('X99'), { code: 'RECEIVER_UNKNOWN' })
  })
})
