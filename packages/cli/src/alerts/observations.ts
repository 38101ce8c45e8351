/** What alerts look at: the same measures as the checks, with their own bounds. Nothing here asks anybody. */
import { type AlertKind, type AlertObservation, type AlertObservations, healthLevels } from '@lienthong/core'
import type { DirectoryStep, EndingHealth, NodeHealth } from '@lienthong/relay'
import {
  certificateMeasures,
  diskMeasures,
  levelOfMeasure,
  linkMeasures,
  type Measure,
  queueMeasures,
} from '../check/measures.ts'

const usual = { warning: null, critical: null }
/** Of what ends: said at 60 days and 14 by the bounds of the check, and once more when so few are left. */
const lastDays = 3

/** Children say what they have once a minute; a change takes no longer to arrive. */
const stepSeconds = 1800

/** A TLS certificate; `ending` is null while it cannot be seen. */
export interface SeenCertificate {
  readonly name: string
  readonly ending: EndingHealth | null
}

export interface AlertSources {
  readonly health: NodeHealth
  /** Beside those that the node knows of. */
  readonly tls: readonly SeenCertificate[]
}

export function alertObservations({ health, tls }: AlertSources): AlertObservations {
  const seen = [
    brokerOf(health),
    ...linksOf(health),
    ...queuesOf(health),
    ...diskMeasures(health, usual).flatMap((each) => (each.name === 'free_percent' ? observation('disk', each) : [])),
    ...endingsOf('key', health, { keys: health.keys, certificates: [] }),
    ...endingsOf('certificate', health, {
      keys: [],
      certificates: [...lastOfEach(health.certificates), ...tls.flatMap(({ ending }) => ending ?? [])],
    }),
    ...tls.filter(({ ending }) => ending === null).map(({ name }) => unknown('certificate', name)),
    // A file's version is the table's, and can be compared with the parent's.
    ...(health.directories === null ? driftOf(health) : stepsOf(health, health.directories)),
  ]
  return { seen, complete: true }
}

function observation(kind: AlertKind, measure: Measure): AlertObservation {
  const { about, value, notes } = measure
  const level = levelOfMeasure(measure)
  return { kind, about, grade: level === 'unknown' ? null : healthLevels[level], value, notes }
}

function unknown(kind: AlertKind, about: string): AlertObservation {
  return { kind, about, grade: null, value: null, notes: [] }
}

function brokerOf({ broker: { open, blocked, lastError } }: NodeHealth): AlertObservation {
  const notes = [...(blocked === null ? [] : [blocked]), ...(open || lastError === null ? [] : [lastError])]
  return { kind: 'broker', about: '', grade: open && blocked === null ? 0 : 2, value: null, notes }
}

/**
 * Without the own broker nobody below can be heard, which is one trouble and not many. A child that has never been heard since the
 * start may not have joined yet.
 */
function linksOf(health: NodeHealth): readonly AlertObservation[] {
  const measured = new Map(linkMeasures(health, undefined, usual).map((measure) => [measure.about, measure]))
  return health.links.flatMap(({ neighbour, direction, phase, reasons }) => {
    const measure = measured.get(neighbour)
    if (measure === undefined) return []
    if (direction === 'down' && (!health.broker.open || reasons.includes('never-heard')))
      return unknown('link', neighbour)
    return observation('link', { ...measure, notes: reasons.length === 0 ? [phase] : reasons })
  })
}

function queuesOf(health: NodeHealth): readonly AlertObservation[] {
  const kinds: ReadonlyMap<string, AlertKind> = new Map([
    ['oldest_seconds', 'queue'],
    ['dead_letters', 'dead'],
  ])
  return queueMeasures(health, usual).flatMap((measure) => {
    const kind = kinds.get(measure.name)
    return kind === undefined ? [] : observation(kind, measure)
  })
}

function endingsOf(
  kind: 'key' | 'certificate',
  { at }: NodeHealth,
  ending: Pick<NodeHealth, 'keys' | 'certificates'>,
): readonly AlertObservation[] {
  return certificateMeasures({ at, ...ending }, [], usual).map((measure) => {
    const { grade, value, ...rest } = observation(kind, measure)
    const isLast = value !== null && value <= lastDays
    return { ...rest, value: value === null ? null : Math.max(0, value), grade: isLast ? 3 : grade }
  })
}

/** An organisation with a later one is past the end of those before it. */
function lastOfEach(certificates: readonly EndingHealth[]): readonly EndingHealth[] {
  const last = new Map<string, EndingHealth>()
  const endOf = ({ endsAt }: EndingHealth) => endsAt ?? Infinity
  for (const each of certificates) {
    const [organ = ''] = each.name.split(' ')
    const before = last.get(organ)
    if (before === undefined || endOf(before) < endOf(each)) last.set(organ, each)
  }
  return [...last.values()]
}

function driftOf({ links, tableVersion }: NodeHealth): readonly AlertObservation[] {
  const parent = links.find(({ direction }) => direction === 'up')
  if (parent === undefined) return []
  const { neighbour: about, peer } = parent
  if (peer === null) return [unknown('drift', about)]
  const behind = Math.max(0, peer.tableVersion - tableVersion)
  return [{ kind: 'drift', about, grade: behind > 0 ? 1 : 0, value: behind, notes: [] }]
}

/** A neighbour that is away does not say what it has, nor does a parent with older software. */
function stepsOf({ at, links }: NodeHealth, steps: readonly DirectoryStep[]): readonly AlertObservation[] {
  return links.flatMap(({ neighbour }): AlertObservation[] => {
    const step = steps.find(({ node }) => node === neighbour)
    if (step === undefined) return [unknown('directory', neighbour)]
    const value = step.differsSince === null ? 0 : Math.max(0, at - step.differsSince) / 1000
    return [{ kind: 'directory', about: neighbour, grade: value >= stepSeconds ? 1 : 0, value, notes: [] }]
  })
}
