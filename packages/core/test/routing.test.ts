import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  compileTable,
  type Directory,
  isNewForm,
  isOldForm,
  lookupKey,
  type Organisation,
  RelayError,
} from '@lienthong/core'
import fc from 'fast-check'
import { arbitraryDirectory, directoryOf, withOrganisations } from './trees.ts'

const nodes = [
  { id: 'G22', tier: 'central', parent: null, keys: [] },
  { id: 'H29', tier: 'province', parent: 'G22', keys: [] },
  { id: 'H29.18', tier: 'district', parent: 'H29', keys: [] },
  { id: 'H26', tier: 'province', parent: 'G22', keys: [] },
]
const organisations: readonly Organisation[] = [
  { id: 'G22', name: 'centre', parent: null, node: 'G22', aliases: ['000.00.00.G22'] },
  { id: 'H29', name: 'province', parent: null, node: 'H29', aliases: ['000.00.00.H29'] },
  { id: 'H29.18', name: 'district', parent: 'H29', node: 'H29.18', aliases: ['000.00.18.H29'] },
  { id: 'H29.18.05', name: 'commune', parent: 'H29.18', node: 'H29.18' },
  { id: 'H29.18.06', name: 'closed', parent: 'H29.18', node: 'H29.18', successor: 'H29.18.05' },
  { id: 'H26', name: 'province', parent: null, node: 'H26' },
]
const directory: Directory = {
  version: 7,
  nodes,
  organisations,
  groups: { 'Các tỉnh': ['H29', '000.00.18.h29', 'H29.18.06'] },
}

function resolved(code: string, by: Directory = directory) {
  const resolution = compileTable('G22', by, 1).resolve(code)
  return resolution.found ? `${resolution.organ} at ${resolution.node} by ${resolution.by}` : resolution.code
}

describe('resolving a written code', () => {
  it('finds ids and aliases in any spelling', () => {
    assert.equal(resolved('H29.18'), 'H29.18 at H29.18 by code')
    assert.equal(resolved(' h29.18 '), 'H29.18 at H29.18 by code')
    assert.equal(resolved('000.00.18.h29'), 'H29.18 at H29.18 by code')
  })

  it('follows successors, also from an alias and over several', () => {
    assert.equal(resolved('H29.18.06'), 'H29.18.05 at H29.18 by successor')
    const chain = organisations.map((organ) => (organ.id === 'H29.18.05' ? { ...organ, successor: 'H26' } : organ))
    assert.equal(resolved('H29.18.06', { ...directory, organisations: chain }), 'H26 at H26 by successor')
  })

  it('falls back to the longest prefix in the new form', () => {
    assert.equal(resolved('H29.18.05.01.02'), 'H29.18.05 at H29.18 by prefix')
    assert.equal(resolved('H29.77.01'), 'H29 at H29 by prefix')
    assert.equal(resolved('H29.18.06.1'), 'H29.18.05 at H29.18 by prefix')
  })

  it('falls back to the parent by zeroing in the old form', () => {
    assert.equal(resolved('000.25.18.H29'), 'H29.18 at H29.18 by zeroing')
    assert.equal(resolved('123.25.18.H29'), 'H29.18 at H29.18 by zeroing')
    assert.equal(resolved('000.302.99.H29'), 'H29 at H29 by zeroing')
  })

  it('knows nothing of other codes', () => {
    for (const code of ['', 'vxp.saas.02', 'H30', 'H30.18', '000.00.18.H30', 'H2', '...', 'H29.18-05']) {
      assert.equal(resolved(code), 'RECEIVER_UNKNOWN', code)
    }
  })

  it('prefers an id to an alias that was given to another before', () => {
    const reused = [...organisations, { id: 'H26.1', name: 'x', parent: 'H26', node: 'H26', aliases: ['H29.18'] }]
    assert.equal(resolved('H29.18', { ...directory, organisations: reused }), 'H29.18 at H29.18 by code')
  })

  it('recognises both forms, and codes that bend them', () => {
    for (const code of ['000.25.31.H05', '000.302.36.H05', '28.22.H17', '000.99.36.H058', '001.00.20.TT2']) {
      assert.equal(isOldForm(code), true, code)
      assert.equal(isNewForm(code), false, code)
    }
    for (const code of ['H29', 'h29.18', 'H26.20.21.22.X', 'H37.DN.001']) assert.equal(isNewForm(code), true, code)
    assert.equal(isNewForm(`H29.${'1'.repeat(32)}`), false)
    assert.equal(lookupKey(' h29.x '), 'H29.X')
  })
})

describe('groups', () => {
  const table = compileTable('G22', directory, 1)

  it('expands everything below an organisation, not itself and nothing closed', () => {
    assert.deepEqual(table.expand('h29.*'), ['H29.18', 'H29.18.05'])
    assert.deepEqual(table.expand('000.00.18.H29.*'), ['H29.18.05'])
    assert.deepEqual(table.expand('H26.*'), [])
    assert.deepEqual(table.expand('*'), ['G22', 'H29', 'H29.18', 'H29.18.05', 'H26'])
  })

  it('expands named groups, each member once, by its successor', () => {
    assert.deepEqual(table.expand('các tỉnh'), ['H29', 'H29.18', 'H29.18.05'])
  })

  it('is no group otherwise', () => {
    assert.equal(table.expand('H29'), null)
    assert.equal(table.expand('H30.*'), null)
  })
})

describe('a directory that cannot be', () => {
  const cases: Readonly<Record<string, Partial<Directory>>> = {
    'two roots': { nodes: [...nodes, { id: 'H1', tier: '', parent: null, keys: [] }] },
    'no root': { nodes: [] },
    'node twice': { nodes: [...nodes, { id: 'H26', tier: '', parent: 'H29', keys: [] }] },
    'unknown parent node': { nodes: [...nodes, { id: 'H1', tier: '', parent: 'H2', keys: [] }] },
    'nodes in a circle': {
      nodes: [...nodes, { id: 'H1', tier: '', parent: 'H2', keys: [] }, { id: 'H2', tier: '', parent: 'H1', keys: [] }],
    },
    'organisation twice': { organisations: [...organisations, { id: 'h26', name: '', parent: null, node: 'H26' }] },
    'alias of two': {
      organisations: organisations.map((organ) => ({ ...organ, aliases: ['000.00.01.H99'] })),
    },
    'unknown serving node': { organisations: [{ id: 'X', name: '', parent: null, node: 'H99' }] },
    'unknown parent organisation': { organisations: [{ id: 'X', name: '', parent: 'Y', node: 'H29' }] },
    'organisations in a circle': {
      organisations: [
        { id: 'X', name: '', parent: 'Y', node: 'H29' },
        { id: 'Y', name: '', parent: 'X', node: 'H29' },
      ],
    },
    'unknown successor': { organisations: [{ id: 'X', name: '', parent: null, node: 'H29', successor: 'Y' }] },
    'successors in a circle': {
      organisations: [
        { id: 'X', name: '', parent: null, node: 'H29', successor: 'Y' },
        { id: 'Y', name: '', parent: null, node: 'H29', successor: 'X' },
      ],
    },
    'unknown member': { groups: { all: ['H30'] } },
    'group named like an organisation': { groups: { h26: ['H29'] } },
  }
  for (const [name, change] of Object.entries(cases)) {
    it(`is refused: ${name}`, () => {
      const groups = name.includes('group') || name.includes('member') ? {} : { groups: {} }
      assert.throws(
        () => compileTable('G22', { ...directory, ...groups, ...change }, 1),
        (error) => error instanceof RelayError && error.code === 'DIRECTORY_INVALID',
      )
    })
  }
})

describe('hops', () => {
  it('agree with the tree at every node: parents and children meet, everything else is up', () => {
    fc.assert(
      fc.property(arbitraryDirectory(), (tree) => {
        const tables = new Map(tree.nodes.map(({ id }) => [id, compileTable(id, tree, 1)]))
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
    const table = compileTable(self, by, 1)
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
      aliases: [`000.${index & 63}.${index >> 6}.H29`],
    }))
    const tree = directoryOf([{ parent: 0, tier: 'province' }])
    const started = performance.now()
    const table = compileTable('N0', { ...tree, organisations: [...tree.organisations, ...communes] }, 1)
    // The budget is one second; the bench measures. Here only an order of magnitude is caught, on a busy machine too.
    assert.ok(performance.now() - started < 10_000)
    assert.equal(table.expand('*')?.length, count + 4)
  })
})
