import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Arrival,
  type Core,
  compileTable,
  copiesFor,
  type Directory,
  dayStart,
  decideTransit,
  type Envelope,
  maxHops,
  mayOriginate,
  type Path,
  type RoutingTable,
} from '@lienthong/core'
import fc from 'fast-check'
import { arbitraryDirectory, coreOf, directoryOf, envelopeOf } from './trees.ts'

function tablesOf(directory: Directory, version = 1): Map<string, RoutingTable> {
  return new Map(directory.nodes.map(({ id }) => [id, compileTable(id, directory, version, 0)]))
}

interface Walk {
  /** Recipient → nodes where it was delivered. */
  readonly delivered: Map<string, string[]>
  /** Copies per directed link. */
  readonly copies: Map<string, number>
  readonly refused: string[]
}

/** Carries one envelope through the whole tree as the nodes would. */
function carry(tables: ReadonlyMap<string, RoutingTable>, core: Core, origin: string): Walk {
  const walk: Walk = { delivered: new Map(), copies: new Map(), refused: [] }
  const waiting: { at: string; arrival: Arrival; envelope: Envelope }[] = [
    { at: origin, arrival: { from: 'self' }, envelope: envelopeOf(core, origin) },
  ]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { at, arrival, envelope } = next
    const table = tables.get(at)
    assert.ok(table !== undefined)
    const decision = decideTransit(table, arrival, envelope)
    for (const place of decision.deliver) {
      const organ = core.recipients[place] ?? ''
      walk.delivered.set(organ, [...(walk.delivered.get(organ) ?? []), at])
    }
    for (const { code } of decision.refused) walk.refused.push(code)
    const path: Path = [...envelope.path, { node: at, version: table.version, at: 0 }]
    for (const { hop, to } of decision.forward) {
      const there = hop === 'up' ? (table.parent ?? '') : hop.slice('down:'.length)
      const link = `${at} to ${there}`
      walk.copies.set(link, (walk.copies.get(link) ?? 0) + 1)
      waiting.push({
        at: there,
        arrival: hop === 'up' ? { from: 'child', child: at } : { from: 'parent' },
        envelope: { ...envelope, to, path },
      })
    }
    assert.ok(walk.copies.size <= 2 * tables.size, 'a walk ends')
  }
  return walk
}

describe('a document through a tree of equal tables', () => {
  const scene = arbitraryDirectory().chain((directory) =>
    fc.tuple(
      fc.constant(directory),
      fc.constantFrom(...directory.organisations),
      fc.uniqueArray(fc.constantFrom(...directory.organisations.map(({ id }) => id)), { minLength: 1 }),
    ),
  )

  it('reaches each recipient exactly once, at its node, with one copy per link, and no loop', () => {
    fc.assert(
      fc.property(scene, ([directory, sender, recipients]) => {
        const walk = carry(tablesOf(directory), coreOf({ from: sender.id, recipients }), sender.node)
        assert.deepEqual(walk.refused, [])
        assert.deepEqual([...walk.delivered.keys()].sort(), [...recipients].sort())
        for (const [organ, nodes] of walk.delivered) {
          assert.deepEqual(nodes, [directory.organisations.find(({ id }) => id === organ)?.node])
        }
        for (const [link, count] of walk.copies) assert.equal(count, 1, link)
      }),
    )
  })

  it('takes the links it must and no other', () => {
    fc.assert(
      fc.property(scene, ([directory, sender, recipients]) => {
        const walk = carry(tablesOf(directory), coreOf({ from: sender.id, recipients }), sender.node)
        const parentOf = new Map(directory.nodes.map(({ id, parent }) => [id, parent]))
        const needed = new Set<string>()
        for (const organ of recipients) {
          const node = directory.organisations.find(({ id }) => id === organ)?.node ?? ''
          const above = [node]
          for (let at = parentOf.get(node) ?? null; at !== null; at = parentOf.get(at) ?? null) above.push(at)
          let at = sender.node
          for (; !above.includes(at); at = parentOf.get(at) ?? '') needed.add(`${at} to ${parentOf.get(at)}`)
          for (const down of above.slice(0, above.indexOf(at))) needed.add(`${parentOf.get(down)} to ${down}`)
        }
        assert.deepEqual([...walk.copies.keys()].sort(), [...needed].sort())
      }),
    )
  })

  it('splits at the origin as copiesFor says', () => {
    fc.assert(
      fc.property(scene, ([directory, sender, recipients]) => {
        const table = compileTable(sender.node, directory, 1, 0)
        const served = recipients.map((organ) => {
          return { organ, node: directory.organisations.find(({ id }) => id === organ)?.node ?? '' }
        })
        const core = coreOf({ from: sender.id, recipients })
        const { deliver, forward } = decideTransit(table, { from: 'self' }, envelopeOf(core, sender.node))
        const copies = [...(deliver.length > 0 ? [{ hop: 'mailbox', to: deliver }] : []), ...forward]
        const byHop = (a: { hop: string }, b: { hop: string }) => (a.hop < b.hop ? -1 : 1)
        assert.deepEqual([...copiesFor(table, served)].sort(byHop), copies.sort(byHop))
      }),
    )
  })

  it('goes nowhere twice whatever mixture of older and newer tables the nodes have', () => {
    const two = arbitraryDirectory(8).chain((directory) =>
      fc.tuple(
        fc.constant(directory),
        fc.array(fc.nat({ max: 7 })),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      ),
    )
    fc.assert(
      fc.property(two, ([directory, moves, newer]) => {
        const organisations = directory.organisations.map((organ, index) => {
          const node = directory.nodes[(moves[index] ?? index) % directory.nodes.length]?.id ?? organ.node
          return organ.id === organ.node ? organ : { ...organ, node }
        })
        const moved = { ...directory, version: 2, organisations }
        const tables = new Map(
          directory.nodes.map(({ id }, index) => [
            id,
            compileTable(id, newer[index] === true ? moved : directory, 1, 0),
          ]),
        )
        const recipients = directory.organisations.map(({ id }) => id)
        const walk = carry(tables, coreOf({ from: 'N0', recipients }), 'N0')
        for (const [link, count] of walk.copies) assert.ok(count <= 2, link)
        for (const nodes of walk.delivered.values()) assert.equal(nodes.length, 1)
      }),
    )
  })
})

describe('who may speak', () => {
  // N0 ─┬─ N1 ─── N3
  //     └─ N2
  const directory = directoryOf([
    { parent: 0, tier: '' },
    { parent: 0, tier: '' },
    { parent: 1, tier: '' },
  ])
  const root = compileTable('N0', directory, 1, 0)
  const middle = compileTable('N1', directory, 1, 0)

  function codes(table: RoutingTable, arrival: Arrival, core: Core): string[] {
    return decideTransit(table, arrival, envelopeOf(core, core.from)).refused.map(({ code }) => code)
  }

  it('lets a child speak for its subtree only', () => {
    const child = { from: 'child', child: 'N1' } as const
    assert.deepEqual(codes(root, child, coreOf({ from: 'N3.X', recipients: ['N2'] })), [])
    assert.deepEqual(codes(root, child, coreOf({ from: 'N2', recipients: ['N0'] })), ['FROM_NOT_ALLOWED'])
    assert.deepEqual(codes(root, child, coreOf({ from: 'N0', recipients: ['N2'] })), ['FROM_NOT_ALLOWED'])
    assert.deepEqual(codes(root, { from: 'child', child: 'N3' }, coreOf({ from: 'N3', recipients: ['N2'] })), [
      'FROM_NOT_ALLOWED',
    ])
  })

  it('lets the parent speak for everyone but those below', () => {
    assert.deepEqual(codes(middle, { from: 'parent' }, coreOf({ from: 'N2.X', recipients: ['N3'] })), [])
    assert.deepEqual(codes(middle, { from: 'parent' }, coreOf({ from: 'N3', recipients: ['N1'] })), [
      'FROM_NOT_ALLOWED',
    ])
    assert.deepEqual(codes(middle, { from: 'parent' }, coreOf({ from: 'N1', recipients: ['N1'] })), [
      'FROM_NOT_ALLOWED',
    ])
    assert.deepEqual(codes(root, { from: 'parent' }, coreOf({ from: 'N1', recipients: ['N2'] })), ['FROM_NOT_ALLOWED'])
  })

  it('holds signals to the same rule, by node ids', () => {
    const child = { from: 'child', child: 'N1' } as const
    assert.deepEqual(codes(root, child, coreOf({ kind: 'signal', from: 'N3', recipients: ['N2'] })), [])
    assert.deepEqual(codes(root, child, coreOf({ kind: 'signal', from: 'N2', recipients: ['N0'] })), [
      'FROM_NOT_ALLOWED',
    ])
    // An organisation is no node.
    assert.deepEqual(codes(root, child, coreOf({ kind: 'signal', from: 'N3.X', recipients: ['N2'] })), [
      'FROM_NOT_ALLOWED',
    ])
  })

  it('refuses senders the directory does not list, also when their code points somewhere', () => {
    const child = { from: 'child', child: 'N1' } as const
    for (const from of ['N3.X.9', 'H99', '']) {
      assert.deepEqual(codes(root, child, coreOf({ from, recipients: ['N2'] })), ['FROM_NOT_ALLOWED'], from)
    }
  })

  it('holds its own outbox to what it serves', () => {
    assert.deepEqual(codes(middle, { from: 'self' }, coreOf({ from: 'N1.X', recipients: ['N2'] })), [])
    assert.deepEqual(codes(middle, { from: 'self' }, coreOf({ from: 'N3', recipients: ['N2'] })), ['FROM_NOT_ALLOWED'])
  })

  it('never lets through what a link may not say', () => {
    fc.assert(
      fc.property(
        arbitraryDirectory().chain((tree) =>
          fc.tuple(fc.constant(tree), fc.constantFrom(...tree.nodes), fc.constantFrom(...tree.nodes)),
        ),
        ([tree, self, speaker]) => {
          const table = compileTable(self.id, tree, 1, 0)
          const core = coreOf({ from: `${speaker.id}.X`, recipients: tree.organisations.map(({ id }) => id) })
          for (const child of table.children) {
            const decision = decideTransit(table, { from: 'child', child }, envelopeOf(core, speaker.id))
            const refused = decision.refused.some(({ code }) => code === 'FROM_NOT_ALLOWED')
            assert.equal(refused, !table.isBelow(speaker.id, child))
          }
        },
      ),
    )
  })

  it('takes a core only from the node that serves its sender, or served it before it closed', () => {
    const closed = directory.organisations.map((organ) =>
      organ.id === 'N3.X' ? { ...organ, validTo: '1969-12-31', successors: ['N2.X'] } : organ,
    )
    const table = compileTable('N0', { ...directory, organisations: closed }, 1, 0)
    assert.equal(mayOriginate(table, 'N1', { kind: 'document', from: 'N1.X' }), true)
    assert.equal(mayOriginate(table, 'N0', { kind: 'document', from: 'N1.X' }), false)
    assert.equal(mayOriginate(table, 'N3', { kind: 'document', from: 'N3.X' }), true)
    assert.equal(mayOriginate(table, 'N2', { kind: 'document', from: 'N3.X' }), true)
    assert.equal(mayOriginate(table, 'N1', { kind: 'document', from: 'nobody' }), false)
    const moved = directory.organisations.map((organ) =>
      organ.id === 'N3.X' ? { ...organ, node: 'N2', formerNodes: [{ node: 'N3', until: '1970-01-31' }] } : organ,
    )
    const later = compileTable('N0', { ...directory, organisations: moved }, 1, 0)
    for (const node of ['N2', 'N3']) assert.equal(mayOriginate(later, node, { kind: 'document', from: 'N3.X' }), true)
    assert.equal(mayOriginate(later, 'N1', { kind: 'document', from: 'N3.X' }), false)
    assert.equal(mayOriginate(table, 'N1', { kind: 'signal', from: 'N1' }), true)
    assert.equal(mayOriginate(table, 'N2', { kind: 'signal', from: 'N1' }), false)
  })
})

describe('the path', () => {
  const directory = directoryOf([
    { parent: 0, tier: '' },
    { parent: 1, tier: '' },
  ])
  const at = (version: number) => compileTable('N1', directory, version, 0)
  const core = coreOf({ from: 'N2', recipients: ['N0'] })
  const fromChild = { from: 'child', child: 'N2' } as const

  function outcome(table: RoutingTable, path: Path, arrival: Arrival = fromChild, of: Core = core): string {
    const { forward, deliver, refused } = decideTransit(table, arrival, envelopeOf(of, 'N2', { path }))
    return refused[0]?.code ?? forward[0]?.hop ?? (deliver.length > 0 ? 'mailbox' : 'nothing')
  }
  const visits = (...versions: number[]): Path => versions.map((version) => ({ node: 'N1', version, at: 0 }))

  it('may come to a node again only when its table is newer', () => {
    assert.equal(outcome(at(5), visits()), 'up')
    assert.equal(outcome(at(5), visits(4)), 'up')
    assert.equal(outcome(at(5), visits(5)), 'LOOP')
    assert.equal(outcome(at(5), visits(6)), 'LOOP')
    // It is the last visit that counts.
    assert.equal(outcome(at(5), visits(6, 4)), 'up')
    assert.equal(outcome(at(5), visits(1, 5)), 'LOOP')
  })

  it('allows four visits', () => {
    assert.equal(outcome(at(9), visits(1, 2, 3)), 'up')
    assert.equal(outcome(at(9), visits(1, 2, 3, 4)), 'LOOP')
  })

  it('goes back over its link only when the table has changed since the last visit', () => {
    const back = coreOf({ from: 'N2', recipients: ['N2.X', 'N0'] })
    const first = decideTransit(at(5), fromChild, envelopeOf(back, 'N2'))
    assert.deepEqual(first, { deliver: [], forward: [{ hop: 'up', to: [1] }], refused: [{ code: 'LOOP', to: [0] }] })
    const again = decideTransit(at(5), fromChild, envelopeOf(back, 'N2', { path: visits(4) }))
    assert.deepEqual(
      again.forward.map(({ hop }) => hop),
      ['down:N2', 'up'],
    )
    const fromParent = decideTransit(
      at(5),
      { from: 'parent' },
      envelopeOf(coreOf({ from: 'N0', recipients: ['N0.X'] }), 'N0'),
    )
    assert.deepEqual(fromParent.refused, [{ code: 'LOOP', to: [0] }])
  })

  it('turns back no dead letter when its neighbour may have sent it by the table of another day', () => {
    const midnight = dayStart('2025-07-01') ?? Number.NaN
    const organisations = [
      ...directory.organisations,
      { id: 'N1.Z', name: 'Z', parent: 'N1', node: 'N1', validTo: '2025-06-30', successors: ['N0'] },
    ]
    const dated = (now: number) => compileTable('N1', { ...directory, organisations }, 1, now)
    const core = coreOf({ from: 'N0', recipients: ['N1.Z'] })
    const code = (now: number, sentAt: number) => {
      const path = [{ node: 'N0', version: 1, at: sentAt }]
      const { deliver, refused } = decideTransit(dated(now), { from: 'parent' }, envelopeOf(core, 'N0', { path }))
      return deliver.length > 0 ? 'mailbox' : refused[0]?.code
    }
    const [hour, seconds] = [3_600_000, 4_000]
    assert.equal(code(midnight - hour, midnight - 2 * hour), 'mailbox')
    // The neighbour's clock is late, or it waited for this node over midnight.
    assert.equal(code(midnight + seconds, midnight - seconds), 'ROUTE_CHANGED')
    assert.equal(code(midnight + hour, midnight + seconds), 'ROUTE_CHANGED')
    assert.equal(code(midnight + hour, midnight - hour), 'ROUTE_CHANGED')
    assert.equal(code(midnight + hour, midnight + hour / 2), 'LOOP')
    // This clock is late: what the child sends up by the new table is still for the child here.
    const below = {
      ...directory,
      organisations: organisations.map((each) => (each.id === 'N1.Z' ? { ...each, node: 'N2' } : each)),
    }
    const up = (sentAt: number) => {
      const path = [{ node: 'N2', version: 2, at: sentAt }]
      const table = compileTable('N1', below, 1, midnight - seconds)
      const toClosed = coreOf({ from: 'N2', recipients: ['N1.Z'] })
      return decideTransit(table, fromChild, envelopeOf(toClosed, 'N2', { path })).refused[0]?.code
    }
    assert.equal(up(midnight + seconds), 'ROUTE_CHANGED')
    assert.equal(up(midnight - hour), 'LOOP')
    // A circle is one at any hour.
    const circle = [{ node: 'N1', version: dated(midnight).version, at: midnight }]
    assert.equal(outcome(dated(midnight), circle, { from: 'parent' }, core), 'LOOP')
  })

  it('has at most sixteen entries', () => {
    const others = (count: number): Path =>
      Array.from({ length: count }, (_, index) => ({ node: `Z${index}`, version: 1, at: 0 }))
    assert.equal(outcome(at(5), others(maxHops - 1)), 'up')
    assert.equal(outcome(at(5), others(maxHops)), 'LOOP')
  })
})

describe('recipients that close on the way', () => {
  const open = directoryOf([
    { parent: 0, tier: '' },
    { parent: 0, tier: '' },
    { parent: 0, tier: '' },
  ])
  const organisations = open.organisations.map((organ) =>
    organ.id === 'N1.X' ? { ...organ, validTo: '2025-06-30', successors: ['N2.X'] } : organ,
  )
  const midnight = Date.UTC(2025, 5, 30, 17)
  const walkAt = (at: (node: string) => number) => {
    const tables = open.nodes.map(({ id }) => [id, compileTable(id, { ...open, organisations }, 1, at(id))] as const)
    return carry(new Map(tables), coreOf({ from: 'N3.X', recipients: ['N1.X'] }), 'N3')
  }

  it('go to whoever stands for them, from one instant on everywhere', () => {
    assert.deepEqual([...walkAt(() => midnight - 1).delivered], [['N1.X', ['N1']]])
    assert.deepEqual([...walkAt(() => midnight).delivered], [['N1.X', ['N2']]])
  })

  it('are delivered by nobody but these two, whichever node has which day', () => {
    for (const ahead of ['N0', 'N1', 'N2', 'N3']) {
      const { delivered, refused } = walkAt((id) => (id === ahead ? midnight : midnight - 1))
      const nodes = [...delivered.values()].flat()
      assert.ok(
        nodes.every((node) => node === 'N1' || node === 'N2'),
        ahead,
      )
      assert.equal(nodes.length + refused.length, 1, ahead)
    }
  })
})

describe('recipients the directory does not list', () => {
  const directory = directoryOf([
    { parent: 0, tier: '' },
    { parent: 1, tier: '' },
  ])
  const [root, middle] = ['N0', 'N1'].map((id) => compileTable(id, directory, 1, 0))
  const unknown = coreOf({ from: 'N2', recipients: ['H99'] })

  it('go up from below, and end at the root', () => {
    assert.ok(root !== undefined && middle !== undefined)
    const climbing = decideTransit(middle, { from: 'child', child: 'N2' }, envelopeOf(unknown, 'N2'))
    assert.deepEqual(climbing.forward, [{ hop: 'up', to: [0] }])
    const arrived = decideTransit(root, { from: 'child', child: 'N1' }, envelopeOf(unknown, 'N2'))
    assert.deepEqual(arrived.refused, [{ code: 'RECEIVER_UNKNOWN', to: [0] }])
  })

  it('end where the parent sent them and nothing leads on', () => {
    assert.ok(middle !== undefined)
    const fromAbove = decideTransit(
      middle,
      { from: 'parent' },
      envelopeOf(coreOf({ from: 'N0', recipients: ['H99'] }), 'N0'),
    )
    assert.deepEqual(fromAbove.refused, [{ code: 'RECEIVER_UNKNOWN', to: [0] }])
  })

  it('are never delivered to the one whose code comes nearest', () => {
    const table = compileTable(
      'H29',
      {
        version: 1,
        nodes: [
          { id: 'H29', tier: '', parent: null, keys: [] },
          { id: 'H29.18', tier: '', parent: 'H29', keys: [] },
        ],
        organisations: ['H29', 'H29.18'].map((id) => ({ id, name: id, parent: null, node: id })),
      },
      1,
      0,
    )
    const core = coreOf({ from: 'H29', recipients: ['H29.18.05', 'H29.77'] })
    const decision = decideTransit(table, { from: 'self' }, envelopeOf(core, 'H29'))
    assert.deepEqual(decision, {
      deliver: [],
      forward: [{ hop: 'down:H29.18', to: [0] }],
      refused: [{ code: 'RECEIVER_UNKNOWN', to: [1] }],
    })
  })

  it('refuses places that are not in the core, or not ascending', () => {
    assert.ok(middle !== undefined)
    const core = coreOf({ from: 'N1', recipients: ['N0', 'N2'] })
    for (const to of [[2], [-1], [1, 0], [0, 0], [0.5]]) {
      const decision = decideTransit(middle, { from: 'self' }, envelopeOf(core, 'N1', { to }))
      assert.deepEqual(decision, { deliver: [], forward: [], refused: [{ code: 'FRAME_INVALID', to }] })
    }
  })
})
