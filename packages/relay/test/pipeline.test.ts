import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileTable, RelayError } from '@lienthong/core'
import { type Delivery, encodeFrame } from '@lienthong/link'
import type { NodeContext } from '../src/context.ts'
import { runPipeline } from '../src/pipeline.ts'
import { createSightings } from '../src/sightings.ts'
import { segmentKey as key, segmentOf } from './a-segment.ts'

const directory = {
  version: 1,
  nodes: [
    { id: 'G22', tier: 'central', parent: null, keys: [] },
    { id: 'H29', tier: 'province', parent: 'G22', keys: [{ kid: key.kid, publicKey: key.publicKey }] },
  ],
  organisations: [
    { id: 'G22', name: 'G22', parent: null, node: 'G22' },
    { id: 'H29', name: 'H29', parent: 'G22', node: 'H29' },
  ],
}

describe('a frame whose segment is given up', () => {
  for (const [what, body, refusal] of [
    ['because it cannot be read', new Uint8Array(3), null],
    [
      'because it is not believed',
      encodeFrame([segmentOf(1, Buffer.from('Kính gửi'), 'G22')]),
      new RelayError('SEAL_INVALID'),
    ],
  ] as const) {
    it(`is acknowledged after its dead letter is on disk, ${what}`, async () => {
      const run = start(body, refusal)
      await turn()
      assert.deepEqual(run.ended, [])

      run.written()
      await turn()
      assert.deepEqual(run.ended, ['settled'])
    })

    it(`comes again when its dead letter cannot be written, ${what}`, async () => {
      const run = start(body, refusal)
      await turn()
      run.failed(new RelayError('DISK_FULL'))
      await turn()
      assert.deepEqual(run.ended, ['again'])
    })
  }
})

/** A frame of one segment at G22, from its child H29. */
function start(body: Uint8Array, refusal: RelayError | null) {
  const ended: string[] = []
  let written: () => void = () => {}
  let failed: (error: Error) => void = () => {}
  const bury = () =>
    new Promise<void>((resolve, reject) => {
      written = resolve
      failed = reject
    })
  const context = {
    config: { id: 'G22' },
    table: compileTable('G22', directory, 1, 0),
    store: { ledger: { bury } },
    now: () => 0,
    log: () => undefined,
    observe: () => undefined,
    sightings: createSightings({ documents: 10, now: () => 0 }),
  } as unknown as NodeContext
  const delivery = {
    exchange: 'lt.from.H29',
    type: 'lt.frame',
    userId: 'H29',
    headers: {},
    body,
    settle: () => ended.push('settled'),
  } as unknown as Delivery
  runPipeline(
    {
      context,
      forwarder: { forward: async () => 'done', defer: () => undefined, undeliverable: () => undefined },
      serving: {
        take: async () => {
          if (refusal !== null) throw refusal
        },
        deliver: async () => undefined,
      },
      inbox: { take: async () => undefined, handle: async () => undefined },
    },
    {
      delivery,
      lane: 'bulk',
      link: 'H29',
      arrival: { from: 'child', child: 'H29' },
      again: () => ended.push('again'),
      segments: [],
      pending: [],
    },
  )
  return { ended, written: () => written(), failed: (error: Error) => failed(error) }
}

/** Everything that waits for nothing but promises has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
