/**
 * Which changes a registry takes. A change is judged by what the registry knew before it, never by
 * what it says of itself, and by keys that may be used at that moment: an expired or revoked key, or
 * one not valid yet, vouches for nothing new.
 *
 * A captured unit holds its own keys and those it vouched for. So it can add new units below itself,
 * but it cannot give a key to anyone outside its subtree (their parent does not vouch), nor another
 * key to a unit that already has one (neither the old key nor the grandparent signs).
 */
import type { NodeKey, Voucher } from './directory.ts'
import type { NodeId } from './document.ts'
import type { ErrorCode, ErrorDetail } from './errors.ts'
import { entryOf, findKey, holds, keyState, type Registry, type RegistryNode, registryOf } from './trust.ts'
import { nodeOfKid, revocationStatement } from './trust-statement.ts'

/** A key for a node, which may be new; or more vouchers for a key that is there already. */
export interface KeyChange {
  readonly node: NodeId
  /** As the registry has it, or as it is to have it. Moving a node is no change of its key. */
  readonly parent: NodeId | null
  readonly key: NodeKey
}

export interface KeyRevocation {
  readonly kid: string
  readonly revokedAt: number
  /** A key of the same node, or of any node above it up to the pinned one. */
  readonly by: string
  /** Over `revocationStatement`, base64url. */
  readonly signature: string
}

export type ChangeAnswer =
  | { readonly accepted: true; readonly registry: Registry }
  /**
   * KEY_NOT_VOUCHED (the parent does not, or nobody may), KEY_HANDOVER_MISSING (neither old key nor
   * grandparent), KEY_EXISTS (the kid is taken, or the old key was handed over already), KEY_EXPIRED,
   * KEY_REVOKED, KEY_UNKNOWN, DIRECTORY_INVALID (no kid of this node, another parent).
   */
  | { readonly accepted: false; readonly code: ErrorCode; readonly detail: ErrorDetail }

/** The registry with this key in it, and with those of its vouchers that hold now; otherwise why not. */
export function acceptKey(registry: Registry, change: KeyChange, at: number): ChangeAnswer {
  const { key, parent } = change
  const { kid } = key
  if (nodeOfKid(kid) !== change.node) return refuse('DIRECTORY_INVALID', { reason: 'kid of another node', id: kid })
  if (key.revokedAt !== undefined) return refuse('KEY_REVOKED', { kid })
  if (keyState(key, at) === 'expired') return refuse('KEY_EXPIRED', { kid, state: 'expired' })
  const known = registry.nodes.get(change.node)
  if (known !== undefined ? known.parent !== parent : parent === null || !registry.nodes.has(parent)) {
    return refuse('DIRECTORY_INVALID', { reason: 'another parent', id: change.node })
  }
  const node = known ?? { id: change.node, parent, keys: [] }
  const vouchers = livingVouchers(registry, { node, key }, at)
  const there = node.keys.find((own) => own.kid === kid)
  if (there !== undefined) return vouchAgain(registry, node, { there, key, vouchers })
  return unlessRefused(whyNot(registry, node, { key, vouchers }), () => {
    return withNode(registry, { ...node, keys: [...node.keys, { ...key, vouchers }] })
  })
}

/** The registry with this key taken back for good; unchanged when it was already. */
export function acceptRevocation(registry: Registry, revocation: KeyRevocation, at: number): ChangeAnswer {
  const { kid, by, revokedAt } = revocation
  const key = entryOf(registry, kid)
  const node = registry.nodes.get(nodeOfKid(kid) ?? '')
  if (key === undefined || node === undefined) return refuse('KEY_UNKNOWN', { kid })
  if (key.revokedAt !== undefined) return { accepted: true, registry }
  const signer = findKey(registry, by, at)
  if (!signer.found) return refuse(signer.code, signer.detail)
  const bytes = revocationStatement({ kid, publicKey: key.publicKey, revokedAt })
  const signed = bytes !== null && registry.verify(signer.key.publicKey, bytes, revocation.signature)
  if (!signed || !isAtOrAbove(registry, node, nodeOfKid(by))) return refuse('KEY_NOT_VOUCHED', { kid, by })
  const keys = node.keys.map((own) => (own.kid === kid ? { ...own, revokedAt } : own))
  return { accepted: true, registry: withNode(registry, { ...node, keys }) }
}

interface Offered {
  readonly key: NodeKey
  readonly vouchers: readonly Voucher[]
}

function whyNot(registry: Registry, node: RegistryNode, offered: Offered): Refusal | null {
  const { kid, replaces } = offered.key
  const top = registry.isTop(node)
  if (!top && !signedBy(offered, node.parent)) return { code: 'KEY_NOT_VOUCHED', detail: { kid } }
  if (node.keys.length > 0) return whyNotNext(registry, node, offered)
  if (replaces !== undefined) return { code: 'KEY_UNKNOWN', detail: { kid: replaces } }
  return top ? { code: 'KEY_NOT_VOUCHED', detail: { kid } } : null
}

/** For a node that has had a key: the newest of its keys is followed, with its signature or the grandparent's. */
function whyNotNext(registry: Registry, node: RegistryNode, offered: Offered): Refusal | null {
  const { kid, replaces } = offered.key
  const missing = { code: 'KEY_HANDOVER_MISSING', detail: { kid, node: node.id } } as const
  if (!node.keys.some((own) => own.kid === replaces)) return missing
  const next = node.keys.find((own) => own.replaces === replaces)
  if (next !== undefined) return { code: 'KEY_EXISTS', detail: { kid: next.kid } }
  if (offered.vouchers.some((each) => each.by === replaces)) return null
  const parent = registry.nodes.get(node.parent ?? '')
  if (registry.isTop(node) || parent === undefined) return missing
  return registry.isTop(parent) || signedBy(offered, parent.parent) ? null : missing
}

function signedBy({ vouchers }: Offered, node: NodeId | null): boolean {
  return node !== null && vouchers.some((each) => nodeOfKid(each.by) === node)
}

/** More vouchers for the same key, as after the key of its parent was revoked. */
function vouchAgain(
  registry: Registry,
  node: RegistryNode,
  { there, key, vouchers }: Offered & { readonly there: NodeKey },
): ChangeAnswer {
  const same = (['publicKey', 'validFrom', 'replaces'] as const).every((field) => there[field] === key[field])
  if (!same) return refuse('KEY_EXISTS', { kid: key.kid })
  if (there.revokedAt !== undefined) return refuse('KEY_REVOKED', { kid: key.kid })
  const had = there.vouchers ?? []
  const fresh = vouchers.filter((each) => !had.some((old) => sameVoucher(old, each)))
  if (fresh.length === 0) {
    const nothingNew = (key.vouchers ?? []).every((each) => had.some((old) => sameVoucher(old, each)))
    return nothingNew ? { accepted: true, registry } : refuse('KEY_NOT_VOUCHED', { kid: key.kid })
  }
  const keys = node.keys.map((own) => (own === there ? { ...own, vouchers: [...had, ...fresh] } : own))
  return { accepted: true, registry: withNode(registry, { ...node, keys }) }
}

/** Vouchers that hold, by keys that may be used now and whose word counts here: the old one, parent and grandparent. */
function livingVouchers(
  registry: Registry,
  { node, key }: { readonly node: RegistryNode; readonly key: NodeKey },
  at: number,
): readonly Voucher[] {
  const above = [node.parent, registry.nodes.get(node.parent ?? '')?.parent]
  return (key.vouchers ?? []).filter((voucher) => {
    if (voucher.by !== key.replaces && !above.includes(nodeOfKid(voucher.by) ?? undefined)) return false
    const signer = findKey(registry, voucher.by, at)
    return signer.found && holds(registry, key, voucher, signer.key)
  })
}

function isAtOrAbove(registry: Registry, node: RegistryNode, id: NodeId | null): boolean {
  let at: RegistryNode | undefined = node
  // As many steps as there are nodes: a circle of parents has no top.
  for (let steps = 0; at !== undefined && steps < registry.nodes.size; steps += 1) {
    if (at.id === id) return true
    if (registry.isTop(at)) return false
    at = registry.nodes.get(at.parent ?? '')
  }
  return false
}

function withNode(registry: Registry, node: RegistryNode): Registry {
  return registryOf({ ...registry, nodes: new Map(registry.nodes).set(node.id, node) })
}

function sameVoucher(one: Voucher, other: Voucher): boolean {
  return one.by === other.by && one.signature === other.signature && one.until === other.until
}

interface Refusal {
  readonly code: ErrorCode
  readonly detail: ErrorDetail
}

function unlessRefused(refusal: Refusal | null, next: () => Registry): ChangeAnswer {
  return refusal === null ? { accepted: true, registry: next() } : { accepted: false, ...refusal }
}

function refuse(code: ErrorCode, detail: ErrorDetail): ChangeAnswer {
  return { accepted: false, code, detail }
}
