/** Switches off one mechanism at a time: the guarantee that leans on it must break. A check that cannot fail checks nothing. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GeneratorOptions } from './generator.ts'
import type { Mechanisms } from './mechanisms.ts'
import type { Guarantee } from './observer.ts'
import { simulate } from './simulate.ts'

interface Mutation {
  readonly name: string
  readonly without: Partial<Mechanisms>
  readonly guarantee: Guarantee
  readonly options: GeneratorOptions
  /** What else is off, with the mechanism on, and must stay unharmed for this guarantee. */
  readonly alongside?: Partial<Mechanisms>
}

const mutations: readonly Mutation[] = [
  { name: 'without uniqueness rows', without: { uniqueness: false }, guarantee: 'G2', options: { theme: 'chaos' } },
  { name: 'without queries', without: { queries: false }, guarantee: 'G1', options: { theme: 'chaos' } },
  {
    name: 'when the payload is not kept until settled',
    without: { custody: false },
    guarantee: 'G1',
    options: { theme: 'chaos' },
  },
  {
    // Custody would mend each hop's loss end to end; without it the hops must lose nothing by themselves.
    name: 'when a frame is acknowledged before it is confirmed',
    without: { ackAfterConfirm: false },
    alongside: { queries: false },
    guarantee: 'G1',
    options: { theme: 'crashes' },
  },
  {
    name: 'when a link may speak for anyone',
    without: { fromCheck: false },
    guarantee: 'G7',
    options: { theme: 'chaos' },
  },
  {
    name: 'when anyone may give a receipt',
    without: { sealCheck: false },
    guarantee: 'G7',
    options: { theme: 'chaos' },
  },
  {
    name: 'with one copy per recipient',
    without: { sharedCopies: false },
    guarantee: 'G3',
    options: { theme: 'calm' },
  },
  { name: 'without the path rule', without: { pathRule: false }, guarantee: 'G3', options: { theme: 'moves' } },
  {
    name: 'when queries overtake commits',
    without: { answerInLine: false },
    guarantee: 'G3',
    options: { theme: 'outage' },
  },
  {
    name: 'when transit holds what a full queue refuses',
    without: { dropWhenFull: false },
    guarantee: 'G8',
    options: { theme: 'absent' },
  },
  {
    name: 'when what waits for a child that has left stays where it is',
    without: { takeBack: false },
    guarantee: 'G10',
    options: { theme: 'regrown' },
  },
  {
    name: 'when a recalled document that comes late meets no tombstone',
    without: { tombstones: false },
    guarantee: 'recall',
    options: { theme: 'recall' },
  },
  {
    name: 'when a tombstone stops what is sent after the recall',
    without: { recallBound: false },
    guarantee: 'G1',
    options: { theme: 'recall' },
  },
  {
    name: 'when anyone may recall a document',
    without: { recallFromCheck: false },
    guarantee: 'recall',
    options: { theme: 'recall' },
  },
  {
    name: 'when a mailbox moves without its rows',
    without: { handover: false },
    guarantee: 'G2',
    options: { theme: 'moves' },
  },
  {
    name: 'when a node that served an organisation before may not speak for it',
    without: { formerNodes: false },
    guarantee: 'G1',
    options: { theme: 'handover' },
  },
  {
    name: 'when a mailbox stays where it is',
    without: { handover: false },
    guarantee: 'G10',
    options: { theme: 'handover' },
  },
  {
    name: 'when what was collected is not handed over',
    without: { handedUniqueness: false },
    guarantee: 'G10',
    options: { theme: 'handover' },
  },
  { name: 'without a spool', without: { spool: false }, guarantee: 'G5', options: { theme: 'outage', documents: 150 } },
  {
    name: 'without queries',
    without: { queries: false },
    guarantee: 'G6',
    options: { theme: 'chaos' },
  },
]

/** Seeds tried before a mutation counts as unnoticed. */
const maxSeeds = 150

describe('each guarantee breaks when its mechanism is switched off', () => {
  for (const { name, without, guarantee, options, alongside = {} } of mutations) {
    it(`${guarantee} breaks ${name}`, () => {
      const broken = firstBroken({ ...alongside, ...without }, guarantee, options)
      assert.notEqual(broken, null, `no seed up to ${maxSeeds} noticed`)
      const sound = simulate(broken ?? 0, options, alongside)
      assert.deepEqual(
        sound.violations.filter((violation) => violation.guarantee === guarantee),
        [],
      )
    })
  }
})

function firstBroken(without: Partial<Mechanisms>, guarantee: Guarantee, options: GeneratorOptions): number | null {
  for (let seed = 1; seed <= maxSeeds; seed++) {
    const { violations } = simulate(seed, options, without)
    if (violations.some((violation) => violation.guarantee === guarantee)) return seed
  }
  return null
}
