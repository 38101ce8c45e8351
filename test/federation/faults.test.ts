/**
 * Three brokers, five relay processes, 300 documents, and everything that can be killed without notice:
 * a relay, a broker, and all the data of the broker in the middle.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Broker, startBroker, temporaryFolder, waitFor } from '@lienthong/test/kit'
import { planFederation, type TreeNode } from '../kit/federation.ts'
import { openLedger, summary } from '../kit/federation-ledger.ts'
import { queuedAt } from '../kit/federation-nodes.ts'
import { type NodeProcess, startNodeProcess } from '../kit/federation-processes.ts'

const tree: readonly TreeNode[] = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  { id: 'H26', tier: 'province', parent: 'G22', name: 'Tỉnh thứ hai' },
  { id: 'H29', tier: 'province', parent: 'G22', name: 'Tỉnh thứ nhất' },
  { id: 'H29.18', tier: 'commune', parent: 'H29', name: 'Xã thứ nhất' },
  { id: 'H29.02', tier: 'department', parent: 'H29', name: 'Sở thứ nhất' },
]
/** The broker in the middle is the province's alone: all that crosses it is in transit. */
const brokerOf: Readonly<Record<string, number>> = { G22: 0, H26: 0, H29: 1, 'H29.18': 2, 'H29.02': 2 }
const documents = 300
/** One in so many goes to everyone. */
const everyone = 10
/** One in so many has several segments. */
const large = 15
const sendersAtOnce = 8
const settleDeadlineMs = 120_000

describe('killing relays and brokers', { timeout: 280_000 }, () => {
  it('loses nothing and doubles nothing', async (t) => {
    const brokers = await Promise.all([0, 1, 2].map(() => startBroker({ teardown: t })))
    const plan = planFederation({
      dir: temporaryFolder(t),
      tree,
      brokerOf: (node) => brokers[brokerOf[node] ?? 0] as Broker,
      queryTiming: { firstMs: 3_000, maxMs: 10_000 },
    })
    plan.writeFiles()
    const nodes = new Map<string, NodeProcess>()
    for (const planned of plan.nodes) nodes.set(planned.id, await startNodeProcess(planned, t))
    const node = (id: string): NodeProcess => nodes.get(id) as NodeProcess
    const ledger = openLedger((organ) => node(plan.serving(organ).id).client)
    const organs = tree.map(({ id }) => id)

    let number = 0
    async function send(count: number): Promise<void> {
      const end = number + count
      const sender = async (): Promise<void> => {
        while (number < end) {
          const mine = number
          number += 1
          const from = organs[mine % organs.length] as string
          const others = organs.filter((organ) => organ !== from)
          const to =
            mine % everyone === 0 ? others : [others[Math.floor(mine / organs.length) % others.length] as string]
          const attachmentBytes = mine % large === 0 ? 700_000 : 2_000
          await ledger.send({ from, to, attachmentBytes })
        }
      }
      await Promise.all(Array.from({ length: sendersAtOnce }, sender))
    }
    const delivered = async (): Promise<string> => summary(await ledger.reconcile())

    // A relay dies while its frames are not yet acknowledged: some must come again.
    await whileSending(send(documents / 3), async () => {
      await waitFor(
        async () => {
          await node('H29').kill()
          await node('H29').start()
          return redeliveries(node('H29')) > 0
        },
        { what: 'the killed relay to see frames again', deadlineMs: 60_000 },
      )
    })
    // A broker dies under two nodes.
    await whileSending(send(documents / 3), async () => {
      await brokers[0]?.kill()
      await brokers[0]?.start()
    })
    // The middle broker loses all it had in transit.
    await whileSending(send(documents / 3), async () => {
      await brokers[1]?.kill()
      brokers[1]?.wipe()
      await brokers[1]?.start()
    })

    await waitFor(async () => (await ledger.notYet(['delivered', 'collected'])).length === 0, {
      what: 'every sender to know that every recipient has it',
      deadlineMs: settleDeadlineMs,
    })
    const result = await ledger.reconcile({ acknowledge: true })
    assert.equal(await delivered(), `delivered ${result.expected}/${result.expected}, lost 0, duplicated 0`)
    assert.deepEqual([result.altered, result.unexpected], [[], []])
    assert.equal(ledger.entries.length, documents)
    await waitFor(async () => (await ledger.notYet(['collected'])).length === 0, {
      what: 'every sender to know that every recipient has collected',
      deadlineMs: settleDeadlineMs,
    })
    await waitFor(async () => (await queuedAt(plan.nodes)).size === 0, {
      what: 'every queue to be empty',
      deadlineMs: 60_000,
    })
    for (const { client, planned } of nodes.values()) {
      const { backlog, openAssemblies } = await client.status()
      assert.deepEqual(
        { backlog, openAssemblies },
        { backlog: { documents: 0, copies: 0 }, openAssemblies: 0 },
        planned.id,
      )
    }
  })
})

/** Does something while documents go in; both must end well. */
async function whileSending(sending: Promise<void>, disturb: () => Promise<void>): Promise<void> {
  await Promise.all([sending, disturb()])
}

function redeliveries(node: NodeProcess): number {
  return node.log().split('"redelivered":true').length - 1
}
