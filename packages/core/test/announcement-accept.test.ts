import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileTable, mergeAnnouncements, nothingAccepted } from '@lienthong/core'
import fc from 'fast-check'
import { by, codes, commune, district, everything, full, g22, h26, h29, ids, organsOf, take } from './announced-tree.ts'
import {
  announcementOf,
  childOf,
  judgeOf,
  newSealer,
  organ,
  rootOf,
  type Sealer,
  signedOf,
  takeBack,
  type Words,
} from './announcing.ts'
import { entry, now } from './trust-federation.ts'

describe('a set of announcements', () => {
  it('makes the directory of the whole tree', () => {
    const { directory, remarks } = mergeAnnouncements(full, { self: 'H26', version: 7 })
    const table = compileTable('H26', directory, 1, now)

    assert.deepEqual(remarks, [])
    assert.equal(directory.version, 7)
    assert.deepEqual(
      directory.nodes.map(({ id, parent }) => [id, parent]),
      [
        ['G22', null],
        ['H29', 'G22'],
        ['H26', 'G22'],
        ['H29.18', 'H29'],
        ['H29.18.05', 'H29.18'],
      ],
    )
    assert.deepEqual(organsOf(full), Object.fromEntries(ids.map((id) => [id, id])))
    assert.equal(table.hopToNode('H29.18.05'), 'up')
    assert.deepEqual(directory.roots, [rootOf(by('G22'))])
  })

  it('is the same in whatever order, batches and repetitions it comes', () => {
    const later = [
      h29({ version: 2, organisations: [organ('H29'), organ('H29.02', { parent: 'H29' })] }),
      district({ version: 3, organisations: [] }),
      commune({ epoch: 2, organisations: [organ('H29.18.05'), organ('H29.18.05.X')] }),
      g22({ version: 4, groups: { all: ['G22', 'H29'] } }),
    ]
    const all = [...everything, ...later]
    const expected = organsOf(take(nothingAccepted, all).set)
    assert.equal(expected['H29.18.05.X'], 'H29.18.05')
    fc.assert(
      fc.property(
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 9, maxLength: 9 }),
        (order, sizes) => {
          let set = nothingAccepted
          // Whoever is refused for now is offered again, as neighbours do.
          for (let round = 0; round < 5; round += 1) {
            let from = 0
            for (const size of sizes) {
              set = take(set, order.slice(from, from + size)).set
              from += size
            }
            set = take(set, order.slice(from)).set
          }
          assert.deepEqual(organsOf(set), expected)
          const wanted = mergeAnnouncements(take(nothingAccepted, all).set, { self: 'H26', version: 1 })
          assert.deepEqual(mergeAnnouncements(set, { self: 'H26', version: 1 }), wanted)
        },
      ),
      { numRuns: 60, seed: 5 },
    )
  })

  it('loses nothing and says nothing when it comes again', () => {
    const again = take(full, everything)
    assert.deepEqual([again.accepted, again.refused, again.dropped], [[], [], []])
  })

  it('is judged anew when a parent no longer names a child', () => {
    const { set, dropped } = take(full, [h29({ version: 2, children: [] })])
    assert.deepEqual(dropped.map(({ announcement }) => announcement.node).sort(), ['H29.18', 'H29.18.05'])
    assert.deepEqual(Object.keys(organsOf(set)).sort(), ['G22', 'H26', 'H29'])
  })
})

describe('refused is', () => {
  it('an older version, whatever it says', () => {
    const set = take(full, [h26({ epoch: 2, version: 1 })]).set
    assert.deepEqual(codes(set, [h26({ epoch: 1, version: 9, organisations: [] })]), ['H26 ANNOUNCEMENT_OLD'])
  })

  it('a seal that does not fit, of another node, or of a key nobody vouches for', () => {
    const good = h26({ version: 2 })
    const forged = signedOf(announcementOf('H26', { parent: 'G22', version: 2 }), 'H26#1', good)
    const broken = signedOf(forged.announcement, 'H26#1', { bytes: Buffer.from('x'), seal: good.seal })
    const foreign = by('H29').seal(announcementOf('H26', { parent: 'G22', version: 2 }))
    const stranger = newSealer('H26#2').seal(announcementOf('H26', { parent: 'G22', version: 2 }))
    assert.deepEqual(codes(full, [broken]), ['H26 SEAL_INVALID'])
    assert.deepEqual(codes(full, [foreign]), ['H26 SEAL_INVALID'])
    assert.deepEqual(codes(full, [stranger]), ['H26 KEY_UNKNOWN'])
    assert.deepEqual(codes(full, [newSealer('H26#1').seal(good.announcement)]), ['H26 SEAL_INVALID'])
    const unvouched = g22({ version: 2, children: [childOf(by('H26'), by('H29'))] })
    const as = judgeOf('G22', rootOf(by('G22')))
    assert.deepEqual(codes(take(nothingAccepted, [unvouched], { as }).set, [h26()], { as }), ['H26 KEY_NOT_VOUCHED'])
  })

  it('one whose parent does not name it', () => {
    assert.deepEqual(codes(full, [commune({ version: 2, parent: 'H29' })]), ['H29.18.05 ANNOUNCEMENT_ORPHAN'])
    assert.deepEqual(codes(nothingAccepted, [commune()]), ['H29.18.05 ANNOUNCEMENT_ORPHAN'])
    assert.deepEqual(codes(full, [newSealer('X#1').seal(announcementOf('X', { parent: 'H29' }))]), [
      'X ANNOUNCEMENT_ORPHAN',
    ])
  })

  it('one sealed by an expired key, but not one that was taken before', () => {
    const dayMs = 86_400_000
    const aged = childOf(by('H26'), by('G22'), {
      keys: [entry(by('H26'), [by('G22')], { validFrom: 0, validTo: now + dayMs })],
    })
    const set = take(nothingAccepted, [g22({ children: [aged] }), h26()]).set
    assert.equal(set.held.has('H26'), true)
    const later = { at: now + 9 * dayMs }
    assert.equal(take(set, [], later).set.held.has('H26'), true)
    assert.deepEqual(codes(set, [h26({ version: 2 })], later), ['H26 KEY_EXPIRED'])
  })

  it('what cannot be by itself', () => {
    const twoSisters = [childOf(by('H29'), by('G22')), childOf(by('H26'), by('G22'), { delegates: ['H26', 'H29'] })]
    for (const [signed, reason] of [
      [g22({ version: 2, children: twoSisters }), 'delegated twice'],
      [h26({ version: 2, organisations: [organ('H26'), organ('h26 ')] }), 'no code'],
      [h26({ version: 2, organisations: [organ('H26'), organ('h26')] }), 'code twice'],
      [h26({ version: 2, organisations: [organ('H26', { validTo: '2026-02-30' })] }), 'no such day'],
      [h26({ version: 2, organisations: [organ('H26', { successors: ['G22'] })] }), 'successors without validTo'],
      [h26({ version: 2, groups: { a: [], A: [] } }), 'group named twice'],
      [h26({ version: 2, children: [childOf(by('G22'), by('H26'))] }), 'twice'],
    ] as const) {
      const [refusal] = take(full, [signed]).refused
      assert.deepEqual([refusal?.code, refusal?.detail['reason']], ['ANNOUNCEMENT_INVALID', reason])
    }
  })
})

describe('keys', () => {
  const second = newSealer('H29.18.05#2')
  const withKeys = (keys: ReturnType<typeof entry>[], words: Words = {}) =>
    district({ version: 2, children: [childOf(by('H29.18.05'), by('H29.18'), { keys })], ...words })
  const first = () => entry(by('H29.18.05'), [by('H29.18')])
  const follows = (signers: Sealer[]) => entry(second, signers, { replaces: 'H29.18.05#1' })

  it('follow one another with the signature of the old one, or of the grandparent', () => {
    for (const signer of ['H29.18.05', 'H29']) {
      const { set, refused } = take(full, [
        withKeys([first(), follows([by('H29.18'), by(signer)])]),
        commune({ version: 2, organisations: [organ('H29.18.05.2')] }, second),
      ])
      assert.deepEqual(refused, [])
      assert.equal(organsOf(set)['H29.18.05.2'], 'H29.18.05')
    }
  })

  it('of a unit that has one are not replaced by its parent alone', () => {
    const old = rootOf(by('H29.18.05'))
    const stolen = newSealer('H29.18.05#1')
    for (const [keys, code] of [
      [[first(), follows([by('H29.18')])], 'KEY_HANDOVER_MISSING'],
      [[first(), follows([by('H29.18'), by('H26')])], 'KEY_HANDOVER_MISSING'],
      [[follows([by('H29.18')])], 'KEY_HANDOVER_MISSING'],
      [[entry(second, [by('H29.18')])], 'KEY_HANDOVER_MISSING'],
      [[entry(stolen, [by('H29.18')])], 'KEY_EXISTS'],
      [[entry(by('H29.18.05'), [by('H29.18')], { validFrom: 5 })], 'KEY_EXISTS'],
    ] as const) {
      assert.deepEqual(codes(full, [withKeys([...keys])]), [`H29.18 ${code}`])
    }
    // Nor by leaving it out for a while.
    const gone = take(full, [district({ version: 2, children: [] })]).set
    assert.equal(gone.places.has('H29.18.05'), false)
    const back = withKeys([entry(second, [by('H29.18')])], { version: 3 })
    assert.deepEqual(codes(gone, [back]), ['H29.18 KEY_HANDOVER_MISSING'])
    assert.deepEqual(codes(gone, [withKeys([first()], { version: 3 })]), [])
    assert.equal(old.kid, 'H29.18.05#1')
  })

  it('taken back seal nothing any more, whoever above took them back', () => {
    for (const signer of ['H29.18', 'H29', 'G22']) {
      const words = { version: 2, revocations: [takeBack(by(signer), rootOf(by('H29.18.05')), now)] }
      const said = signer === 'H29.18' ? district(words) : signer === 'H29' ? h29(words) : g22(words)
      const { set, dropped } = take(full, [said])
      assert.deepEqual(
        dropped.map(({ announcement }) => announcement.node),
        ['H29.18.05'],
      )
      assert.deepEqual(codes(set, [commune({ version: 2 })]), ['H29.18.05 KEY_REVOKED'])
      assert.equal(organsOf(set)['H29.18.05'], undefined)
    }
  })

  it('are not taken back by those beside or below, nor with another signature', () => {
    const about = rootOf(by('H29.18.05'))
    for (const said of [
      h26({ version: 2, revocations: [takeBack(by('H26'), about, now)] }),
      commune({ version: 2, revocations: [takeBack(by('H29.18.05'), rootOf(by('H29.18')), now)] }),
      h29({ version: 2, revocations: [{ ...takeBack(by('H26'), about, now), by: 'H29#1' }] }),
    ]) {
      const { dropped, accepted } = take(full, [said])
      assert.deepEqual([dropped, accepted.length], [[], 1])
    }
    const foreign = h29({ version: 2, revocations: [takeBack(by('G22'), about, now)] })
    assert.deepEqual(codes(full, [foreign]), ['H29 ANNOUNCEMENT_INVALID'])
    const own = commune({ version: 2, revocations: [takeBack(by('H29.18.05'), about, now)] })
    assert.deepEqual(codes(full, [own]), ['H29.18.05 KEY_REVOKED'])
  })

  it('of the top are handed over by the old one', () => {
    const next = newSealer('G22#2')
    const keys = [rootOf(by('G22')), entry(next, [by('G22')], { replaces: 'G22#1' })]
    const { set } = take(full, [next.seal({ ...g22({ version: 2 }).announcement, keys })])
    assert.equal(set.held.get('G22')?.kid, 'G22#2')
    const usurped = [rootOf(by('G22')), entry(next, [next], { replaces: 'G22#1' })]
    const bad = next.seal({ ...g22({ version: 2 }).announcement, keys: usurped })
    assert.deepEqual(codes(full, [bad]), ['G22 KEY_NOT_VOUCHED'])
  })
})

describe('a delegation', () => {
  it('bounds organisations, other codes, members of groups, children and what they are given', () => {
    const thief = newSealer('H26.9#1')
    const { set } = take(full, [
      district({
        version: 2,
        organisations: [
          organ('H29.18', { oldCode: '000.00.00.G22', code102: '000.00.18.H29' }),
          organ('G12'),
          organ('H29.19'),
        ],
        groups: { mine: ['H29.18', 'H26'] },
        children: [
          childOf(by('H29.18.05'), by('H29.18'), { delegates: ['H29.18.05', 'H26.1'] }),
          childOf(thief, by('H29.18')),
        ],
      }),
      thief.seal(announcementOf('H26.9', { parent: 'H29.18', organisations: [organ('H26.9')] })),
      commune({ version: 2, organisations: [organ('H29.18.05'), organ('H26.1')] }),
    ])
    const { directory, remarks } = mergeAnnouncements(set, { self: 'H26', version: 1 })

    assert.deepEqual(Object.keys(organsOf(set)).sort(), ['G22', 'H26', 'H29', 'H29.18', 'H29.18.05'])
    const [own] = directory.organisations.filter(({ id }) => id === 'H29.18')
    assert.deepEqual([own?.oldCode, own?.code102], [undefined, '000.00.18.H29'])
    assert.deepEqual(directory.groups, { mine: ['H29.18'] })
    assert.equal(set.places.has('H26.9'), false)
    assert.deepEqual(remarks.map(({ node, id, why }) => `${node} ${id} ${why}`).sort(), [
      'H29.18 000.00.00.G22 outside',
      'H29.18 G12 outside',
      'H29.18 H26 outside',
      'H29.18 H26.1 outside',
      'H29.18 H26.9 outside',
      'H29.18 H29.19 outside',
      'H29.18.05 H26.1 outside',
    ])
  })

  it('that is narrowed takes out what lies outside now, and brings it back when it is widened', () => {
    const words = (delegates: string[]) => ({ children: [childOf(by('H29.18'), by('H29'), { delegates })] })
    const narrowed = take(full, [h29({ version: 2, ...words(['H29.18.06', 'H29.18.07']) })]).set
    assert.deepEqual(Object.keys(organsOf(narrowed)).sort(), ['G22', 'H26', 'H29'])
    const widened = take(narrowed, [h29({ version: 3, ...words(['H29.18']) }), commune()]).set
    assert.deepEqual(organsOf(widened), organsOf(full))
  })
})
