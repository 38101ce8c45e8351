import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { coverageOf, type Directory, type NodeKey } from '../src/index.ts'

const key = (kid: string): NodeKey => ({ kid, publicKey: '' })
const directory: Directory = {
  version: 5,
  nodes: [
    { id: 'G22', tier: 'centre', parent: null, keys: [key('G22#1')] },
    { id: 'H29', tier: 'province', parent: 'G22', keys: [key('H29#1')] },
    { id: 'H26', tier: 'province', parent: 'G22', keys: [] },
    { id: 'H27', tier: 'province', parent: 'G22', keys: [{ ...key('H27#1'), revokedAt: 1 }] },
    { id: 'H29.18', tier: 'commune', parent: 'H29', keys: [key('H29.18#1')] },
    { id: 'H29.19', tier: 'commune', parent: 'H29', keys: [key('H29.19#1')] },
    { id: 'H29.20', tier: 'commune', parent: 'H29', keys: [] },
    { id: 'H29.18.1', tier: 'village', parent: 'H29.18', keys: [key('H29.18.1#1')] },
  ],
  organisations: [],
}
/** 00:30 on 2 July in Vietnam, still 1 July in UTC. */
const at = Date.parse('2026-07-02T00:30:00+07:00')
const minute = 60_000

describe('coverage', () => {
  it('counts by tier what the directory says and what the node knows, and says what it does not', () => {
    const heardAt = new Map([
      ['H29', at],
      ['H29.18', at - 29 * minute],
      ['H29.19', at - 31 * minute],
      ['H29.20', null],
    ])
    const sentAt = new Map([['H29', at - 30 * 86_400_000]])
    const { nodes, tiers } = coverageOf({ self: 'H29', directory, at }, { heardAt, sentAt })
    assert.deepEqual(
      nodes.map(({ node, joined, proven, sent }) => [node, joined, proven, sent]),
      [
        ['H29', true, true, true],
        ['H29.18', true, true, null],
        ['H29.18.1', true, null, null],
        ['H29.19', true, false, null],
        ['H29.20', false, false, null],
      ],
    )
    assert.deepEqual(
      tiers.map(({ tier, missing, ...counts }) => [tier, ...Object.values(counts), missing]),
      [
        ['province', 1, 1, 1, 0, 1, 0, []],
        ['commune', 3, 2, 1, 0, 0, 2, ['H29.19', 'H29.20']],
        ['village', 1, 1, 0, 1, 0, 1, []],
      ],
    )
  })

  it('takes a node whose keys are all revoked for one that is missing, and 30 days for what they are', () => {
    const sentAt = new Map([['G22', at - 30 * 86_400_000 - 1]])
    const { tiers, nodes } = coverageOf({ self: 'G22', directory, at }, { heardAt: new Map(), sentAt })
    assert.equal(nodes[0]?.sent, false)
    assert.deepEqual(tiers.find(({ tier }) => tier === 'province')?.missing, ['H26', 'H27'])
    assert.equal(nodes.length, directory.nodes.length)
  })
})
