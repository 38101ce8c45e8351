import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type HandedRow,
  type HandedTombstone,
  maxRowsWithPayload,
  nodeRecipient,
  packetKinds,
  recallEffects,
  transportStates,
} from '@lienthong/core'
import fc from 'fast-check'
import { decodeCore, decodeHandover, encodeCore, encodeHandover, uidOf } from '../src/index.ts'
import { instant, organ, path, uid } from './arbitraries.ts'

const generation = fc.integer({ min: 1, max: 65_535 })

const row: fc.Arbitrary<HandedRow> = fc
  .record(
    {
      organ,
      uid,
      generation,
      kind: fc.constantFrom(...packetKinds),
      businessType: fc.nat(255),
      from: organ,
      origin: organ,
      documentId: fc.stringMatching(/^[A-Z0-9/-]{1,40}$/),
      size: fc.nat(),
      sha256: uid,
      sealedAt: instant,
      deliveredAt: instant,
      collectedAt: fc.option(instant),
      noted: fc.boolean(),
      path,
      state: fc.constantFrom(...transportStates),
      stateReason: fc.option(fc.stringMatching(/^[a-z]{1,20}$/)),
      withdrawnAt: fc.option(instant),
      effects: fc.option(fc.array(fc.constantFrom(...recallEffects), { maxLength: 3 })),
      about: fc.option(
        fc.uniqueArray(fc.record({ uid, generation }, { noNullPrototype: true }), {
          minLength: 1,
          maxLength: 3,
          selector: (each) => each.uid,
        }),
      ),
      unit: fc.option(organ),
      chosen: fc.option(fc.record({ heir: organ, byHand: fc.boolean() }, { noNullPrototype: true })),
    },
    { noNullPrototype: true },
  )
  .map(({ effects, about, unit, chosen, ...rest }) => ({
    ...rest,
    ...(effects !== null && { effects }),
    ...(about !== null && { about }),
    ...(unit !== null && { unit }),
    ...(chosen !== null && { chosen }),
  }))

const tombstone: fc.Arbitrary<HandedTombstone> = fc.record(
  {
    uid,
    organ,
    generation,
    from: organ,
    origin: organ,
    at: instant,
  },
  { noNullPrototype: true },
)

describe('a handover', () => {
  it('is read as it was written: rows and tombstones without payload', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), fc.array(tombstone, { maxLength: 5 }), (rows, tombstones) => {
        assert.deepEqual(decodeHandover(encodeHandover({ rows, tombstones })), { rows, tombstones })
      }),
    )
  })

  it('is read as it was written: rows in the core of their payload', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: maxRowsWithPayload }), (handed) => {
        const { sha256 } = handed[0] as HandedRow
        const named = { kind: 'handover', businessType: 0, from: 'H29', documentId: '1', sha256 } as const
        const core = {
          ...named,
          version: 1,
          uid: uidOf(named),
          generation: 1,
          recipients: [nodeRecipient('H26')],
          size: 5,
          segmentBytes: 5,
          lane: 'bulk',
          sealedAt: 1,
          directoryVersion: 1,
          handed,
        } as const
        assert.deepEqual(decodeCore(encodeCore(core)), core)
      }),
    )
  })

  it('is refused with more rows than one payload may have, in another version, and cut short', () => {
    const [one] = fc.sample(row, 1) as [HandedRow]
    const encoded = encodeHandover({ rows: [one], tombstones: [] })
    assert.throws(() => decodeHandover(encoded.subarray(0, encoded.length - 1)), { code: 'FRAME_INVALID' })
    const other = Uint8Array.from(encoded)
    other[1] = 2
    assert.throws(() => decodeHandover(other), { code: 'VERSION_UNSUPPORTED' })
  })
})
