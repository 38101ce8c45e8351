/** What the changes of a file come to: which organisations open, close or move, and which nodes go where. */
import type { DeclaredChild } from './declared.ts'
import type { Directory, Organisation } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import type { SplitRule } from './new-documents.ts'
import { lookupKey } from './organisation-code.ts'
import { otherCodesOf } from './organisation-index.ts'
import { dayAfter } from './period.ts'
import type { Ending, Reorg, ReorgChange, ReorgProblem, ReorgUnit } from './reorg.ts'
import { moveNodes, type NodeMoves } from './reorg-nodes.ts'

export interface Closing extends Ending {
  readonly node: NodeId
  readonly organ: OrganId
}

export interface Decided {
  /** With their first day. */
  readonly opened: readonly Organisation[]
  readonly closed: readonly Closing[]
  /** They keep their code; as they will be, with the node that serves them now. */
  readonly moved: readonly { readonly organisation: Organisation; readonly from: NodeId }[]
  /** Facts without a date of their own. */
  readonly facts: readonly {
    readonly node: NodeId
    readonly organ: OrganId
    readonly name?: string
    readonly parent?: OrganId | null
  }[]
  readonly joins: readonly { readonly child: Pick<DeclaredChild, 'id' | 'tier'>; from: NodeId; to: NodeId }[]
  /** Nodes that serve nobody any more. */
  readonly leaving: ReadonlySet<NodeId>
  /** The nearest node above that stays: it lists what has closed at a leaving node. */
  stayingAbove(node: NodeId): NodeId | null
}

export type Path = readonly (string | number)[]
export type NoteReorg = (kind: ReorgProblem['kind'], value: string, path: Path, other?: string) => void

export function decideReorg(
  { effective, changes, newDocuments }: Reorg,
  directory: Directory,
): { readonly decided: Decided; readonly problems: readonly ReorgProblem[] } {
  const problems: ReorgProblem[] = []
  const note: NoteReorg = (kind, value, path, other) =>
    problems.push({ path, kind, value, ...(other === undefined ? {} : { other }) })
  const validTo = dayAfter(effective, -1) ?? effective
  const known = organisationsByCode(directory)
  const nodes = moveNodes(changes, directory, note)
  const closings = new Map<string, Closing>()
  const openings = new Map<string, Organisation>()
  const names = new Map<string, { readonly organisation: Organisation; readonly name: string }>()
  const charts = new Map<string, OrganId>()
  const units = unitsByCode(changes)

  function subject(code: OrganId, path: Path): Organisation | null {
    const found = known.get(lookupKey(code))
    if (found === undefined) note('codeUnknown', code, path)
    return found ?? null
  }

  function close(
    organisation: Organisation,
    successors: readonly OrganId[],
    { path, rules }: { readonly path: Path; readonly rules?: Replacement['rules'] },
  ): void {
    const { id, node } = organisation
    const key = lookupKey(id)
    if (closings.has(key)) return note('changedTwice', id, path)
    // Planned again after it was declared, it is what it should be.
    if (organisation.validTo !== undefined && organisation.validTo !== validTo) return note('closedAlready', id, path)
    const way = newDocuments ?? (successors.length > 1 ? 'hold' : 'follow')
    closings.set(key, {
      node,
      organ: id,
      validTo,
      successors,
      ...(way === 'follow' || successors.length === 0 ? {} : { newDocuments: way }),
      ...(rules === undefined ? {} : { splitRules: rules }),
    })
  }

  /** The id of who takes over; what is new is opened like `base`. */
  function successor(code: OrganId, base: Organisation, path: Path): OrganId | null {
    const key = lookupKey(code)
    const unit = units.get(key) ?? { code }
    const there = known.get(key)
    if (there !== undefined && there.validFrom !== effective) {
      if (there.validTo !== undefined) note('closedAlready', code, path)
      if (unit.name !== undefined && unit.name !== there.name) names.set(key, { organisation: there, name: unit.name })
      if (unit.parent !== undefined) charts.set(key, unit.parent)
      return there.id
    }
    if (!openings.has(key)) {
      if (unit.node !== undefined && !nodes.has(unit.node)) note('nodeUnknown', unit.node, path)
      if (unit.name === undefined && there === undefined) note('nameMissing', code, path)
      openings.set(key, there ?? opening(unit, base))
    }
    return code
  }

  function opening({ code, name = '', node, parent, ...facts }: ReorgUnit, base: Organisation): Organisation {
    const at = nodes.heirOf(node ?? base.node) ?? node ?? base.node
    return { id: code, name, parent: parent ?? base.parent, node: at, validFrom: effective, ...facts }
  }

  function decide(change: ReorgChange, path: Path): void {
    switch (change.act) {
      case 'merge':
      case 'split':
      case 'close':
        return replace(partsOf(change), path)
      case 'rename': {
        const { code, to } = change
        const was = subject(code, [...path, 'rename'])
        if (was === null) return
        if (lookupKey(to.code) === lookupKey(was.id)) {
          if (to.name !== undefined) names.set(lookupKey(was.id), { organisation: was, name: to.name })
          return
        }
        const { name, mail, certificates } = was
        units.set(lookupKey(to.code), { name, ...(mail === undefined ? {} : { mail }), oldCode: was.id, ...to })
        const id = successor(to.code, was, [...path, 'to'])
        const opened = openings.get(lookupKey(to.code))
        if (opened !== undefined && certificates !== undefined) {
          openings.set(lookupKey(to.code), { ...opened, certificates })
        }
        return close(was, id === null ? [] : [id], { path: [...path, 'rename'] })
      }
      case 'reparent':
      case 'drop':
        // `moveNodes` has them, and what a dropped node serves is decided when everything else is.
        return
    }
  }

  function replace({ act, codes, into, andBelow, rules }: Replacement, path: Path): void {
    const found = codes.flatMap(
      (code, index) => subject(code, act === 'split' ? [...path, act] : [...path, act, index]) ?? [],
    )
    const [base] = found
    if (base === undefined) return
    if (act === 'split' && into.length < 2) note('splitOne', base.id, [...path, 'into'])
    const successors = into.flatMap((code) => successor(code, base, [...path, 'into']) ?? [])
    const own = new Set(successors.map(lookupKey))
    const closed = found.filter(({ id }) => !own.has(lookupKey(id)))
    const place = { path: [...path, act], ...(rules === undefined ? {} : { rules }) }
    for (const organisation of closed) close(organisation, successors, place)
    if (andBelow)
      for (const below of openBelow(closed)) if (!own.has(lookupKey(below.id))) close(below, successors, place)
  }

  const children = new Map<string, Organisation[]>()
  for (const organisation of directory.organisations) {
    const above = known.get(lookupKey(organisation.parent ?? ''))
    if (above !== undefined) children.set(above.id, [...(children.get(above.id) ?? []), organisation])
  }
  const named = subjectsOf(changes)

  function openBelow(tops: readonly Organisation[]): readonly Organisation[] {
    const all: Organisation[] = []
    const queue = tops.flatMap(({ id }) => children.get(id) ?? [])
    for (const next of queue) {
      if (named.has(lookupKey(next.id))) continue
      if (next.validTo === undefined || next.validTo === validTo) all.push(next)
      queue.push(...(children.get(next.id) ?? []))
    }
    return all
  }

  for (const [index, change] of changes.entries()) decide(change, ['changes', index])
  const moved: { organisation: Organisation; from: NodeId }[] = []
  for (const { node, into, organisations, path } of nodes.dropped) {
    const left = directory.organisations.filter(
      (each) => each.node === node && each.validTo === undefined && !closings.has(lookupKey(each.id)),
    )
    for (const organisation of left) {
      const heir = nodes.heirOf(node)
      if (into !== undefined) {
        const id = successor(into, organisation, [...path, 'into'])
        if (id !== null) close(organisation, [id], { path: [...path, 'into'] })
      } else if (organisations === 'move' && heir !== null) {
        moved.push({ organisation: { ...organisation, node: heir }, from: node })
      } else if (organisations === 'close') close(organisation, [], { path: [...path, 'organisations'] })
      else {
        note('undecided', node, [...path, 'drop'], organisation.id)
        break
      }
    }
  }

  /** Nobody is left below an organisation that has closed. */
  function chartOf({ id, parent }: Organisation): OrganId | null {
    let above: OrganId | null = charts.get(lookupKey(id)) ?? nodes.chartOf(id) ?? parent
    for (let steps = 0; above !== null && steps <= closings.size; steps += 1) {
      const end = closings.get(lookupKey(above))
      if (end === undefined) return above
      above = end.successors.length === 1 ? (end.successors[0] ?? null) : (known.get(lookupKey(above))?.parent ?? null)
      if (above !== null && lookupKey(above) === lookupKey(id)) above = known.get(lookupKey(id))?.parent ?? null
    }
    return above
  }

  const opened = [...openings.values()].map((each) => ({ ...each, parent: chartOf(each) }))
  const stays = new Set(moved.map(({ organisation: { id } }) => id))
  const facts = directory.organisations.flatMap((each) => {
    const key = lookupKey(each.id)
    if (closings.has(key) || openings.has(key) || stays.has(each.id) || each.validTo !== undefined) return []
    const [parent, name] = [chartOf(each), names.get(key)?.name]
    if (parent === each.parent && name === undefined) return []
    const { node, id: organ } = each
    return [{ node, organ, ...(name === undefined ? {} : { name }), ...(parent === each.parent ? {} : { parent }) }]
  })
  const closed = [...closings.values()]
  const leaving = leavingOf(directory, nodes, {
    closed,
    kept: [...opened, ...moved.map(({ organisation }) => organisation)],
  })
  const parents = new Map(directory.nodes.map(({ id, parent }) => [id, parent]))
  const decided: Decided = {
    opened,
    closed,
    moved: moved.map(({ organisation, from }) => ({
      organisation: { ...organisation, parent: chartOf(organisation) },
      from,
    })),
    facts,
    joins: nodes.joins,
    leaving,
    stayingAbove(node) {
      let at = parents.get(node) ?? null
      while (at !== null && leaving.has(at)) at = parents.get(at) ?? null
      return at
    },
  }
  return { decided, problems }
}

interface Replacement {
  readonly act: 'merge' | 'split' | 'close'
  readonly codes: readonly OrganId[]
  readonly into: readonly OrganId[]
  readonly andBelow: boolean
  readonly rules?: readonly SplitRule[] | undefined
}

function partsOf(change: Extract<ReorgChange, { act: 'merge' | 'split' | 'close' }>): Replacement {
  switch (change.act) {
    case 'merge':
      return { ...change, into: [change.into.code], andBelow: change.andBelow ?? false }
    case 'split':
      return { ...change, codes: [change.code], into: change.into.map(({ code }) => code), andBelow: false }
    case 'close':
      return { ...change, into: change.into === undefined ? [] : [change.into], andBelow: change.andBelow ?? false }
  }
}

/** New organisations may be named in several changes; what one leaves out another may say. */
function unitsByCode(changes: readonly ReorgChange[]): Map<string, ReorgUnit> {
  const units = new Map<string, ReorgUnit>()
  for (const change of changes) {
    const named = change.act === 'merge' ? [change.into] : change.act === 'split' ? change.into : []
    for (const unit of named) units.set(lookupKey(unit.code), { ...units.get(lookupKey(unit.code)), ...unit })
  }
  return units
}

function subjectsOf(changes: readonly ReorgChange[]): ReadonlySet<string> {
  const codes = changes.flatMap((change): readonly OrganId[] => {
    switch (change.act) {
      case 'merge':
      case 'close':
        return change.codes
      case 'rename':
      case 'split':
        return [change.code]
      default:
        return []
    }
  })
  return new Set(codes.map(lookupKey))
}

function organisationsByCode({ organisations }: Directory): ReadonlyMap<string, Organisation> {
  const byCode = new Map<string, Organisation>()
  for (const each of organisations) for (const code of otherCodesOf(each)) byCode.set(lookupKey(code), each)
  for (const each of organisations) byCode.set(lookupKey(each.id), each)
  return byCode
}

/** Dropped nodes, and those of whose organisations none is left and that have no child any more. */
function leavingOf(
  { nodes, organisations }: Directory,
  moves: NodeMoves,
  { closed, kept }: { readonly closed: readonly Closing[]; readonly kept: readonly Organisation[] },
): ReadonlySet<NodeId> {
  const closes = new Set(closed.map(({ organ }) => organ))
  const serving = new Set(kept.map(({ node }) => node))
  for (const { id, node, validTo } of organisations) if (validTo === undefined && !closes.has(id)) serving.add(node)
  const ended = new Set(closed.map(({ node }) => node))
  const leaving = new Set(moves.dropped.map(({ node }) => node))
  for (let before = -1; before !== leaving.size; ) {
    before = leaving.size
    const parents = new Set(nodes.flatMap(({ id }) => (leaving.has(id) ? [] : (moves.parentOf(id) ?? []))))
    for (const { id, parent } of nodes) {
      if (parent !== null && ended.has(id) && !serving.has(id) && !parents.has(id)) leaving.add(id)
    }
  }
  return leaving
}
