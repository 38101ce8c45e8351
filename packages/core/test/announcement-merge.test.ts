import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileTable, mergeAnnouncements, nothingAccepted } from '@lienthong/core'
import fc from 'fast-check'
import { by, commune, district, full, g22, h26, h29, organsOf, take } from './announced-tree.ts'
import { announcementOf, childOf, judgeOf, newSealer, organ, rootOf, type Words } from './announcing.ts'
import { entry, now } from './trust-federation.ts'

describe('two that announce the same organisation', () => {
  it('leave it to the deeper one', () => {
    const set = take(full, [h29({ version: 2, organisations: [organ('H29'), organ('H29.18.05')] })]).set
    assert.equal(organsOf(set)['H29.18.05'], 'H29.18.05')
    const { remarks } = mergeAnnouncements(set, { self: 'H26', version: 1 })
    assert.deepEqual(remarks, [{ node: 'H29', id: 'H29.18.05', why: 'contested' }])
    assert.equal(organsOf(take(set, [commune({ version: 2, organisations: [] })]).set)['H29.18.05'], 'H29')
  })

  it('or another code at the same time leave that code to one of them', () => {
    const old = '000.00.18.H29'
    const set = take(full, [
      district({ version: 2, organisations: [organ('H29.18', { oldCode: old })] }),
      h29({
        version: 2,
        organisations: [organ('H29', { oldCode: old }), organ('H29.1', { oldCode: old, validTo: '2025-01-01' })],
      }),
    ]).set
    const { directory } = mergeAnnouncements(set, { self: 'H26', version: 1 })
    const having = directory.organisations.filter(({ oldCode }) => oldCode === old).map(({ id }) => id)
    assert.deepEqual(having, ['H29.18'])
    compileTable('H26', directory, 1, now)
  })
})

describe('a unit that goes to another parent', () => {
  const besides = (id: string, delegates: string[]) => childOf(by(id), by('H29'), { delegates })
  const both = [besides('H29.18', ['H29.18']), besides('H29.18.05', ['H29.18.05'])]

  it('is in the directory all the time: named by both, it stands where its own newest word says', () => {
    const seen = [full]
    for (const said of [
      h29({ version: 2, children: both }),
      commune({ version: 2, parent: 'H29' }),
      district({ version: 2, children: [] }),
      h29({ version: 3, children: both.slice(1) }),
    ]) {
      const { set, refused } = take(seen.at(-1) ?? full, [said])
      assert.deepEqual(refused, [])
      seen.push(set)
    }
    assert.deepEqual(
      seen.map((set) => [set.places.get('H29.18.05')?.parent, organsOf(set)['H29.18.05']]),
      [
        ['H29.18', 'H29.18.05'],
        ['H29.18', 'H29.18.05'],
        ['H29', 'H29.18.05'],
        ['H29', 'H29.18.05'],
        ['H29', 'H29.18.05'],
      ],
    )
  })
})

describe('whatever is announced', () => {
  const codesThere = ['G22', 'H26', 'H26.1', 'H29', 'H29.18', 'H29.18.05', 'H29.18.05.1', '000.05.18.H29', 'none']
  const code = fc.constantFrom(...codesThere)
  const day = fc.constantFrom('2025-01-01', '2025-06-30', '2026-12-31')
  const organisation = fc
    .record(
      {
        id: code,
        name: fc.constant('x'),
        parent: fc.option(code, { nil: null }),
        oldCode: code,
        code102: code,
        validFrom: fc.constant('2024-01-01'),
        validTo: day,
        successors: fc.array(code, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['id', 'name', 'parent'], noNullPrototype: true },
    )
    .map((made) => {
      const { successors: _, ...open } = made
      return 'validTo' in made ? made : open
    })
  const organisations = fc.uniqueArray(organisation, { selector: ({ id }) => id, maxLength: 6 })
  const groups = fc.dictionary(fc.constantFrom('a', 'b', 'H29', 'G22'), fc.array(code, { maxLength: 3 }))

  it('makes a directory that compiles', () => {
    const seen = { remarks: 0, organisations: 0 }
    fc.assert(
      fc.property(fc.array(fc.tuple(organisations, groups), { minLength: 5, maxLength: 5 }), (said) => {
        const makers = [g22, h29, h26, district, commune] as const
        const incoming = makers.map((make, index) => {
          const [own = [], named = {}] = said[index] ?? []
          const mine = new Set(own.map(({ id }) => id))
          const kept = Object.fromEntries(Object.entries(named).filter(([name]) => !mine.has(name)))
          return make({ organisations: own as never, groups: kept })
        })
        const { set, refused } = take(nothingAccepted, incoming)
        assert.deepEqual(refused, [])
        const { directory, remarks } = mergeAnnouncements(set, { self: 'H26', version: 1 })
        compileTable('H26', directory, 1, now).expand('*')
        seen.remarks += remarks.length
        seen.organisations += directory.organisations.length
      }),
      { numRuns: 80, seed: 11 },
    )
    assert.ok(seen.remarks > 50 && seen.organisations > 250, JSON.stringify(seen))
  })
})

describe('a province', () => {
  const own = judgeOf('H29', rootOf(by('H29')))
  const asTop = (words: Words = {}) => h29({ parent: null, keys: [rootOf(by('H29'))], ...words })
  const inside = judgeOf('H29.18.05', rootOf(by('H29.18.05')), [rootOf(by('H29'))])

  it('is an axis of its own before it is bridged', () => {
    const { set } = take(nothingAccepted, [asTop(), district(), commune()], { as: own })
    assert.deepEqual(Object.keys(organsOf(set, 'H29')).sort(), ['H29', 'H29.18', 'H29.18.05'])
    assert.deepEqual(set.roots, [rootOf(by('H29'))])
  })

  it('brings the centre to its subtree by its own word, which holds inside against that of the centre', () => {
    const bridged = asTop({
      version: 2,
      parent: 'G22',
      attests: [rootOf(by('G22'))],
      organisations: [organ('H29'), organ('G12')],
    })
    const claims = g22({ organisations: [organ('G22'), organ('G12'), organ('H29.18.05')] })
    const { set } = take(nothingAccepted, [bridged, claims, h26(), district(), commune()], { as: inside })
    const organs = organsOf(set, 'H29.18.05')
    assert.deepEqual(organs, {
      G22: 'G22',
      G12: 'H29',
      H29: 'H29',
      H26: 'H26',
      'H29.18': 'H29.18',
      'H29.18.05': 'H29.18.05',
    })
    const table = compileTable(
      'H29.18.05',
      mergeAnnouncements(set, { self: 'H29.18.05', version: 1 }).directory,
      1,
      now,
    )
    assert.equal(table.hopToNode('H26'), 'up')

    // Nobody but the pinned one attests, and the centre vouches for nothing inside.
    const lying = district({ attests: [rootOf(by('G22'))] })
    const without = take(nothingAccepted, [asTop(), lying, commune(), claims, h26()], { as: inside })
    assert.deepEqual(Object.keys(organsOf(without.set, 'H29.18.05')).sort(), ['H29', 'H29.18', 'H29.18.05'])
    assert.equal(without.set.places.has('G22'), false)
    const other = newSealer('H29#1')
    const usurped = other.seal(announcementOf('H29', { parent: 'G22', version: 9 }))
    const usurper = g22({ version: 2, children: [childOf(other, by('G22'))] })
    const taken = take(nothingAccepted, [bridged, usurper, usurped], { as: inside })
    assert.equal(taken.set.held.get('H29'), bridged)
  })

  it('and everything below it go on by themselves while nobody above vouches for them', () => {
    const alone = take(nothingAccepted, [district(), commune()], {
      as: judgeOf('H29.18', rootOf(by('H29.18')), [rootOf(by('H29'))]),
    }).set
    assert.deepEqual(organsOf(alone, 'H29.18'), { 'H29.18': 'H29.18', 'H29.18.05': 'H29.18.05' })
    // What it said of itself meanwhile binds nobody who vouches for it later.
    const aged = entry(by('H29.18'), [by('H29')], { validFrom: 5 })
    const joined = asTop({ children: [childOf(by('H29.18'), by('H29'), { keys: [aged] })] })
    const { set, refused } = take(alone, [joined], { as: judgeOf('H29.18', rootOf(by('H29.18')), [rootOf(by('H29'))]) })
    assert.deepEqual(refused, [])
    assert.equal(set.places.get('H29.18')?.parent, 'H29')
  })
})

describe('a node that moves', () => {
  it('stands where its newest word and its parent say', () => {
    const moved = [
      h26({ version: 2, children: [childOf(by('H29.18'), by('H26'), { delegates: [] })] }),
      district({ version: 2, parent: 'H26' }),
    ]
    const wide = g22({
      version: 2,
      children: [
        childOf(by('H29'), by('G22'), { delegates: ['H29'] }),
        childOf(by('H26'), by('G22'), { delegates: ['H26'] }),
      ],
    })
    // Outside the delegation of the new parent it does not move.
    assert.equal(take(full, [wide, ...moved]).set.places.get('H29.18')?.parent, 'H29')
    const given = g22({
      version: 3,
      children: [
        childOf(by('H29'), by('G22'), { delegates: ['H29.1', 'H29.2'] }),
        childOf(by('H26'), by('G22'), { delegates: ['H26', 'H29.18'] }),
      ],
    })
    const there = h26({ version: 3, children: [childOf(by('H29.18'), by('H26'))] })
    const { set } = take(full, [given, there, district({ version: 2, parent: 'H26' })])
    assert.equal(set.places.get('H29.18')?.parent, 'H26')
    assert.equal(set.places.get('H29.18.05')?.parent, 'H29.18')
  })
})
