/**
 * The origin's part of a node's store: documents, recipients, copies in line, queries.
 *
 * Each method is one transaction: it happens whole, at one instant of virtual time, and survives a
 * crash. The decisions are core's.
 */
import {
  advanceQuery,
  applySignal,
  type Core,
  copiesFor,
  defaultQueryTiming,
  type EarlierRecipient,
  type Hop,
  isSettled,
  type Lane,
  type Missing,
  maxCoreBytes,
  missingToResend,
  type NodeId,
  type OrganId,
  outdateQuery,
  partsFor,
  planResubmission,
  type QueryRecord,
  type RecipientRecord,
  type RoutingTable,
  relocate,
  type SealedSignal,
  type Signal,
} from '@lienthong/core'
import type { Mechanisms } from './mechanisms.ts'
import { createRecalls } from './recalls.ts'
import { answersStill, newRecord, nodeOf, openAt, placesByNode, type Sending } from './sending.ts'

export interface Copy {
  readonly seq: number
  readonly core: Core
  readonly hop: Hop
  readonly to: readonly number[]
  readonly segments: Missing
}

export interface Query extends QueryRecord {
  readonly uid: string
  readonly generation: number
  readonly node: NodeId
  readonly lane: Lane
}

export interface Outcome {
  readonly noted: readonly OrganId[]
  readonly lane: Lane | null
  readonly resent: boolean
  /** Records that say more than before. */
  readonly changed: readonly TrackedRecord[]
}

/** What a DMS hands in; `uid` follows from it. */
export interface Submission {
  readonly uid: string
  readonly from: OrganId
  readonly recipients: readonly OrganId[]
  readonly lane: Lane
  readonly segments: number
  readonly recalls?: { readonly uid: string; readonly businessType: number; readonly forged: boolean }
}

export type TrackedRecord = RecipientRecord & { readonly uid: string; readonly generation: number }

export interface Outbox {
  readonly copies: readonly Copy[]
  readonly queries: Iterable<Query>
  /** Sendings that recall or replace others, with what is known of them. */
  readonly recalls: readonly Sending[]
  accept(document: Submission, table: RoutingTable, now: number): readonly Sending[]
  /** Rows of a mailbox for the node that keeps it now. */
  handOver(core: Core, node: NodeId, table: RoutingTable): void
  dispatched(seq: number, remaining: readonly number[], now: number): void
  /** Part of a copy went, for these places, before the way was full: only these segments stay in line for them. */
  keep(seq: number, places: readonly number[], segments: Missing): void
  apply(sealed: SealedSignal, table: RoutingTable, now: number): Outcome
  /** Claims queries due now; `about` takes one whether due or not. */
  dueQueries(request: {
    readonly now: number
    readonly held: (node: NodeId, lane: Lane) => boolean
    readonly about?: { readonly uid: string; readonly generation: number; readonly node: NodeId }
  }): readonly (Query & { readonly organs: readonly OrganId[] })[]
  hurry(now: number, node?: NodeId): void
  /** Another table: unsettled recipients follow their serving node, copies their way. */
  adopt(table: RoutingTable, now: number): void
  /** A business status 02 came back: the same document may be sent again. */
  refuse(uid: string, organ: OrganId): void
  records(): Iterable<TrackedRecord>
  /** Recipients of this core not settled, of those places. */
  open(core: Core, to: readonly number[]): readonly { readonly place: number; readonly node: NodeId }[]
}

/** Segments have one byte here: the size of a payload is their number. */
const segmentBytes = 1
/** Of a core, beside its recipients. */
const otherFieldsBytes = 4 * 1024

export function createOutbox(mechanisms: Mechanisms): Outbox {
  const sendings = new Map<string, Sending[]>()
  const refused = new Set<string>()
  const recalls = createRecalls(sendings)
  const queries = new Map<string, Query>()
  let copies: Copy[] = []
  let seq = 0

  function of(uid: string, generation: number): Sending[] {
    return (sendings.get(uid) ?? []).filter((sending) => sending.core.generation === generation)
  }

  function earlier(uid: string): EarlierRecipient[] {
    return (sendings.get(uid) ?? []).flatMap(({ core, records }) =>
      records.map(({ organ, state, provisional }) => {
        const { generation, about = [] } = core
        const statusCode = refused.has(`${uid} ${generation} ${organ}`) ? 2 : null
        const withdrawn = recalls.isWithdrawn({ uid, generation }, organ)
        return { organ, generation, state, provisional, statusCode, withdrawn, about }
      }),
    )
  }

  function* recordsOf(uid: string): Iterable<TrackedRecord> {
    for (const { core, records } of sendings.get(uid) ?? []) {
      for (const record of records) yield { ...record, uid, generation: core.generation }
    }
  }

  function line(core: Core, copy: { readonly hop: Hop; readonly to: readonly number[] }, segments: Missing): void {
    const key = JSON.stringify([copy.to, segments])
    const equal = copies.some(
      (other) => other.core === core && other.hop === copy.hop && JSON.stringify([other.to, other.segments]) === key,
    )
    if (!equal) copies.push({ seq: seq++, core, ...copy, segments })
  }

  /** True while the whole payload still waits in line for this recipient: nothing of it can be missing yet. */
  function waits(core: Core, place: number): boolean {
    return copies.some((copy) => copy.core === core && copy.segments === 'all' && copy.to.includes(place))
  }

  function inLine(core: Core, place: number): boolean {
    return copies.some((copy) => copy.core === core && copy.to.includes(place))
  }

  function waitsAnywhere(uid: string, generation: number, organ: OrganId): boolean {
    return of(uid, generation).some(({ core, placeOf }) => waits(core, placeOf.get(organ) ?? -1))
  }

  function unsettled(uid: string, generation: number, node: NodeId): OrganId[] {
    return of(uid, generation).flatMap((sending) => openAt(sending, node).map(({ organ }) => organ))
  }

  function schedule(core: Core, node: NodeId, now: number, afterMs = defaultQueryTiming.firstMs): void {
    const { uid, generation, lane } = core
    const key = queryKey(uid, generation, node)
    if (!mechanisms.queries || queries.has(key)) return
    queries.set(key, { uid, generation, node, lane, number: 0, nextAt: now + afterMs })
  }

  /** What this node lacks of those who have moved is asked of the node that serves them now. */
  function moveOn(
    sending: Sending,
    node: NodeId,
    { table, now }: { readonly table: RoutingTable; readonly now: number },
  ): void {
    const { core, records } = sending
    for (const { place, organ } of openAt(sending, node)) {
      const serving = nodeOf(table, organ)
      const record = records[place]
      if (serving === node || record === undefined || waits(core, place)) continue
      records[place] = relocate(record, serving)
      schedule(core, serving, now, 0)
    }
    sending.placesAt = placesByNode(records)
  }

  function resend(uid: string, generation: number, node: NodeId, missing: Missing, table: RoutingTable): boolean {
    const before = seq
    for (const sending of of(uid, generation)) {
      const { core, records } = sending
      const to = openAt(sending, node).flatMap(({ place }) => (waits(core, place) ? [] : [place]))
      for (const copy of copiesFor(table, records, to)) line(core, copy, missing)
    }
    return seq > before
  }

  return {
    get copies() {
      return copies
    },
    recalls: recalls.sendings,
    get queries() {
      return queries.values()
    },

    accept(document, table, now) {
      const standIns = new Map<OrganId, OrganId[]>()
      const wanted = document.recipients.map((code) => {
        const organ = meantBy(table, code)
        if (organ !== code) standIns.set(organ, [...(standIns.get(organ) ?? []), code])
        return organ
      })
      const about = recalls.aboutOf(document)
      const recalledUpTo = recalls.reached(document.uid)
      const plan = planResubmission(wanted, earlier(document.uid), { standIns, recalledUpTo, about })
      const parts = plan.send.flatMap(({ generation, organs }) => {
        const served = organs.map((organ) => ({ organ, node: nodeOf(table, organ) }))
        const room = { roomBytes: maxCoreBytes - otherFieldsBytes, bytesOf: (organ: OrganId) => organ.length + 3 }
        return partsFor(table, served, room).map((part) => ({ generation, served: part }))
      })
      return parts.map(({ generation, served }) => {
        const organs = served.map(({ organ }) => organ)
        const core: Core = {
          version: 1,
          uid: document.uid,
          generation,
          kind: 'document',
          businessType: document.recalls?.businessType ?? 0,
          from: document.from,
          documentId: document.uid,
          recipients: organs,
          size: document.segments,
          sha256: `digest of ${document.uid}`,
          segmentBytes,
          lane: document.lane,
          sealedAt: now,
          directoryVersion: table.directoryVersion,
          ...(about.length > 0 && { about }),
        }
        const records = served.map(({ organ, node }) => newRecord(organ, node))
        const placeOf = new Map(organs.map((organ, place) => [organ, place]))
        const sending = { core, records, placeOf, placesAt: placesByNode(records) }
        sendings.set(document.uid, [...(sendings.get(document.uid) ?? []), sending])
        recalls.note(sending)
        for (const copy of copiesFor(table, served)) {
          if (mechanisms.sharedCopies) line(core, copy, 'all')
          else for (const place of copy.to) line(core, { hop: copy.hop, to: [place] }, 'all')
        }
        return sending
      })
    },

    handOver(core, node, table) {
      const records = core.recipients.map((organ) => newRecord(organ, node))
      const placeOf = new Map(core.recipients.map((organ, place) => [organ, place]))
      sendings.set(core.uid, [{ core, records, placeOf, placesAt: placesByNode(records) }])
      for (const copy of copiesFor(table, records)) line(core, copy, 'all')
    },

    dispatched(number, remaining, now) {
      const copy = copies.find((candidate) => candidate.seq === number)
      if (copy === undefined) return
      copies = copies.flatMap((other) => {
        if (other !== copy) return [other]
        return remaining.length === 0 ? [] : [{ ...copy, to: remaining }]
      })
      const sending = of(copy.core.uid, copy.core.generation).find((candidate) => candidate.core === copy.core)
      const nodes = new Set<NodeId>()
      const left = new Set(remaining)
      for (const place of copy.to) {
        const record = sending?.records[place]
        if (sending === undefined || record === undefined || left.has(place)) continue
        if (record.state === 'accepted') sending.records[place] = { ...record, state: 'dispatched', dispatchedAt: now }
        if (isSettled(record)) continue
        schedule(copy.core, record.node, now)
        nodes.add(record.node)
      }
      for (const node of nodes) {
        const key = queryKey(copy.core.uid, copy.core.generation, node)
        const query = queries.get(key)
        if (query !== undefined && query.number > 0) queries.set(key, { ...query, ...outdateQuery(query) })
      }
    },

    keep(number, places, segments) {
      copies = copies.flatMap((copy) => {
        if (copy.seq !== number) return [copy]
        const others = copy.to.filter((place) => !places.includes(place))
        const rest = others.length === 0 ? [] : [{ ...copy, seq: seq++, to: others }]
        return [{ ...copy, to: places, segments }, ...rest]
      })
    },

    apply(sealed, table, now) {
      const { signal, sealedBy } = sealed
      const noted: OrganId[] = []
      const changed: TrackedRecord[] = []
      const affected = of(signal.uid, signal.generation)
      for (const sending of affected) {
        const { core, records, placeOf } = sending
        for (const organ of organsNamed(signal)) {
          const place = placeOf.get(organ)
          const record = records[place ?? -1]
          if (place === undefined || record === undefined) continue
          const believed = mechanisms.sealCheck ? sealed : { signal, sealedBy: record.node }
          // Whoever serves it now, or did before, is believed as well as the node it was addressed at.
          const speaks = 'receipts' in signal && table.speakersOf(organ).includes(sealedBy)
          const judged = speaks ? relocate(record, sealedBy) : record
          const after = applySignal(judged, believed, now)
          const next = after === judged ? record : after
          if (next !== record) {
            records[place] = next
            if (next.node !== record.node) sending.placesAt = placesByNode(records)
            changed.push({ ...next, uid: core.uid, generation: core.generation })
            if (record.effects === undefined) changed.push(...recalls.stop(core, next))
          }
          if (signal.type === 'collected' && next.state === 'collected') noted.push(organ)
        }
      }
      const lane = affected[0]?.core.lane ?? null
      let resent = false
      const key = queryKey(signal.uid, signal.generation, sealedBy)
      if (signal.type === 'answer' && mechanisms.custody) {
        const query = queries.get(key)
        const missing = missingToResend(query ?? { number: 0, nextAt: null }, signal)
        if (missing !== 'none') {
          for (const sending of affected) moveOn(sending, sealedBy, { table, now })
          resent = resend(signal.uid, signal.generation, sealedBy, missing, table)
        }
      }
      if (unsettled(signal.uid, signal.generation, sealedBy).length === 0) queries.delete(key)
      return { noted, lane, resent, changed }
    },

    dueQueries({ now, held, about }) {
      if (about !== undefined && mechanisms.queries) {
        const core = of(about.uid, about.generation)[0]?.core
        if (core !== undefined && unsettled(about.uid, about.generation, about.node).length > 0) {
          schedule(core, about.node, now)
        }
      }
      const claimed: (Query & { readonly organs: readonly OrganId[] })[] = []
      for (const [key, query] of queries) {
        const asked =
          about === undefined
            ? query.nextAt !== null && query.nextAt <= now && !held(query.node, query.lane)
            : key === queryKey(about.uid, about.generation, about.node)
        if (!asked) continue
        const late = unsettled(query.uid, query.generation, query.node)
        if (late.length === 0) {
          queries.delete(key)
          continue
        }
        // What still waits in line cannot have arrived; only a probe may ask about it.
        const sent = late.filter((organ) => !waitsAnywhere(query.uid, query.generation, organ))
        const organs = sent.length === 0 && about !== undefined ? late : sent
        if (organs.length === 0) {
          queries.set(key, { ...query, nextAt: now + defaultQueryTiming.firstMs })
          continue
        }
        const next = { ...query, ...advanceQuery(query, now, defaultQueryTiming) }
        queries.set(key, next)
        claimed.push({ ...next, organs })
      }
      return claimed
    },

    hurry(now, node) {
      for (const [key, query] of queries) {
        if (node === undefined || query.node === node) queries.set(key, { ...query, nextAt: now })
      }
    },

    adopt(table, now) {
      for (const list of sendings.values()) {
        for (const sending of list) {
          const { core, records } = sending
          let same = true
          for (const [place, record] of records.entries()) {
            if (answersStill(table, record) && !inLine(core, place)) continue
            const moved = relocate(record, nodeOf(table, record.organ))
            if (moved === record) continue
            same = false
            records[place] = moved
            if (!isSettled(moved) && moved.state !== 'accepted') schedule(core, moved.node, now)
          }
          if (!same) sending.placesAt = placesByNode(records)
        }
      }
      const waiting = copies
      copies = []
      for (const { core, to, segments } of waiting) {
        const served = core.recipients.map((organ) => ({ organ, node: nodeOf(table, organ) }))
        for (const copy of copiesFor(table, served, to)) line(core, copy, segments)
      }
    },

    refuse(uid, organ) {
      for (const { core, records } of sendings.get(uid) ?? []) {
        if (records.some((record) => record.organ === organ)) refused.add(`${uid} ${core.generation} ${organ}`)
      }
    },

    *records() {
      for (const uid of sendings.keys()) yield* recordsOf(uid)
    },

    open(core, to) {
      const sending = of(core.uid, core.generation).find((candidate) => candidate.core === core)
      return to.flatMap((place) => {
        const record = sending?.records[place]
        return record === undefined || isSettled(record) ? [] : [{ place, node: record.node }]
      })
    },
  }
}

function organsNamed(signal: Signal): readonly OrganId[] {
  return 'receipts' in signal ? signal.receipts.map(({ organ }) => organ) : signal.organs
}

/** Asked once, at the origin: for a closed one stands its successor. */
function meantBy(table: RoutingTable, code: OrganId): OrganId {
  const answer = table.resolve(code)
  return answer.found ? answer.organ : code
}

function queryKey(uid: string, generation: number, node: NodeId): string {
  return `${uid} ${generation} ${node}`
}
