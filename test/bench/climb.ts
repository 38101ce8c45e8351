/** Three links up, shovel and relay in turns: throughput of three sizes, then latency. */
import type { Counter } from './counting.ts'
import type { Figure } from './figure.ts'
import { documentsPerSecond, relayLatency, shovelLatency } from './latency.ts'
import type { BenchOptions } from './options.ts'
import type { Packets } from './packets.ts'
import type { Progress } from './progress.ts'
import type { Relays } from './relay-processes.ts'
import type { Shovels } from './shovel.ts'
import { commune, type Stage } from './stage.ts'
import { median, percentile } from './statistics.ts'
import { fullLoads, type Load, relayThroughput, shovelThroughput } from './throughput.ts'

export interface ClimbParts {
  readonly stage: Stage
  readonly counter: Counter
  readonly shovels: Shovels
  readonly relays: Relays
  readonly packets: Packets
  readonly options: BenchOptions
  readonly progress: Progress
}

/** Served by a commune of the other province: the centre would pass it on. */
const recipient = 'H26.10'
const latencyDocuments = 2_000
const warmUpDocuments = 3_000

export async function throughputFigures(parts: ClimbParts): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  await warmUp(parts)
  for (const full of fullLoads) {
    const load = { ...full, documents: Math.ceil(full.documents * parts.options.scale) }
    figures.push(await throughputOf(parts, load))
  }
  return figures
}

/** Both systems once, uncounted: production runs for months, and what a compiler does in its first seconds is no part of it. */
async function warmUp(parts: ClimbParts): Promise<void> {
  const maker = await parts.packets.maker('5KiB', { from: commune, to: recipient })
  const load: Load = { size: '5KiB', documents: warmUpDocuments, segmentsEach: 1 }
  await shovelThroughput({ ...parts, maker, load })
  await relayThroughput({ ...parts, maker, load })
  parts.progress('warm')
}

async function throughputOf(parts: ClimbParts, load: Load): Promise<Figure> {
  const { options, progress } = parts
  const maker = await parts.packets.maker(load.size, { from: commune, to: recipient })
  const unit = load.size === '5KiB' ? 'docs/s' : 'MB/s'
  const factor = unit === 'MB/s' ? maker.bytes / 1e6 : 1
  const shovel: number[] = []
  const relay: number[] = []
  for (let round = 0; round < options.rounds; round += 1) {
    shovel.push((await shovelThroughput({ ...parts, maker, load })) * factor)
    progress(`shovel ${load.size} ${load.documents} documents: ${shovel.at(-1)?.toFixed(1)} ${unit}`)
    relay.push((await relayThroughput({ ...parts, maker, load })) * factor)
    progress(`relay  ${load.size} ${load.documents} documents: ${relay.at(-1)?.toFixed(1)} ${unit}`)
  }
  return {
    name: `relay/shovel ${load.size} 3 hops`,
    reference: median(shovel),
    measured: median(relay),
    unit,
    runs: options.rounds,
  }
}

export async function latencyFigures(parts: ClimbParts): Promise<readonly Figure[]> {
  const { options, progress } = parts
  const maker = await parts.packets.maker('5KiB', { from: commune, to: recipient })
  const documents = Math.ceil(latencyDocuments * options.scale)
  const shovel: (readonly number[])[] = []
  const relay: (readonly number[])[] = []
  for (let round = 0; round < options.rounds; round += 1) {
    shovel.push(await shovelLatency({ ...parts, maker, documents }))
    progress(`shovel ${shownDelays(shovel.at(-1) ?? [])}`)
    relay.push(await relayLatency({ ...parts, maker, documents }))
    progress(`relay  ${shownDelays(relay.at(-1) ?? [])}`)
  }
  return ([0.5, 0.99] as const).map((share) => ({
    name: `relay/shovel p${share * 100} at ${documentsPerSecond} docs/s 5KiB 3 hops`,
    reference: median(shovel.map((delays) => percentile(delays, share))),
    measured: median(relay.map((delays) => percentile(delays, share))),
    unit: 'ms',
    runs: options.rounds,
  }))
}

function shownDelays(delays: readonly number[]): string {
  return `5KiB ${delays.length} documents: p50 ${percentile(delays, 0.5).toFixed(1)} ms, p99 ${percentile(delays, 0.99).toFixed(1)} ms`
}
