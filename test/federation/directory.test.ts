/** A living directory on real brokers: nodes join, what one declares all know, and nothing is forgotten for good. */
import assert from 'node:assert/strict'
import { cp, rm } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import type { Declared, NodeId } from '@lienthong/core'
import { encodeDirectoryMessage, names } from '@lienthong/link'
import { type JoinedFederation, prepareFederation } from '../kit/federation-joined.ts'
import { rawChannel } from '../kit/federation-outsider.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const tree = [
  { id: 'G22', tier: 'trung ương', parent: null, name: 'Văn phòng trung ương' },
  { id: 'H29', tier: 'tỉnh', parent: 'G22', name: 'Tỉnh thứ nhất' },
  { id: 'H26', tier: 'tỉnh', parent: 'G22', name: 'Tỉnh thứ hai' },
  { id: 'H29.18', tier: 'huyện', parent: 'H29', name: 'Huyện thứ nhất' },
  { id: 'H29.18.05', tier: 'xã', parent: 'H29.18', name: 'Xã thứ nhất' },
] as const
const ids = tree.map(({ id }) => id)
const deadlineMs = 60_000

const why = canStartBroker() ? false : 'rabbitmq-server is missing'

function doorOf(federation: JoinedFederation, id: NodeId) {
  const { administration } = federation.node(id)
  assert.ok(administration !== null)
  return administration
}

async function declare(federation: JoinedFederation, id: NodeId, change: (content: Declared) => Declared) {
  const door = doorOf(federation, id)
  const { epoch, version, content } = await door.current()
  return await door.apply({ base: { epoch, version }, content: change(content), by: 'văn thư', reason: 'thử' })
}

const serving =
  (...organs: readonly string[]) =>
  (content: Declared): Declared => ({
    ...content,
    organisations: organs.map((id) => ({ id, name: `Cơ quan ${id}`, parent: null })),
  })

function knows(federation: JoinedFederation, id: NodeId, organ: string): boolean {
  return federation.node(id).table.listed(organ) !== null
}

function everyoneKnows(federation: JoinedFederation, organ: string, nodes: readonly NodeId[] = ids): Promise<unknown> {
  return waitFor(() => nodes.every((id) => knows(federation, id, organ)), {
    what: `${organ} at ${nodes.join()}`,
    deadlineMs,
  })
}

describe('a living directory', { skip: why, timeout: 600_000 }, () => {
  const teardown = lastFirst({ after })
  let federation: JoinedFederation

  before(async () => {
    federation = await prepareFederation(teardown, { tree, tops: ['G22'], proxied: ['H29.18.05', 'H29'] })
    for (const id of ids) await federation.start(id)
  })

  it('begins at each node alone, which works by itself', async () => {
    const door = doorOf(federation, 'H29.18.05')
    assert.equal((await door.current()).version, 1)
    await declare(federation, 'H29.18.05', serving('H29.18.05', 'H29.18.05.1'))
    const { table } = federation.node('H29.18.05')
    assert.equal(table.parent, null)
    assert.equal(table.hopToNode('H29.18.05'), 'mailbox')
    assert.equal(knows(federation, 'H29.18.05', 'H29.18.05.1'), true)
  })

  it('is the same everywhere once all have joined, from the leaf upwards or downwards', async () => {
    for (const id of ids.filter((each) => each !== 'H29.18.05')) await declare(federation, id, serving(id))
    for (const child of ['H29.18.05', 'H26', 'H29', 'H29.18']) await federation.join(child)
    for (const id of ids) await everyoneKnows(federation, id)
    const seen = await Promise.all(ids.map(async (id) => versionsAt(federation, id)))
    for (const each of seen) assert.deepEqual(each, seen[0])
    for (const [id, neighbour] of [
      ['H29.18', 'H29'],
      ['H29', 'H29.18'],
    ] as const) {
      const steps = await doorOf(federation, id).steps()
      assert.ok(
        steps.some(({ node }) => node === neighbour),
        `${id} knows whether ${neighbour} has the same`,
      )
    }
    const { directory, table } = federation.node('H26')
    assert.deepEqual(
      Object.fromEntries(directory.nodes.map(({ id, parent }) => [id, parent])),
      Object.fromEntries(tree.map(({ id, parent }) => [id, parent])),
    )
    assert.equal(table.hopToNode('H29.18.05'), 'up')
    assert.equal(federation.node('H29').table.hopToNode('H29.18.05'), 'down:H29.18')
  })

  it('brings a change of one node to all, over four tiers', async () => {
    const began = performance.now()
    await declare(federation, 'H29.18.05', serving('H29.18.05', 'H29.18.05.1', 'H29.18.05.2'))
    await everyoneKnows(federation, 'H29.18.05.2')
    process.stdout.write(`a change is everywhere after ${Math.round(performance.now() - began)} ms\n`)
    await declare(federation, 'H26', serving('H26', 'H26.7'))
    await everyoneKnows(federation, 'H26.7')
  })

  it('refuses what lies outside the delegation, and what was made on another base', async () => {
    await assert.rejects(declare(federation, 'H29.18', serving('H29.18', 'H26')), {
      code: 'DELEGATION_EXCEEDED',
      detail: { node: 'H29.18', id: 'H26' },
    })
    const door = doorOf(federation, 'H29.18')
    const { content, ...current } = await door.current()
    const base = { epoch: current.epoch, version: current.version - 1 }
    await assert.rejects(door.apply({ base, content, by: 'x', reason: '' }), { code: 'BASE_MOVED' })
    assert.deepEqual(await door.current(), { content, ...current })
    assert.deepEqual(await door.delegates(), ['H29.18'])
    assert.equal(await doorOf(federation, 'G22').delegates(), null)
  })

  it('keeps who changed what, and lets no second key in without the first', async () => {
    const [newest, ...older] = await doorOf(federation, 'H26').history({ limit: 20 })
    assert.ok(newest)
    assert.deepEqual([newest.by, newest.reason], ['văn thư', 'thử'])
    const at = older.findIndex(({ version }) => version === newest.base?.version)
    assert.ok(at >= 0)
    // A child that joins makes a version as well; nothing declared changes with it, nor the base of what comes next.
    for (const { content } of older.slice(0, at)) assert.deepEqual(content, older[at]?.content)
    const { membership } = federation.node('H29.18')
    const { publicKey } = federation.plan.node('G22').config.key
    const stolen = { kid: 'H29.18.05#2', publicKey, replaces: 'H29.18.05#1' }
    await assert.rejects(Promise.resolve(membership?.vouch(stolen, { by: 'x', reason: '' })), {
      code: 'KEY_HANDOVER_MISSING',
    })
  })

  it('reaches a node that was cut off meanwhile when its line is back', async () => {
    await federation.proxy('H29.18.05').setMode('refuse')
    await waitFor(async () => (await federation.node('H29.18.05').status()).link?.phase !== 'open', {
      what: 'the line to be cut',
      deadlineMs,
    })
    await declare(federation, 'H26', serving('H26', 'H26.8'))
    await declare(federation, 'H29.18.05', serving('H29.18.05', 'H29.18.05.3'))
    await everyoneKnows(
      federation,
      'H26.8',
      ids.filter((id) => id !== 'H29.18.05'),
    )
    assert.equal(knows(federation, 'H29.18.05', 'H26.8'), false)
    assert.equal(knows(federation, 'H29.18', 'H29.18.05.3'), false)
    await federation.proxy('H29.18.05').setMode('pass')
    await everyoneKnows(federation, 'H26.8')
    await everyoneKnows(federation, 'H29.18.05.3')
  })

  it('is there again after a restart, before anybody is asked', async () => {
    const before = await versionsAt(federation, 'H29')
    const { version } = federation.node('H29').table
    await federation.stop('H29')
    await federation.proxy('H29').setMode('refuse')
    await federation.start('H29')
    assert.deepEqual(await versionsAt(federation, 'H29'), before)
    assert.ok(federation.node('H29').table.version >= version)
    assert.equal(federation.node('H29').table.hopToNode('H29.18.05'), 'down:H29.18')
    await federation.proxy('H29').setMode('pass')
    await declare(federation, 'H29', serving('H29', 'H29.9'))
    await everyoneKnows(federation, 'H29.9')
  })

  it('restored from a backup a node takes up what it had said, and goes on above it', async () => {
    const dir = federation.dataDir('H29.18')
    await federation.stop('H29.18')
    await cp(dir, `${dir}.backup`, { recursive: true })
    await federation.start('H29.18')
    await waitFor(async () => (await federation.node('H29.18').status()).link?.phase === 'open', {
      what: 'the link',
      deadlineMs,
    })
    const forgotten = await declare(federation, 'H29.18', serving('H29.18', 'H29.18.77'))
    await everyoneKnows(federation, 'H29.18.77')
    await federation.stop('H29.18')
    await rm(dir, { recursive: true })
    await cp(`${dir}.backup`, dir, { recursive: true })
    await federation.start('H29.18')

    const door = doorOf(federation, 'H29.18')
    await waitFor(async () => (await door.current()).version === forgotten.version, {
      what: 'its own word',
      deadlineMs,
    })
    assert.deepEqual((await door.current()).content, forgotten.content)
    const next = await declare(federation, 'H29.18', serving('H29.18', 'H29.18.77', 'H29.18.78'))
    assert.deepEqual([next.epoch, next.version], [forgotten.epoch + 1, 1])
    await everyoneKnows(federation, 'H29.18.78')
    assert.equal(federation.node('H26').table.hopToNode('H29.18.05'), 'up')
  })

  it('forgets a child that is dismissed, and what it and those below it announced', async () => {
    const { membership } = federation.node('H29')
    await membership?.dismiss('H29.18', { by: 'x', reason: 'leaves', revoke: true })
    await waitFor(() => ['G22', 'H26'].every((id) => !knows(federation, id, 'H29.18.05')), {
      what: 'it to be gone',
      deadlineMs,
    })
    // By itself it goes on.
    await waitFor(() => federation.node('H29.18.05').table.listed('H29.18.05') !== null, {
      what: 'it to go on',
      deadlineMs,
    })
  })

  it('goes on while a child says and asks without end, and says once that it does', async () => {
    const { config } = federation.plan.node('H26')
    assert.ok(config.parent !== null)
    const channel = await rawChannel(config.parent.address, teardown)
    const body = encodeDirectoryMessage({ type: 'want', nodes: [...ids] })
    for (let sent = 0; sent < 8_000; sent += 1) {
      channel.publish(names.from('H26'), 'express', Buffer.from(body), { type: 'lt.directory', userId: 'H26' })
    }
    const began = performance.now()
    await declare(federation, 'H29', serving('H29', 'H29.66'))
    await everyoneKnows(federation, 'H29.66', ['G22', 'H29'])
    process.stdout.write(`a change passes a flood in ${Math.round(performance.now() - began)} ms\n`)
    await waitFor(() => federation.said.some(({ code }) => code === 'RATE_LIMITED'), { what: 'the limit', deadlineMs })
    assert.equal(federation.said.filter(({ code }) => code === 'RATE_LIMITED').length, 1)
  })
})

async function versionsAt(
  federation: JoinedFederation,
  id: NodeId,
): Promise<readonly (readonly [NodeId, number, number])[]> {
  return (await doorOf(federation, id).announcements()).map(
    ({ node, epoch, version }) => [node, epoch, version] as const,
  )
}
