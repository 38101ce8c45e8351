import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Arrival,
  compileTable,
  copiesFor,
  type Directory,
  dayStart,
  decideTransit,
  type Exception,
  isLost,
  type RoutingTable,
  reroute,
} from '@lienthong/core'
import fc from 'fast-check'
import { arbitraryDirectory, coreOf, directoryOf, envelopeOf } from './trees.ts'

// N0 ─┬─ N1 ─── N3
//     └─ N2
const directory = directoryOf([
  { parent: 0, tier: '' },
  { parent: 0, tier: '' },
  { parent: 1, tier: '' },
])
const moved = serving(directory, { N3: 'N2' })
const copy = { seq: 7, uid: 'u', generation: 1 }

/** The directory with these organisations at other nodes. */
function serving(from: Directory, nodes: Readonly<Record<string, string>>): Directory {
  const organisations = from.organisations.map((each) => ({ ...each, node: nodes[each.id] ?? each.node }))
  return { ...from, organisations }
}

const at = (id: string) => ({ organ: id, node: id.slice(0, 2) })
const table = (of: Directory, exceptions: readonly Exception[] = []) => compileTable('N0', of, 1, 0, exceptions)

describe('a copy that waits when the table has changed', () => {
  it('stays as it is while its way does', () => {
    assert.equal(
      reroute(table(directory), { ...copy, hop: 'down:N1', to: [0, 2], recipients: [at('N1'), at('N3')] }),
      null,
    )
  })

  it('is split by the ways of now, and brings all of it to whoever serves a recipient now', () => {
    const waiting = { ...copy, hop: 'down:N1', to: [1, 4, 5], recipients: [at('N3'), at('N3.X'), at('N1')] } as const
    assert.deepEqual(reroute(table(moved), waiting), {
      seq: 7,
      parts: [
        { hop: 'down:N2', to: [1], whole: true },
        { hop: 'down:N1', to: [4, 5], whole: false },
      ],
      moved: [{ organ: 'N3', node: 'N2' }],
    })
  })

  it('keeps its place for a recipient the directory has lost', () => {
    const gone = { organ: 'N9', node: 'N9' }
    assert.ok(isLost(table(directory), gone))
    assert.ok(!isLost(table(directory), { organ: 'N9', node: 'N2' }))
    assert.equal(reroute(table(directory), { ...copy, hop: 'down:N9', to: [0], recipients: [gone] }), null)
  })

  it('goes where a new document would go, each recipient once', () => {
    const scene = arbitraryDirectory().chain((tree) =>
      fc.tuple(
        fc.constant(tree),
        fc.constantFrom(...tree.nodes),
        fc.array(fc.nat(), { minLength: tree.organisations.length, maxLength: tree.organisations.length }),
      ),
    )
    fc.assert(
      fc.property(scene, ([before, self, picks]) => {
        const nodeOf = (index: number) => before.nodes[(picks[index] ?? 0) % before.nodes.length]?.id ?? ''
        const after = {
          ...before,
          organisations: before.organisations.map((each, index) => ({ ...each, node: nodeOf(index) })),
        }
        const now = compileTable(self.id, after, 2, 0)
        const recipients = before.organisations.map(({ id, node }) => ({ organ: id, node }))
        const got: { hop: string; place: number }[] = []
        for (const { hop, to } of copiesFor(compileTable(self.id, before, 1, 0), recipients)) {
          const waiting = { ...copy, hop, to, recipients: to.map((place) => recipients[place] ?? at('')) }
          for (const part of reroute(now, waiting)?.parts ?? [waiting]) {
            got.push(...part.to.map((place) => ({ hop: part.hop, place })))
          }
        }
        const wanted = copiesFor(
          now,
          after.organisations.map(({ id, node }) => ({ organ: id, node })),
        ).flatMap(({ hop, to }) => to.map((place) => ({ hop, place })))
        const byPlace = (a: { place: number }, b: { place: number }) => a.place - b.place
        assert.deepEqual(got.sort(byPlace), wanted.sort(byPlace))
      }),
      { numRuns: 100 },
    )
  })
})

describe('a frame taken back from a way that is no more', () => {
  const returned: Arrival = { from: 'returned' }
  const before = [{ node: 'N1', version: 1, at: 0 }]
  const decide = (of: RoutingTable, path = before) =>
    decideTransit(of, returned, envelopeOf(coreOf({ from: 'N1', recipients: ['N3', 'N9.1'] }), 'N1', { path }))

  it('goes by the newer table, whoever sent it and whichever way it came', () => {
    const { forward, refused } = decide(compileTable('N1', moved, 2, 0))
    assert.deepEqual(forward, [{ hop: 'up', to: [0] }])
    assert.deepEqual(refused, [{ code: 'RECEIVER_UNKNOWN', to: [1] }])
  })

  it('is not sent by the same table twice', () => {
    assert.deepEqual(decide(compileTable('N1', moved, 1, 0)).refused, [{ code: 'LOOP', to: [0, 1] }])
  })
})

describe('exceptions', () => {
  const reason = 'mất điện'
  const redirect = { organ: 'N3', reason, redirect: 'N2' } as const
  const day = dayStart('2026-03-01') ?? 0
  const dayMs = 86_400_000

  it('send what is for one organisation another way, from here and in transit', () => {
    const by = table(directory, [redirect])
    assert.equal(by.hopToOrgan('N3', 'N3'), 'down:N2')
    assert.equal(by.hopToOrgan('N3.X', 'N3'), 'down:N1')
    assert.equal(by.hopToNode('N3'), 'down:N1')
    assert.deepEqual(copiesFor(by, [at('N3'), at('N3.X'), at('N2')]), [
      { hop: 'down:N2', to: [0, 2] },
      { hop: 'down:N1', to: [1] },
    ])
    const core = coreOf({ from: 'N0', recipients: ['N3'] })
    const { forward } = decideTransit(by, { from: 'self' }, envelopeOf(core, 'N0'))
    assert.deepEqual(forward, [{ hop: 'down:N2', to: [0] }])
    assert.deepEqual(reroute(by, { ...copy, hop: 'down:N1', to: [0], recipients: [at('N3')] })?.parts, [
      { hop: 'down:N2', to: [0], whole: false },
    ])
  })

  it('hold one organisation back, and say why', () => {
    const by = table(directory, [{ organ: 'N3', reason, hold: true }])
    assert.deepEqual(by.holdOf('N3'), { reason })
    assert.equal(by.holdOf('N3.X'), null)
    assert.equal(by.hopToOrgan('N3', 'N3'), 'down:N1')
  })

  it('end with their last day, which the table counts', () => {
    const exceptions = [{ ...redirect, until: '2026-03-01' }]
    const last = compileTable('N0', directory, 1, day + dayMs - 1, exceptions)
    const after = compileTable('N0', directory, 1, day + dayMs, exceptions)
    assert.deepEqual([last.hopToOrgan('N3', 'N3'), last.version, last.nextChangeAt], ['down:N2', 1, day + dayMs])
    assert.deepEqual([after.hopToOrgan('N3', 'N3'), after.version, after.nextChangeAt], ['down:N1', 2, null])
  })

  it('are passed over where they name nothing that is there', () => {
    const by = table(directory, [
      { organ: 'N77', reason, hold: true },
      { ...redirect, redirect: 'N77' },
      { ...redirect, organ: 'N3.X', redirect: 'N0' },
      { ...redirect, organ: 'N1', until: '2026-02-30' },
    ])
    for (const organ of ['N3', 'N3.X', 'N1']) assert.equal(by.hopToOrgan(organ, organ.slice(0, 2)), 'down:N1')
  })
})
