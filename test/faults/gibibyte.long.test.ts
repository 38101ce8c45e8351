/** One document of a gibibyte crosses the tree, and no process on its way grows with it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { startBroker, temporaryFolder, waitFor } from '@lienthong/test/kit'
import { planFederation, type TreeNode } from '../kit/federation.ts'
import { openLedger, summary } from '../kit/federation-ledger.ts'
import { type NodeProcess, startNodeProcess } from '../kit/federation-processes.ts'

const mebibyte = 1024 * 1024
/** A gibibyte as a packet: zip and base64 add a third to the attachment. */
const attachmentBytes = 768 * mebibyte
const allowedGrowthBytes = 96 * mebibyte
const sampleEveryMs = 200

const tree: readonly TreeNode[] = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  { id: 'H26', tier: 'province', parent: 'G22', name: 'Tỉnh thứ hai' },
  { id: 'H29', tier: 'province', parent: 'G22', name: 'Tỉnh thứ nhất' },
]

describe('a document of one gibibyte', { timeout: 900_000 }, () => {
  it('arrives whole while every relay stays within 96 MiB of idle', async (t) => {
    const broker = await startBroker({ teardown: t })
    const plan = planFederation({ dir: temporaryFolder(t), tree, brokerOf: () => broker })
    plan.writeFiles()
    const nodes: NodeProcess[] = []
    for (const planned of plan.nodes) nodes.push(await startNodeProcess(planned, t))
    const ledger = openLedger(
      (organ) => (nodes.find(({ planned }) => planned.organisations.includes(organ)) as NodeProcess).client,
    )
    // A small one first, so that idle means warm.
    await ledger.send({ from: 'H29', to: ['H26'] })
    await waitFor(async () => (await ledger.notYet(['delivered'])).length === 0, {
      what: 'the small one',
      deadlineMs: 60_000,
    })
    const idle = nodes.map(residentBytes)
    const peak = [...idle]
    const sampling = setInterval(() => {
      for (const [index, node] of nodes.entries()) peak[index] = Math.max(peak[index] ?? 0, residentBytes(node))
    }, sampleEveryMs)

    const sent = await ledger.send({ from: 'H29', to: ['H26'], attachmentBytes })
    try {
      await waitFor(async () => (await ledger.notYet(['delivered'])).length === 0, {
        what: 'the gibibyte to be delivered',
        deadlineMs: 600_000,
      })
    } finally {
      clearInterval(sampling)
    }
    const [document] = await (nodes[2] as NodeProcess).client.track({ uid: sent.uid })
    const result = await ledger.reconcile({ acknowledge: true })

    assert.ok((document?.size ?? 0) >= 1024 * mebibyte, `${document?.size} bytes`)
    assert.equal(summary(result), 'delivered 2/2, lost 0, duplicated 0')
    assert.deepEqual([result.altered, result.unexpected], [[], []])
    for (const [index, { planned }] of nodes.entries()) {
      const growth = (peak[index] ?? 0) - (idle[index] ?? 0)
      t.diagnostic(`${planned.id}: idle ${toMebibytes(idle[index])} MiB, grew ${toMebibytes(growth)} MiB`)
      assert.ok(growth <= allowedGrowthBytes, `${planned.id} grew by ${toMebibytes(growth)} MiB`)
    }
  })
})

/** Resident memory of a process, from the kernel's own account of it. */
function residentBytes({ pid }: NodeProcess): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kibibytes) * 1024
}

function toMebibytes(bytes: number | undefined): number {
  return Math.round((bytes ?? 0) / mebibyte)
}
