import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Signal } from '@lienthong/core'
import { decodeSignals, encodeSignals } from '@lienthong/link'
import fc from 'fast-check'

import { encodeCbor } from '../src/wire/cbor.ts'
import * as arbitrary from './arbitraries.ts'
import { refuses, survives } from './refusal.ts'

const signals = fc.array(arbitrary.signal, { minLength: 1, maxLength: 6 })
const uid = new Uint8Array(32).fill(7)

/** One hand-made signal: key → value. */
function handMade(fields: Record<number, unknown>): Uint8Array {
  const all = { 1: 0, 2: uid, 3: 1, ...fields }
  return encodeCbor([1, [new Map(Object.entries(all).map(([key, value]) => [Number(key), value]))]])
}

function standingWith(ways: readonly unknown[], sightings: readonly unknown[] = []): Map<number, unknown> {
  return new Map<number, unknown>([1, 2, 3, 4].map((key) => [key, 0] as [number, unknown]))
    .set(5, ways)
    .set(6, sightings)
}

describe('signals', () => {
  it('come back as they went, and again as the same bytes', () => {
    fc.assert(
      fc.property(signals, (signals) => {
        const bytes = encodeSignals(signals)
        assert.deepEqual(decodeSignals(bytes), signals)
        assert.deepEqual(encodeSignals(decodeSignals(bytes)), bytes)
      }),
    )
  })

  it('pass over a type and a field that are not known', () => {
    const known = { 4: ['H29'], 99: 'later' }
    assert.deepEqual(decodeSignals(handMade({ 1: 99, 2: 'of a shape to come' })), [])
    assert.deepEqual(decodeSignals(handMade({ 1: 2, ...known })), [
      { type: 'noted', uid: Buffer.from(uid).toString('hex'), generation: 1, organs: ['H29'] },
    ])
  })

  it('read a step and a phase of tomorrow as none and as not open', () => {
    const link = [99, [], null, 0, null, null]
    const standing = standingWith([[['H29'], 'G22', link]], [['H29', 99, 0, null, null, null]])
    const [read] = decodeSignals(handMade({ 1: 8, 7: 1, 9: standing }))
    assert.ok(read?.type === 'standing')
    assert.deepEqual([read.sightings, read.ways[0]?.link?.phase], [[], 'closed'])
  })

  it('keep the outcome of a code that is not known', () => {
    const [undeliverable] = decodeSignals(handMade({ 1: 3, 4: ['H29'], 6: 'CODE_OF_TOMORROW' }))
    const [deferred] = decodeSignals(handMade({ 1: 4, 4: ['H29'], 6: 'toString' }))
    assert.ok(undeliverable?.type === 'undeliverable' && undeliverable.code === 'INTERNAL')
    assert.ok(deferred?.type === 'deferred' && deferred.code === 'LINK_FULL')
  })

  for (const [name, fields] of [
    ['no uid', { 2: null }],
    ['generation 0', { 3: 0 }],
    ['delivered without receipts', { 1: 0, 5: [] }],
    ['a receipt of three', { 1: 0, 5: [['H29', 1, null]] }],
    ['collected without a time', { 1: 1, 5: [['H29', 1, null, []]] }],
    ['noted for nobody', { 1: 2, 4: [] }],
    ['noted for one twice', { 1: 2, 4: ['H29', 'H29'] }],
    ['undeliverable without a code', { 1: 3, 4: ['H29'] }],
    ['query 0', { 1: 5, 4: ['H29'], 7: 0 }],
    ['missing: false', { 1: 6, 5: [], 7: 1, 8: false }],
    ['missing: no range', { 1: 6, 5: [], 7: 1, 8: [] }],
    [
      'missing ranges that overlap',
      {
        1: 6,
        5: [],
        7: 1,
        8: [
          [0, 4],
          [4, 5],
        ],
      },
    ],
    ['a missing range backwards', { 1: 6, 5: [], 7: 1, 8: [[4, 0]] }],
    ['257 missing ranges', { 1: 6, 5: [], 7: 1, 8: Array.from({ length: 257 }, (_, at) => [at * 2, at * 2]) }],
    ['ask 0', { 1: 7, 7: 0 }],
    ['an ask about no document by name', { 1: 7, 2: 'H29', 7: 1 }],
    ['an ask about 65', { 1: 7, 4: Array.from({ length: 65 }, (_, at) => `H${at}`), 7: 1 }],
    ['a standing without a place', { 1: 8, 7: 1 }],
    ['a standing of 65 ways', { 1: 8, 7: 1, 9: standingWith(Array.from({ length: 65 }, () => [['H29'], null, null])) }],
    ['a way of two', { 1: 8, 7: 1, 9: standingWith([[['H29'], null]]) }],
    ['a part past the end', { 1: 8, 7: 1, 9: standingWith([], [['H29', 2, 0, null, null, [3, 2]]]) }],
    ['a segment past every payload', { 1: 6, 5: [], 7: 1, 8: [[0, 2 ** 20]] }],
  ] as const) {
    it(`refuse ${name}`, () => {
      refuses(() => decodeSignals(handMade(fields)), 'FRAME_INVALID', /signal|ask|standing|way|sighting/)
    })
  }

  it('refuse what is no list of signals', () => {
    refuses(() => decodeSignals(encodeCbor([1, []])), 'FRAME_INVALID')
    refuses(() => decodeSignals(encodeCbor([1, [1]])), 'FRAME_INVALID')
    refuses(() => decodeSignals(encodeCbor([2, 'later'])), 'VERSION_UNSUPPORTED')
    refuses(() => decodeSignals(new Uint8Array(256 * 1024 + 1)), 'FRAME_INVALID')
  })

  it('are read back up to one segment and no further', () => {
    const organs = Array.from({ length: 10_000 }, (_, at) => `H29.18.${at}`)
    const noted: Signal = { type: 'noted', uid: 'ab'.repeat(32), generation: 1, organs }
    assert.deepEqual(decodeSignals(encodeSignals([noted])), [noted])
    const long = encodeSignals([noted, noted, noted])
    refuses(() => decodeSignals(long), 'FRAME_INVALID', /longer/)
  })

  it('answer any bytes with signals or a RelayError', () => {
    const bytes = signals.map((signals) => encodeSignals(signals))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), arbitrary.mutated(bytes)), (bytes) => survives(() => decodeSignals(bytes))),
      { numRuns: 1000 },
    )
  })
})
