/**
 * Latency over the same three moves at a steady rate of small documents.
 *
 * A shovelled message's clock starts before it is published to the commune's queue, a relayed document's before `submit`
 * is called: reading, checking, sealing and the transaction that makes the node answerable for it are in its time.
 */
import { monotonicMs } from './clock.ts'
import { atRate } from './in-parallel.ts'
import { shovelQueue } from './shovel.ts'
import { centre, commune } from './stage.ts'
import type { ThroughputParts } from './throughput.ts'

export const documentsPerSecond = 200

export type LatencyParts = Omit<ThroughputParts, 'load'> & { readonly documents: number }

/** Milliseconds of each message. */
export async function shovelLatency(parts: LatencyParts): Promise<readonly number[]> {
  const { stage, counter, shovels, maker, documents } = parts
  await shovels.start()
  await shovels.open()
  const { counted } = await counter.count({
    url: stage.amqp(centre),
    queue: shovelQueue,
    holds: 'messages',
    documents,
    segments: documents,
  })
  const begun = new Map<string, number>()
  await atRate(documentsPerSecond, documents, (index) => {
    begun.set(String(index), monotonicMs())
    return shovels.publish(String(index), maker.next())
  })
  const { arrivals } = await counted
  await shovels.stop()
  return delays(begun, arrivals)
}

/** Milliseconds of each document. */
export async function relayLatency(parts: LatencyParts): Promise<readonly number[]> {
  const { stage, counter, relays, maker, documents } = parts
  const { counted } = await counter.count({
    url: stage.amqp(centre),
    queue: 'lt.transit.bulk',
    holds: 'frames',
    documents,
    segments: documents,
  })
  const begun = new Map<string, number>()
  await atRate(documentsPerSecond, documents, async () => {
    const at = monotonicMs()
    const { uid } = await relays.client(commune).submit(maker.next(), { as: commune })
    begun.set(uid, at)
  })
  return delays(begun, (await counted).arrivals)
}

function delays(begun: ReadonlyMap<string, number>, arrivals: readonly (readonly [string, number])[]): number[] {
  return arrivals.map(([id, at]) => {
    const start = begun.get(id)
    if (start === undefined) throw new Error(`${id} arrived and was never sent`)
    return at - start
  })
}
