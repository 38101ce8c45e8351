/**
 * Whether what an administrator declares for a node may stand: inside its delegation, nothing twice, everything it
 * names known. What a warning says may stand, and is worth a look.
 */
import type { AnnouncedOrganisation } from './announcement.ts'
import type { Declared, Exception } from './declared.ts'
import { delegationOf, everyCode } from './delegation.ts'
import type { Directory, Organisation } from './directory.ts'
import type { DirectoryFault } from './directory-fault.ts'
import type { NodeId, OrganId } from './document.ts'
import { RelayError } from './errors.ts'
import { impliedAncestors, lookupKey } from './organisation-code.ts'
import { otherCodesOf } from './organisation-index.ts'
import { dayStart } from './period.ts'
import { compileTable } from './routing.ts'
import { plantTree } from './tree.ts'

/** Problems keep it from standing; warnings do not. */
export const declaredProblemKinds = {
  childTwice: 'problem',
  childSelf: 'problem',
  delegateOutside: 'problem',
  delegateTwice: 'problem',
  delegateNested: 'warning',
  organisationTwice: 'problem',
  organisationOutside: 'problem',
  organisationElsewhere: 'problem',
  organisationBelow: 'warning',
  organisationTaken: 'warning',
  parentUnknown: 'problem',
  successorUnknown: 'problem',
  ruleElsewhere: 'problem',
  memberUnknown: 'problem',
  exceptionTwice: 'problem',
  exceptionUnknown: 'problem',
  exceptionDay: 'problem',
  exceptionExpired: 'warning',
  redirectUnknown: 'problem',
  whole: 'problem',
} as const satisfies Record<string, 'problem' | 'warning'>
export type DeclaredProblemKind = keyof typeof declaredProblemKinds

export interface DeclaredProblem {
  /** `['organisations', 3, 'parent']`; empty when nothing in the content is to blame alone. */
  readonly path: readonly (string | number)[]
  readonly kind: DeclaredProblemKind
  /** The code or name that is meant. */
  readonly value: string
  /** A second one, when two are in each other's way. */
  readonly other?: string
  /** For `whole`. */
  readonly fault?: DirectoryFault
}

/** Where the content is to stand. */
export interface DeclaredPlace {
  readonly self: NodeId
  /** What the parent has delegated to this node; null at the top of an axis, which may announce any code. */
  readonly delegates: readonly OrganId[] | null
  /** As the node has it now. What the node itself serves there is replaced by the content. */
  readonly directory: Directory
  /** What the node declares now. */
  readonly current: Declared
  /** Now, ms. */
  readonly at: number
}

/** Everything that is wrong with it, in the order of the content; empty when it may stand. */
export function checkDeclared(content: Declared, place: DeclaredPlace): readonly DeclaredProblem[] {
  const merged = withDeclared(content, place)
  const codes = codesOf(merged.organisations)
  const problems = [
    ...childProblems(content, place),
    ...organisationProblems(content, place, codes),
    ...groupProblems(content, codes),
    ...exceptionProblems(content, place, codes),
  ]
  const grave = problems.some(({ kind }) => declaredProblemKinds[kind] === 'problem')
  return grave ? problems : [...problems, ...wholeProblems(content, merged, place)]
}

/** The directory as it would be: the node serves what the content says, though one above does now. What a node below it serves stays there. */
export function withDeclared(content: Declared, { self, directory, current }: DeclaredPlace): Directory {
  const tree = plantTree(directory.nodes)
  const declared = new Map(content.organisations.map((organisation) => [lookupKey(organisation.id), organisation]))
  const others = directory.organisations.filter(({ id, node }) => {
    const own = declared.get(lookupKey(id))
    return node !== self && !(own !== undefined && takesFrom(own, node, tree.isBelow(self, node)))
  })
  const taken = new Set(others.map(({ id }) => lookupKey(id)))
  const own = content.organisations.filter(({ id }) => !taken.has(lookupKey(id)))
  const organisations = [...others, ...own.map((organisation) => ({ ...organisation, node: self }))]
  const codes = codesOf(organisations)
  const groups = Object.entries(directory.groups ?? {})
    .filter(([name]) => !Object.hasOwn(current.groups, name))
    .map(([name, members]) => [name, members.filter((member) => codes.has(lookupKey(member)))] as const)
  return { ...directory, organisations, groups: { ...Object.fromEntries(groups), ...content.groups } }
}

function childProblems({ children }: Declared, { self, delegates }: DeclaredPlace): readonly DeclaredProblem[] {
  const own = delegates === null ? everyCode : delegationOf(delegates)
  const owners = ownersOf(children)
  const seen = new Set<string>()
  return children.flatMap(({ id, delegates: codes }, index) => {
    const problems: DeclaredProblem[] = []
    const path = ['children', index, 'id']
    if (lookupKey(id) === lookupKey(self)) problems.push({ path, kind: 'childSelf', value: id })
    else if (seen.has(lookupKey(id))) problems.push({ path, kind: 'childTwice', value: id })
    seen.add(lookupKey(id))
    for (const [position, value] of codes.entries()) {
      const at = ['children', index, 'delegates', position]
      const other = otherOwner(value, id, owners)
      if (!own.covers(value)) problems.push({ path: at, kind: 'delegateOutside', value })
      else if (other !== null) problems.push({ path: at, value, ...other })
    }
    return problems
  })
}

function ownersOf(children: Declared['children']): ReadonlyMap<string, NodeId> {
  const owners = new Map<string, NodeId>()
  for (const { id, delegates } of children) {
    for (const code of delegates) if (!owners.has(lookupKey(code))) owners.set(lookupKey(code), id)
  }
  return owners
}

/** Another child that has this code too, or one above it by its own form. */
function otherOwner(
  code: OrganId,
  id: NodeId,
  owners: ReadonlyMap<string, NodeId>,
): { readonly kind: DeclaredProblemKind; readonly other: NodeId } | null {
  const same = owners.get(lookupKey(code))
  if (same !== undefined && same !== id) return { kind: 'delegateTwice', other: same }
  const above = impliedAncestors(code).keys.map((key) => owners.get(key))
  const other = above.find((owner) => owner !== undefined)
  return other === undefined || other === id ? null : { kind: 'delegateNested', other }
}

function organisationProblems(
  { organisations }: Declared,
  place: DeclaredPlace,
  codes: ReadonlySet<string>,
): readonly DeclaredProblem[] {
  const own = place.delegates === null ? everyCode : delegationOf(place.delegates)
  const elsewhere = elsewhereOf(place)
  const seen = new Set<string>()
  return organisations.flatMap((organisation, index) => {
    const { id, parent, successors = [], splitRules = [] } = organisation
    const problems: DeclaredProblem[] = []
    const note = (field: string | readonly [string, number], kind: DeclaredProblemKind, value: string) =>
      problems.push({ path: ['organisations', index, ...[field].flat()], kind, value })
    const other = elsewhere(organisation)
    if (seen.has(lookupKey(id))) note('id', 'organisationTwice', id)
    else if (!own.covers(id)) note('id', 'organisationOutside', id)
    else if (other !== null) problems.push({ path: ['organisations', index, 'id'], ...other, value: id })
    seen.add(lookupKey(id))
    if (parent !== null && !codes.has(lookupKey(parent))) note('parent', 'parentUnknown', parent)
    for (const [position, successor] of successors.entries()) {
      if (!codes.has(lookupKey(successor))) note(['successors', position], 'successorUnknown', successor)
    }
    for (const [position, { to }] of splitRules.entries()) {
      const named = successors.some((successor) => lookupKey(successor) === lookupKey(to))
      if (!named) note(['splitRules', position], 'ruleElsewhere', to)
    }
    return problems
  })
}

/**
 * Who else serves an organisation: a node below wins and this one's word is not heard; it is taken from one above, and
 * from one that the entry names as former, which has to take its own entry away; any other is in the way.
 */
function elsewhereOf({ self, directory }: DeclaredPlace) {
  const nodes = new Map(directory.organisations.map(({ id, node }) => [lookupKey(id), node]))
  const tree = plantTree(directory.nodes)
  return (own: AnnouncedOrganisation): { readonly kind: DeclaredProblemKind; readonly other: NodeId } | null => {
    const node = nodes.get(lookupKey(own.id))
    if (node === undefined || node === self) return null
    if (tree.isBelow(node, self)) return { kind: 'organisationBelow', other: node }
    const taken = takesFrom(own, node, tree.isBelow(self, node))
    return { kind: taken ? 'organisationTaken' : 'organisationElsewhere', other: node }
  }
}

function takesFrom({ formerNodes = [] }: AnnouncedOrganisation, node: NodeId, isAbove: boolean): boolean {
  return isAbove || formerNodes.some((former) => former.node === node)
}

function groupProblems({ groups }: Declared, codes: ReadonlySet<string>): readonly DeclaredProblem[] {
  return Object.entries(groups).flatMap(([name, members]) =>
    members.flatMap((value, index): readonly DeclaredProblem[] =>
      codes.has(lookupKey(value)) ? [] : [{ path: ['groups', name, index], kind: 'memberUnknown', value }],
    ),
  )
}

function exceptionProblems(
  { exceptions, children }: Declared,
  { self, directory, at }: DeclaredPlace,
  codes: ReadonlySet<string>,
): readonly DeclaredProblem[] {
  const parent = directory.nodes.find(({ id }) => id === self)?.parent ?? null
  const neighbours = new Set([...children.map(({ id }) => id), ...(parent === null ? [] : [parent])].map(lookupKey))
  const seen = new Set<string>()
  return exceptions.flatMap((exception, index) => {
    const { organ } = exception
    const problems: DeclaredProblem[] = []
    const note = (field: string, kind: DeclaredProblemKind, value: string) =>
      problems.push({ path: ['exceptions', index, field], kind, value })
    if (seen.has(lookupKey(organ))) note('organ', 'exceptionTwice', organ)
    else if (!codes.has(lookupKey(organ))) note('organ', 'exceptionUnknown', organ)
    seen.add(lookupKey(organ))
    if ('redirect' in exception && !neighbours.has(lookupKey(exception.redirect))) {
      note('redirect', 'redirectUnknown', exception.redirect)
    }
    const expiry = expiryOf(exception, at)
    if (expiry !== null) note('until', expiry, exception.until ?? '')
    return problems
  })
}

const dayMs = 86_400_000

/** `until` is the last day. */
function expiryOf({ until }: Exception, at: number): 'exceptionDay' | 'exceptionExpired' | null {
  if (until === undefined) return null
  const last = dayStart(until)
  if (last === null) return 'exceptionDay'
  return last + dayMs <= at ? 'exceptionExpired' : null
}

/** What only the whole shows: codes given out twice, days, successors in a circle. */
function wholeProblems(content: Declared, merged: Directory, { self, at }: DeclaredPlace): readonly DeclaredProblem[] {
  try {
    compileTable(self, merged, 1, at)
    return []
  } catch (error) {
    if (!(error instanceof RelayError)) throw error
    const value = String(error.detail['id'])
    return [{ path: pathOf(value, content), kind: 'whole', value, fault: error.detail['reason'] as DirectoryFault }]
  }
}

/** Where a code or a group's name stands in the content, the last time when it does more than once. */
function pathOf(code: string, { organisations, groups }: Declared): readonly (string | number)[] {
  const index = organisations.findLastIndex((organisation) =>
    [organisation.id, ...otherCodesOf(organisation)].some((written) => lookupKey(written) === lookupKey(code)),
  )
  if (index >= 0) return ['organisations', index]
  return Object.hasOwn(groups, code) ? ['groups', code] : []
}

function codesOf(organisations: readonly Organisation[]): ReadonlySet<string> {
  return new Set(organisations.flatMap((organ) => [organ.id, ...otherCodesOf(organ)].map(lookupKey)))
}
