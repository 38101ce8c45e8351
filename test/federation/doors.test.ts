/** Document software at a running node: let in while it runs, told of arrivals over AMQP, and shut out again. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { samplePacket } from '@lienthong/edxml'
import { names } from '@lienthong/link'
import type { NodeChange, Notice } from '@lienthong/relay'
import type { ConfirmChannel } from 'amqplib'
import type { TreeNode } from '../kit/federation.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { rawChannel } from '../kit/federation-outsider.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const tree: readonly TreeNode[] = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  { id: 'H29', tier: 'province', parent: 'G22', name: 'Tỉnh', organisations: [{ id: 'H29.1', name: 'Sở' }] },
]
const by = 'a clerk'
const deadlineMs = 30_000

describe('document software at a running node', { skip, timeout: 150_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, { tree })
  })

  const node = () => fed.node('H29')

  async function channelOf(user: string, password: string): Promise<ConfirmChannel> {
    return rawChannel({ ...fed.plan.node('H29').config.broker.address, user, password }, teardown)
  }

  /** Tries until the broker has the account. */
  async function comeIn(user: string, password: string): Promise<ConfirmChannel> {
    return waitFor(() => channelOf(user, password).catch(() => undefined), { what: `${user} let in`, deadlineMs })
  }

  it('comes in while the node runs, hands in over AMQP, and is told of what arrives for it alone', async () => {
    const { secret = '' } = await node().systems.add({ id: 'qlvb', organisations: ['H29.1'] }, by)
    const channel = await comeIn('qlvb', secret)
    const notices: Notice[] = []
    await channel.consume(
      names.notices('qlvb'),
      (message) => notices.push(JSON.parse(message?.content.toString() ?? 'null') as Notice),
      { noAck: true },
    )
    const changes: NodeChange[] = []
    teardown.after(async () => unwatch())
    const unwatch = node().watch((change) => changes.push(change))
    const waiting = node().mailbox.waitFor('H29.1', { after: 0, timeoutMs: deadlineMs })

    channel.publish(names.submit, 'H29.1', await packet('H29.1', ['G22', 'H29']), { userId: 'qlvb' })
    await fed.node('G22').submit({ as: 'G22', body: await packet('G22', ['H29.1', 'H29']) })

    assert.equal(await waiting, true)
    const [item] = await node().mailbox.list('H29.1')
    await waitFor(() => notices.length > 0, { what: 'a notice', deadlineMs })
    assert.deepEqual(notices, [
      {
        uid: item?.uid,
        id: item?.id,
        organ: 'H29.1',
        kind: 'document',
        from: 'G22',
        number: item?.headline.number,
        subject: item?.headline.subject,
        at: item?.deliveredAt,
      },
    ])
    const { last } = await waitFor(
      async () => {
        const page = await node().sent.changes('H29.1', { after: 0 })
        return page.changes.filter(({ type }) => type === 'delivered').length === 2 ? page : undefined
      },
      { what: 'both receipts', deadlineMs },
    )
    assert.ok(changes.some((change) => change.type === 'arrived' && change.notice.id === item?.id))
    assert.ok(changes.some((change) => change.type === 'changed' && change.from === 'H29.1' && change.last === last))
  })

  it('uses its new secret from the moment it is given, and is out at once when it is disabled', async () => {
    const { systems } = node()
    const { secret: old = '' } = await systems.add({ id: 'out', organisations: ['H29'] }, by)
    const channel = await comeIn('out', old)
    const { secret = '' } = await systems.rotate('out', { kind: 'secret', overlapMs: 0 }, by)
    await comeIn('out', secret)
    await assert.rejects(channelOf('out', old))
    let cancelled = false
    await channel.consume(names.notices('out'), (message) => {
      cancelled ||= message === null
    })
    channel.once('close', () => {
      cancelled = true
    })

    await systems.change('out', { disabled: true }, by)

    const isOut = () =>
      channelOf('out', secret).then(
        () => false,
        () => true,
      )
    await waitFor(isOut, { what: 'the account shut out', deadlineMs })
    await waitFor(() => cancelled, { what: 'the end of its notices', deadlineMs })
    const before = (await node().figures()).accepted_total
    const late = await packet('H29', ['G22'])
    // Its connection is closed for it, sooner or later than this: either way nothing is taken.
    await Promise.resolve()
      .then(() => channel.publish(names.submit, 'H29', late, { userId: 'out' }))
      .then(() => channel.waitForConfirms())
      .catch(() => undefined)
    await fed.quiet()
    assert.equal((await node().figures()).accepted_total, before)
  })

  it('knows whether it can work, by doing it', async () => {
    const probe = await node().probe()
    const figures = await node().figures()

    assert.deepEqual([probe.ready, probe.broker.error, probe.store.error], [true, null, null])
    assert.deepEqual([figures.broker_open, figures.link_open, figures.dead_letters], [1, 1, 0])
    assert.ok((figures.delivered_total ?? 0) >= 2 && (figures.store_bytes ?? 0) > 0)
    assert.equal((await fed.node('G22').figures()).link_open, null)
  })
})

let count = 0
async function packet(from: string, to: readonly string[]): Promise<Buffer> {
  count += 1
  const chunks: Uint8Array[] = []
  const organ = (organId: string) => ({ organId, organName: organId })
  for await (const chunk of samplePacket({
    from: organ(from),
    to: to.map(organ),
    number: `${count}/VP`,
    subject: 'Họp',
  }))
    chunks.push(chunk)
  return Buffer.concat(chunks)
}
