/** The serving node's part of a store: mailbox rows with their uniqueness, assemblies, collected notices. */
import {
  advanceQuery,
  type Bitmap,
  type Core,
  changeWanted,
  decideRecall,
  defaultQueryTiming,
  emptyBitmap,
  type HandedRow,
  type HeldSending,
  isComplete,
  isDoneWith,
  isStopped,
  type Missing,
  missingOf,
  type NodeId,
  type OrganId,
  type Path,
  type QueryRecord,
  type RecallEffect,
  type Receipt,
  recipientNode,
  segmentCount,
  type Tombstone,
  takeRow,
  withSegments,
} from '@lienthong/core'
import type { Mechanisms } from './mechanisms.ts'

export interface Row extends Receipt {
  readonly uid: string
  readonly generation: number
  readonly origin: NodeId
  readonly from: OrganId
  /** In the mailbox no more: its sender has recalled it. */
  readonly withdrawn: boolean
  /** Where its reader had it from; null: nobody has read it. */
  readonly readAt: NodeId | null
  /** The handover it left with; null: it stands here. */
  readonly left: string | null
}

/** A tombstone, with the node that sealed the packet which set it. */
type Grave = Tombstone & { readonly origin: NodeId }

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
  /** Recalled before it came, and about a document of another. */
  readonly stopped: readonly OrganId[]
  readonly refused: readonly OrganId[]
}

export interface Mailbox {
  /** Documents of which segments are missing: from where their cores came. */
  readonly openAssemblies: readonly { readonly uid: string; readonly origins: readonly NodeId[] }[]
  readonly notices: Iterable<Notice>
  /** Takes one segment; gives what it completed: one entry per core. */
  take(document: CheckedCore, segment: number, now: number): readonly Delivered[]
  receipts(uid: string, generation: number, organs: readonly OrganId[]): readonly Receipt[]
  /** Of these, those before whom a document that `origin` sealed is stopped. */
  stopped(uid: string, generation: number, organs: readonly OrganId[], origin: NodeId): readonly OrganId[]
  /** All that came of a document for this organisation. */
  rowsOf(uid: string, organ: OrganId): readonly Row[]
  missing(uid: string, generation: number, organs: readonly OrganId[]): Missing
  collect(
    uid: string,
    generation: number,
    organ: OrganId,
    by: { readonly now: number; readonly node: NodeId },
  ): Row | null
  dueNotices(now: number): readonly Row[]
  noted(uid: string, generation: number, organs: readonly OrganId[]): void
  /** Nobody is told any more what this node's documents came to: it has left. */
  forget(origin: NodeId): void
  /** Hands an organisation over: its rows and notices go to the other store, assemblies forget it. */
  handOver(organ: OrganId, to: Mailbox): void
  receive(row: Row, notice: QueryRecord | null): void
  bury(grave: Grave): void
  readonly rows: Iterable<Row>
  /** Organisations whose rows stand here. */
  organs(): readonly OrganId[]
  /** Rows that could leave for another node, at most so many. */
  leaving(organ: OrganId, limit: number): readonly HandedRow[]
  /** They left with this handover. */
  leave(handover: string, handed: readonly HandedRow[]): void
  /** It has arrived, or ended badly: then its rows stand here as before. */
  settle(handover: string, arrived: boolean): void
  /** Gives up what is put together for nobody but these. */
  forsake(isElsewhere: (organ: OrganId) => boolean): void
}

export function createMailbox(mechanisms: Mechanisms): Mailbox {
  const rows = new Map<string, Row>()
  const notices = new Map<string, Notice>()
  /** Uids whose payload is complete here. */
  const payloads = new Set<string>()
  const assemblies = new Map<string, { bitmap: Bitmap; cores: CheckedCore[] }>()
  const graves: Grave[] = []

  function deliver(document: CheckedCore, now: number): Delivered {
    const { core, origin, organs, path } = document
    const { uid, generation, from } = core
    const without = organs.filter((organ) => !mechanisms.uniqueness || !rows.has(rowKey(uid, generation, organ)))
    const stopped = without.filter((organ) => meetsTombstone(core, organ))
    const fresh: OrganId[] = []
    const refused: OrganId[] = []
    for (const organ of without) {
      if (stopped.includes(organ)) continue
      const effects = carryOut(document, organ)
      if (effects === null) {
        refused.push(organ)
        continue
      }
      fresh.push(organ)
      const isDone = isDoneWith(core, effects)
      rows.set(rowKey(uid, generation, organ), {
        uid,
        generation,
        organ,
        origin,
        from,
        withdrawn: false,
        readAt: null,
        left: null,
        deliveredAt: now,
        collectedAt: isDone ? now : null,
        path,
        ...(core.about !== undefined && { effects }),
      })
    }
    for (const { uid: recalled } of core.about ?? []) endStopped(recalled)
    if (fresh.length > 0) for (const row of core.handed ?? []) takeOver(row, now)
    return { document, receipts: receipts(uid, generation, organs), fresh, stopped, refused }
  }

  /** What a packet does to those it is about, at one recipient; null: one is another's. */
  function carryOut({ core, origin }: CheckedCore, organ: OrganId): readonly RecallEffect[] | null {
    if (changeWanted(core) === null) return []
    const decided = (core.about ?? []).map(({ uid, generation }) => {
      const held = rowsOf(uid, organ).map(
        (row): HeldSending => ({
          generation: row.generation,
          from: mechanisms.recallFromCheck ? row.from : core.from,
          state: row.withdrawn ? 'withdrawn' : row.collectedAt === null ? 'waiting' : 'collected',
        }),
      )
      return { uid, generation, decision: decideRecall(core, generation, held) }
    })
    const effects = decided.flatMap(({ decision }) => decision.effect ?? [])
    if (effects.length < decided.length) return null
    for (const { uid, generation, decision } of decided) {
      for (const each of decision.withdraw) {
        const key = rowKey(uid, each, organ)
        const row = rows.get(key)
        if (row !== undefined) rows.set(key, { ...row, withdrawn: true })
      }
      if (decision.bury) graves.push({ uid, organ, generation, from: core.from, origin })
    }
    return effects
  }

  function meetsTombstone(
    { uid, generation, from }: Pick<Core, 'uid' | 'generation' | 'from'>,
    organ: OrganId,
  ): boolean {
    if (!mechanisms.tombstones) return false
    const own = graves
      .filter((grave) => grave.uid === uid && grave.organ === organ)
      .map((grave) => ({
        generation: mechanisms.recallBound ? grave.generation : Number.POSITIVE_INFINITY,
        from: mechanisms.recallFromCheck ? grave.from : from,
      }))
    return isStopped({ generation, from }, own)
  }

  /** Every organisation it is for has it or was stopped from it: nobody is to get it any more. */
  function endStopped(uid: string): void {
    const cores = assemblies.get(uid)?.cores ?? []
    if (cores.length > 0 && cores.every(isOver)) assemblies.delete(uid)
  }

  function isOver({ core, organs }: CheckedCore): boolean {
    return organs.every((organ) => rows.has(rowKey(core.uid, core.generation, organ)) || meetsTombstone(core, organ))
  }

  function rowsOf(uid: string, organ: OrganId): Row[] {
    return [...rows.values()].filter((row) => row.uid === uid && row.organ === organ)
  }

  function stoppedOf(uid: string, generation: number, organs: readonly OrganId[], origin: NodeId): OrganId[] {
    return organs.filter((organ) => {
      const own = graves.find((grave) => grave.uid === uid && grave.organ === organ && grave.origin === origin)
      const here = rows.has(rowKey(uid, generation, organ))
      return own !== undefined && !here && meetsTombstone({ uid, generation, from: own.from }, organ)
    })
  }

  function takeOver(handed: HandedRow, now: number): void {
    const key = rowKey(handed.uid, handed.generation, handed.organ)
    const known = rows.get(key)
    const waits = known?.collectedAt === null && !known.withdrawn
    const decision = takeRow(handed, known === undefined ? null : { waits, left: known.left !== null })
    if (decision === 'known') return
    const row: Row =
      decision === 'ended' && known !== undefined
        ? { ...known, collectedAt: handed.collectedAt, readAt: readAtOf(handed) }
        : rowOf(handed)
    rows.set(key, row)
    if (row.collectedAt !== null && !handed.noted) notices.set(key, { row, number: 0, nextAt: now })
  }

  function receipts(uid: string, generation: number, organs: readonly OrganId[]): Receipt[] {
    return organs.flatMap((organ) => rows.get(rowKey(uid, generation, organ)) ?? [])
  }

  return {
    get openAssemblies() {
      return [...assemblies].map(([uid, { cores }]) => ({ uid, origins: cores.map(({ origin }) => origin) }))
    },
    get notices() {
      return notices.values()
    },
    take(document, segment, now) {
      const { core } = document
      const count = segmentCount(core.size, core.segmentBytes)
      // Rows handed over come without their payload: what all have already, or never get, needs no assembly.
      if (isOver(document) || payloads.has(core.uid)) return [deliver(document, now)]
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
    rowsOf,
    stopped: stoppedOf,
    missing(uid, generation, organs) {
      const lacking = organs.filter((organ) => !rows.has(rowKey(uid, generation, organ)))
      if (lacking.length === 0) return 'none'
      // Complete here for others: one segment brings the core that names these.
      if (payloads.has(uid)) return [[0, 0]]
      const assembly = assemblies.get(uid)
      return assembly === undefined ? 'all' : missingOf(assembly.bitmap)
    },
    collect(uid, generation, organ, { now, node }) {
      const key = rowKey(uid, generation, organ)
      const row = rows.get(key)
      if (row === undefined || row.collectedAt !== null || row.withdrawn || row.left !== null) return null
      const collected = { ...row, collectedAt: now, readAt: node }
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
      for (const grave of graves) if (grave.organ === organ) to.bury(grave)
      for (const [uid, { bitmap, cores }] of assemblies) {
        const left = cores
          .map((core) => ({ ...core, organs: core.organs.filter((other) => other !== organ) }))
          .filter((core) => core.organs.length > 0)
        if (left.length === 0) assemblies.delete(uid)
        else assemblies.set(uid, { bitmap, cores: left })
        endStopped(uid)
      }
    },
    rows: { [Symbol.iterator]: () => rows.values() },
    organs: () => [
      ...new Set(
        [...rows.values()].flatMap(({ left, organ }) => (left === null && recipientNode(organ) === null ? organ : [])),
      ),
    ],
    leaving(organ, limit) {
      const here = [...rows.values()].filter((row) => row.organ === organ && row.left === null)
      const wanted = mechanisms.handedUniqueness ? here : here.filter(({ collectedAt }) => collectedAt === null)
      return wanted
        .slice(0, limit)
        .map((row) => handedOf(row, !notices.has(rowKey(row.uid, row.generation, row.organ))))
    },
    leave(handover, handed) {
      for (const { uid, generation, organ } of handed) {
        const key = rowKey(uid, generation, organ)
        const row = rows.get(key)
        if (row !== undefined) rows.set(key, { ...row, left: handover })
      }
    },
    settle(handover, arrived) {
      for (const [key, row] of rows) {
        if (row.left !== handover) continue
        if (arrived) notices.delete(key)
        else rows.set(key, { ...row, left: null })
      }
    },
    forsake(isElsewhere) {
      for (const [uid, { cores }] of assemblies) {
        if (cores.every(({ organs }) => organs.every(isElsewhere))) assemblies.delete(uid)
      }
    },
    bury(grave) {
      graves.push(grave)
    },
    receive(row, notice) {
      const key = rowKey(row.uid, row.generation, row.organ)
      rows.set(key, row)
      if (notice !== null) notices.set(key, { ...notice, row })
    },
  }
}

/** What is not modelled of a row stands still. */
function handedOf(row: Row, noted: boolean): HandedRow {
  const { uid, generation, organ, origin, from, deliveredAt, collectedAt, path } = row
  return {
    ...{ uid, generation, organ, origin, from, deliveredAt, collectedAt, path },
    ...{
      kind: 'document',
      businessType: 0,
      documentId: uid,
      size: 1,
      sha256: `digest of ${uid}`,
      sealedAt: deliveredAt,
    },
    ...{ withdrawnAt: row.withdrawn ? deliveredAt : null, noted, state: 'initial', stateReason: row.readAt },
  }
}

function rowOf(handed: HandedRow): Row {
  const { uid, generation, organ, origin, from, deliveredAt, collectedAt, path } = handed
  const stands = { withdrawn: handed.withdrawnAt !== null, readAt: readAtOf(handed), left: null }
  return { uid, generation, organ, origin, from, deliveredAt, collectedAt, path, ...stands }
}

/** For the check alone; no decision reads it. */
function readAtOf({ stateReason }: HandedRow): NodeId | null {
  return stateReason
}

function rowKey(uid: string, generation: number, organ: OrganId): string {
  return `${uid} ${generation} ${organ}`
}
