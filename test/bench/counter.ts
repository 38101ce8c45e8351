/**
 * The process that counts what arrives at the centre. It takes frames or messages with the same prefetch and the same
 * acks; of a frame it reads only how many segments it holds, and checks the documents when the last one is there.
 */
import { segmentCount } from '@lienthong/core'
import { decodeFrame } from '@lienthong/link'
import { type Channel, type ConsumeMessage, connect } from 'amqplib'
import { monotonicMs } from './clock.ts'
import type { CounterReport, CountOrder } from './counter-contract.ts'
import { onOrders, report } from './forked.ts'
import { segmentsIn } from './frame-head.ts'

const prefetch = 1_000
const consumerTag = 'bench'

interface Arrival {
  readonly at: number
  readonly id: string
  readonly body: Buffer
}

onOrders(count)

async function count(order: CountOrder): Promise<void> {
  const connection = await connect(order.url, { noDelay: true })
  const channel = await connection.createChannel()
  await channel.prefetch(prefetch)
  const done = consume(channel, order)
  report<CounterReport>({ type: 'ready' })
  const arrivals = await done
  // What comes beyond the order, duplicates, stays in the queue and fails the next count.
  await channel.cancel(consumerTag)
  // Answered behind the last ack, which a close would overtake.
  await channel.checkQueue(order.queue)
  await connection.close()
  report(reportOn(order, arrivals))
}

/** Resolves when everything ordered has come. */
function consume(channel: Channel, order: CountOrder): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = []
  const enough = order.holds === 'frames' ? order.segments : order.documents
  let segments = 0
  let acknowledging = false
  let complete = false
  return new Promise((resolve, reject) => {
    function acknowledge(): void {
      acknowledging = false
      if (complete) return
      channel.ackAll()
      complete = segments >= enough && completions(order, arrivals).size >= order.documents
      if (complete) resolve(arrivals)
    }
    function take(message: ConsumeMessage | null): void {
      if (message === null) return reject(new Error(`${order.queue} was deleted`))
      arrivals.push({ at: monotonicMs(), id: String(message.properties.messageId), body: message.content })
      segments += order.holds === 'frames' ? segmentsIn(message.content) : 1
      // One ack for all that came in this turn of the event loop.
      if (!acknowledging) setImmediate(acknowledge)
      acknowledging = true
    }
    channel.on('error', reject)
    channel.consume(order.queue, take, { consumerTag }).catch(reject)
  })
}

function reportOn(order: CountOrder, arrivals: readonly Arrival[]): CounterReport {
  const completed = completions(order, arrivals)
  if (completed.size !== order.documents) {
    return { type: 'failed', reason: `${completed.size} documents of ${order.documents} have come` }
  }
  return {
    type: 'counted',
    lastAt: Math.max(...completed.values()),
    messages: arrivals.length,
    arrivals: [...completed],
  }
}

/** When each document was complete. */
function completions(order: CountOrder, arrivals: readonly Arrival[]): ReadonlyMap<string, number> {
  if (order.holds === 'messages') return new Map(arrivals.map(({ id, at }) => [id, at]))
  const missing = new Map<string, Set<number>>()
  const completed = new Map<string, number>()
  for (const { body, at } of arrivals) {
    for (const entry of decodeFrame(body)) {
      if ('error' in entry) throw entry.error
      const { core, segment } = entry.envelope
      if (core.kind === 'signal' || completed.has(core.uid)) continue
      const open = missing.get(core.uid) ?? new Set(Array(segmentCount(core.size, core.segmentBytes)).keys())
      missing.set(core.uid, open)
      open.delete(segment)
      if (open.size === 0) completed.set(core.uid, at)
    }
  }
  return completed
}
