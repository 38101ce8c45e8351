/** One run of a country: a working day, then the reform while documents flow and links are down; and what is to be known of it. */
import { compileDirectory, type Directory, type NodeId } from '@lienthong/core'
import { checkGuarantees } from './invariants.ts'
import { collectGarbage, processorMs } from './machine.ts'
import { allMechanisms, type Mechanisms } from './mechanisms.ts'
import { openRegistry } from './national-announcements.ts'
import { type CountrySize, reformAt as calendarReformAt, drawCountry } from './national-country.ts'
import { type Copies, createMeasure, joiningEdges, type LinkLoad, quantile } from './national-measure.ts'
import { dayMs, directives, drawTraffic } from './national-traffic.ts'
import { rowKey, type Violation } from './observer.ts'
import { type Random, seededRandom } from './random.ts'
import { carryOutReform, type ReformLog } from './reform.ts'
import type { Fault, Scenario } from './scenario.ts'
import { runWorld, type World } from './world.ts'

export interface NationalOptions {
  readonly seed: number
  readonly size: CountrySize
  /** Of an average working day. */
  readonly peak: number
  readonly reform: boolean
  /** Links that are down for a while on the day of the reform, of a hundred. */
  readonly linksDown: number
  readonly without?: Partial<Mechanisms>
  readonly onProgress?: (progress: Progress) => void
}

export interface Progress {
  readonly virtualMs: number
  readonly steps: number
  readonly delivered: number
}

/** p50, p99 and the greatest. */
export interface Spread {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface NationalReport {
  readonly nodes: { readonly before: number; readonly after: number }
  readonly documents: number
  readonly deliveries: number
  readonly lost: number
  readonly duplicated: number
  readonly violations: readonly Violation[]
  /** Segments over links: of the day, on which nothing fails, and from the eve of the reform on. */
  readonly copies: { readonly day: Copies; readonly reform: Copies | null }
  readonly deliveryMs: { readonly day: Spread; readonly directive: Spread; readonly reform: Spread | null }
  readonly linkBytes: Spread & { readonly total: number; readonly busiest: NodeId }
  readonly tables: readonly {
    readonly organisations: number
    readonly open: number
    readonly nodes: number
    readonly bytes: number
    /** Of processor time. */
    readonly compileMs: number
  }[]
  readonly reform: {
    readonly batches: number
    readonly rejoined: number
    readonly left: number
    readonly linksDown: number
    readonly unaware: number
    /** From midnight until every node had joined or left and knew so, ms. */
    readonly convergedMs: number
    /** From one batch until a node has it. */
    readonly learnedMs: Spread
    /** Processor time to judge, merge and compile one batch once. */
    readonly batchMs: Spread
  } | null
  readonly virtualMs: number
  readonly steps: number
  readonly seconds: number
  readonly processorSeconds: number
  readonly peakMemoryBytes: number
}

const minuteMs = 60_000
/** Half an hour between the day and midnight: nothing of the day is under way any more. */
const midnightAt = dayMs + 30 * minuteMs
const windowMs = 60 * minuteMs
const batchMs = 4 * minuteMs
const afterMs = 90 * minuteMs
const linkDownMs = { low: 5 * minuteMs, high: 60 * minuteMs }

export function runNational(options: NationalOptions): NationalReport {
  const started = performance.now()
  const startedMs = processorMs()
  const random = seededRandom(options.seed)
  const country = drawCountry(options.size)
  const registry = openRegistry(country.units)
  const calendarStart = calendarReformAt - midnightAt
  const { directory } = registry.publish(calendarStart)
  const reformAt = options.reform ? midnightAt : null
  const scale = options.size.organisations / 125_000
  const traffic = drawTraffic(random, country, { peak: options.peak, scale, reformAt, afterMs })
  const parents = new Map(directory.nodes.map(({ id, parent }) => [id, parent]))
  const faults = options.reform ? linksDown(random, [...parents.keys()], options.linksDown) : []
  const scenario: Scenario = {
    seed: options.seed,
    theme: 'national',
    calendarStart,
    deadline: midnightAt + 24 * 60 * minuteMs,
    directory,
    documents: traffic.documents,
    faults,
    moves: [],
    absent: null,
    outage: null,
    queueLimits: [],
    crashRate: 0,
    doubling: 0,
    faultsEnd: 0,
    maxStrikes: 0,
  }
  const tables = [measureTable(directory, calendarStart)]
  let peakMemoryBytes = 0
  let log: ReformLog | null = null
  let world: World | null = null
  const measure = createMeasure({
    bytesOf: (uid) => traffic.bytes.get(uid) ?? 0,
    edgesOf: (origin, core) => {
      const { index, tree } = must(world).node(origin).known
      const serving = core.recipients.map((organ) => index.listed(organ)?.node ?? origin)
      return joiningEdges([origin, ...serving], tree.parentOf)
    },
  })
  const mechanisms = { ...allMechanisms, ...options.without }
  runWorld(scenario, {
    mechanisms,
    watch: measure,
    script: (begun) => {
      world = begun
      if (!options.reform) return
      log = carryOutReform(begun, { country, registry, at: midnightAt, windowMs, batchMs }, mechanisms)
    },
    looked: ({ scheduler, observer }) => {
      peakMemoryBytes = Math.max(peakMemoryBytes, process.memoryUsage.rss())
      options.onProgress?.({ virtualMs: scheduler.now, steps: scheduler.steps, delivered: observer.rows.size })
    },
  })
  const ended = must<World>(world)
  const { duties } = ended.observer
  const copies = {
    day: measure.copiesOf(duties, { from: 0, to: dayMs }),
    reform: log === null ? null : measure.copiesOf(duties, { from: dayMs, to: scenario.deadline }),
  }
  if (ended.observer.violations.length === 0) {
    checkGuarantees(ended)
    if (copies.day.copies !== copies.day.minimum) {
      ended.observer.violate('G3', `${copies.day.copies} copies on a day without faults, ${copies.day.minimum} needed`)
    }
    checkReform(ended, log)
  }
  if (log !== null) tables.push(measureTable(ended.directory.directory, ended.directory.at))
  return {
    nodes: { before: parents.size, after: ended.directory.directory.nodes.length },
    documents: traffic.documents.length,
    ...countRows(ended),
    violations: ended.observer.violations,
    copies,
    deliveryMs: deliveryTimes(ended, options.reform),
    linkBytes: linkBytes([...measure.links.values()]),
    tables,
    reform: log === null ? null : reformFigures(log, faults.length),
    virtualMs: ended.scheduler.now,
    steps: ended.scheduler.steps,
    seconds: (performance.now() - started) / 1000,
    processorSeconds: (processorMs() - startedMs) / 1000,
    peakMemoryBytes,
  }
}

/** G10: everyone has gone where it should, and all who are there know so. */
function checkReform({ observer }: World, log: ReformLog | null): void {
  if (log === null) return
  if (log.unfinished > 0) observer.violate('G10', `${log.unfinished} nodes have neither joined elsewhere nor left`)
  if (log.unaware > 0) observer.violate('G10', `${log.unaware} nodes route by an old directory`)
}

function must<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new Error('nothing ran')
  return thing
}

function linksDown(random: Random, nodes: readonly NodeId[], percent: number): Fault[] {
  const children = nodes.filter((id) => id !== nodes[0])
  return random.sample(children, Math.round((children.length * percent) / 100)).map((node) => ({
    at: midnightAt + random.int(-5 * minuteMs, windowMs),
    kind: 'cut',
    node,
    silent: random.chance(0.5),
    forMs: random.int(linkDownMs.low, linkDownMs.high),
  }))
}

/** Compiled once more, for its size and time alone. */
function measureTable(directory: Directory, at: number): NationalReport['tables'][number] {
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  const started = processorMs()
  const compiled = compileDirectory(directory, at)
  const compileMs = processorMs() - started
  collectGarbage()
  const bytes = process.memoryUsage().heapUsed - before
  const { organisations, nodes } = compiled.directory
  return {
    organisations: organisations.length,
    open: compiled.index.open.length,
    nodes: nodes.length,
    bytes,
    compileMs,
  }
}

function countRows({ observer }: World): Pick<NationalReport, 'deliveries' | 'lost' | 'duplicated'> {
  let lost = 0
  let duplicated = 0
  for (const { uid, generation, organ } of observer.duties) {
    const rows = observer.rows.get(rowKey(uid, generation, organ))?.length ?? 0
    if (rows === 0) lost += 1
    duplicated += Math.max(0, rows - 1)
  }
  return { deliveries: observer.duties.length, lost, duplicated }
}

function deliveryTimes({ observer }: World, reform: boolean): NationalReport['deliveryMs'] {
  const day: number[] = []
  const directive: number[] = []
  const later: number[] = []
  for (const { uid, generation, organ, at } of observer.duties) {
    const row = observer.rows.get(rowKey(uid, generation, organ))?.[0]
    if (row === undefined) continue
    const times = at >= dayMs ? later : uid === directives.day ? directive : day
    times.push(row.at - at)
  }
  return { day: spreadOf(day), directive: spreadOf(directive), reform: reform ? spreadOf(later) : null }
}

function linkBytes(links: readonly LinkLoad[]): NationalReport['linkBytes'] {
  const busiest = links.reduce((most, each) => (each.bytes > most.bytes ? each : most))
  const total = links.reduce((sum, { bytes }) => sum + bytes, 0)
  return { ...spreadOf(links.map(({ bytes }) => Math.round(bytes))), total: Math.round(total), busiest: busiest.link }
}

function reformFigures({ batches, rejoined, left, unaware }: ReformLog, down: number): NationalReport['reform'] {
  const learned = batches.flatMap(({ delaysMs }) => delaysMs)
  const ends = batches.flatMap(({ at, delaysMs }) => at + delaysMs.reduce((most, each) => Math.max(most, each), 0))
  return {
    batches: batches.length,
    rejoined,
    left,
    linksDown: down,
    unaware,
    convergedMs: ends.reduce((most, each) => Math.max(most, each), 0) - midnightAt,
    learnedMs: spreadOf(learned),
    batchMs: spreadOf(batches.map(({ compileMs }) => Math.round(compileMs))),
  }
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort()
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: quantile(sorted, 1) }
}
