/**
 * Organisations announced by many nodes as one list that an index takes (`organisation-index.ts`): no id twice, no
 * other code with two at the same time, no parent or successor that leads nowhere or in a circle.
 */
import type { MergeRemark } from './announcement-merge.ts'
import type { Organisation } from './directory.ts'
import type { NodeId } from './document.ts'
import { lookupKey } from './organisation-code.ts'
import { otherCodesOf } from './organisation-index.ts'
import { overlap, type Period, periodOf } from './period.ts'

export interface Claim {
  readonly organisation: Organisation
  readonly rank: { readonly pinnedAbove: number; readonly depth: number; readonly node: NodeId }
}

type Remark = (remark: MergeRemark) => void

interface Entry {
  organisation: Organisation
  readonly claim: Claim
  readonly period: Period
}

/** In the order of the claims, which must be the same everywhere. */
export function mergeOrganisations(claims: readonly Claim[], remark: Remark): readonly Organisation[] {
  const entries = withoutTwins(claims, remark)
  const byOther = settleOtherCodes(entries, remark)
  const find = (code: string) => {
    const key = lookupKey(code)
    return entries.get(key) ?? byOther.get(key)
  }
  const all = [...entries.values()]
  for (const entry of all) mendSuccessors(entry, find, remark)
  breakCircles(
    all,
    ({ organisation: { successors = [] } }) => successors.flatMap((code) => find(code) ?? []),
    (entry) => {
      remark(dangling(entry))
      const { successors: _, ...rest } = entry.organisation
      entry.organisation = rest
    },
  )
  for (const entry of all) {
    const { parent } = entry.organisation
    // Of a node cut off from its top even the parent of what it serves may be unknown: nothing to speak of.
    if (parent !== null && (find(parent) ?? entry) === entry)
      entry.organisation = { ...entry.organisation, parent: null }
  }
  breakCircles(
    all,
    ({ organisation: { parent } }) => (parent === null ? [] : [find(parent)].flatMap((above) => above ?? [])),
    (entry) => {
      remark(dangling(entry))
      entry.organisation = { ...entry.organisation, parent: null }
    },
  )
  return all.map(({ organisation }) => organisation)
}

/** Below zero when `one` has the better right. */
function byRight(one: Entry, other: Entry): number {
  const [here, there] = [one.claim.rank, other.claim.rank]
  return (
    there.pinnedAbove - here.pinnedAbove ||
    there.depth - here.depth ||
    inOrder(here.node, there.node) ||
    inOrder(one.organisation.id, other.organisation.id)
  )
}

function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function withoutTwins(claims: readonly Claim[], remark: Remark): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const claim of claims) {
    const { organisation } = claim
    const key = lookupKey(organisation.id)
    const entry = { organisation, claim, period: periodOf(organisation) }
    const there = entries.get(key)
    if (there !== undefined) remark(contested(byRight(there, entry) < 0 ? entry : there))
    if (there === undefined || byRight(entry, there) < 0) entries.set(key, entry)
  }
  return entries
}

/** Of two that have another code at the same time the one with less right loses it. Returns whom each such code means. */
function settleOtherCodes(entries: ReadonlyMap<string, Entry>, remark: Remark): ReadonlyMap<string, Entry> {
  const owners = new Map<string, Entry[]>()
  for (const entry of entries.values()) {
    for (const code of new Set(otherCodesOf(entry.organisation).map(lookupKey))) {
      if (entries.get(code) === entry) continue
      const all = owners.get(code)
      if (all === undefined) owners.set(code, [entry])
      else all.push(entry)
    }
  }
  const meant = new Map<string, Entry>()
  for (const [code, all] of owners) {
    const kept: Entry[] = []
    for (const entry of all.length === 1 ? all : all.sort(byRight)) {
      if (kept.some(({ period }) => overlap(period, entry.period))) {
        remark({ ...contested(entry), id: code })
        entry.organisation = withoutCode(entry.organisation, code)
      } else kept.push(entry)
    }
    const last = kept.sort((one, other) => one.period.from - other.period.from).at(-1)
    if (last !== undefined) meant.set(code, last)
  }
  return meant
}

function withoutCode(organisation: Organisation, code: string): Organisation {
  const left = { ...organisation }
  for (const field of ['oldCode', 'code102'] as const) {
    if (left[field] !== undefined && lookupKey(left[field]) === code) delete left[field]
  }
  return left
}

function mendSuccessors(entry: Entry, find: (code: string) => Entry | undefined, remark: Remark): void {
  const { successors } = entry.organisation
  if (successors === undefined) return
  const leading = successors.filter((code) => {
    const next = find(code)
    return next !== undefined && next !== entry && next.period.from <= entry.period.to
  })
  if (leading.length === successors.length) return
  remark(dangling(entry))
  const { successors: _, ...rest } = entry.organisation
  entry.organisation = leading.length === 0 ? rest : { ...rest, successors: leading }
}

/** Follows the links from each entry; where they come back to one on the way, that link is cut. */
function breakCircles(
  entries: readonly Entry[],
  next: (entry: Entry) => readonly Entry[],
  cut: (entry: Entry) => void,
): void {
  const done = new Set<Entry>()
  const onTheWay = new Set<Entry>()
  for (const start of entries) {
    // A stack of its own: a chain may be as long as a directory.
    const stack = [start]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const open = done.has(top) ? [] : next(top).filter((each) => !done.has(each))
      onTheWay.add(top)
      if (open.some((each) => onTheWay.has(each))) cut(top)
      else if (open[0] !== undefined) {
        stack.push(open[0])
        continue
      }
      done.add(top)
      onTheWay.delete(top)
      stack.pop()
    }
  }
}

function contested({ claim }: Entry): MergeRemark {
  return { node: claim.rank.node, id: claim.organisation.id, why: 'contested' }
}

function dangling({ claim }: Entry): MergeRemark {
  return { node: claim.rank.node, id: claim.organisation.id, why: 'dangling' }
}
