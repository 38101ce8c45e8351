/**
 * The directory that a set of announcements makes. It compiles, whatever the announcements say: what contradicts
 * is decided by where it was said, everywhere alike, and what leads nowhere is left out.
 *
 * Two that announce the same code: the one inside the innermost pinned axis wins, then the deeper one, then the one
 * whose id comes first. A name of a group belongs to the highest that gives it.
 */
import type { AcceptedSet } from './announcement-accept.ts'
import type { Place } from './announcement-walk.ts'
import type { Directory, DirectoryNode } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import { mergeGroups } from './merge-groups.ts'
import { type Claim, mergeOrganisations } from './merge-organisations.ts'

/** What was left out, for whoever looks after the directory. */
export interface MergeRemark {
  readonly node: NodeId
  readonly id: OrganId
  /** `outside`: not given to the node. `contested`: another announces it. `dangling`: it names what is not there. */
  readonly why: 'outside' | 'contested' | 'dangling'
}

export interface Merged {
  readonly directory: Directory
  readonly remarks: readonly MergeRemark[]
}

/** `version` is this node's own count of its directories; `self` decides which part of a forest it is that counts. */
export function mergeAnnouncements(
  set: Pick<AcceptedSet, 'places' | 'roots'>,
  { self, version }: { readonly self: NodeId; readonly version: number },
): Merged {
  const places = standingTogether(set.places, self)
  const remarks: MergeRemark[] = []
  const claims: Claim[] = []
  for (const { place, pinnedAbove } of places) {
    const { node, depth, share } = place
    for (const id of share.exceeded) remarks.push({ node, id, why: 'outside' })
    for (const organisation of share.organisations) claims.push({ organisation, rank: { pinnedAbove, depth, node } })
  }
  const organisations = mergeOrganisations(claims, (remark) => remarks.push(remark))
  const groups = mergeGroups(places, organisations, (remark) => remarks.push(remark))
  const nodes = places.map(
    ({ place: { node, tier, keys }, parent }): DirectoryNode => ({ id: node, tier, parent, keys }),
  )
  return { directory: { version, nodes, organisations, groups, roots: set.roots }, remarks }
}

export interface Standing {
  readonly place: Place
  /** As the directory has it: also of a pinned node, when both sides say so. */
  readonly parent: NodeId | null
  /** Depth below the top of the whole. */
  readonly depth: number
  /** Pinned nodes at and above it. */
  readonly pinnedAbove: number
}

/** The tree in which `self` stands, parents first. */
function standingTogether(places: ReadonlyMap<NodeId, Place>, self: NodeId): readonly Standing[] {
  const parentOf = (place: Place): NodeId | null => {
    if (place.parent !== null) return place.parent
    const above = place.signed?.announcement.parent ?? null
    const names = places.get(above ?? '')?.share.children.some(({ id }) => id === place.node) ?? false
    return names ? above : null
  }
  const children = new Map<NodeId, Place[]>()
  for (const place of places.values()) {
    const parent = parentOf(place)
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), place])
  }
  const top = topOf(places, self, parentOf)
  const all: Standing[] = top === null ? [] : [{ place: top, parent: null, depth: 0, pinnedAbove: 1 }]
  for (let next = 0; next < all.length; next += 1) {
    const above = all[next]
    if (above === undefined) break
    for (const place of children.get(above.place.node) ?? []) {
      const pinnedAbove = above.pinnedAbove + (place.parent === null ? 1 : 0)
      all.push({ place, parent: above.place.node, depth: above.depth + 1, pinnedAbove })
    }
  }
  return all
}

function topOf(
  places: ReadonlyMap<NodeId, Place>,
  self: NodeId,
  parentOf: (place: Place) => NodeId | null,
): Place | null {
  let top = places.get(self) ?? null
  // As many steps as there are places: two pinned ones could name each other.
  for (let steps = 0; top !== null && steps < places.size; steps += 1) {
    const above: Place | undefined = places.get(parentOf(top) ?? '')
    if (above === undefined) break
    top = above
  }
  return top
}
