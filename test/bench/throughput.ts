/**
 * Documents per second over three moves, from a backlog at the commune to the centre's transit queue: shovel, relay,
 * shovel, relay …
 *
 * Both clocks run from the first bytes of the backlog on the commune's line to its district, so that neither the
 * reconnecting of a link nor the start of a shovel counts, to the arrival that completes the last document.
 */
import { type Proxy, waitFor } from '../kit/index.ts'
import { monotonicMs } from './clock.ts'
import type { Counter } from './counting.ts'
import { inParallel } from './in-parallel.ts'
import type { PacketMaker, SizeName } from './packets.ts'
import { canPublish, type Relays } from './relay-processes.ts'
import type { Shovels } from './shovel.ts'
import { shovelQueue } from './shovel.ts'
import { centre, commune, district, province, type Stage } from './stage.ts'

/** Above a handshake, a hello and a canary, far below the backlog. */
const movingBytes = 8_192
/** Between two looks at the line, ms. */
const lookMs = 2
/** Documents handed in at once. */
const submitWidth = 32

export interface Load {
  readonly size: SizeName
  readonly documents: number
  readonly segmentsEach: number
}

/** Enough of each for some seconds on two cores. */
export const fullLoads: readonly Load[] = [
  { size: '5KiB', documents: 10_000, segmentsEach: 1 },
  { size: '64KiB', documents: 800, segmentsEach: 1 },
  { size: '1MiB', documents: 60, segmentsEach: 4 },
]

export interface ThroughputParts {
  readonly stage: Stage
  readonly counter: Counter
  readonly shovels: Shovels
  readonly relays: Relays
  readonly maker: PacketMaker
  readonly load: Load
}

/** Documents per second of the shovels. */
export async function shovelThroughput({ stage, counter, shovels, maker, load }: ThroughputParts): Promise<number> {
  await inParallel(load.documents, 1_000, (index) => shovels.publish(String(index), maker.next()))
  const { counted } = await counter.count({
    url: stage.amqp(centre),
    queue: shovelQueue,
    holds: 'messages',
    documents: load.documents,
    segments: load.documents,
  })
  await shovels.start()
  const startedAt = firstMove(shovels.proxy)
  await shovels.open()
  const rate = rateOf(load, await startedAt, (await counted).lastAt)
  await shovels.stop()
  return rate
}

/** Documents per second of the relays. */
export async function relayThroughput({ stage, counter, relays, maker, load }: ThroughputParts): Promise<number> {
  const origin = relays.client(commune)
  const proxy = stage.proxy(commune)
  await proxy.setMode('refuse')
  await waitFor(async () => !canPublish(await origin.status()), { what: 'the line to be cut' })
  await inParallel(load.documents, submitWidth, () => origin.submit(maker.next(), { as: commune }))
  const { backlog } = await origin.status()
  if (backlog.copies !== load.documents) throw new Error(`${backlog.copies} copies wait, not ${load.documents}`)
  const { counted } = await counter.count({
    url: stage.amqp(centre),
    queue: 'lt.transit.bulk',
    holds: 'frames',
    documents: load.documents,
    segments: load.documents * load.segmentsEach,
  })
  const startedAt = firstMove(proxy)
  await proxy.setMode('pass')
  const rate = rateOf(load, await startedAt, (await counted).lastAt)
  await waitFor(async () => (await origin.status()).backlog.copies === 0, {
    what: 'every copy to be recorded as dispatched',
    deadlineMs: 30_000,
  })
  await stage.empty([district, province], 'lt.up.bulk')
  return rate
}

/** Monotonic ms at which the backlog began to cross this line. */
function firstMove(proxy: Proxy): Promise<number> {
  const before = proxy.forwarded.up
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (proxy.forwarded.up - before < movingBytes) return
      clearInterval(timer)
      resolve(monotonicMs())
    }, lookMs)
  })
}

function rateOf(load: Load, startedAt: number, lastAt: number): number {
  return (load.documents * 1_000) / (lastAt - startedAt)
}
