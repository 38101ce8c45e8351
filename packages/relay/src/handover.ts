/**
 * Mailboxes that this node keeps no more go to the node that does, a few documents at a time and in the bulk lane, so
 * that nothing else is late for it. What comes from other nodes is taken in `take-over.ts`.
 *
 * ```
 *   table changed, a day came, something arrived for one who has moved
 *      └─▶ who has rows here? ──kept here by another──▶ into its mailbox
 *                             └─kept elsewhere──▶ handed over ──▶ custody ──▶ arrived: let go │ ended: here as before
 * ```
 */
import { createHash } from 'node:crypto'
import {
  type Core,
  handoverTo,
  isSplit,
  type Keeper,
  keeperOfRow,
  leavesFor,
  maxSegmentBytes,
  type NodeId,
  nodeRecipient,
  type OrganId,
  RelayError,
  type RoutingTable,
} from '@lienthong/core'
import { encodeCore, encodeHandover, seal, uidOf } from '@lienthong/link'
import type { HandOverRequest, KeptPart, LeavingRows } from '@lienthong/store'
import type { Assembler } from './assembler.ts'
import type { NodeContext } from './context.ts'
import type { Dispatchers } from './dispatcher.ts'
import { keepRounds } from './rounds.ts'
import { tellArrivals } from './take-over.ts'

/** Handovers under way at once. */
const openAtOnce = 16
/** Rows without payload in one handover: with the longest texts they may not fit a segment, then fewer go. */
const rowsAtOnce = 400
/** Rows put into another mailbox of this node in one call of the store. */
const keptAtOnce = 200
const leastMs = 20
const roundMs = 500
/** The longest rest: a day that comes is seen within it. */
const mostMs = 30_000

export interface Handover {
  /** The table is another one, or something came for an organisation that is not kept here. */
  wake(): void
  /** Rows that are to go or on their way; 0, and the store is not asked, when this node keeps all it has. */
  left(): Promise<number>
  stop(): Promise<void>
}

export function createHandover(
  context: NodeContext,
  parts: { readonly dispatchers: Pick<Dispatchers, 'kick'>; readonly assembler: Pick<Assembler, 'leave'> },
): Handover {
  const { handovers } = context.store
  let looked: RoutingTable | null = null
  let woken = false
  let leaving: ReadonlyMap<NodeId, readonly KeptPart[]> = new Map()
  let open = 0
  let sequence = 0

  async function look(): Promise<void> {
    const { table } = context
    if (looked === table && !woken) return
    woken = false
    if (!(await parts.assembler.leave((organ) => handoverTo(table, organ) !== null))) woken = true
    const groups = new Map<NodeId, KeptPart[]>()
    for (const organ of await handovers.organs()) {
      for (const { keeper, ...part } of await partsOf(organ, table)) {
        const node = leavesFor(table, keeper)
        if (node !== null) groups.set(node, [...(groups.get(node) ?? []), part])
        else if (keeper?.node === table.self && part.of !== 'tombstones') await keepHere(part, keeper.organ)
      }
    }
    leaving = groups
    looked = table
  }

  /** What stands here for an organisation, with who keeps it: all of it alike, but for one that was split. */
  async function partsOf(
    organ: OrganId,
    table: RoutingTable,
  ): Promise<readonly (KeptPart & { keeper: Keeper | null })[]> {
    const own = table.keeperOf(organ)
    if (!isSplit(table, organ)) return [{ organ, keeper: own }]
    const groups = await context.store.splits.groups(organ)
    const rows = groups.map((of) => {
      const keeper = keeperOfRow(table, of)
      const isDecided = keeper !== null && keeper.organ !== own?.organ
      return { organ, of, keeper, ...(isDecided && { heir: keeper.organ }) }
    })
    return [...rows, { organ, of: 'tombstones', keeper: own }]
  }

  async function keepHere(part: KeptPart, mailbox: OrganId): Promise<void> {
    for (;;) {
      const arrivals = await handovers.keep(part, mailbox, keptAtOnce)
      await tellArrivals(context, arrivals)
      if (arrivals.length < keptAtOnce) return
    }
  }

  async function handOver(): Promise<void> {
    for (const [node, parts] of leaving) {
      while (open < openAtOnce) {
        const rows = await handovers.leaving(parts, rowsAtOnce)
        if (rows === null) break
        // Not as it was read: it is read again.
        if (await handovers.handOver(sealed(rows, node))) open += 1
      }
    }
    parts.dispatchers.kick()
  }

  function sealed(leavingRows: LeavingRows, node: NodeId): HandOverRequest {
    const { config, table } = context
    const { rows, ids, heirs, tombstones, payload } = leavingRows
    const hop = table.hopToNode(node)
    if (hop === null || hop === 'mailbox') throw new RelayError('RECEIVER_UNKNOWN', { detail: { node } })
    const bytes = payload === null ? fitting(leavingRows) : null
    const content = bytes ?? { ...(payload as NonNullable<typeof payload>) }
    const named = {
      kind: 'handover',
      businessType: 0,
      from: config.id,
      documentId: `${context.instance}-${(sequence += 1)}`,
      sha256: content.sha256,
    } as const
    const core: Core = {
      ...named,
      version: 1,
      uid: uidOf(named),
      generation: 1,
      recipients: [nodeRecipient(node)],
      size: 'bytes' in content ? content.bytes.length : content.size,
      segmentBytes: maxSegmentBytes,
      lane: 'bulk',
      sealedAt: context.now(),
      directoryVersion: table.directoryVersion,
      ...(bytes === null && { handed: rows }),
    }
    const encoded = encodeCore(core)
    return {
      uid: core.uid,
      ids: bytes === null ? ids : ids.slice(0, bytes.rows),
      heirs: bytes === null ? heirs : heirs.slice(0, bytes.rows),
      tombstones: bytes === null ? tombstones : tombstones.slice(0, bytes.tombstones),
      from: nodeRecipient(config.id),
      documentId: core.documentId,
      segmentBytes: core.segmentBytes,
      payload: 'bytes' in content ? { bytes: content.bytes, sha256: content.sha256 } : content,
      sealed: { core: encoded, seal: seal(encoded, config.key) },
      recipient: { organ: nodeRecipient(node), node },
      hop,
      acceptedAt: core.sealedAt,
    }
  }

  /** Rows under way; a handover of tombstones alone counts as one. */
  async function settle(): Promise<number> {
    const progress = await handovers.settle()
    open = progress.open
    if (progress.returned > 0) woken = true
    return Math.max(progress.open, progress.rows)
  }

  async function round(): Promise<number | null> {
    try {
      if (open > 0 || looked === null) {
        await settle()
      }
      await look()
      await handOver()
      if (open > 0 || woken) return roundMs
      const { nextChangeAt } = context.table
      return nextChangeAt === null ? null : nextChangeAt - context.now()
    } catch (error) {
      context.log('warn', 'mailboxes not yet handed over, trying again', { detail: { error: String(error) } })
      return roundMs
    }
  }

  const rounds = keepRounds({ round, leastMs, mostMs })
  const unwatch = context.news.watch((change) => {
    if (change.type === 'changed' && change.from === nodeRecipient(context.config.id)) rounds.wake()
  })
  return {
    wake() {
      woken = true
      rounds.wake()
    },
    async left() {
      const isFirst = looked === null
      await look()
      if (!isFirst && open === 0 && leaving.size === 0) return 0
      // In one breath, so that a row that goes between the two is counted.
      const [rows, underWay] = await Promise.all([handovers.count([...leaving.values()].flat()), settle()])
      return rows + underWay
    },
    async stop() {
      unwatch()
      await rounds.stop()
    },
  }
}

interface FittingList {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly rows: number
  readonly tombstones: number
}

/** As much of it as fits one segment, tombstones first. */
function fitting({ rows, tombstones }: LeavingRows): FittingList {
  for (let count = rows.length + tombstones.length; ; count = Math.ceil(count / 2)) {
    const [buried, shown] = [tombstones.slice(0, count), rows.slice(0, Math.max(0, count - tombstones.length))]
    try {
      const bytes = encodeHandover({ rows: shown, tombstones: buried })
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return { bytes, sha256, rows: shown.length, tombstones: buried.length }
    } catch (error) {
      if (!(error instanceof RelayError) || count <= 1) throw error
    }
  }
}
