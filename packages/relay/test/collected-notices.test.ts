/** What was collected here is told to its origin until that has noted it, or has gone for good. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { it, type TestContext } from 'node:test'
import type { Enquiry, NodeId, Signal } from '@lienthong/core'
import { createCustodyLoop } from '../src/custody-loop.ts'
import { createHolds } from '../src/holds.ts'
import { createServing } from '../src/serving.ts'
import { aNode } from './a-node.ts'

const organ = 'H29.1'
const dayMs = 24 * 3_600_000
const deadlineMs = 10_000

/** A node that knows G22, with items collected from there and from H26, which it does not know. */
async function collecting(t: TestContext) {
  const node = await aNode(t)
  const { context, store, clock } = node
  const sent: [NodeId, (Signal | Enquiry)['type']][] = []
  const post = {
    send: (to: NodeId, _: string, { type }: Signal | Enquiry) => void sent.push([to, type]),
    close: () => undefined,
  }
  const serving = createServing(context, { post, assembler: () => assert.fail(), onMoved: () => undefined })
  for (const origin of ['G22', 'H26', 'H26']) {
    const bytes = Buffer.from(`${origin} ${clock.now++}`)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const core = { uid: sha256, generation: 1, kind: 'document', businessType: 0, from: origin, documentId: sha256 }
    const segment = { envelope: { core: { ...core, sealedAt: 0 }, origin, path: [] } } as never
    await serving.deliver({ segment, organs: [organ] }, { bytes, sha256 }, null)
  }
  const items = await store.mailbox.list(organ, { after: 0, limit: 9, all: false })
  for (const { id } of items) await store.mailbox.acknowledge(organ, id, clock.now)
  sent.length = 0
  const holds = createHolds()
  const dispatchers = { rescan: () => undefined } as never
  return {
    ...node,
    items,
    sent,
    /** That much later, all that is due has been seen to. */
    async later(ms: number) {
      clock.now += ms
      const loop = createCustodyLoop(context, { post, dispatchers, holds })
      const end = Date.now() + deadlineMs
      for (let dueAt = await store.dueAt([]); dueAt !== null && dueAt <= clock.now; dueAt = await store.dueAt([])) {
        assert.ok(Date.now() < end, 'nothing was seen to')
        await new Promise((resolve) => setImmediate(resolve))
      }
      // With the round in hand.
      await loop.stop()
      return store.dueAt([])
    },
  }
}

it('a notice to an origin that has left waits for it to come back, and ends', async (t) => {
  const { context, items, logged, sent, later } = await collecting(t)
  const ended = () => context.counters.read().notices_given_up_total
  const said = () => logged.filter((line) => line.startsWith('an origin has left')).length

  await later(dayMs)
  assert.deepEqual(sent, [['G22', 'collected']])
  await later(28 * dayMs)
  assert.deepEqual([ended(), said()], [0, 0])

  const dueAt = await later(dayMs + 1)
  assert.deepEqual([ended(), said()], [2, 1])
  assert.deepEqual(sent.at(-1), ['G22', 'collected'], 'the other one goes on')
  assert.ok(dueAt !== null)
  await context.store.mailbox.noted(items[0]?.uid ?? '', 1, [organ], 'G22')
  assert.equal(await later(dayMs), null, 'nothing is due any more')
})
