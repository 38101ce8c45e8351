/** The figures of a run: what arrived, what it cost the links, the tables and the machine. */
import { compileDirectory, type Directory, type NodeId } from '@lienthong/core'
import { collectGarbage, processorMs } from './machine.ts'
import type { Copies, LinkLoad } from './national-measure.ts'
import { dayMs, directives } from './national-traffic.ts'
import { rowKey, type Violation } from './observer.ts'
import type { ReformLog } from './reform.ts'
import type { World } from './world.ts'

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
  /** Recipients put off, and segments sent back by tables that disagreed, by code: what custody has mended. */
  readonly deferred: Readonly<Record<string, number>>
  readonly refused: Readonly<Record<string, number>>
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

/** Compiled once more, for its size and time alone. */
export function measureTable(directory: Directory, at: number): NationalReport['tables'][number] {
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

export function countRows({
  observer,
}: World): Pick<NationalReport, 'deliveries' | 'lost' | 'duplicated' | 'deferred' | 'refused'> {
  let lost = 0
  let duplicated = 0
  for (const { uid, generation, organ } of observer.duties) {
    const rows = observer.rows.get(rowKey(uid, generation, organ))?.length ?? 0
    if (rows === 0) lost += 1
    duplicated += Math.max(0, rows - 1)
  }
  const deferred: Record<string, number> = {}
  for (const { code } of observer.deferrals) deferred[code] = (deferred[code] ?? 0) + 1
  const refused = Object.fromEntries(observer.refusals)
  return { deliveries: observer.duties.length, lost, duplicated, deferred, refused }
}

export function deliveryTimes({ observer }: World, reform: boolean): NationalReport['deliveryMs'] {
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

export function linkBytes(links: readonly LinkLoad[]): NationalReport['linkBytes'] {
  const busiest = links.reduce((most, each) => (each.bytes > most.bytes ? each : most))
  const total = links.reduce((sum, { bytes }) => sum + bytes, 0)
  return { ...spreadOf(links.map(({ bytes }) => Math.round(bytes))), total: Math.round(total), busiest: busiest.link }
}

export function reformFigures(
  { batches, rejoined, left, unaware }: ReformLog,
  { at, linksDown }: { readonly at: number; readonly linksDown: number },
): NationalReport['reform'] {
  const learned = batches.flatMap(({ delaysMs }) => delaysMs)
  const ends = batches.flatMap(({ at, delaysMs }) => at + delaysMs.reduce((most, each) => Math.max(most, each), 0))
  return {
    batches: batches.length,
    rejoined,
    left,
    linksDown,
    unaware,
    convergedMs: ends.reduce((most, each) => Math.max(most, each), 0) - at,
    learnedMs: spreadOf(learned),
    batchMs: spreadOf(batches.map(({ compileMs }) => Math.round(compileMs))),
  }
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort()
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: quantile(sorted, 1) }
}

/** Value below which this share of them lies, 0 < share ≤ 1; 0 of none. */
function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}
