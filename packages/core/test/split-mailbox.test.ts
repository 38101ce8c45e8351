import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Chosen,
  compileTable,
  type Directory,
  dayStart,
  isUndecided,
  keeperOfRow,
  leavesFor,
  mayHandOver,
  type Organisation,
  type RowTraits,
  type SplitRule,
  takeRow,
  traitsOf,
} from '@lienthong/core'
import fc from 'fast-check'

const splitOne = 'H29.40'
const nodes = ['G22', 'H29', 'H26', 'H26.1'] as const
const candidates = ['B', 'C', 'D'] as const
const nodeOf = { B: 'H26', C: 'H26.1', D: 'H29' } as const
const senders = ['S1', 'S2', 'S2.1', 'S3'] as const
const units = [undefined, 'H29.40.4', 'H29.40.4.1', 'H29.40.5'] as const

const organ = (id: string, fields: Partial<Organisation> = {}): Organisation => ({
  id,
  name: id,
  parent: null,
  node: 'G22',
  ...fields,
})

function tableOf(self: string, splitRules: readonly SplitRule[]) {
  const directory: Directory = {
    version: 1,
    nodes: [
      { id: 'G22', tier: '', parent: null, keys: [] },
      { id: 'H29', tier: '', parent: 'G22', keys: [] },
      { id: 'H26', tier: '', parent: 'G22', keys: [] },
      { id: 'H26.1', tier: '', parent: 'H26', keys: [] },
    ],
    organisations: [
      organ(splitOne, { node: 'H29', validTo: '2025-06-30', successors: candidates, newDocuments: 'hold', splitRules }),
      ...candidates.map((id) => organ(id, { node: nodeOf[id] })),
      ...senders.map((id) => organ(id, id === 'S2.1' ? { parent: 'S2' } : {})),
    ],
  }
  return compileTable(self, directory, 1, dayStart('2025-07-01') ?? 0)
}

const row = (fields: { from?: string; unit?: string; chosen?: Chosen; collectedAt?: number } = {}): RowTraits =>
  traitsOf({ organ: splitOne, from: 'S1', collectedAt: null, withdrawnAt: null, ...fields })

const rule: fc.Arbitrary<SplitRule> = fc
  .record({
    from: fc.constantFrom(undefined, 'S1', 'S2', 'S3'),
    unit: fc.constantFrom(undefined, 'H29.40.4', 'H29.40.5'),
    to: fc.constantFrom(...candidates),
  })
  .map(({ from, unit, to }) => ({ to, ...(from !== undefined && { from }), ...(unit !== undefined && { unit }) }))

/** A row in the store of one node, in the mailbox of `mailbox`. */
interface Stored {
  readonly from: string
  readonly unit?: string
  chosen?: Chosen
  collectedAt: number | null
  readonly withdrawnAt: null
  left: boolean
  mailbox: string
}

type Step =
  | { readonly do: 'learn'; readonly node: number; readonly rules: number }
  | { readonly do: 'leave' | 'arrive' | 'read'; readonly node: number; readonly row: number }
  | { readonly do: 'decide'; readonly node: number; readonly row: number; readonly to: (typeof candidates)[number] }

describe('the mailbox of an organisation that was split', () => {
  it('gives each row to whom a person or the first rule that fits names, and keeps the rest', () => {
    const table = tableOf('H29', [
      { from: 'S2', to: 'B' },
      { unit: 'H29.40.4', to: 'C' },
    ])
    const kept = (traits: RowTraits) => keeperOfRow(table, traits)?.organ
    assert.deepEqual(
      [
        kept(row({ from: 'S2.1', unit: 'H29.40.4' })),
        kept(row({ unit: 'H29.40.4.1' })),
        kept(row()),
        kept(row({ from: 'S2', chosen: { heir: 'D', byHand: true } })),
        kept(row({ from: 'S2', chosen: { heir: 'D', byHand: false } })),
        // Another table knew a rule for it: that it has none itself is no reason to send it back.
        kept(row({ chosen: { heir: 'D', byHand: false } })),
        kept(row({ chosen: { heir: 'S3', byHand: true } })),
        // Read already.
        kept(row({ from: 'S2', collectedAt: 5 })),
        kept(row({ from: 'S2', collectedAt: 5, chosen: { heir: 'C', byHand: false } })),
      ],
      ['B', 'C', splitOne, 'D', 'B', 'D', splitOne, splitOne, 'C'],
    )
    assert.deepEqual([isUndecided(table, row()), isUndecided(table, row({ unit: 'H29.40.4' }))], [true, false])
    assert.equal(isUndecided(table, row({ collectedAt: 5 })), false)
  })

  it('is believed from its own node and from those of every successor, and from no other', () => {
    const table = tableOf('G22', [])
    assert.deepEqual(
      nodes.map((from) => mayHandOver(table, from, splitOne)),
      [false, true, true, true],
    )
  })

  it('comes row by row to one place each, read once, whatever rules there are in turn, and whoever knows them when', () => {
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ do: fc.constant('learn' as const), node: fc.nat(3), rules: fc.nat(2) }),
      fc.record({ do: fc.constantFrom('leave', 'arrive', 'read'), node: fc.nat(3), row: fc.nat(5) }),
      fc.record({
        do: fc.constant('decide' as const),
        node: fc.nat(3),
        row: fc.nat(5),
        to: fc.constantFrom(...candidates),
      }),
    )
    const rows = fc.array(fc.record({ from: fc.constantFrom(...senders), unit: fc.constantFrom(...units) }), {
      minLength: 1,
      maxLength: 6,
    })
    const rules = fc.array(fc.array(rule, { maxLength: 3 }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(rows, rules, fc.array(step, { maxLength: 60 }), (planned, versions, steps) => {
        const federation = new Federation(planned, versions)
        // In part by rules that are known nowhere else yet, then by each in turn.
        for (const version of versions.keys()) {
          for (const each of steps.slice(version * 20, (version + 1) * 20)) federation.take(each)
          federation.settle(version)
        }
        for (const [id, { from, unit }] of planned.entries()) {
          const places = federation.placesOf(id)
          const reads = federation.reads.filter((read) => read === id).length
          assert.ok(reads <= 1, `row ${id} was read ${reads} times`)
          assert.equal(places.length, reads === 0 ? 1 : 0, `row ${id} waits at ${JSON.stringify(places)}`)
          const [place] = places
          if (place === undefined) continue
          const traits = row({
            from,
            ...(unit !== undefined && { unit }),
            ...(place.chosen && { chosen: place.chosen }),
          })
          const keeper = keeperOfRow(tableOf('G22', versions.at(-1) ?? []), traits)
          assert.deepEqual({ organ: place.mailbox, node: place.node }, keeper, `row ${id}`)
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** Nodes with what they know of the rules, and rows under way between them. */
class Federation {
  readonly reads: number[] = []
  readonly #known: number[] = nodes.map(() => 0)
  readonly #stores: Map<number, Stored>[] = nodes.map(() => new Map())
  readonly #underWay: { readonly id: number; readonly to: number; readonly row: Stored }[] = []
  readonly #tables

  constructor(planned: readonly { from: string; unit: string | undefined }[], versions: readonly SplitRule[][]) {
    this.#tables = nodes.map((node) => versions.map((rules) => tableOf(node, rules)))
    for (const [id, { from, unit }] of planned.entries()) {
      const stored = { from, ...(unit !== undefined && { unit }), collectedAt: null, withdrawnAt: null }
      this.#stores[nodes.indexOf('H29')]?.set(id, { ...stored, left: false, mailbox: splitOne })
    }
  }

  #tableAt(node: number) {
    return this.#tables[node]?.[this.#known[node] ?? 0] ?? assert.fail()
  }

  take(step: Step): boolean {
    if (step.do === 'learn') {
      // Versions never fall.
      this.#known[step.node] = Math.max(this.#known[step.node] ?? 0, step.rules)
      return true
    }
    if (step.do === 'arrive') return this.#arrive(step.row)
    const stored = this.#stores[step.node]?.get(step.row)
    if (stored === undefined || stored.left || stored.collectedAt !== null) return false
    if (step.do === 'decide') stored.chosen = { heir: step.to, byHand: true }
    if (step.do === 'leave') return this.#leave(step.node, step.row, stored)
    if (step.do === 'read' && stored.mailbox !== splitOne) {
      stored.collectedAt = 1
      this.reads.push(step.row)
    }
    return true
  }

  #leave(node: number, id: number, stored: Stored): boolean {
    const table = this.#tableAt(node)
    const keeper = keeperOfRow(table, traitsOf({ organ: splitOne, ...stored }))
    const to = leavesFor(table, keeper)
    if (keeper !== null && keeper.organ !== splitOne)
      stored.chosen = { heir: keeper.organ, byHand: stored.chosen?.byHand === true }
    if (to === null) {
      if (keeper === null || keeper.organ === stored.mailbox) return false
      stored.mailbox = keeper.organ
      return true
    }
    this.#underWay.push({ id, to: nodes.indexOf(to as (typeof nodes)[number]), row: { ...stored } })
    stored.left = true
    return true
  }

  #arrive(place: number): boolean {
    const [message] = this.#underWay.splice(place % Math.max(1, this.#underWay.length), 1)
    if (message === undefined) return false
    const { id, to, row: handed } = message
    const store = this.#stores[to] ?? assert.fail()
    const known = store.get(id)
    const meets = known === undefined ? null : { waits: known.collectedAt === null, left: known.left }
    if (takeRow(handed, meets) !== 'stands') return true
    const keeper = keeperOfRow(this.#tableAt(to), traitsOf({ organ: splitOne, ...handed }))
    store.set(id, {
      ...handed,
      left: false,
      mailbox: keeper !== null && keeper.node === nodes[to] ? keeper.organ : splitOne,
    })
    return true
  }

  /** Everybody knows these rules, and nothing is under way any more. */
  settle(rules: number): void {
    for (const node of nodes.keys()) this.take({ do: 'learn', node, rules })
    for (let turns = 0; ; turns += 1) {
      // Two whose rules differ hand a row to and fro, until they agree.
      if (turns >= 20 && rules < 2) return
      assert.ok(turns < 100, 'rows go round in circles')
      let moved = false
      while (this.#arrive(0)) moved = true
      for (const [node, store] of this.#stores.entries()) {
        for (const row of store.keys()) if (this.take({ do: 'leave', node, row })) moved = true
      }
      if (!moved) return
    }
  }

  placesOf(id: number): readonly { node: string; mailbox: string; chosen?: Chosen | undefined }[] {
    return this.#stores.flatMap((store, node) => {
      const stored = store.get(id)
      if (stored === undefined || stored.left || stored.collectedAt !== null) return []
      return [{ node: nodes[node] ?? '', mailbox: stored.mailbox, chosen: stored.chosen }]
    })
  }
}
