/** Depth is data: the same nodes with other names of tiers, one tier more, one fewer. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { TreeNode } from '../kit/federation.ts'
import { allArrived } from '../kit/federation-arrival.ts'
import { startFederation } from '../kit/federation-nodes.ts'
import { type Broker, canStartBroker, lastFirst, startBroker } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

/** A chain of units, then a second branch of the same depth. */
function branches(tiers: readonly string[]): readonly TreeNode[] {
  const branch = (province: string): TreeNode[] =>
    tiers.slice(1).map((tier, depth) => ({
      id: [province, '18', '05', '07'].slice(0, depth + 1).join('.'),
      tier,
      parent: depth === 0 ? 'G22' : [province, '18', '05'].slice(0, depth).join('.'),
      name: `${tier} ${province}`,
    }))
  return [{ id: 'G22', tier: tiers[0] ?? '', parent: null, name: 'G22' }, ...branch('H29'), ...branch('H26')]
}

const shapes: readonly (readonly [what: string, tiers: readonly string[]])[] = [
  ['tiers renamed', ['commune', 'central', 'tier three', 'province']],
  ['a fifth tier', ['central', 'province', 'district', 'commune', 'hamlet']],
  ['one tier dropped', ['central', 'province', 'commune']],
]

describe('depth is data', { skip, timeout: 180_000 }, () => {
  const teardown = lastFirst({ after })
  let broker: Broker
  before(async () => {
    broker = await startBroker({ teardown })
  })

  for (const [what, tiers] of shapes) {
    it(`goes from the bottom of one branch to the bottom of the other with ${what}`, async (t) => {
      const tree = branches(tiers)
      const fed = await startFederation(t, { tree, broker, vhostOf: (node) => `${what} ${node}` })
      const bottom = (province: string): string => tree.filter(({ id }) => id.startsWith(province)).at(-1)?.id ?? ''

      await fed.ledger.send({ from: bottom('H29'), to: [bottom('H26'), 'G22', 'H29'] })
      await allArrived(fed)

      const [document] = await fed.node(bottom('H29')).track({ uid: fed.ledger.entries[0]?.uid ?? '' })
      const far = document?.recipients.find(({ organ }) => organ === bottom('H26'))
      assert.equal(far?.path?.length, 2 * tiers.length - 1)
    })
  }
})
