import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileDirectory, compileTable, type Directory, tableOf } from '@lienthong/core'
import fc from 'fast-check'
import { arbitraryDirectory, directoryOf, withOrganisations } from './trees.ts'

describe('hops', () => {
  it('agree with the tree at every node: parents and children meet, everything else is up', () => {
    fc.assert(
      fc.property(arbitraryDirectory(), (tree) => {
        const tables = new Map(tree.nodes.map(({ id }) => [id, compileTable(id, tree, 1, 0)]))
        for (const [from, table] of tables) {
          for (const { id: to } of tree.nodes) {
            const hop = table.hopToNode(to)
            if (to === from) assert.equal(hop, 'mailbox')
            else if (hop === 'up') assert.equal(table.isBelow(to, from), false)
            else {
              const child = hop?.slice('down:'.length) ?? ''
              assert.ok(table.children.includes(child) && table.isBelow(to, child))
            }
          }
          assert.equal(table.hopToNode('nowhere'), null)
        }
      }),
    )
  })

  it('are the same when all nodes share one compiled directory', () => {
    fc.assert(
      fc.property(arbitraryDirectory(), (tree) => {
        const shared = compileDirectory(tree, 0)
        for (const { id, parent } of tree.nodes) {
          const table = tableOf(shared, { self: id, version: 1 })
          assert.equal(table.parent, parent)
          const hops = new Map(tree.nodes.map((node) => [node.id, table.hopToNode(node.id)]))
          assert.deepEqual(hops, answers(id, tree))
        }
      }),
    )
  })

  it('do not depend on the names of tiers', () => {
    fc.assert(
      fc.property(arbitraryDirectory(), fc.array(fc.string()), (tree, names) => {
        const renamed = { ...tree, nodes: tree.nodes.map((node, index) => ({ ...node, tier: names[index] ?? 'xã' })) }
        for (const { id } of tree.nodes) assert.deepEqual(answers(id, renamed), answers(id, tree))
      }),
    )
  })

  it('stay the same, but for one more step, when a tier is added between', () => {
    fc.assert(
      fc.property(arbitraryDirectory(), fc.nat(), (tree, pick) => {
        const lower = tree.nodes[1 + (pick % (tree.nodes.length - 1))]
        if (lower === undefined) return
        const between = { id: 'Between', tier: 'a fifth', parent: lower.parent, keys: [] }
        const deeper = withOrganisations([
          ...tree.nodes.filter((node) => node !== lower),
          between,
          { ...lower, parent: 'Between' },
        ])
        for (const { id } of tree.nodes) {
          const was = answers(id, tree)
          const is = answers(id, deeper)
          for (const [node, hop] of was) {
            assert.equal(is.get(node), hop === `down:${lower.id}` ? 'down:Between' : hop)
          }
        }
        // Dropping it again is dropping a tier: the way back.
        assert.deepEqual(answers(lower.id, withOrganisations(tree.nodes)), answers(lower.id, tree))
      }),
    )
  })

  function answers(self: string, by: Directory) {
    const table = compileTable(self, by, 1, 0)
    return new Map(by.nodes.map(({ id }) => [id, table.hopToNode(id)]))
  }
})

describe('compiling', () => {
  it('takes 125,000 organisations in well under the time of a restart', () => {
    const count = 125_000
    const communes = Array.from({ length: count }, (_, index) => ({
      id: `H29.${index >> 6}.${index & 63}`,
      name: 'x',
      parent: 'N1',
      node: 'N1',
      code102: `000.${index & 63}.${index >> 6}.H29`,
    }))
    const tree = directoryOf([{ parent: 0, tier: 'province' }])
    const started = performance.now()
    const table = compileTable('N0', { ...tree, organisations: [...tree.organisations, ...communes] }, 1, 0)
    // The budget is one second; the bench measures. Here only an order of magnitude is caught, on a busy machine too.
    assert.ok(performance.now() - started < 10_000)
    assert.equal(table.expand('*')?.length, count + 4)
  })
})
