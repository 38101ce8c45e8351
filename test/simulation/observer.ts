/**
 * Sees everything and decides nothing: what was accepted, what reached a mailbox, what went over
 * which link. Violations that show at once are noted at once, with the instant.
 */
import {
  type Core,
  changeWanted,
  type DeferReason,
  type ErrorCode,
  type NodeId,
  type OrganId,
  type Signal,
} from '@lienthong/core'
import { childOf } from './context.ts'
import type { Delivered } from './mailbox.ts'
import type { TrackedRecord } from './outbox.ts'
import type { Scheduler } from './scheduler.ts'
import { type Frame, type Mark, type Segment, segmentKey } from './wire.ts'

export type Guarantee = 'G1' | 'G2' | 'G3' | 'G5' | 'G6' | 'G7' | 'G8' | 'G10' | 'recall'

export interface Violation {
  readonly guarantee: Guarantee
  readonly at: number
  readonly text: string
}

/** One recipient of one generation that a node has accepted. */
export interface Duty {
  readonly uid: string
  readonly generation: number
  readonly organ: OrganId
  readonly origin: NodeId
  readonly core: Core
  readonly at: number
}

export interface Row {
  readonly node: NodeId
  readonly at: number
  /** Place among all rows of that node. */
  readonly order: number
}

/** A packet that took documents of its sender back reached this recipient. */
export interface Recall {
  readonly organ: OrganId
  /** The document, up to which generation, and whose. */
  readonly uid: string
  readonly generation: number
  readonly from: OrganId
}

export interface Observer {
  readonly recalls: readonly Recall[]
  /** Packets, by row key, that were refused since they are about documents of others. */
  readonly refusedRecalls: ReadonlySet<string>
  readonly duties: readonly Duty[]
  readonly rows: ReadonlyMap<string, readonly Row[]>
  readonly deferrals: readonly { readonly at: number; readonly organ: OrganId; readonly code: string }[]
  readonly violations: readonly Violation[]
  /** Copies per (link, core, segment) of documents. */
  readonly copies: ReadonlyMap<string, number>
  readonly refusals: ReadonlyMap<ErrorCode, number>
  nextSending(): number
  accepted(origin: NodeId, core: Core): void
  delivered(node: NodeId, delivered: Delivered, mark: Mark): void
  published(broker: NodeId, queue: string, frame: Frame, from: NodeId | null): void
  /** One handling puts one segment on one hop once. */
  copied(node: NodeId, handled: Set<string>, what: string): void
  deferred(segment: Segment, organs: readonly OrganId[], code: DeferReason | ErrorCode): void
  refused(code: ErrorCode): void
  /** After a signal was applied: does the origin believe in a delivery that never was? */
  believed(origin: NodeId, changed: readonly TrackedRecord[]): void
  violate(guarantee: Guarantee, text: string): void
}

export function rowKey(uid: string, generation: number, organ: OrganId): string {
  return `${uid} g${generation} ${organ}`
}

/** Told of each core and each crossing, in the place of `copies`. */
export interface Watch {
  accepted(origin: NodeId, core: Core): void
  /** A segment went over the link between this child and its parent, either way. */
  crossed(child: NodeId, segment: Segment): void
}

export interface ObserverOptions {
  readonly scheduler: Scheduler
  readonly watch: Watch | null
  readonly onRow: (uid: string, generation: number, organ: OrganId) => void
  /** Told each event, for replays; null is silent. */
  readonly trace: ((line: string) => void) | null
}

export function createObserver({ scheduler, onRow, trace, watch }: ObserverOptions): Observer {
  const duties: Duty[] = []
  const rows = new Map<string, Row[]>()
  const rowsAt = new Map<NodeId, number>()
  const deferrals: { at: number; organ: OrganId; code: string }[] = []
  const violations: Violation[] = []
  const copies = new Map<string, number>()
  const refusals = new Map<ErrorCode, number>()
  const recalls: Recall[] = []
  const refusedRecalls = new Set<string>()
  const coreNumbers = new Map<Core, number>()
  let sendings = 0

  function violate(guarantee: Guarantee, text: string): void {
    violations.push({ guarantee, at: scheduler.now, text })
  }

  function checkPath(segment: Segment): void {
    const seen = new Set<string>()
    for (const { node, version } of segment.envelope.path) {
      const entry = `${node} at table ${version}`
      if (seen.has(entry)) violate('G3', `${segmentKey(segment)} came to ${entry} twice`)
      seen.add(entry)
    }
  }

  function countCopy(link: string, { envelope: { core, segment } }: Segment): void {
    const key = `${link}: core ${coreNumbers.get(core) ?? 'forged'} of ${core.uid}, segment ${segment}`
    copies.set(key, (copies.get(key) ?? 0) + 1)
  }

  function takeBack({ uid, generation, from, about = [], ...core }: Core, organs: readonly OrganId[]): void {
    for (const organ of organs) {
      const isLate = (recall: Recall) =>
        recall.uid === uid && recall.organ === organ && recall.from === from && generation <= recall.generation
      if (recalls.some(isLate)) {
        violate('recall', `${uid} (generation ${generation}) came to ${organ} after it was taken back`)
      }
      if (changeWanted(core) !== 'stop') continue
      recalls.push(...about.map((meant) => ({ organ, uid: meant.uid, generation: meant.generation, from })))
    }
  }

  return {
    duties,
    recalls,
    refusedRecalls,
    rows,
    deferrals,
    violations,
    copies,
    refusals,
    nextSending: () => ++sendings,
    accepted(origin, core) {
      trace?.(
        `${scheduler.now} ${core.uid} accepted at ${origin}, generation ${core.generation}: ${core.recipients.join(' ')}`,
      )
      coreNumbers.set(core, coreNumbers.size)
      watch?.accepted(origin, core)
      for (const organ of core.recipients) {
        duties.push({ uid: core.uid, generation: core.generation, organ, origin, core, at: scheduler.now })
      }
    },
    delivered(node, { document, fresh, refused }, mark) {
      const { uid, generation } = document.core
      trace?.(`${scheduler.now} ${uid} delivered at ${node}: ${document.organs.join(' ')}, new: ${fresh.join(' ')}`)
      if (mark.forged && document.organs.length > 0) violate('G7', `a forged document reached a mailbox of ${node}`)
      takeBack(document.core, fresh)
      for (const organ of refused) refusedRecalls.add(rowKey(uid, generation, organ))
      for (const organ of fresh) {
        const key = rowKey(uid, generation, organ)
        const order = (rowsAt.get(node) ?? 0) + 1
        rowsAt.set(node, order)
        const list = rows.get(key)
        if (list === undefined) rows.set(key, [{ node, at: scheduler.now, order }])
        else list.push({ node, at: scheduler.now, order })
        onRow(uid, generation, organ)
      }
    },
    published(broker, queue, frame, from) {
      for (const segment of frame) {
        checkPath(segment)
        trace?.(`${scheduler.now} ${wording(segment)} into ${queue} of ${broker}`)
        if (segment.mark.forged && !(queue.startsWith('transit.') && from === segment.mark.forgedBy)) {
          violate('G7', `a forged frame went on into ${queue} of ${broker}`)
        }
        if (queue.startsWith('up.')) continue
        const down = childOf(queue)
        if (watch !== null) watch.crossed(down ?? from ?? broker, segment)
        else if (segment.signals === null) countCopy(down === null ? `up from ${from ?? broker}` : queue, segment)
      }
    },
    copied(node, handled, what) {
      if (handled.has(what)) violate('G3', `${node} copied ${what} twice at once`)
      handled.add(what)
    },
    deferred(segment, organs, code) {
      if (segment.mark.forged) return
      trace?.(`${scheduler.now} ${segment.envelope.core.uid} deferred for ${code}: ${organs.join(' ')}`)
      for (const organ of organs) deferrals.push({ at: scheduler.now, organ, code })
    },
    refused(code) {
      refusals.set(code, (refusals.get(code) ?? 0) + 1)
    },
    believed(origin, changed) {
      for (const record of changed) {
        const believes = record.state === 'delivered' || record.state === 'collected'
        if (believes && !rows.has(rowKey(record.uid, record.generation, record.organ))) {
          violate('G7', `${origin} believes ${record.uid} delivered to ${record.organ}, which has nothing`)
        }
      }
    },
    violate,
  }
}

function wording({ envelope, signals }: Segment): string {
  const { core, segment, to } = envelope
  if (signals === null)
    return `${core.uid} segment ${segment} for ${to.map((place) => core.recipients[place]).join(' ')}`
  return `${signals.map((signal) => `${signal.uid} ${describeSignal(signal)}`).join(', ')} from ${core.from} to ${core.recipients.join()}`
}

function describeSignal(signal: Signal): string {
  return [
    signal.type,
    'number' in signal ? signal.number : '',
    'missing' in signal ? JSON.stringify(signal.missing) : '',
  ]
    .join(' ')
    .trim()
}
