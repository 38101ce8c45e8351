import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Answers,
  brokenHop,
  chainOf,
  parentsOf,
  type Sighting,
  type Standing,
  type WayLink,
  wayBetween,
  whereIs,
} from '@lienthong/core'
import fc from 'fast-check'

const organ = 'H26.10'
const way = ['H29.18', 'H29', 'G22', 'H26', 'H26.10']
const open: WayLink = { phase: 'open', reasons: [], since: 1, copies: 0, oldestAt: null, queued: 0 }

function standing(place: number, seen: Partial<Sighting> | null, more: Partial<Standing> & { link?: WayLink } = {}) {
  const next = way[place + 1] ?? null
  const { link = open, ...rest } = more
  const sighting = { organ, step: 'sent', at: 100 + place, neighbour: null, code: null, part: null, ...seen } as const
  const all: Standing = {
    type: 'standing',
    number: 1,
    at: 1_000,
    tableVersion: 1,
    directoryVersion: 1,
    rememberedSince: 0,
    ways: [{ organs: [organ], next, link: next === null ? null : link }],
    sightings: seen === null ? [] : [sighting],
    ...rest,
  }
  return all
}

/** What each node of the way says, in order: a step, nothing seen (null), or no answer ('silent'). */
function answersOf(...said: (Partial<Sighting> | Standing | null | 'silent')[]): Answers {
  return new Map(
    said.map((each, place) => {
      if (each === 'silent') return [way[place] ?? '', null]
      return [way[place] ?? '', each !== null && 'type' in each ? each : standing(place, each)]
    }),
  )
}

describe('who has a document', () => {
  it('is the last that sent it, before the link that holds it, with its reason', () => {
    const link: WayLink = { ...open, phase: 'opening', reasons: ['sender-down'], since: 90, queued: 3 }
    const answers = answersOf(
      { step: 'sent' },
      standing(1, { step: 'sent', neighbour: 'G22' }, { link }),
      'silent',
      'silent',
    )
    const found = whereIs(organ, way, answers)
    assert.deepEqual(
      [found.place, found.holder, found.from, found.next, found.since, found.link, found.certain],
      ['on-link', 'H29', 'H29', 'G22', 101, link, true],
    )
    assert.deepEqual(found.silent, ['G22', 'H26', 'H26.10'])
  })

  it('is its origin while it waits there', () => {
    const link: WayLink = { ...open, reasons: ['pause'] }
    const found = whereIs(organ, way, answersOf(standing(0, { step: 'waiting' }, { link }), null, null, null, null))
    assert.deepEqual([found.place, found.holder, found.next, found.link], ['waiting', 'H29.18', 'H29', link])
  })

  it('is its origin again when a node on the way could not pass it on', () => {
    const dropped = { step: 'dropped', neighbour: 'H26', code: 'LINK_FULL' } as const
    const found = whereIs(organ, way, answersOf({ step: 'sent' }, { step: 'sent' }, dropped, null, null))
    assert.deepEqual(
      [found.place, found.holder, found.from, found.next, found.code],
      ['dropped', 'H29.18', 'G22', 'H26', 'LINK_FULL'],
    )
  })

  it('is the serving node from its first segment on, until it is collected', () => {
    const before = [{ step: 'sent' }, { step: 'sent' }, { step: 'sent' }, { step: 'sent' }] as const
    const last = (seen: Partial<Sighting>) => whereIs(organ, way, answersOf(...before, seen))
    const received = last({ step: 'received', part: [2, 9] })
    assert.deepEqual([received.place, received.holder, received.part], ['in-hand', 'H26.10', [2, 9]])
    assert.deepEqual([last({ step: 'delivered' }).place, last({ step: 'delivered' }).since], ['delivered', 104])
    assert.equal(last({ step: 'collected' }).place, 'collected')
    assert.deepEqual([last({ step: 'dead', code: 'LOOP' }).place, last({ step: 'dead' }).holder], ['dead', 'H26.10'])
  })

  it('is told by the origin when the serving node is silent', () => {
    const said = answersOf({ step: 'collected', at: 500 }, { step: 'sent' }, { step: 'sent' }, 'silent', 'silent')
    const found = whereIs(organ, way, said)
    assert.deepEqual([found.place, found.since, found.holder], ['collected', 500, 'H26.10'])
    const undeliverable = whereIs(organ, way, answersOf({ step: 'undeliverable', code: 'RECEIVER_UNKNOWN' }, null))
    assert.deepEqual([undeliverable.place, undeliverable.code], ['undeliverable', 'RECEIVER_UNKNOWN'])
  })

  it('is not certain when the next node has forgotten that time', () => {
    const forgetful = standing(1, null, { rememberedSince: 900 })
    assert.equal(whereIs(organ, way, answersOf({ step: 'sent' }, forgetful, null, null, null)).certain, false)
    assert.equal(whereIs(organ, way, answersOf({ step: 'sent' }, null, null, null, null)).certain, true)
  })

  it('is nobody when nobody has seen it', () => {
    const found = whereIs(organ, way, answersOf(null, 'silent', null))
    assert.deepEqual([found.place, found.holder, found.silent], ['unseen', null, ['H29', 'H26', 'H26.10']])
  })

  it('is looked for where nodes send it, not where the tree says', () => {
    const detour = standing(
      1,
      { step: 'sent', neighbour: 'H29.02' },
      {
        ways: [{ organs: [organ], next: 'H29.02', link: open }],
      },
    )
    const answers = new Map([...answersOf({ step: 'sent' }, detour), ['H29.02', standing(9, { step: 'received' })]])
    assert.deepEqual(chainOf(organ, way, answers), ['H29.18', 'H29', 'H29.02'])
    assert.deepEqual(whereIs(organ, way, answers).holder, 'H29.02')
  })

  it('always ends, whatever nodes say of the next', () => {
    const next = fc.option(fc.constantFrom(...way))
    fc.assert(
      fc.property(fc.array(next, { minLength: 5, maxLength: 5 }), (said) => {
        const ways = (to: string | null) => [{ organs: [organ], next: to, link: open }]
        const answers = answersOf(...said.map((to, place) => standing(place, {}, { ways: ways(to) })))
        const chain = chainOf(organ, way, answers)
        assert.equal(new Set(chain).size, chain.length)
        assert.notEqual(whereIs(organ, way, answers).place, 'unseen')
      }),
      { numRuns: 50 },
    )
  })
})

describe('a broken hop', () => {
  it('is before the first that is silent', () => {
    const said = answersOf(null, null, 'silent', null, 'silent')
    assert.deepEqual(brokenHop(way, said), { from: 'H29', to: 'G22' })
    assert.deepEqual(brokenHop(way, answersOf('silent')), { from: null, to: 'H29.18' })
    assert.equal(brokenHop(way, answersOf(null, null, null, null, null)), null)
  })
})

describe('the way between two nodes', () => {
  const parents = parentsOf([
    { id: 'G22', parent: null },
    { id: 'H29', parent: 'G22' },
    { id: 'H26', parent: 'G22' },
    { id: 'H29.18', parent: 'H29' },
    { id: 'H29.02', parent: 'H29' },
    { id: 'H26.10', parent: 'H26' },
  ])

  it('goes up no further than it must', () => {
    assert.deepEqual(wayBetween(parents, 'H29.18', 'H26.10'), way)
    assert.deepEqual(wayBetween(parents, 'H29.18', 'H29.02'), ['H29.18', 'H29', 'H29.02'])
    assert.deepEqual(wayBetween(parents, 'G22', 'H29.18'), ['G22', 'H29', 'H29.18'])
    assert.deepEqual(wayBetween(parents, 'H29', 'H29'), ['H29'])
    assert.deepEqual([wayBetween(parents, 'H29', 'H99'), wayBetween(parents, 'H99', 'H29')], [[], []])
  })
})
