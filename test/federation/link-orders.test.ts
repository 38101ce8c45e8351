/** What an administrator orders of a link keeps what it keeps, survives a restart, and stalls nobody else. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { LinkView } from '@lienthong/relay'
import { allArrived } from '../kit/federation-arrival.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

const province = 'H29'
const deadlineMs = 60_000
const by = 'a clerk'
const forNow = { until: null, reason: 'thử' }

describe('a link that is stopped by order', { skip, timeout: 300_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, { queryTiming: { firstMs: 2_000, maxMs: 4_000 } })
  })

  it('down, is told to the senders, keeps what is from here, and hears the child all the same', async () => {
    await links().stop('H29.18', { stop: 'pause', ...forNow }, by)
    const far = await fed.ledger.send({ from: 'G22', to: ['H29.18', 'H29.02'] })
    const own = await fed.ledger.send({ from: province, to: ['H29.18'] })
    await waitFor(
      () => fed.events.some((event) => event.type === 'dropped' && event.uid === far.uid && event.code === 'LINK_FULL'),
      { what: 'the sender to be told', deadlineMs },
    )
    await delivered(far.uid)
    await delivered((await fed.ledger.send({ from: 'H29.18', to: ['H29.02'] })).uid)

    const view = await links().get('H29.18')
    assert.deepEqual([view.phase, view.reasons, view.copies > 0], ['open', ['pause'], true])
    assert.equal(fed.events.filter((event) => event.type === 'delivered' && event.uid === own.uid).length, 0)
    await links().resume('H29.18', by)
    await allArrived(fed)
    await fed.quiet()
  })

  it('up, keeps what climbs and what is its own, over a restart, and nothing else', async () => {
    const paused = await links().stop('G22', { stop: 'pause', ...forNow }, by)
    assert.deepEqual([paused.phase, paused.reasons, paused.order?.by], ['open', ['pause'], by])
    const climbing = await fed.ledger.send({ from: 'H29.18', to: ['H26'] })
    const own = await fed.ledger.send({ from: province, to: ['G22'] })

    const inside = await fed.ledger.send({ from: 'H29.18', to: ['H29.02'] })
    const descending = await fed.ledger.send({ from: 'H26.10', to: ['H29.02'] })
    await delivered(inside.uid)
    await delivered(descending.uid)
    await waitFor(async () => waits(await links().get('G22')), { what: 'both to wait', deadlineMs })
    await fed.stop(province)
    await fed.start(province)
    await delivered((await fed.ledger.send({ from: 'H29.02', to: ['H29.18'] })).uid)

    assert.ok(waits(await links().get('G22')))
    assert.ok(!isDelivered(climbing.uid) && !isDelivered(own.uid))
    assert.deepEqual((await links().resume('G22', by)).reasons, [])
    await allArrived(fed)
    await fed.quiet()
  })

  it('up by draining, sends what has climbed and takes nothing new', async () => {
    await links().stop('G22', { stop: 'pause', ...forNow }, by)
    const climbed = await fed.ledger.send({ from: 'H29.18', to: ['H26.10'] })
    await waitFor(async () => spooled(await links().get('G22')) > 0, { what: 'it to climb', deadlineMs })

    await links().stop('G22', { stop: 'drain', ...forNow }, by)
    const own = await fed.ledger.send({ from: province, to: ['G22'] })
    await delivered(climbed.uid)
    await waitFor(async () => spooled(await links().get('G22')) === 0, { what: 'an empty spool', deadlineMs })

    assert.ok(!isDelivered(own.uid))
    await links().resume('G22', by)
    await allArrived(fed)
    await fed.quiet()
  })

  it('until an hour, goes on by itself', async () => {
    const until = Date.now() + 3_000
    const { order } = await links().stop('G22', { stop: 'pause', until, reason: 'bảo trì' }, by)
    assert.equal(order?.until, until)
    await fed.ledger.send({ from: 'H29.18', to: ['H26.10'] })
    await fed.ledger.send({ from: province, to: ['G22'] })
    await allArrived(fed)
    await waitFor(async () => (await links().get('G22')).order === null, { what: 'the order to be over', deadlineMs })
  })

  it('throttled, brings all that it did before, and says so', async () => {
    await links().throttle('G22', { bytesPerSecond: 400_000, reason: 'đường hẹp' }, by)
    for (const from of ['H29.18', province]) {
      await fed.ledger.send({ from, to: ['H26'], attachmentBytes: 600_000 })
    }
    assert.equal((await links().get('G22')).order?.bytesPerSecond, 400_000)
    await allArrived(fed)
    assert.equal((await links().throttle('G22', { bytesPerSecond: null, reason: '' }, by)).order, null)
    await assert.rejects(links().throttle('H29.18', { bytesPerSecond: 1, reason: '' }, by), { code: 'USAGE' })
    await assert.rejects(links().stop('H26', { stop: 'pause', ...forNow }, by), { code: 'NOT_FOUND' })
    await fed.quiet()
    assert.deepEqual(fed.failures, [])
  })

  function links() {
    return fed.node(province).links
  }

  function isDelivered(uid: string): boolean {
    return fed.events.some((event) => event.type === 'delivered' && event.uid === uid)
  }

  async function delivered(uid: string): Promise<void> {
    await waitFor(() => isDelivered(uid), { what: `document ${uid.slice(0, 8)} to be delivered`, deadlineMs })
  }
})

function spooled({ queued }: LinkView): number {
  return queued === null ? -1 : queued.express + queued.bulk
}

/** One in the spool, one in the outbox. */
function waits(view: LinkView): boolean {
  return spooled(view) > 0 && view.copies > 0
}
