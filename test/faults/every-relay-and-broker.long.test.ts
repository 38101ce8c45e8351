/** Seven nodes, each with a broker process of its own, and each relay and broker killed in turn under load. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Broker, startBroker, temporaryFolder, waitFor } from '@lienthong/test/kit'
import { planFederation, type TreeNode } from '../kit/federation.ts'
import { openLedger, summary } from '../kit/federation-ledger.ts'
import { queuedAt } from '../kit/federation-nodes.ts'
import { type NodeProcess, startNodeProcess } from '../kit/federation-processes.ts'

const tree: readonly TreeNode[] = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  { id: 'H29', tier: 'province', parent: 'G22', name: 'Tỉnh thứ nhất' },
  { id: 'H26', tier: 'province', parent: 'G22', name: 'Tỉnh thứ hai' },
  { id: 'H29.18', tier: 'district', parent: 'H29', name: 'Huyện thứ nhất' },
  { id: 'H29.02', tier: 'department', parent: 'H29', name: 'Sở thứ nhất' },
  { id: 'H29.18.05', tier: 'commune', parent: 'H29.18', name: 'Xã thứ nhất' },
  { id: 'H26.10', tier: 'commune', parent: 'H26', name: 'Xã thứ hai' },
]
/** 2,000 small ones and ten of 20 MB. */
const documents = 2_010
const oneLargeIn = documents / 10
const largeBytes = 15 * 1024 * 1024
const sendersAtOnce = 4
/** Brokers that start together; each takes a core for seconds. */
const startTogether = 2
const settleDeadlineMs = 600_000

describe('killing every relay and every broker', { timeout: 2_000_000 }, () => {
  it('loses nothing and doubles nothing', async (t) => {
    const brokers = new Map<string, Broker>()
    for (let first = 0; first < tree.length; first += startTogether) {
      const group = tree.slice(first, first + startTogether)
      await Promise.all(group.map(async ({ id }) => brokers.set(id, await startBroker({ teardown: t }))))
    }
    const plan = planFederation({
      dir: temporaryFolder(t),
      tree,
      brokerOf: (node) => brokers.get(node) as Broker,
      queryTiming: { firstMs: 5_000, maxMs: 30_000 },
    })
    plan.writeFiles()
    const nodes = new Map<string, NodeProcess>()
    for (const planned of plan.nodes) nodes.set(planned.id, await startNodeProcess(planned, t))
    const node = (id: string): NodeProcess => nodes.get(id) as NodeProcess
    const ledger = openLedger((organ) => node(plan.serving(organ).id).client)
    const organs = tree.map(({ id }) => id)

    let number = 0
    async function send(end: number): Promise<void> {
      const sender = async (): Promise<void> => {
        while (number < end) {
          const mine = number
          number += 1
          const from = organs[mine % organs.length] as string
          const others = organs.filter((organ) => organ !== from)
          const to = [others[Math.floor(mine / organs.length) % others.length] as string]
          await ledger.send({ from, to, attachmentBytes: mine % oneLargeIn === 0 ? largeBytes : 2_000 })
        }
      }
      await Promise.all(Array.from({ length: sendersAtOnce }, sender))
    }

    for (const [index, { id }] of tree.entries()) {
      const share = documents / tree.length
      await Promise.all([send(Math.round(share * (index + 0.5))), node(id).kill().then(node(id).start)])
      const broker = brokers.get(id) as Broker
      await Promise.all([send(Math.round(share * (index + 1))), broker.kill().then(() => broker.start())])
      t.diagnostic(`killed relay and broker of ${id}; ${ledger.entries.length} documents accepted`)
    }

    await waitFor(async () => (await ledger.notYet(['delivered', 'collected'])).length === 0, {
      what: 'every sender to know that every recipient has it',
      deadlineMs: settleDeadlineMs,
    })
    const result = await ledger.reconcile({ acknowledge: true })
    const redelivered = [...nodes.values()].reduce(
      (sum, { log }) => sum + log().split('"redelivered":true').length - 1,
      0,
    )
    t.diagnostic(`${summary(result)}; frames seen again: ${redelivered}`)
    assert.equal(summary(result), `delivered ${result.expected}/${result.expected}, lost 0, duplicated 0`)
    assert.equal(ledger.entries.length, documents)
    assert.deepEqual([result.altered, result.unexpected], [[], []])
    assert.ok(redelivered > 0, 'no frame came twice: the kills hit nothing')
    await waitFor(async () => (await ledger.notYet(['collected'])).length === 0, {
      what: 'every sender to know that every recipient has collected',
      deadlineMs: settleDeadlineMs,
    })
    await waitFor(async () => (await queuedAt(plan.nodes)).size === 0, {
      what: 'every queue to be empty',
      deadlineMs: 60_000,
    })
  })
})
