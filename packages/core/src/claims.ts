/**
 * What an axis claims that others claim as well, asked before it is connected: two lists of codes, laid side by side.
 *
 * The axis sends its codes, whoever is to be its parent answers which of them mean something else there already. Nothing is
 * decided here: once connected, the merge decides (`announcement-merge.ts`).
 */
import { delegationOf } from './delegation.ts'
import type { Directory, Organisation } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import { otherCodesOf } from './organisation-index.ts'
import { plantTree } from './tree.ts'

/** What one axis holds. */
export interface Claims {
  /** Below the node that asks. */
  readonly nodes: readonly NodeId[]
  /** Of each organisation served in the axis its codes, its id first. */
  readonly organisations: readonly (readonly OrganId[])[]
}

/**
 * `node`: another node of that id stands there. `organisation`: the code means an organisation there. `given`: the code was
 * given to another child. `outside`: it was given to nobody, and so counts for nothing there.
 */
export const overlapKinds = ['node', 'organisation', 'given', 'outside'] as const
export type OverlapKind = (typeof overlapKinds)[number]

/** One claim that meets another. */
export interface Overlap {
  readonly kind: OverlapKind
  /** As the axis claims it: the id of a node or an organisation. */
  readonly code: OrganId
  /** The node that holds it there, or above it in the case of a node; null: none. */
  readonly node: NodeId | null
  /** The organisation it means there; null: none. */
  readonly organ: OrganId | null
  /** Of that organisation; may be empty. */
  readonly name: string
}

/** What the other side knows. */
export interface ClaimGround {
  /** The child that asks. */
  readonly child: NodeId
  /** What each child of the node that answers was given. */
  readonly given: readonly { readonly id: NodeId; readonly delegates: readonly OrganId[] }[]
  listed(code: string): Organisation | null
  /** At the child or below it: its own. */
  isOwn(node: NodeId): boolean
  /** null at the top; undefined: no such node. */
  parentOf(node: NodeId): NodeId | null | undefined
}

/** What is served at this node and below it, and who stands below it. Throws DIRECTORY_INVALID. */
export function claimsOf({ nodes, organisations }: Directory, self: NodeId): Claims {
  const below = plantTree(nodes).allBelow(self)
  const own = new Set([self, ...below])
  return {
    nodes: below,
    organisations: organisations
      .filter(({ node }) => own.has(node))
      .map((organisation) => [organisation.id, ...otherCodesOf(organisation)]),
  }
}

/** In the order of the claims, nodes first; one for each claim. */
export function overlapsWith({ nodes, organisations }: Claims, ground: ClaimGround): readonly Overlap[] {
  const { child, given, listed, isOwn, parentOf } = ground
  const delegations = given.map(({ id, delegates }) => ({ id, ...delegationOf(delegates) }))
  const mine = delegations.find(({ id }) => id === child)
  const others = delegations.filter(({ id }) => id !== child)

  function beyond(code: OrganId): readonly Overlap[] {
    if (mine?.covers(code) === true) return []
    const owner = others.find(({ covers }) => covers(code))
    const empty = { code, organ: null, name: '' }
    return [
      owner === undefined ? { kind: 'outside', node: null, ...empty } : { kind: 'given', node: owner.id, ...empty },
    ]
  }

  function metNode(id: NodeId): readonly Overlap[] {
    const above = isOwn(id) ? undefined : parentOf(id)
    return above === undefined ? beyond(id) : [{ kind: 'node', code: id, node: above, organ: null, name: '' }]
  }

  function metOrganisation(codes: readonly OrganId[]): readonly Overlap[] {
    const [id = ''] = codes
    for (const code of codes) {
      const there = listed(code)
      if (there === null || isOwn(there.node)) continue
      return [{ kind: 'organisation', code: id, node: there.node, organ: there.id, name: there.name }]
    }
    return beyond(id)
  }

  return [...nodes.flatMap(metNode), ...organisations.flatMap(metOrganisation)]
}
