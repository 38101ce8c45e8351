/**
 * From the pinned tops downwards: which announcement counts at which place of the tree.
 *
 * A node stands where its parent's announcement puts it and its own says that it stands; its keys are those its parent
 * vouches for, its codes those its parent gave it. Of several announcements that fit, the newest counts. Whatever
 * is decided about a node depends on nodes above it alone, so one walk decides everything, and the same announcements
 * give the same places in whatever order they came.
 *
 * Not here: what is done with announcements that do not count (`announcement-accept.ts`).
 */
import { type AnnouncedChild, compareAnnouncements, rankOf, type SignedAnnouncement } from './announcement.ts'
import { announcementFault } from './announcement-form.ts'
import {
  type KnownKeys,
  keysRefusal,
  type Refusal,
  type SignedRevocation,
  sealRefusal,
  signedRevocations,
  type VerifyAnnouncement,
  withRevocations,
} from './announcement-keys.ts'
import { noShare, type Share, shareOf } from './announcement-share.ts'
import { type Delegation, delegationOf, everyCode } from './delegation.ts'
import type { NodeKey, RootKey } from './directory.ts'
import { maxHops, type NodeId, type OrganId } from './document.ts'
import { type Registry, type RegistryNode, registryOf, type VerifySignature } from './trust.ts'
import { nodeOfKid } from './trust-statement.ts'

/** Where a node stands. */
export interface Place {
  readonly node: NodeId
  /** null: a top here. */
  readonly parent: NodeId | null
  /** Steps below its top. */
  readonly depth: number
  readonly tier: string
  readonly keys: readonly NodeKey[]
  readonly delegation: Delegation
  /** null: its parent names it, and nothing of its own counts. */
  readonly signed: SignedAnnouncement | null
  readonly share: Share
  /** As its parent names it; null for a top. */
  readonly entry: AnnouncedChild | null
}

/** Who judges, and by what. */
export interface Judge {
  readonly self: NodeId
  /** This node's own keys: believed where nobody vouches for them yet. */
  readonly own: readonly RootKey[]
  /** Pinned: the top of this node's axis. None: this node is it, by `own`. */
  readonly roots: readonly RootKey[]
  readonly verify: VerifySignature
  readonly verifyAnnouncement: VerifyAnnouncement
}

export interface WalkInput {
  /** Newest first, those held among them. */
  readonly candidates: ReadonlyMap<NodeId, readonly SignedAnnouncement[]>
  readonly before: ReadonlyMap<NodeId, Place>
  /** Taken already: whether it may be taken is not asked again. */
  readonly held: ReadonlyMap<NodeId, SignedAnnouncement>
  readonly known: KnownKeys
  readonly at: number
}

export interface Walked {
  readonly places: ReadonlyMap<NodeId, Place>
  /** Pinned keys, those attested among them. */
  readonly roots: readonly RootKey[]
  readonly registry: Registry
  readonly refused: ReadonlyMap<SignedAnnouncement, Refusal>
  /** True when nobody above vouches for what this node says: it stands by itself. */
  readonly alone: boolean
}

interface Item {
  readonly id: NodeId
  readonly parent: Place | null
  readonly entry: AnnouncedChild | null
  /** Of nodes above, up to the pinned one. */
  readonly revocations: readonly SignedRevocation[]
  /** Nothing above has changed since the walk before. */
  readonly steady: boolean
}

interface Standing {
  readonly signed: SignedAnnouncement | null
  readonly keys: readonly NodeKey[]
  readonly revocations: readonly SignedRevocation[]
}

export function walk(judge: Judge, input: WalkInput): Walked {
  const { before, candidates, known, at } = input
  const places = new Map<NodeId, Place>()
  const nodes = new Map<NodeId, RegistryNode>()
  const refused = new Map<SignedAnnouncement, Refusal>()
  let roots: readonly RootKey[] = judge.roots.length === 0 ? judge.own : judge.roots
  let registry = renewed()

  /** Answers of the former one about nodes that changed since are forgotten. */
  function renewed(): Registry {
    return registryOf({ verify: judge.verify, nodes, roots, certificates: new Map() })
  }

  function walkFrom(tops: readonly NodeId[]): void {
    const queue: Item[] = tops.map((id) => ({ id, parent: null, entry: null, revocations: [], steady: true }))
    for (let next = 0; next < queue.length; next += 1) {
      const item = queue[next]
      if (item !== undefined) queue.push(...visit(item))
    }
  }

  /** Puts a node in its place; returns its children, to be visited next. */
  function visit(item: Item): readonly Item[] {
    const { id, parent } = item
    if (parent !== null && places.get(parent.node) !== parent) return []
    const there = places.get(id)
    if (there !== undefined && !mayMove(item, there)) return []
    const old = before.get(id)
    if (old !== undefined && there === undefined && isSteady(item, old)) return settle(item, old, [])
    const standing = standingOf(item, there !== undefined)
    if (there !== undefined) {
      if (standing.signed === null || !isNewer(standing.signed, there.signed)) return []
      removeFrom(id)
      registry = renewed()
    }
    const place = placeOf(item, standing)
    return settle(item, old !== undefined && isSame(old, place) ? old : place, standing.revocations)
  }

  function settle(item: Item, place: Place, revocations: readonly SignedRevocation[]): readonly Item[] {
    const { node: id, parent, keys, depth } = place
    nodes.set(id, { id, parent, keys })
    places.set(id, place)
    if (depth >= maxHops) return []
    const steady = item.steady && before.get(id) === place
    return place.share.children.map((entry) => ({ id: entry.id, parent: place, entry, revocations, steady }))
  }

  /** Whatever decided about it is as it was: half a second less for each batch in a country of 11,400 nodes. */
  function isSteady({ id, parent, entry, revocations, steady }: Item, old: Place): boolean {
    if (!steady || parent === null || entry !== old.entry || parent.node !== old.parent) return false
    if (revocations.length > 0 || (old.signed?.announcement.revocations.length ?? 0) > 0) return false
    const said = candidates.get(id) ?? []
    return old.signed === null
      ? said.length === 0
      : said.length === 1 && said[0] === old.signed && input.held.get(id) === old.signed
  }

  /** A node named by two stands where its newest announcement says; a pinned one is moved by nobody, and none below itself. */
  function mayMove({ parent }: Item, there: Place): boolean {
    if (parent === null || there.parent === null) return false
    for (let above: Place | undefined = parent; above !== undefined; above = places.get(above.parent ?? '')) {
      if (above === there) return false
    }
    return true
  }

  function removeFrom(id: NodeId): void {
    const place = places.get(id)
    places.delete(id)
    nodes.delete(id)
    for (const child of place?.share.children ?? []) {
      if (places.get(child.id)?.parent === id) removeFrom(child.id)
    }
  }

  /** The newest announcement that counts here, and the keys the node has with it. */
  function standingOf(item: Item, elsewhere: boolean): Standing {
    for (const signed of candidates.get(item.id) ?? []) {
      const { announcement } = signed
      if (item.parent !== null && announcement.parent !== item.parent.node) continue
      const keys = item.entry?.keys ?? topKeys(signed)
      const revocations = [...item.revocations, ...signedRevocations(keys, announcement)]
      const marked = withRevocations(registry, keys, revocations)
      const node = { id: item.id, parent: item.parent?.node ?? null, keys: marked }
      const refusal = whyNot(signed, { node, elsewhere })
      if (refusal === null) return { signed, keys: marked, revocations }
      refused.set(signed, refusal)
    }
    const keys = item.entry?.keys ?? roots.filter(({ kid }) => nodeOfKid(kid) === item.id)
    return { signed: null, keys: withRevocations(registry, keys, item.revocations), revocations: item.revocations }
  }

  function topKeys({ announcement }: SignedAnnouncement): readonly NodeKey[] {
    return announcement.keys.length > 0
      ? announcement.keys
      : roots.filter(({ kid }) => nodeOfKid(kid) === announcement.node)
  }

  function whyNot(
    signed: SignedAnnouncement,
    { node, elsewhere }: { node: RegistryNode; elsewhere: boolean },
  ): Refusal | null {
    const held = input.held.get(node.id) === signed
    const trial =
      elsewhere || node.parent === null
        ? registryOf({ ...registry, nodes: new Map(nodes).set(node.id, node) })
        : registry
    if (trial === registry) nodes.set(node.id, node)
    const refusal = sealRefusal(trial, signed, { verify: judge.verifyAnnouncement, at: held ? null : at })
    if (refusal !== null || held) return refusal
    const fault = announcementFault(signed.announcement)
    if (fault !== null) return { code: 'ANNOUNCEMENT_INVALID', detail: { node: node.id, ...fault } }
    const owned = node.parent === null ? keysRefusal(trial, node, known) : null
    if (owned !== null) return owned
    for (const { id, keys } of signed.announcement.children) {
      const about = keysRefusal(trial, { id, parent: node.id, keys }, known)
      if (about !== null) return about
    }
    return null
  }

  function placeOf({ id, parent, entry }: Item, { signed, keys }: Standing): Place {
    const old = before.get(id)
    const delegation = delegationFor(entry?.delegates ?? null, old)
    const share =
      signed === null
        ? noShare
        : old?.signed === signed && old.delegation === delegation
          ? old.share
          : shareOf(signed.announcement, delegation)
    const tier = entry?.tier ?? signed?.announcement.tier ?? ''
    return {
      entry,
      node: id,
      parent: parent?.node ?? null,
      depth: parent === null ? 0 : parent.depth + 1,
      tier,
      keys,
      delegation,
      signed,
      share,
    }
  }

  const configured = nodesOf(roots)
  walkFrom(configured)
  const attested = configured.flatMap((id) => places.get(id)?.signed?.announcement.attests ?? [])
  if (attested.length > 0) {
    const pinned = new Set(configured)
    const further = attested.filter(({ kid }) => !pinned.has(nodeOfKid(kid) ?? ''))
    roots = [...roots, ...further]
    registry = renewed()
    walkFrom(nodesOf(further))
  }
  const own = places.get(judge.self)
  const alone = own === undefined || (own.signed === null && candidates.has(judge.self))
  if (alone) {
    removeFrom(judge.self)
    // Cut off from its top, a node and what lies below it go on by themselves.
    roots = [...roots, ...judge.own]
    registry = renewed()
    walkFrom([judge.self])
  }
  return { places, roots, registry, refused, alone }
}

function isSame(one: Place, other: Place): boolean {
  return (Object.keys(one) as (keyof Place)[]).every((field) => one[field] === other[field])
}

function isNewer(one: SignedAnnouncement, other: SignedAnnouncement | null): boolean {
  return other === null || compareAnnouncements(rankOf(one), rankOf(other)) > 0
}

function nodesOf(roots: readonly RootKey[]): readonly NodeId[] {
  return [...new Set(roots.flatMap(({ kid }) => nodeOfKid(kid) ?? []))].sort((one, other) => (one < other ? -1 : 1))
}

/** The former object when it says the same: what was worked out with it holds on. */
function delegationFor(codes: readonly OrganId[] | null, old: Place | undefined): Delegation {
  if (codes === null) return everyCode
  const had = old?.delegation.codes ?? null
  const same = had !== null && had.length === codes.length && had.every((code, place) => code === codes[place])
  return same && old !== undefined ? old.delegation : delegationOf(codes)
}
