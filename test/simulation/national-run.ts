/** One run of a country: a working day, then the reform while documents flow and links are down; and what is to be known of it. */
import type { NodeId } from '@lienthong/core'
import { checkGuarantees } from './invariants.ts'
import { processorMs } from './machine.ts'
import { allMechanisms, type Mechanisms } from './mechanisms.ts'
import { openRegistry } from './national-announcements.ts'
import { type CountrySize, reformAt as calendarReformAt, drawCountry } from './national-country.ts'
import {
  countRows,
  deliveryTimes,
  linkBytes,
  measureTable,
  type NationalReport,
  reformFigures,
} from './national-figures.ts'
import { createMeasure, joiningEdges } from './national-measure.ts'
import { dayMs, drawTraffic } from './national-traffic.ts'
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
  /** The link of one ministry is down from midnight for this long as well, ms. @default 0 */
  readonly ministryAwayMs?: number
  readonly without?: Partial<Mechanisms>
  readonly onProgress?: (progress: Progress) => void
}

export interface Progress {
  readonly virtualMs: number
  readonly steps: number
  readonly delivered: number
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
  const faults = options.reform ? linksDown(random, [...parents.keys()], options) : []
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
      const serving = core.recipients.map((organ) => index.keeperOf(organ)?.node ?? origin)
      return joiningEdges([origin, ...serving], tree.parentOf)
    },
  })
  runWorld(scenario, {
    mechanisms: { ...allMechanisms, ...options.without },
    watch: measure,
    script: (begun) => {
      world = begun
      if (!options.reform) return
      log = carryOutReform(begun, { country, registry, at: midnightAt, windowMs, batchMs })
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
    reform: log === null ? null : reformFigures(log, { at: midnightAt, linksDown: faults.length }),
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

/** One cut of a link at a time: the end of another would open it. */
function linksDown(
  random: Random,
  [, ministry = '', ...others]: readonly NodeId[],
  { linksDown: percent, ministryAwayMs }: NationalOptions,
): Fault[] {
  const children = ministryAwayMs === undefined ? [ministry, ...others] : others
  const down = random.sample(children, Math.round((children.length * percent) / 100)).map(
    (node): Fault => ({
      at: midnightAt + random.int(-5 * minuteMs, windowMs),
      kind: 'cut',
      node,
      silent: random.chance(0.5),
      forMs: random.int(linkDownMs.low, linkDownMs.high),
    }),
  )
  if (ministryAwayMs === undefined) return down
  return [...down, { at: midnightAt, kind: 'cut', node: ministry, silent: false, forMs: ministryAwayMs }]
}
