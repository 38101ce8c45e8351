/** Where a document is, when a link or a node stops it: asked at its origin, and at nodes on its way. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { NodeId } from '@lienthong/core'
import type { WhereRecipient } from '@lienthong/relay'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

const deadlineMs = 60_000
const patient = { timeoutMs: 20_000 }
/** Where somebody is silent for certain; asked again until it is as it should be. */
const brief = { timeoutMs: 1_500 }
const by = 'a clerk'

describe('where a document is', { skip, timeout: 300_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, { proxied: ['H29'], queryTiming: { firstMs: 60_000, maxMs: 120_000 } })
  })

  it('is the mailbox until it is collected, from every node on the way and from no other', async () => {
    const { uid } = await fed.ledger.send({ from: 'H29.18', to: ['H26.10'] })
    await until(uid, 'H29.18', ({ whereabouts }) => whereabouts.place === 'delivered')
    for (const node of ['H29.18', 'H29', 'G22', 'H26', 'H26.10']) {
      const found = await where(uid, node)
      assert.deepEqual(
        [found.organ, found.node, found.whereabouts.place, found.whereabouts.holder, found.whereabouts.silent],
        ['H26.10', 'H26.10', 'delivered', 'H26.10', []],
        node,
      )
    }
    await assert.rejects(where(uid, 'H29.02'), { code: 'NOT_FOUND' })

    const { mailbox } = fed.node('H26.10')
    const [item] = await mailbox.list('H26.10')
    await mailbox.acknowledge('H26.10', item?.id ?? 0)
    const collected = await until(uid, 'G22', ({ whereabouts }) => whereabouts.place === 'collected')
    assert.equal(collected.whereabouts.holder, 'H26.10')
    const [tracked] = await fed.node('H29.18').track({ uid })
    const byNumber = await fed
      .node('H29.18')
      .diagnosis.where({ key: { number: tracked?.headline.number ?? '' } }, patient)
    assert.ok(byNumber.some((document) => document.uid === uid))
  })

  it('is before a link that is paused by order', async () => {
    const { links } = fed.node('H29')
    const { order } = await links.stop('G22', { stop: 'pause', until: null, reason: 'bảo trì' }, by)
    const { uid } = await fed.ledger.send({ from: 'H29.18', to: ['H26.10'] })
    const found = await until(uid, 'H29.18', ({ whereabouts }) => whereabouts.from === 'H29', brief)
    const { place, holder, next, link } = found.whereabouts
    assert.deepEqual([place, holder, next], ['on-link', 'H29', 'G22'])
    assert.deepEqual([link?.reasons, link?.since], [['pause'], order?.at])
    // The ask waits before the same link.
    assert.deepEqual(found.whereabouts.silent, ['G22', 'H26', 'H26.10'])
    await breaks('H29.18', 'H29 → G22')
    assert.equal((await fed.node('H29.18').diagnosis.ping('H26.10', brief)).ms, null)
    await links.resume('G22', by)
    await until(uid, 'H29.18', ({ whereabouts }) => whereabouts.place === 'delivered')
  })

  it('is before a link that is cut, with since when', async () => {
    const cutAt = Date.now()
    await fed.proxy('H29').setMode('refuse')
    await waitFor(async () => (await fed.node('H29').status()).link?.phase === 'opening', { what: 'a cut', deadlineMs })
    const { uid } = await fed.ledger.send({ from: 'H29.18', to: ['H26.10'] })
    const own = await fed.ledger.send({ from: 'H29', to: ['G22'] })
    const { whereabouts } = await until(uid, 'H29.18', (each) => each.whereabouts.from === 'H29', brief)
    assert.deepEqual([whereabouts.place, whereabouts.holder, whereabouts.next], ['on-link', 'H29', 'G22'])
    assert.equal(whereabouts.link?.phase, 'opening')
    assert.ok((whereabouts.link.since ?? 0) >= cutAt && whereabouts.link.reasons.includes('sender-down'))
    const waiting = (await where(own.uid, 'H29', brief)).whereabouts
    assert.deepEqual(
      [waiting.place, waiting.holder, waiting.next, waiting.link?.phase],
      ['waiting', 'H29', 'G22', 'opening'],
    )
    await fed.proxy('H29').setMode('pass')
    await until(uid, 'H29.18', (each) => each.whereabouts.place === 'delivered')
  })

  it('is before a node that is stopped', async () => {
    await fed.stop('H26.10')
    const { uid } = await fed.ledger.send({ from: 'H29.18', to: ['H26.10'] })
    // The broker counts its queues every few seconds.
    const { whereabouts } = await until(
      uid,
      'H29.18',
      (each) => each.whereabouts.from === 'H26' && (each.whereabouts.link?.queued ?? 0) > 0,
      brief,
    )
    const { place, holder, next, silent } = whereabouts
    assert.deepEqual([place, holder, next, silent], ['on-link', 'H26', 'H26.10', ['H26.10']])
    await breaks('G22', 'H26 → H26.10')
    await fed.start('H26.10')
    await until(uid, 'H29.18', (each) => each.whereabouts.place === 'delivered')
  })

  it('is unknown of a document that never was', async () => {
    await assert.rejects(where('0'.repeat(64), 'H29'), { code: 'NOT_FOUND' })
  })

  it('takes the way of documents: each node in its order, with its versions', async () => {
    const { hops, broken, organ } = await fed.node('H29.18').diagnosis.trace('H26.10', patient)
    assert.deepEqual([organ, broken], ['H26.10', null])
    assert.deepEqual(
      hops.map(({ node, next, tableVersion }) => [node, next, tableVersion]),
      [
        ['H29.18', 'H29', 1],
        ['H29', 'G22', 1],
        ['G22', 'H26', 1],
        ['H26', 'H26.10', 1],
        ['H26.10', null, 1],
      ],
    )
    assert.ok(hops.every(({ ms }) => ms !== null))
    const { ms, node } = await fed.node('H29.18').diagnosis.ping('H26.10', patient)
    assert.ok(node === 'H26.10' && ms !== null && ms > 0)
    assert.deepEqual(fed.failures, [])
  })

  async function where(uid: string, node: NodeId, patience = patient): Promise<WhereRecipient> {
    const [document] = await fed.node(node).diagnosis.where({ key: { uid } }, patience)
    const [recipient] = document?.recipients ?? []
    assert.ok(recipient !== undefined)
    return recipient
  }

  async function breaks(node: NodeId, hop: string): Promise<void> {
    const brokenAt = async () => {
      const { broken } = await fed.node(node).diagnosis.trace('H26.10', brief)
      return `${broken?.from ?? ''} → ${broken?.to ?? ''}`
    }
    await waitFor(async () => (await brokenAt()) === hop, { what: `the way to break at ${hop}`, deadlineMs })
  }

  async function until(
    uid: string,
    node: NodeId,
    isSo: (found: WhereRecipient) => boolean,
    patience = patient,
  ): Promise<WhereRecipient> {
    let found = await where(uid, node, patience)
    await waitFor(
      async () => {
        found = await where(uid, node, patience)
        return isSo(found)
      },
      { what: `${uid.slice(0, 8)} to be where it should`, deadlineMs },
    )
    return found
  }
})
