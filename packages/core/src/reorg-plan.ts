/** From a file of changes to steps: what each node declares, which links move, who hands over to whom. */
import type { Declared } from './declared.ts'
import { ended } from './declared-edit.ts'
import type { Directory, Organisation } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import type { FormerNode } from './former-nodes.ts'
import { lookupKey } from './organisation-code.ts'
import { dayAfter, dayStart } from './period.ts'
import { type DeclaredEdit, type Reorg, type ReorgProblem, type ReorgStep, reorgProblemKinds } from './reorg.ts'
import { faultOf, reorganised } from './reorg-after.ts'
import { type Decided, decideReorg } from './reorg-decide.ts'
import { type Delegated, giveOut } from './reorg-delegate.ts'

export interface ReorgPlace {
  /** As one node has it. */
  readonly directory: Directory
  /** What nodes declare, as far as it is known; of others it is guessed from the directory. */
  readonly declared: ReadonlyMap<NodeId, Declared>
  /** Now, ms. */
  readonly at: number
}

export interface ReorgPlan {
  /** In the order in which they are carried out; none when there are problems. */
  readonly steps: readonly ReorgStep[]
  readonly problems: readonly ReorgProblem[]
  /** The directory when everything is done. */
  readonly after: Directory
  readonly counts: {
    readonly opened: number
    readonly closed: number
    readonly moved: number
    readonly joined: number
    readonly left: number
  }
}

/** Receipts and handovers of a node that served an organisation before are believed for a year. */
const formerDays = 365

/** The same file, directory and declared contents give the same steps, with the same ids. */
export function planReorg(reorg: Reorg, place: ReorgPlace): ReorgPlan {
  const { directory } = place
  const found = decideReorg(reorg, directory)
  const { decided } = found
  const given = giveOut(decided, place)
  const after = reorganised(directory, decided)
  const past = (dayStart(reorg.effective) ?? 0) <= place.at
  const problems: ReorgProblem[] = [...found.problems, ...given.problems]
  if (!problems.some(({ kind }) => reorgProblemKinds[kind] === 'problem')) {
    const fault = faultOf(after, reorg.effective)
    if (fault !== null) problems.push(fault)
  }
  if (past) problems.push({ path: ['effective'], kind: 'past', value: reorg.effective })
  const grave = problems.some(({ kind }) => reorgProblemKinds[kind] === 'problem')
  return {
    steps: grave
      ? []
      : numbered(stepsOf(decided, { given, directory, until: dayAfter(reorg.effective, formerDays) ?? '' })),
    problems,
    after,
    counts: {
      opened: decided.opened.length,
      closed: decided.closed.length,
      moved: decided.moved.length,
      joined: decided.joins.length,
      left: decided.leaving.size,
    },
  }
}

type Unnumbered = ReorgStep extends infer Step ? (Step extends ReorgStep ? Omit<Step, 'id'> : never) : never

interface NodeEdit {
  readonly node: NodeId
  readonly edit: DeclaredEdit
}

/** Given before taken, opened before closed, joined before dismissed. */
function stepsOf(
  decided: Decided,
  { given, directory, until }: { readonly given: Delegated; readonly directory: Directory; readonly until: string },
): readonly Unnumbered[] {
  const { opened, closed, moved, facts, joins, leaving } = decided
  const delegated = given.delegated.map(({ node, child }): NodeEdit => ({ node, edit: { edit: 'delegate', child } }))
  const kept = moved.filter(({ from }) => !leaving.has(from))
  // The lowest first: each leaves a parent that is still there.
  const gone = [...leaving]
    .map((node) => ({ node, from: parentOf(node, directory), depth: depthOf(node, directory) }))
    .toSorted((one, other) => other.depth - one.depth)
  const dismissed = [...joins.map(({ child, from }) => ({ node: child.id, from })), ...gone]
  return [
    ...declare('now', delegated),
    ...declare('now', opened.map(opening)),
    ...declare(
      'now',
      closed.map(({ node, ...end }) => ({ node, edit: { edit: 'close', ...end } })),
    ),
    ...joins.map(({ child: { id }, from, to }): Unnumbered => {
      const child = given.joining.get(id) ?? { id, tier: '', delegates: [id] }
      return { kind: 'join', node: id, when: 'date', child, under: to, from }
    }),
    ...declare(
      'date',
      facts.map(({ node, ...fact }) => ({ node, edit: { edit: 'set', ...fact } })),
    ),
    ...declare(
      'date',
      moved.map(({ organisation, from }) => opening(servedBefore(organisation, { node: from, until }))),
    ),
    ...declare(
      'date',
      kept.map(({ organisation: { id }, from }) => ({ node: from, edit: { edit: 'withdraw', organ: id } })),
    ),
    ...handovers(decided, directory),
    ...declare('date', leftBehind(decided, directory, until).map(opening)),
    ...gone.flatMap(({ node, from }): readonly Unnumbered[] =>
      from === null ? [] : [{ kind: 'leave', node, when: 'date', from }],
    ),
    ...declare(
      'date',
      dismissed.flatMap(({ node: child, from }): readonly NodeEdit[] =>
        from === null || leaving.has(from) ? [] : [{ node: from, edit: { edit: 'dismiss', child } }],
      ),
    ),
  ]
}

function opening({ node, ...organisation }: Organisation): NodeEdit {
  return { node, edit: { edit: 'open', organisation } }
}

/** What has closed at nodes that leave: a late status to it still has to find who took over. */
function leftBehind(
  { closed, leaving, moved, stayingAbove }: Decided,
  { organisations }: Directory,
  until: string,
): readonly Organisation[] {
  const ends = new Map(closed.map((end) => [end.organ, end]))
  const elsewhere = new Set(moved.map(({ organisation: { id } }) => id))
  return organisations.flatMap((was): readonly Organisation[] => {
    const node = leaving.has(was.node) && !elsewhere.has(was.id) ? stayingAbove(was.node) : null
    const end = ends.get(was.id)
    if (node === null) return []
    return [servedBefore({ ...(end === undefined ? was : ended(was, end)), node }, { node: was.node, until })]
  })
}

function servedBefore(organisation: Organisation, former: FormerNode): Organisation {
  const others = (organisation.formerNodes ?? []).filter(
    ({ node }) => node !== former.node && node !== organisation.node,
  )
  return { ...organisation, formerNodes: [...others, former] }
}

/** One step a node, in the order in which the nodes are met. */
function declare(when: ReorgStep['when'], edits: readonly NodeEdit[]): readonly Unnumbered[] {
  const byNode = new Map<NodeId, DeclaredEdit[]>()
  for (const { node, edit } of edits) byNode.set(node, [...(byNode.get(node) ?? []), edit])
  return [...byNode].map(([node, all]): Unnumbered => ({ kind: 'declare', node, when, edits: all }))
}

function handovers({ closed, moved, opened }: Decided, { organisations }: Directory): readonly Unnumbered[] {
  const nodeOf = new Map([...organisations, ...opened].map(({ id, node }) => [lookupKey(id), node]))
  const ways = new Map<string, { node: NodeId; to: NodeId; organs: OrganId[] }>()
  const note = (node: NodeId, to: NodeId | undefined, organ: OrganId) => {
    if (to === undefined || to === node) return
    const way = ways.get(`${node} ${to}`) ?? { node, to, organs: [] }
    ways.set(`${node} ${to}`, way)
    way.organs.push(organ)
  }
  for (const { node, organ, successors } of closed) {
    for (const successor of successors) note(node, nodeOf.get(lookupKey(successor)), organ)
  }
  for (const { organisation, from } of moved) note(from, organisation.node, organisation.id)
  return [...ways.values()].map((way): Unnumbered => ({ kind: 'handover', when: 'date', ...way }))
}

function parentOf(node: NodeId, { nodes }: Directory): NodeId | null {
  return nodes.find(({ id }) => id === node)?.parent ?? null
}

function depthOf(node: NodeId, directory: Directory): number {
  const parent = parentOf(node, directory)
  return parent === null ? 0 : 1 + depthOf(parent, directory)
}

function numbered(steps: readonly Unnumbered[]): readonly ReorgStep[] {
  return steps.map((step, index) => ({ ...step, id: `${index + 1}-${step.kind}-${step.node}` }))
}
