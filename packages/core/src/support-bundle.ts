/**
 * Support bundles that a node sends to the one above it: a document of its own between the two, with the custody that
 * documents have, over one link and no further.
 *
 * ```
 *   operator ──▶ node ──(kind `bundle`, sealed by the node)──▶ its parent ──▶ kept in a bounded place ──▶ operator there
 * ```
 */
import { type Core, kinds, type NodeId } from './document.ts'
import type { ErrorCode } from './errors.ts'
import { nodeRecipient } from './handover.ts'
import type { RoutingTable } from './routing.ts'
import type { Arrival } from './transit.ts'

/** Largest archive, bytes. */
export const maxBundleBytes = 32 * 1024 * 1024

/** What a node keeps of those it was sent. */
export interface BundleRoom {
  readonly perChild: number
  readonly bytesPerChild: number
  /** Of all children together. */
  readonly bytes: number
}

export const bundleRoom: BundleRoom = {
  perChild: 5,
  bytesPerChild: 2 * maxBundleBytes,
  bytes: 1024 * 1024 * 1024,
}

/**
 * Why a bundle may not go on here; null: it may. One that comes is for this very node and from a child that sends its own;
 * one that leaves is for the parent.
 */
export function bundleRefusal(
  table: Pick<RoutingTable, 'self' | 'parent' | 'children'>,
  arrival: Arrival,
  { from, recipients, size }: Pick<Core, 'from' | 'recipients' | 'size'>,
): Extract<ErrorCode, 'BUNDLE_REFUSED' | 'BUNDLE_TOO_LARGE'> | null {
  const leaves = arrival.from === 'self'
  const comes = arrival.from === 'child' && arrival.child === from && table.children.includes(from)
  const to = leaves ? table.parent : table.self
  const isFor = to !== null && recipients.length === 1 && recipients[0] === nodeRecipient(to)
  if (!isFor || !(leaves || comes)) return 'BUNDLE_REFUSED'
  return size > maxBundleBytes ? 'BUNDLE_TOO_LARGE' : null
}

/** A bundle that is kept; the ids ascend in the order in which they came. */
export interface KeptBundle {
  readonly id: number
  readonly child: NodeId
  readonly size: number
}

/** Ids of those that go for the sake of the newest: the oldest of its child, then the oldest of all. The newest stays. */
export function outgrown(kept: readonly KeptBundle[], room: BundleRoom): readonly number[] {
  const newest = kept.reduce<KeptBundle | null>(
    (last, each) => (last === null || each.id > last.id ? each : last),
    null,
  )
  if (newest === null) return []
  const isOwn = ({ child }: KeptBundle) => child === newest.child
  const own = { bundles: room.perChild, bytes: room.bytesPerChild }
  const left = within(kept.filter(isOwn), own)
  const all = within([...left, ...kept.filter((each) => !isOwn(each))], { bundles: Infinity, bytes: room.bytes })
  const stays = new Set(all.map(({ id }) => id))
  return kept.map(({ id }) => id).filter((id) => !stays.has(id))
}

/** The newest of them, and those before it that fit. */
function within(
  bundles: readonly KeptBundle[],
  bound: { readonly bundles: number; readonly bytes: number },
): readonly KeptBundle[] {
  let bytes = 0
  return [...bundles]
    .sort((a, b) => b.id - a.id)
    .filter(({ size }, index) => {
      bytes += size
      return index === 0 || (index < bound.bundles && bytes <= bound.bytes)
    })
}

/** What a node reads that does not say it: the kinds there were before nodes said how many. */
const kindsUntold = kinds.indexOf('bundle')

/**
 * Why a bundle on its way to that node never gets there; null: it may. `heard`: what the parent
 * says of itself, null before that; `kinds`: how many of them it reads.
 */
export function bundleEnd(
  node: NodeId,
  parent: { readonly id: NodeId; readonly heard: { readonly kinds?: number } | null } | null,
): Extract<ErrorCode, 'BUNDLE_REFUSED' | 'PARENT_OLDER'> | null {
  if (parent?.id !== node) return 'BUNDLE_REFUSED'
  const isOlder = parent.heard !== null && (parent.heard.kinds ?? kindsUntold) <= kinds.indexOf('bundle')
  return isOlder ? 'PARENT_OLDER' : null
}
