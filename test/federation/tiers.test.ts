/** Depth and names of tiers are data: the same program, other directories, and a document still goes from end to end. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { NodeId } from '@lienthong/core'
import type { TreeNode } from '../kit/federation.ts'
import { allArrived } from '../kit/federation-arrival.ts'
import { startFederation } from '../kit/federation-nodes.ts'
import { type Broker, borrowBroker, canStartBroker, lastFirst } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

/** Each node under the one it is indented by; the words for tiers are whatever a country calls them. */
const shapes: Readonly<Record<string, { readonly tree: readonly TreeNode[]; readonly way: readonly NodeId[] }>> = {
  'tiers with other names': {
    tree: shape([
      ['G22', 'bộ máy', null],
      ['H29', 'vùng', 'G22'],
      ['H29.18', 'khu', 'H29'],
      ['H26', 'vùng', 'G22'],
      ['H26.10', 'phường', 'H26'],
    ]),
    way: ['H29.18', 'H29', 'G22', 'H26', 'H26.10'],
  },
  'a fifth tier': {
    tree: shape([
      ['G22', 'central', null],
      ['H29', 'province', 'G22'],
      ['H29.18', 'district', 'H29'],
      ['H29.18.05', 'commune', 'H29.18'],
      ['H29.18.05.1', 'hamlet', 'H29.18.05'],
      ['H26', 'province', 'G22'],
    ]),
    way: ['H29.18.05.1', 'H29.18.05', 'H29.18', 'H29', 'G22', 'H26'],
  },
  'one tier less': {
    tree: shape([
      ['H29', 'province', null],
      ['H29.18.05', 'commune', 'H29'],
      ['H29.02.01', 'commune', 'H29'],
    ]),
    way: ['H29.18.05', 'H29', 'H29.02.01'],
  },
  'a single node': { tree: shape([['H29', 'everything', null]]), way: ['H29'] },
}

describe('a document from end to end over', { skip, timeout: 150_000 }, () => {
  let broker: Broker
  const teardown = lastFirst({ after })
  before(async () => {
    broker = await borrowBroker(teardown)
  })

  for (const [name, { tree, way }] of Object.entries(shapes)) {
    it(name, async (t) => {
      const fed = await startFederation(t, { tree, broker, vhostOf: (node) => `${name} ${node}` })
      const [from, to] = [way[0] as NodeId, way.at(-1) as NodeId]

      const there = await fed.ledger.send({ from, to: [to], attachmentBytes: 400_000 })
      const back = await fed.ledger.send({ from: to, to: [from], priority: 1 })
      await allArrived(fed)

      const [item] = (await fed.node(to).mailbox.list(to)).filter(({ uid }) => uid === there.uid)
      assert.deepEqual(
        item?.path.map(({ node }) => node),
        way,
      )
      const [reply] = (await fed.node(from).mailbox.list(from)).filter(({ uid }) => uid === back.uid)
      assert.deepEqual(
        reply?.path.map(({ node }) => node),
        [...way].reverse(),
      )
      for (const { id, tier } of tree) assert.equal((await fed.node(id).status()).tier, tier)
      await fed.quiet()
      assert.deepEqual(fed.failures, [])
    })
  }
})

function shape(rows: readonly (readonly [id: NodeId, tier: string, parent: NodeId | null])[]): readonly TreeNode[] {
  return rows.map(([id, tier, parent]) => ({ id, tier, parent, name: `Đơn vị ${id}` }))
}
