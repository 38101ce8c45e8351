/**
 * What an axis still lacks before it is connected to the one above: who has not joined or is not heard, codes, statuses,
 * keys, tables, clocks. A pure judgement over what a node knows and what those below it answered.
 */
import type { NodeId, OrganId } from './document.ts'

/** Keys and certificates must hold for so long. */
export const bridgeDays = 60
/** Clocks may differ by so much: times in documents and logs would mislead people. */
const clockToleranceMs = 60_000
/** A change of the directory takes no longer to arrive. */
const stepMs = 30 * 60_000
const dayMs = 86_400_000

export const bridgeItems = [
  'joined',
  'heard',
  'codes',
  'statuses',
  'keys',
  'certificates',
  'tables',
  'clock',
  'overlaps',
] as const
export type BridgeItem = (typeof bridgeItems)[number]

/** A node of the axis, as the top of it knows it. */
export interface BridgeNode {
  readonly node: NodeId
  readonly tier: string
  readonly parent: NodeId | null
  readonly joined: boolean
  /** By its canary, since the day began; null: not known here. */
  readonly heard: boolean | null
  /** One that it serves, by which it can be asked; null: none. */
  readonly organ: OrganId | null
  /** When a business status last came back from an organisation it serves, ms; null: not seen. */
  readonly statusAt: number | null
  /** Since when its directory has been another, ms; null: not known to be. */
  readonly differsSince: number | null
  /** When the last of its keys ends, ms; null: without end. */
  readonly keyEndsAt: number | null
}

export interface BridgeFacts {
  readonly node: NodeId
  readonly at: number
  /** The node itself and all below it, parents first. */
  readonly nodes: readonly BridgeNode[]
  /** How many are served in the axis and open today. */
  readonly organisations: number
  /** Those of them that the axis above could not address. */
  readonly uncoded: readonly { readonly organ: OrganId; readonly node: NodeId }[]
  /** Of each organisation that has any, when the last one ends, ms; null: without end. */
  readonly certificates: readonly { readonly organ: OrganId; readonly node: NodeId; readonly endsAt: number | null }[]
  /** Announced by two nodes: who lost it, and who has it. */
  readonly contested: readonly { readonly id: OrganId; readonly node: NodeId; readonly by: NodeId }[]
}

/** What a node below answered when it was asked by the way of documents. */
export interface BridgeEcho {
  /** There and back; null: no answer in time. */
  readonly ms: number | null
  /** Its clock less this node's. */
  readonly clockOffsetMs: number | null
}

export const bridgeFaults = [
  'not-joined',
  'not-heard',
  'no-answer',
  'no-organisation',
  'uncoded',
  'no-status',
  'ends',
  'differs',
  'clock',
  'contested',
  'not-known',
] as const
export type BridgeFault = (typeof bridgeFaults)[number]

export interface BridgeLine {
  readonly item: BridgeItem
  readonly state: 'ok' | 'lacking' | 'unknown'
  /** Whom it is about; empty for a line that sums up. */
  readonly about: string
  /** null: nothing is. */
  readonly fault: BridgeFault | null
  /** Days left, seconds, days since, as the fault counts; of a line that sums up, how many are well. null: nothing to count. */
  readonly value: number | null
  /** Of a line that sums up: how many there are. */
  readonly of: number | null
  /** The other one, where the fault is between two. */
  readonly other: string
  /** Where the command that mends it is run; empty: nowhere. */
  readonly at: string
  readonly command: string
}

/** Every item: one line that sums up, and one for each that is not well. `statusDays`: how old a status may be. */
export function bridgeReadiness(
  facts: BridgeFacts,
  echoes: ReadonlyMap<NodeId, BridgeEcho>,
  { statusDays }: { readonly statusDays: number },
): readonly BridgeLine[] {
  const { node: self, at, nodes, uncoded, certificates, contested } = facts
  const below = nodes.filter(({ node }) => node !== self)
  const joined = below.filter((each) => each.joined)
  const answered = (node: NodeId) => (echoes.get(node)?.ms ?? null) !== null
  const offsetOf = (node: NodeId) => echoes.get(node)?.clockOffsetMs ?? null
  const daysUntil = (ms: number) => Math.floor((ms - at) / dayMs)
  const isShort = (endsAt: number | null): endsAt is number => endsAt !== null && daysUntil(endsAt) < bridgeDays
  const found: Readonly<Record<BridgeItem, { readonly of: number; readonly lines: readonly BridgeLine[] }>> = {
    joined: over(below, ({ node, parent, joined: is }) =>
      is ? null : lacking('joined', node, { fault: 'not-joined', at: parent ?? self, command: `node invite ${node}` }),
    ),
    heard: over(joined, ({ node, parent, heard }) => {
      if (heard === true || answered(node)) return null
      const mend = { at: parent ?? self, command: `link show ${node}` }
      if (heard === false) return lacking('heard', node, { fault: 'not-heard', ...mend })
      if (!echoes.has(node)) return unknown('heard', node, mend)
      return lacking('heard', node, { fault: 'no-answer', ...mend })
    }),
    codes: {
      of: facts.organisations,
      lines: [
        ...joined.flatMap(({ node, organ }) =>
          organ === null
            ? lacking('codes', node, { fault: 'no-organisation', at: node, command: `org add ${node} --name …` })
            : [],
        ),
        ...uncoded.map(({ organ, node }) =>
          lacking('codes', organ, { fault: 'uncoded', at: node, command: `org set ${organ} --code102 …` }),
        ),
      ],
    },
    statuses: over(joined, ({ node, organ, statusAt }) => {
      if (statusAt !== null && at - statusAt <= statusDays * dayMs) return null
      if (answered(node)) return null
      const mend = organ === null ? {} : { at: self, command: `trace ${organ}` }
      if (!echoes.has(node)) return unknown('statuses', node, mend)
      return lacking('statuses', node, { fault: 'no-status', value: statusDays, ...mend })
    }),
    keys: over(
      nodes.filter((each) => each.joined),
      ({ node, keyEndsAt }) =>
        isShort(keyEndsAt)
          ? lacking('keys', node, {
              fault: 'ends',
              value: daysUntil(keyEndsAt),
              at: node,
              command: 'key rotate node.key',
            })
          : null,
    ),
    certificates: over(certificates, ({ organ, node, endsAt }) =>
      isShort(endsAt)
        ? lacking('certificates', organ, {
            ...{ fault: 'ends', value: daysUntil(endsAt), at: node },
            command: 'routes export',
          })
        : null,
    ),
    tables: over(joined, ({ node, parent, differsSince }) =>
      differsSince !== null && at - differsSince >= stepMs
        ? lacking('tables', node, {
            ...{ fault: 'differs', value: Math.floor((at - differsSince) / 1000) },
            ...{ at: parent ?? self, command: `link show ${node}` },
          })
        : null,
    ),
    clock: over(
      joined.filter(({ node }) => offsetOf(node) !== null),
      ({ node }) => {
        const offset = offsetOf(node) ?? 0
        if (Math.abs(offset) < clockToleranceMs) return null
        const value = Math.round(offset / 1000)
        return lacking('clock', node, { fault: 'clock', value, at: node, command: 'timedatectl' })
      },
    ),
    overlaps: {
      of: contested.length,
      lines: contested.map(({ id, node, by }) =>
        lacking('overlaps', id, { fault: 'contested', other: `${by}, ${node}`, at: self, command: `org show ${id}` }),
      ),
    },
  }
  return bridgeItems.flatMap((item) => {
    const { of, lines } = found[item]
    const state = lines.some((line) => line.state === 'lacking') ? 'lacking' : lines.length > 0 ? 'unknown' : 'ok'
    const sum: BridgeLine = { ...blank, item, state, value: Math.max(0, of - lines.length), of }
    return [sum, ...lines]
  })
}

const blank = { about: '', fault: null, value: null, of: null, other: '', at: '', command: '' } as const

type Mend = Partial<Pick<BridgeLine, 'value' | 'other' | 'at' | 'command'>>

function lacking(item: BridgeItem, about: string, mend: Mend & { readonly fault: BridgeFault }): BridgeLine {
  return { ...blank, item, state: 'lacking', about, ...mend }
}

function unknown(item: BridgeItem, about: string, mend: Mend): BridgeLine {
  return { ...blank, item, state: 'unknown', about, fault: 'not-known', ...mend }
}

function over<Each>(all: readonly Each[], look: (each: Each) => BridgeLine | null) {
  return { of: all.length, lines: all.flatMap((each) => look(each) ?? []) }
}
