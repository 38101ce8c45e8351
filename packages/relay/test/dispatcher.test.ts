import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileTable, type Hop, type Lane, RelayError } from '@lienthong/core'
import { createSealingKey, type SealingKey, type Segment, sealedBy, verify } from '@lienthong/link'
import type { DispatchItem } from '@lienthong/store'
import type { NodeContext } from '../src/context.ts'
import type { CopyOutcome } from '../src/destinations.ts'
import { createDispatchers } from '../src/dispatcher.ts'
import { createHolds } from '../src/holds.ts'
import { createSightings } from '../src/sightings.ts'
import { segmentKey as key, segmentOf } from './a-segment.ts'

const directory = {
  version: 1,
  nodes: [
    { id: 'G22', tier: 'central', parent: null, keys: [] },
    { id: 'H29', tier: 'province', parent: 'G22', keys: [] },
  ],
  organisations: [],
}

describe('the outbox of one way', () => {
  it('takes a copy up again after its payload could not be read', async (t) => {
    let reads = 0
    const way = start(t, {
      items: [1, 2],
      slice: async () => {
        reads += 1
        if (reads === 1) throw new RelayError('STORE_FAILED')
        return new Uint8Array(10)
      },
    })

    await way.dispatched(2)
    assert.deepEqual(way.sent, [1, 2])
  })

  it('sends first what was lost, when the way breaks while a copy waits for room', async (t) => {
    let room: () => void = () => {}
    let lose: () => void = () => {}
    const lost = new Promise<void>((resolve) => {
      lose = resolve
    })
    const way = start(t, {
      items: [1, 2, 3],
      ready: (number) =>
        number === 3
          ? new Promise<void>((resolve) => {
              room = resolve
            })
          : Promise.resolve(),
      outcome: async (number, attempt) => {
        if (number === 3 || attempt > 1) return 'sent'
        await lost
        return 'again'
      },
    })

    await way.waiting(3)
    lose()
    await new Promise((resolve) => setImmediate(resolve))
    room()
    await way.dispatched(3)
    assert.deepEqual(way.sent, [1, 2, 1, 2, 3])
  })

  it('seals with the key of today what was accepted under an earlier one', async (t) => {
    const next = createSealingKey('H29', 2)
    const way = start(t, { items: [1, 2], key: next })

    await way.dispatched(2)
    for (const segment of way.segments) {
      assert.equal(sealedBy(segment.seal), 'H29#2')
      verify(segment.core, segment.seal, [next])
    }
    assert.deepEqual(way.sent, [1, 2])
  })
})

interface Way {
  readonly items: readonly number[]
  /** The node's key now. @default the one its copies were sealed with */
  readonly key?: SealingKey
  readonly slice?: () => Promise<Uint8Array>
  /** Room for the n-th call. */
  readonly ready?: (call: number) => Promise<void>
  readonly outcome?: (number: number, attempt: number) => Promise<CopyOutcome>
}

/** H29's outbox towards its parent; copies are known by their place in line. */
function start(t: { after(clean: () => Promise<void>): void }, way: Way) {
  const line = new Map(way.items.map((number) => [number, itemOf(number)]))
  const sent: number[] = []
  const segments: Segment[] = []
  const attempts = new Map<number, number>()
  let readyCalls = 0
  const outbox = {
    page: async (hop: Hop, lane: Lane, { after }: { after: number }) =>
      hop === 'up' && lane === 'bulk' ? [...line.values()].filter(({ seq }) => seq > after) : [],
    dispatched: async (copies: readonly { seq: number }[]) => {
      for (const { seq } of copies) line.delete(seq)
    },
  }
  const slice = way.slice ?? (async () => new Uint8Array(10))
  const context = {
    config: { id: 'H29', key: way.key ?? key },
    table: compileTable('H29', directory, 1, 0),
    store: { outbox, payloads: { slice } },
    now: () => 0,
    log: () => undefined,
    observe: () => undefined,
    sightings: createSightings({ documents: 10, now: () => 0 }),
  } as unknown as NodeContext
  const dispatchers = createDispatchers(context, {
    holds: createHolds(),
    deliverLocally: async () => undefined,
    destinations: {
      usable: () => true,
      ready: () => way.ready?.((readyCalls += 1)) ?? Promise.resolve(),
      forward: async () => 'sent',
      dispatch: async (_hop: Hop, _lane: Lane, segment: Segment) => {
        const { envelope } = segment
        segments.push(segment)
        const number = Number(envelope.core.documentId)
        const attempt = (attempts.get(number) ?? 0) + 1
        attempts.set(number, attempt)
        sent.push(number)
        return way.outcome?.(number, attempt) ?? 'sent'
      },
      follow: () => undefined,
      close: () => undefined,
    },
  })
  t.after(() => dispatchers.stop(1_000))
  return {
    sent,
    segments,
    waiting: (calls: number) => until(() => readyCalls >= calls),
    dispatched: (count: number) => until(() => line.size <= way.items.length - count),
  }
}

/** A document of one segment that is not kept in the row. */
function itemOf(number: number): DispatchItem {
  const { core: bytes, seal, envelope } = segmentOf(number, 10, 'G22')
  const { core } = envelope
  return {
    core: bytes,
    seal,
    seq: number,
    uid: core.uid,
    generation: 1,
    to: [0],
    recipients: [{ organ: 'G22', node: 'G22' }],
    segments: 'all',
    segmentBytes: core.segmentBytes,
    payload: { sha256: core.sha256, size: core.size },
    inline: null,
    lane: 'bulk',
  }
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 30_000
  while (!condition()) {
    assert.ok(performance.now() < end, 'waited 30 s in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
