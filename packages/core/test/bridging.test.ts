/** What an axis lacks before it is connected, and what both sides claim. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type BridgeEcho,
  type BridgeFacts,
  bridgeFacts,
  bridgeReadiness,
  claimsOf,
  type Directory,
  overlapsWith,
} from '../src/index.ts'

const dayMs = 86_400_000
const at = Date.UTC(2026, 0, 15, 5)
const joined = (id: string, parent: string | null, tier = 'xã') => {
  return { id, tier, parent, keys: [{ kid: `${id}#1`, publicKey: '' }] }
}
const directory: Directory = {
  version: 4,
  nodes: [
    joined('G22', null, 'trung ương'),
    joined('H29', 'G22', 'tỉnh'),
    joined('H29.18', 'H29'),
    joined('H29.19', 'H29'),
    { id: 'H29.20', tier: 'xã', parent: 'H29', keys: [] },
    joined('H29.18.05', 'H29.18', 'thôn'),
  ],
  organisations: [
    { id: 'G22', name: 'Trung ương', parent: null, node: 'G22' },
    { id: 'H29', name: 'Tỉnh', parent: null, node: 'H29' },
    { id: 'H29.18', name: 'Xã Một', parent: 'H29', node: 'H29.18', certificates: [{ fingerprint: 'a', validTo: at }] },
    { id: 'H29.18.05', name: 'Thôn', parent: 'H29.18', node: 'H29.18.05' },
    { id: 'H29.A', name: 'Ban', parent: 'H29', node: 'H29' },
    { id: 'H29.B', name: 'Ban', parent: 'H29', node: 'H29', code102: '000.00.99.H29' },
    { id: 'H29.C', name: 'Ban cũ', parent: 'H29', node: 'H29', validTo: '2025-06-30' },
  ],
}

function facts(parts: Partial<Parameters<typeof bridgeFacts>[1]> = {}): BridgeFacts {
  return bridgeFacts(
    { self: 'H29', directory, at },
    {
      heardAt: new Map([
        ['H29.18', at],
        ['H29.19', at - 3 * dayMs],
      ]),
      statusAt: new Map(),
      differsSince: new Map(),
      keyEndsAt: () => null,
      remarks: [],
      ...parts,
    },
  )
}

const all = { statusDays: 30 }
const quick = { ms: 12, clockOffsetMs: 3 }

function faultsOf(lines: ReturnType<typeof bridgeReadiness>) {
  return lines.flatMap(({ item, about, fault, value }) => (fault === null ? [] : [[item, about, fault, value]]))
}

describe('readiness of an axis', () => {
  it('names who has not joined or is not heard, and whose codes and certificates are wanting', () => {
    const lines = bridgeReadiness(facts(), new Map([['H29.18', quick]]), all)
    assert.deepEqual(faultsOf(lines), [
      ['joined', 'H29.20', 'not-joined', null],
      ['heard', 'H29.18.05', 'not-known', null],
      ['heard', 'H29.19', 'not-heard', null],
      ['codes', 'H29.19', 'no-organisation', null],
      ['codes', 'H29.A', 'uncoded', null],
      ['statuses', 'H29.18.05', 'not-known', null],
      ['statuses', 'H29.19', 'not-known', null],
      ['certificates', 'H29.18', 'ends', 0],
    ])
    const sums = new Map(lines.filter(({ fault }) => fault === null).map((line) => [line.item, line]))
    assert.deepEqual(
      [...sums.values()].map(({ item, state, value, of }) => [item, state, value, of]),
      [
        ['joined', 'lacking', 3, 4],
        ['heard', 'lacking', 1, 3],
        ['codes', 'lacking', 3, 5],
        ['statuses', 'unknown', 1, 3],
        ['keys', 'ok', 4, 4],
        ['certificates', 'lacking', 0, 1],
        ['tables', 'ok', 3, 3],
        ['clock', 'ok', 1, 1],
        ['overlaps', 'ok', 0, 0],
      ],
    )
  })

  it('says at which node which command mends it', () => {
    const lines = bridgeReadiness(facts(), new Map(), all)
    const mend = (item: string, about: string) => {
      const line = lines.find((each) => each.item === item && each.about === about)
      return [line?.at, line?.command]
    }
    assert.deepEqual(mend('joined', 'H29.20'), ['H29', 'node invite H29.20'])
    assert.deepEqual(mend('heard', 'H29.18.05'), ['H29.18', 'link show H29.18.05'])
    assert.deepEqual(mend('codes', 'H29.A'), ['H29', 'org set H29.A --code102 …'])
    assert.deepEqual(mend('statuses', 'H29.18.05'), ['H29', 'trace H29.18.05'])
  })

  it('takes an answer by the way of documents for a canary and a status, and a status for an answer', () => {
    const silent = { ms: null, clockOffsetMs: null }
    const echoes = new Map<string, BridgeEcho>([
      ['H29.18', silent],
      ['H29.19', quick],
      ['H29.18.05', silent],
    ])
    const statusAt = new Map([['H29.18', at - 29 * dayMs]])
    const faults = faultsOf(bridgeReadiness(facts({ statusAt }), echoes, all))
    assert.deepEqual(
      faults.filter(([item]) => item === 'heard' || item === 'statuses'),
      [
        ['heard', 'H29.18.05', 'no-answer', null],
        ['statuses', 'H29.18.05', 'no-status', 30],
      ],
    )
    const older = faultsOf(bridgeReadiness(facts({ statusAt }), echoes, { statusDays: 28 }))
    assert.ok(older.some(([item, about]) => item === 'statuses' && about === 'H29.18'))
  })

  it('sees keys that end, directories that stay apart, clocks that are off, and what two announce', () => {
    const lines = bridgeReadiness(
      facts({
        keyEndsAt: ({ id }) => (id === 'H29' ? at + 59.5 * dayMs : at + 60 * dayMs),
        differsSince: new Map([
          ['H29.18', at - 1_799_000],
          ['H29.19', at - 1_800_000],
        ]),
        remarks: [
          { node: 'G22', id: 'H29.18', why: 'contested' },
          { node: 'G22', id: 'G22.1', why: 'dangling' },
        ],
      }),
      new Map([
        ['H29.18', { ms: 1, clockOffsetMs: -61_000 }],
        ['H29.18.05', { ms: 1, clockOffsetMs: 59_000 }],
      ]),
      all,
    )
    const wanted = ['keys', 'tables', 'clock', 'overlaps']
    assert.deepEqual(
      faultsOf(lines).filter(([item]) => wanted.includes(String(item))),
      [
        ['keys', 'H29', 'ends', 59],
        ['tables', 'H29.19', 'differs', 1800],
        ['clock', 'H29.18', 'clock', -61],
        ['overlaps', 'H29.18', 'contested', null],
      ],
    )
    assert.equal(lines.find(({ fault }) => fault === 'contested')?.other, 'H29.18, G22')
  })
})

describe('claims of two sides', () => {
  const ground = {
    child: 'H29',
    given: [
      { id: 'H29', delegates: ['H29'] },
      { id: 'H30', delegates: ['H30'] },
    ],
    listed: (code: string) => {
      if (code === 'H29.18') return { id: 'H29.18', name: 'Xã (cũ)', parent: null, node: 'G22' }
      if (code === '000.00.99.H29') return { id: 'G22.99', name: 'Cục', parent: null, node: 'G22' }
      return code === 'H29.A' ? { id: 'H29.A', name: 'Ban', parent: null, node: 'H29' } : null
    },
    isOwn: (node: string) => node === 'H29',
    parentOf: (node: string) => (node === 'H29.19' ? 'G22' : undefined),
  }

  it('are what an axis serves and who stands in it, without those above', () => {
    const { nodes, organisations } = claimsOf(directory, 'H29')
    assert.deepEqual(nodes, ['H29.18', 'H29.18.05', 'H29.19', 'H29.20'])
    assert.deepEqual(
      organisations.find(([id]) => id === 'H29.B'),
      ['H29.B', '000.00.99.H29'],
    )
    assert.equal(organisations.length, 6)
  })

  it('meet by any code, by nodes, and where a code was given to another or to nobody', () => {
    const claims = {
      nodes: ['H29.18', 'H29.19'],
      organisations: [['H29'], ['H29.18'], ['H29.A'], ['H29.B', '000.00.99.H29'], ['H30.1'], ['H31']],
    }
    assert.deepEqual(
      overlapsWith(claims, ground).map(({ kind, code, node, organ }) => [kind, code, node, organ]),
      [
        ['node', 'H29.19', 'G22', null],
        ['organisation', 'H29.18', 'G22', 'H29.18'],
        ['organisation', 'H29.B', 'G22', 'G22.99'],
        ['given', 'H30.1', 'H30', null],
        ['outside', 'H31', null, null],
      ],
    )
  })
})
