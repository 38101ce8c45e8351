/** Which codes have to be given to whom before nodes may announce what the plan opens, moves or puts under them. */
import type { Declared, DeclaredChild } from './declared.ts'
import { delegationOf } from './delegation.ts'
import type { NodeId, OrganId } from './document.ts'
import { lookupKey } from './organisation-code.ts'
import type { ReorgProblem } from './reorg.ts'
import type { Decided } from './reorg-decide.ts'
import type { ReorgPlace } from './reorg-plan.ts'

export interface Delegated {
  /** Child entries with the codes that are added, parents first. */
  readonly delegated: readonly { readonly node: NodeId; readonly child: DeclaredChild }[]
  /** Each node that joins as its new parent declares it. */
  readonly joining: ReadonlyMap<NodeId, DeclaredChild>
  readonly problems: readonly ReorgProblem[]
}

export function giveOut(decided: Decided, { directory, declared }: ReorgPlace): Delegated {
  const nodes = new Map(directory.nodes.map((node) => [node.id, node]))
  const added = new Map<NodeId, OrganId[]>()
  const problems: ReorgProblem[] = []

  /** What its parent gives a node now; guessed where it is not known. */
  function had(node: NodeId, parent: NodeId): readonly OrganId[] {
    return childrenOf(declared.get(parent), node)?.delegates ?? [node]
  }

  function give(node: NodeId, code: OrganId): void {
    for (let at = node; ; ) {
      const parent = nodes.get(at)?.parent ?? null
      if (parent === null) return
      const more = added.get(at) ?? []
      if (delegationOf([...had(at, parent), ...more]).covers(code)) return
      const other = declared
        .get(parent)
        ?.children.find(({ id, delegates }) => id !== at && delegates.some((each) => isSame(each, code)))
      if (other !== undefined) problems.push({ path: [], kind: 'givenTwice', value: code, other: other.id })
      added.set(at, [...more, code])
      at = parent
    }
  }

  for (const { id, node, oldCode, code102 } of decided.opened) {
    for (const code of [id, oldCode, code102]) if (code !== undefined) give(node, code)
  }
  for (const { organisation } of decided.moved) give(organisation.node, organisation.id)
  const joining = new Map<NodeId, DeclaredChild>()
  for (const { child, from, to } of decided.joins) {
    const delegates = [...had(child.id, from), ...(added.get(child.id) ?? [])]
    joining.set(child.id, { ...child, delegates })
    for (const code of [child.id, ...delegates]) give(to, code)
  }
  const delegated = directory.nodes
    .flatMap(({ id, tier, parent }) => {
      const delegates = added.get(id)
      return parent === null || delegates === undefined ? [] : [{ node: parent, child: { id, tier, delegates } }]
    })
    .map((each) => ({ ...each, depth: depthOf(each.node) }))
    .sort((one, other) => one.depth - other.depth)
    .map(({ node, child }) => ({ node, child }))

  function depthOf(node: NodeId): number {
    let depth = 0
    for (let at = nodes.get(node)?.parent ?? null; at !== null; at = nodes.get(at)?.parent ?? null) depth += 1
    return depth
  }
  return { delegated, joining, problems }
}

function childrenOf(content: Declared | undefined, node: NodeId): DeclaredChild | undefined {
  return content?.children.find(({ id }) => isSame(id, node))
}

function isSame(one: string, other: string): boolean {
  return lookupKey(one) === lookupKey(other)
}
