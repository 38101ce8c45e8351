/** Figures of whole federations: there is no rival to compare with, so they stand alone or beside their own rest. */
import type { Figure } from './figure.ts'
import type { BenchOptions } from './options.ts'
import type { Packets } from './packets.ts'
import type { Progress } from './progress.ts'
import { documentsPerSecond, provinceDelays } from './province.ts'
import type { Relays } from './relay-processes.ts'
import { absentChild, centre, department, district, type Stage } from './stage.ts'
import { median } from './statistics.ts'
import { wholePathEnd, wholePathOrigin, wholePathThroughput } from './whole-path.ts'

export interface FederationParts {
  readonly stage: Stage
  readonly relays: Relays
  readonly packets: Packets
  readonly options: BenchOptions
  readonly progress: Progress
}

const wholePathDocuments = 3_000
const provinceDocuments = 1_000

export async function wholePathFigures(parts: FederationParts): Promise<readonly Figure[]> {
  const { relays, options, progress } = parts
  const maker = await parts.packets.maker('5KiB', { from: wholePathOrigin, to: wholePathEnd })
  const documents = Math.ceil(wholePathDocuments * options.scale)
  const rates: number[] = []
  for (let round = 0; round < options.rounds; round += 1) {
    rates.push(await wholePathThroughput({ relays, maker, documents }))
    progress(`whole path 5KiB ${documents} documents: ${rates.at(-1)?.toFixed(0)} docs/s`)
  }
  return [
    {
      name: 'whole path 5KiB 5 links, submit to receipt',
      reference: null,
      measured: median(rates),
      unit: 'docs/s',
      runs: options.rounds,
    },
  ]
}

export async function provinceFigures(parts: FederationParts): Promise<readonly Figure[]> {
  const { stage, relays, packets, options, progress } = parts
  const delays = await provinceDelays({
    stage,
    relays,
    documents: Math.ceil(provinceDocuments * options.scale),
    makers: {
      inside: await packets.maker('5KiB', { from: department, to: district }),
      centre: await packets.maker('5KiB', { from: department, to: centre }),
      absent: await packets.maker('5KiB', { from: department, to: absentChild }),
      filler: await packets.maker('1MiB', { from: department, to: absentChild }),
    },
  })
  const { rest, centreAway, childFull } = delays
  progress(`province p99: ${[rest[0], centreAway, rest[1], childFull].map((ms) => ms.toFixed(1)).join(', ')} ms`)
  const reference = median(rest)
  const at = `p99 in the province at ${documentsPerSecond} docs/s 5KiB`
  return [
    { name: `${at}, centre away/before`, reference, measured: centreAway, unit: 'ms', runs: 1 },
    { name: `${at}, one child's queue full/before`, reference, measured: childFull, unit: 'ms', runs: 1 },
  ]
}
