/** The serving node's part of a store: mailbox rows with their uniqueness, assemblies, collected notices. */
import {
  advanceQuery,
  type Bitmap,
  type Core,
  defaultQueryTiming,
  emptyBitmap,
  isComplete,
  type Missing,
  missingOf,
  type NodeId,
  type OrganId,
  type Path,
  type QueryRecord,
  type Receipt,
  segmentCount,
  withSegments,
} from '@lienthong/core'
import type { Mechanisms } from './mechanisms.ts'

export interface Row extends Receipt {
  readonly uid: string
  readonly generation: number
  readonly origin: NodeId
}

/** A checked core, with those of its recipients served here. */
export interface CheckedCore {
  readonly core: Core
  readonly origin: NodeId
  readonly organs: readonly OrganId[]
  readonly path: Path
}

export interface Notice extends QueryRecord {
  readonly row: Row
}

export interface Delivered {
  readonly document: CheckedCore
  readonly receipts: readonly Receipt[]
  readonly fresh: readonly OrganId[]
}

export interface Mailbox {
  readonly openAssemblies: number
  readonly notices: Iterable<Notice>
  /** Takes one segment; gives what it completed: one entry per core. */
  take(document: CheckedCore, segment: number, now: number): readonly Delivered[]
  receipts(uid: string, generation: number, organs: readonly OrganId[]): readonly Receipt[]
  missing(uid: string, generation: number, organs: readonly OrganId[]): Missing
  collect(uid: string, generation: number, organ: OrganId, now: number): Row | null
  dueNotices(now: number): readonly Row[]
  noted(uid: string, generation: number, organs: readonly OrganId[]): void
  /** Nobody is told any more what this node's documents came to: it has left. */
  forget(origin: NodeId): void
  /** Hands an organisation over: its rows and notices go to the other store, assemblies forget it. */
  handOver(organ: OrganId, to: Mailbox): void
  receive(row: Row, notice: QueryRecord | null): void
}

export function createMailbox(mechanisms: Mechanisms): Mailbox {
  const rows = new Map<string, Row>()
  const notices = new Map<string, Notice>()
  /** Uids whose payload is complete here. */
  const payloads = new Set<string>()
  const assemblies = new Map<string, { bitmap: Bitmap; cores: CheckedCore[] }>()

  function deliver(document: CheckedCore, now: number): Delivered {
    const { core, origin, organs, path } = document
    const fresh = organs.filter(
      (organ) => !mechanisms.uniqueness || !rows.has(rowKey(core.uid, core.generation, organ)),
    )
    for (const organ of fresh) {
      const { uid, generation } = core
      rows.set(rowKey(uid, generation, organ), {
        uid,
        generation,
        organ,
        origin,
        deliveredAt: now,
        collectedAt: null,
        path,
      })
    }
    return { document, receipts: receipts(core.uid, core.generation, organs), fresh }
  }

  function receipts(uid: string, generation: number, organs: readonly OrganId[]): Receipt[] {
    return organs.flatMap((organ) => rows.get(rowKey(uid, generation, organ)) ?? [])
  }

  return {
    get openAssemblies() {
      return assemblies.size
    },
    get notices() {
      return notices.values()
    },
    take(document, segment, now) {
      const { core } = document
      const count = segmentCount(core.size, core.segmentBytes)
      // Rows handed over come without their payload: what all have already needs no assembly.
      const had = document.organs.every((organ) => rows.has(rowKey(core.uid, core.generation, organ)))
      if (had || payloads.has(core.uid)) return [deliver(document, now)]
      if (count === 1) {
        payloads.add(core.uid)
        return [deliver(document, now)]
      }
      const known = assemblies.get(core.uid) ?? { bitmap: emptyBitmap(count), cores: [] }
      const bitmap = withSegments(known.bitmap, [segment])
      const same = known.cores.find((other) => other.core === core)
      const organs = [...new Set([...(same?.organs ?? []), ...document.organs])]
      const cores = [...known.cores.filter((other) => other !== same), { ...document, organs }]
      if (!isComplete(bitmap)) {
        assemblies.set(core.uid, { bitmap, cores })
        return []
      }
      assemblies.delete(core.uid)
      payloads.add(core.uid)
      return cores.map((gathered) => deliver(gathered, now))
    },
    receipts,
    missing(uid, generation, organs) {
      const lacking = organs.filter((organ) => !rows.has(rowKey(uid, generation, organ)))
      if (lacking.length === 0) return 'none'
      // Complete here for others: one segment brings the core that names these.
      if (payloads.has(uid)) return [[0, 0]]
      const assembly = assemblies.get(uid)
      return assembly === undefined ? 'all' : missingOf(assembly.bitmap)
    },
    collect(uid, generation, organ, now) {
      const key = rowKey(uid, generation, organ)
      const row = rows.get(key)
      if (row === undefined || row.collectedAt !== null) return null
      const collected = { ...row, collectedAt: now }
      rows.set(key, collected)
      notices.set(key, { row: collected, number: 0, nextAt: now + defaultQueryTiming.firstMs })
      return collected
    },
    dueNotices(now) {
      const due: Row[] = []
      for (const [key, notice] of notices) {
        if (notice.nextAt === null || notice.nextAt > now) continue
        notices.set(key, { ...notice, ...advanceQuery(notice, now, defaultQueryTiming) })
        due.push(notice.row)
      }
      return due
    },
    noted(uid, generation, organs) {
      for (const organ of organs) notices.delete(rowKey(uid, generation, organ))
    },
    forget(origin) {
      for (const [key, notice] of notices) if (notice.row.origin === origin) notices.delete(key)
    },
    handOver(organ, to) {
      for (const [key, row] of rows) {
        if (row.organ !== organ) continue
        to.receive(row, notices.get(key) ?? null)
        rows.delete(key)
        notices.delete(key)
      }
      for (const [uid, { bitmap, cores }] of assemblies) {
        const left = cores
          .map((core) => ({ ...core, organs: core.organs.filter((other) => other !== organ) }))
          .filter((core) => core.organs.length > 0)
        if (left.length === 0) assemblies.delete(uid)
        else assemblies.set(uid, { bitmap, cores: left })
      }
    },
    receive(row, notice) {
      const key = rowKey(row.uid, row.generation, row.organ)
      rows.set(key, row)
      if (notice !== null) notices.set(key, { ...notice, row })
    },
  }
}

function rowKey(uid: string, generation: number, organ: OrganId): string {
  return `${uid} ${generation} ${organ}`
}
