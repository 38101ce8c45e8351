/**
 * Which announcements a node takes: pure, and in batches, so that a whole federation's are taken in one go.
 *
 * Nothing here remembers an order: what counts afterwards is the newest of each node among those held and those that
 * came, as `announcement-walk.ts` finds it. One that does not count now because its parent has not announced it yet
 * (ANNOUNCEMENT_ORPHAN), or because of a key not known yet, may count later: whoever has it offers it again.
 */
import { compareAnnouncements, rankOf, type SignedAnnouncement } from './announcement.ts'
import type { KnownKeys, Refusal } from './announcement-keys.ts'
import { type Judge, type Place, walk } from './announcement-walk.ts'
import type { NodeKey, RootKey } from './directory.ts'
import type { NodeId } from './document.ts'

/** The announcements that count at one node, and what follows from them. Never changes. */
export interface AcceptedSet {
  /** By node. */
  readonly held: ReadonlyMap<NodeId, SignedAnnouncement>
  readonly places: ReadonlyMap<NodeId, Place>
  /** Every key that ever counted here. */
  readonly known: KnownKeys
  /** Pinned and attested keys. */
  readonly roots: readonly RootKey[]
}

export interface RefusedAnnouncement extends Refusal {
  readonly signed: SignedAnnouncement
}

export interface Acceptance {
  readonly set: AcceptedSet
  /** What counts now and did not before, parents before their children. */
  readonly accepted: readonly SignedAnnouncement[]
  /** What counted before and does not any more, without a newer one in its place. */
  readonly dropped: readonly SignedAnnouncement[]
  /** ANNOUNCEMENT_OLD, ANNOUNCEMENT_INVALID, ANNOUNCEMENT_ORPHAN, SEAL_INVALID and KEY_…; those held already are passed over. */
  readonly refused: readonly RefusedAnnouncement[]
  /** Keys that count for the first time. */
  readonly freshKeys: readonly NodeKey[]
}

/** Nothing held yet. */
export const nothingAccepted: AcceptedSet = { held: new Map(), places: new Map(), known: new Map(), roots: [] }

/** Keys as they were stored, for the set that a node starts with. */
export function knownKeysOf(keys: Iterable<readonly [node: NodeId, key: NodeKey]>): KnownKeys {
  const known = new Map<NodeId, Map<string, NodeKey>>()
  for (const [node, key] of keys) mapOf(known, node).set(key.kid, key)
  return known
}

/** Takes what can be taken; `at` is the node's own clock, ms. Without anything new it judges anew what is held. */
export function acceptAnnouncements(
  judge: Judge,
  set: AcceptedSet,
  { incoming, at }: { readonly incoming: readonly SignedAnnouncement[]; readonly at: number },
): Acceptance {
  const candidates = candidatesOf(set, incoming)
  const walked = walk(judge, { before: set.places, held: set.held, candidates, known: set.known, at })
  const { places, roots, registry, refused } = walked
  const held = new Map<NodeId, SignedAnnouncement>()
  const accepted: SignedAnnouncement[] = []
  const freshKeys: NodeKey[] = []
  for (const { node, parent, signed, keys } of places.values()) {
    if (signed !== null) {
      held.set(node, signed)
      if (set.held.get(node) !== signed) accepted.push(signed)
    }
    // Nobody has vouched for what a node says of itself alone, nor has a pinned one said yet how its key is to be read.
    if (parent === null && (signed === null || (walked.alone && node === judge.self))) continue
    for (const key of keys) {
      if (set.known.get(node)?.has(key.kid) !== true && registry.vouchedUntil(key.kid) !== null) freshKeys.push(key)
    }
  }
  return {
    set: { held, places, roots, known: withKeys(set.known, places, freshKeys) },
    accepted,
    dropped: [...set.held.values()].filter(({ announcement: { node } }) => !held.has(node)),
    refused: refusedOf(incoming, { set, held, refused }),
    freshKeys,
  }
}

/** Held and incoming ones of each node, newest first, each once. */
function candidatesOf(
  { held }: AcceptedSet,
  incoming: readonly SignedAnnouncement[],
): ReadonlyMap<NodeId, readonly SignedAnnouncement[]> {
  const candidates = new Map<NodeId, SignedAnnouncement[]>()
  for (const [node, signed] of held) candidates.set(node, [signed])
  for (const signed of incoming) {
    const { node } = signed.announcement
    const all = candidates.get(node)
    if (all === undefined) candidates.set(node, [signed])
    else if (!all.some(({ digest }) => digest === signed.digest)) all.push(signed)
  }
  for (const all of candidates.values()) {
    if (all.length > 1) all.sort((one, other) => compareAnnouncements(rankOf(other), rankOf(one)))
  }
  return candidates
}

function refusedOf(
  incoming: readonly SignedAnnouncement[],
  {
    set,
    held,
    refused,
  }: { set: AcceptedSet; held: AcceptedSet['held']; refused: ReadonlyMap<SignedAnnouncement, Refusal> },
): readonly RefusedAnnouncement[] {
  return incoming.flatMap((signed): RefusedAnnouncement[] => {
    const { node, parent } = signed.announcement
    const counts = held.get(node)
    if (counts?.digest === signed.digest || set.held.get(node)?.digest === signed.digest) return []
    if (counts !== undefined && compareAnnouncements(rankOf(signed), rankOf(counts)) < 0) {
      return [{ signed, code: 'ANNOUNCEMENT_OLD', detail: { node } }]
    }
    const why = refused.get(signed)
    if (why !== undefined) return [{ signed, code: why.code, detail: { ...why.detail, node } }]
    return [{ signed, code: 'ANNOUNCEMENT_ORPHAN', detail: { node, ...(parent === null ? {} : { parent }) } }]
  })
}

function withKeys(known: KnownKeys, places: ReadonlyMap<NodeId, Place>, fresh: readonly NodeKey[]): KnownKeys {
  if (fresh.length === 0) return known
  const kids = new Set(fresh.map(({ kid }) => kid))
  const all = new Map<NodeId, ReadonlyMap<string, NodeKey>>(known)
  for (const { node, keys } of places.values()) {
    const own = keys.filter(({ kid }) => kids.has(kid))
    if (own.length > 0) all.set(node, new Map([...(all.get(node) ?? []), ...own.map((key) => [key.kid, key] as const)]))
  }
  return all
}

function mapOf<Key, Inner, Value>(maps: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  const there = maps.get(key)
  if (there !== undefined) return there
  const made = new Map<Inner, Value>()
  maps.set(key, made)
  return made
}
