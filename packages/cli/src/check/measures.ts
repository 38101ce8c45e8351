/** What checks measure, from what a node says of itself. Nothing here asks anybody. */
import { type HealthBound, type HealthLevel, healthLevelOf, RelayError, worstLevel } from '@lienthong/core'
import type { EndingHealth, LinkView, NodeHealth } from '@lienthong/relay'

export interface Measure {
  /** Part of the metric's name: `down_seconds`. */
  readonly name: string
  /** Whose: a neighbour, a key, a folder. Empty: the node's. */
  readonly about: string
  readonly value: number | null
  readonly unit: 's' | 'd' | '%' | 'B' | ''
  readonly bound: HealthBound | null
  /** Not better than this, whatever the value. */
  readonly atLeast?: HealthLevel
  /** Reasons and codes, for people; never a sentence. */
  readonly notes: readonly string[]
}

/** Bounds as they were asked for; null: the check's own. */
export interface Bounds {
  readonly warning: number | null
  readonly critical: number | null
}

export function levelOfMeasure({ value, bound, atLeast = 'ok' }: Measure): HealthLevel {
  return worstLevel([
    value === null && bound !== null && atLeast !== 'ok' ? 'ok' : healthLevelOf(value, bound),
    atLeast,
  ])
}

const dayMs = 86_400_000

/**
 * Seconds that links have not been open; one that is stopped by order is a warning. Without its own broker a node hears no
 * child. Throws NOT_FOUND.
 */
export function linkMeasures(health: NodeHealth, neighbour: string | undefined, bounds: Bounds): readonly Measure[] {
  return linksOf(health, neighbour).map((link) => {
    const { phase, since, reasons, order, direction } = link
    const isCut = direction === 'down' && !health.broker.open
    const value = phase === 'open' ? 0 : since === null ? null : Math.max(0, health.at - since) / 1000
    return {
      name: 'down_seconds',
      about: link.neighbour,
      value,
      unit: 's',
      bound: above(bounds, 60, 300),
      ...(isCut
        ? { atLeast: 'critical' as const }
        : value === null || order?.stop
          ? { atLeast: 'warning' as const }
          : {}),
      notes: [...(isCut ? ['own-broker-down'] : [phase]), ...reasons],
    }
  })
}

/** Age of what has waited longest; what waits on each link; what could not be passed on. */
export function queueMeasures(health: NodeHealth, bounds: Bounds): readonly Measure[] {
  const { at, oldestDocumentAt, backlog, deadLetters } = health
  const oldest = oldestDocumentAt === null ? 0 : Math.max(0, at - oldestDocumentAt) / 1000
  const plain = (name: string, about: string, value: number): Measure => {
    return { name, about, value, unit: '', bound: null, notes: [] }
  }
  return [
    { ...plain('oldest_seconds', '', oldest), unit: 's', bound: above(bounds, 600, 3600) },
    plain('documents', '', backlog.documents),
    ...health.links.map((link) => plain('copies', link.neighbour, link.copies)),
    ...health.links.flatMap(({ neighbour, queued }) =>
      queued === null ? [] : [plain('queued', neighbour, queued.express + queued.bulk)],
    ),
    { ...plain('dead_letters', '', deadLetters), bound: { warning: 1, critical: 100, bad: 'above' } },
  ]
}

/** Days that keys and certificates have left. `others`: certificates that only the asker sees. */
export function certificateMeasures(
  health: Pick<NodeHealth, 'at' | 'keys' | 'certificates'>,
  others: readonly EndingHealth[],
  bounds: Bounds,
): readonly Measure[] {
  const all = [...health.keys.filter(({ inUse }) => inUse), ...health.certificates, ...others]
  return all.map(({ name, endsAt }) => ({
    name: 'days_left',
    about: name,
    value: endsAt === null ? null : Math.floor((endsAt - health.at) / dayMs),
    unit: 'd',
    // Without an end there is nothing to wait for.
    bound: endsAt === null ? null : below(bounds, 60, 14),
    notes: endsAt === null ? ['no-end'] : [new Date(endsAt).toISOString().slice(0, 10)],
  }))
}

export function diskMeasures({ disk, databaseBytes }: NodeHealth, bounds: Bounds): readonly Measure[] {
  const free = disk === null ? null : (100 * disk.freeBytes) / Math.max(1, disk.totalBytes)
  const about = disk?.path ?? ''
  return [
    { name: 'free_percent', about, value: free, unit: '%', bound: below(bounds, 15, 5), notes: [] },
    { name: 'free_bytes', about, value: disk?.freeBytes ?? null, unit: 'B', bound: null, notes: [] },
    { name: 'database_bytes', about: '', value: databaseBytes, unit: 'B', bound: null, notes: [] },
  ]
}

/**
 * Seconds since the directory of a neighbour has been another than here; where it is a file, versions that the table is
 * behind the parent's. Throws NOT_FOUND.
 */
export function directoryMeasures(
  health: NodeHealth,
  neighbour: string | undefined,
  bounds: Bounds,
): readonly Measure[] {
  const { at, directories, tableVersion } = health
  return linksOf(health, neighbour).flatMap(({ neighbour: about, direction, peer }): readonly Measure[] => {
    if (directories === null) {
      if (direction === 'down') return []
      const behind = peer === null ? null : Math.max(0, peer.tableVersion - tableVersion)
      const bound = { warning: 1, critical: Infinity, bad: 'above' } as const
      return [{ name: 'versions_behind', about, value: behind, unit: '', bound, notes: [] }]
    }
    const step = directories.find(({ node }) => node === about)
    const since = step?.differsSince ?? null
    const value = step === undefined ? null : since === null ? 0 : Math.max(0, at - since) / 1000
    const notes = value === null ? ['silent'] : []
    return [{ name: 'differs_seconds', about, value, unit: 's', bound: above(bounds, 1_800, 86_400), notes }]
  })
}

/** Round trips to the node above; neighbours that are not heard, or speak no version of ours. Throws NOT_FOUND. */
export function peerMeasures(
  health: NodeHealth,
  neighbour: string | undefined,
  { versions, ...bounds }: Bounds & { readonly versions: readonly number[] },
): readonly Measure[] {
  return linksOf(health, neighbour).map((link) => {
    const { peer, direction, canaryMs, reasons, phase } = link
    const speaks = peer === null || peer.versions.some((version) => versions.includes(version))
    const isUp = direction === 'up'
    const isHeard = peer !== null && (isUp ? canaryMs !== null : phase === 'open')
    return {
      name: 'round_trip_seconds',
      about: link.neighbour,
      value: isUp && canaryMs !== null ? canaryMs / 1000 : null,
      unit: 's',
      bound: isUp ? above(bounds, 2, 10) : null,
      ...(speaks ? (isHeard ? {} : { atLeast: 'warning' as const }) : { atLeast: 'critical' as const }),
      notes: [
        ...(speaks ? [] : ['VERSION_UNSUPPORTED']),
        ...(peer === null ? [] : [`table ${peer.tableVersion}`]),
        ...reasons,
      ],
    }
  })
}

function linksOf({ links }: NodeHealth, neighbour: string | undefined): readonly LinkView[] {
  const found = links.filter((link) => neighbour === undefined || link.neighbour === neighbour)
  if (neighbour !== undefined && found.length === 0) throw new RelayError('NOT_FOUND', { detail: { what: neighbour } })
  return found
}

function above({ warning, critical }: Bounds, usual: number, worst: number): HealthBound {
  return { warning: warning ?? usual, critical: critical ?? worst, bad: 'above' }
}

function below({ warning, critical }: Bounds, usual: number, worst: number): HealthBound {
  return { warning: warning ?? usual, critical: critical ?? worst, bad: 'below' }
}
