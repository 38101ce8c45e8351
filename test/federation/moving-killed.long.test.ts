/** A mailbox is handed over while the nodes at both ends are killed again and again: it is whole afterwards, and nothing is twice. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { OrganId } from '@lienthong/core'
import { doorOf, openLedger } from '../kit/federation-ledger.ts'
import { startFederation } from '../kit/federation-nodes.ts'
import { type NodeProcess, startNodeProcess } from '../kit/federation-processes.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const deadlineMs = 120_000
const mover: OrganId = 'H29.1'
const [oldId, newId] = ['H29', 'H26'] as const
const small = 300
const large = 3
const collected = 20

const tree = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  {
    id: oldId,
    tier: 'province',
    parent: 'G22',
    name: 'Tỉnh thứ nhất',
    organisations: [{ id: mover, name: 'Sở thứ nhất' }],
  },
  { id: newId, tier: 'province', parent: 'G22', name: 'Tỉnh thứ hai' },
]

describe('a mailbox that moves', { skip, timeout: 600_000 }, () => {
  const teardown = lastFirst({ after })

  async function waiting({ client }: NodeProcess): Promise<readonly { id: number; uid: string }[]> {
    const items: { id: number; uid: string }[] = []
    for (;;) {
      const page = await client.list(mover, { after: items.at(-1)?.id ?? 0, limit: 500 })
      items.push(...page.items)
      if (page.items.length < 500) return items
    }
  }

  const atLeast = (count: number, node: NodeProcess) =>
    waitFor(async () => (await waiting(node).catch(() => [])).length >= count, {
      what: `${count} documents at ${node.planned.id}`,
      deadlineMs,
    })

  it('survives kill −9 at both ends', async () => {
    const options = { tree, absent: [oldId, newId], queryTiming: { firstMs: 2_000, maxMs: 8_000 } }
    const fed = await startFederation(teardown, { ...options, logLevel: 'info' })
    fed.plan.writeFiles()
    const before = await startNodeProcess(fed.plan.node(oldId), teardown)
    const next = await startNodeProcess(fed.plan.node(newId), teardown)
    const ledger = openLedger(() => doorOf(fed.node('G22')))
    for (let number = 0; number < small; number += 1) await ledger.send({ from: 'G22', to: [mover] })
    for (let number = 0; number < large; number += 1) {
      await ledger.send({ from: 'G22', to: [mover], attachmentBytes: 5_000_000 })
    }
    await atLeast(small + large, before)
    const read = (await waiting(before)).slice(0, collected)
    for (const { id } of read) await before.client.acknowledge(mover, id)
    await Promise.all([before.kill(), next.kill()])

    const { directory } = fed.plan
    const formerNodes = [{ node: oldId, until: '2099-12-31' }]
    const organisations = directory.organisations.map((each) =>
      each.id === mover ? { ...each, node: newId, formerNodes } : each,
    )
    const moved = { ...directory, version: 2, organisations }
    writeFileSync(join(fed.plan.node(oldId).configFile, '..', '..', 'directory.json'), JSON.stringify(moved))
    await fed.node('G22').living.changeDirectory({ directory: moved, exceptions: [] })
    await Promise.all([before.start(), next.start()])
    for (const [share, node] of [
      [0.1, before],
      [0.25, next],
      [0.45, before],
      [0.65, next],
    ] as const) {
      await atLeast(Math.round(share * (small + large - collected)), next)
      await node.kill()
      await node.start()
    }

    await atLeast(small + large - collected, next)
    await waitFor(async () => (await ledger.notYet(['delivered', 'collected'])).length === 0, {
      what: 'every receipt',
      deadlineMs,
    })
    const uids = (await waiting(next)).map(({ uid }) => uid)
    const expected = ledger.entries.map(({ uid }) => uid).filter((uid) => !read.some((item) => item.uid === uid))
    assert.deepEqual(uids.toSorted(), expected.toSorted())
    for (const { uid } of read) {
      await waitFor(async () => (await fed.node('G22').track({ uid }))[0]?.recipients[0]?.state === 'collected', {
        what: 'what was collected before to be known',
        deadlineMs,
      })
    }
  })
})
