/**
 * The registry of keys: whose key it is, who vouches for it, and whether it may be used now.
 *
 * - A directory without `roots` is believed as a file: every key in it counts, whoever signed it.
 * - With roots, a key counts when its node's parent vouches for it with a key that counts, and so on
 *   up to a pinned one. The nearest pinned node above ends the chain: nobody above it has a say
 *   inside. The keys of a pinned node are the pinned one and what it handed over to.
 * - A node's second key needs more than its parent: the signature of the key it replaces, or that of
 *   the grandparent. A pinned parent is its own grandparent. Of two keys that claim the same place
 *   – two first ones, two that replace the same – none counts.
 * - A revoked key vouches for nothing; an expired one has vouched. (What it may still do *now* is
 *   asked by `acceptKey`.) A hand-over stays one when the old key is revoked later: the parent's word
 *   carries the new key then.
 *
 * Not here: which changes a registry takes (`trust-change.ts`), the bytes signed (`trust-statement.ts`).
 */
import type { Directory, DirectoryNode, NodeKey, RootKey, SigningCertificate, Validity, Voucher } from './directory.ts'
import type { NodeId } from './document.ts'
import type { ErrorCode, ErrorDetail } from './errors.ts'
import { lookupKey } from './organisation-code.ts'
import { otherCodesOf } from './organisation-index.ts'
import { keyStatement, nodeOfKid } from './trust-statement.ts'

/**
 * How far the clock of whoever wrote a validity may differ from the clock of whoever checks it,
 * milliseconds: the day by which cores may come from the future.
 */
export const clockAllowanceMs = 86_400_000

export const keyStates = ['valid', 'not-yet', 'expired', 'revoked'] as const
export type KeyState = (typeof keyStates)[number]

/** True when `signature` (base64url) is that of the key `publicKey` (base64url) over the bytes. Never throws. */
export type VerifySignature = (publicKey: string, bytes: Uint8Array, signature: string) => boolean

export type RegistryNode = Pick<DirectoryNode, 'id' | 'parent' | 'keys'>

/** The keys of one directory, ready to be asked; never changes. Made by `openRegistry`. */
export interface Registry {
  readonly verify: VerifySignature
  readonly nodes: ReadonlyMap<NodeId, RegistryNode>
  /** Undefined: believed as a file. */
  readonly roots: readonly RootKey[] | undefined
  readonly certificates: ReadonlyMap<string, readonly SigningCertificate[]>
  /** Until when the chain vouches for a key, Infinity without end; null when it does not, or there is no such key. */
  vouchedUntil(kid: string): number | null
  /** True for a pinned node, and for the top of the tree when nothing is pinned. */
  isTop(node: RegistryNode): boolean
}

export type KeyAnswer =
  | { readonly found: true; readonly key: NodeKey }
  /** KEY_UNKNOWN, KEY_REVOKED, KEY_NOT_VOUCHED or KEY_EXPIRED, whose detail `state` is `expired` or `not-yet`. */
  | { readonly found: false; readonly code: ErrorCode; readonly detail: ErrorDetail }

/** Indexes a directory. Signatures are checked when a key is first asked for, each once. */
export function openRegistry(
  directory: Pick<Directory, 'roots'> & { readonly nodes: readonly RegistryNode[] } & Partial<
      Pick<Directory, 'organisations'>
    >,
  verify: VerifySignature,
): Registry {
  const certificates = new Map<string, readonly SigningCertificate[]>()
  const { organisations = [] } = directory
  for (const organ of organisations) {
    if (organ.certificates !== undefined)
      for (const code of otherCodesOf(organ)) certificates.set(lookupKey(code), organ.certificates)
  }
  // A code given out anew is its new owner's, with its certificates or with none.
  for (const { id, certificates: own = [] } of organisations) certificates.set(lookupKey(id), own)
  const nodes = new Map(directory.nodes.map((node) => [node.id, node]))
  return registryOf({ verify, nodes, roots: directory.roots, certificates })
}

type RegistryParts = Pick<Registry, 'verify' | 'nodes' | 'roots' | 'certificates'>

/** A registry of these parts, nothing checked yet. */
export function registryOf(parts: RegistryParts): Registry {
  const known = new Map<string, number | null>()
  const pinned = new Set(parts.roots?.map(({ kid }) => nodeOfKid(kid)))
  const registry: Registry = {
    ...parts,
    isTop: ({ id, parent }) => (parts.roots === undefined ? parent === null : pinned.has(id)),
    vouchedUntil: (kid) => {
      const answer = known.get(kid)
      if (answer !== undefined) return answer
      // A circle vouches for nobody.
      known.set(kid, null)
      const until = standingOf(registry, kid)
      known.set(kid, until)
      return until
    },
  }
  return registry
}

/** The state of a key or certificate at this instant of the checker's own clock, a day's allowance given. */
export function keyState({ validFrom, validTo, revokedAt }: Validity, at: number): KeyState {
  if (revokedAt !== undefined) return 'revoked'
  if (validFrom !== undefined && at < validFrom - clockAllowanceMs) return 'not-yet'
  if (validTo !== undefined && at > validTo + clockAllowanceMs) return 'expired'
  return 'valid'
}

/** The key of this name if a seal by it is to be believed now; otherwise why not. */
export function findKey(registry: Registry, kid: string, at: number): KeyAnswer {
  const key = entryOf(registry, kid)
  if (key === undefined) return refused('KEY_UNKNOWN', { kid })
  if (keyState(key, at) === 'revoked') return refused('KEY_REVOKED', { kid })
  const until = registry.vouchedUntil(kid)
  if (until === null) return refused('KEY_NOT_VOUCHED', { kid })
  const state = keyState(endedBy(key, until), at)
  return state === 'valid' ? { found: true, key } : refused('KEY_EXPIRED', { kid, state })
}

/** The state of an organisation's certificate, by any of its codes; `unknown` when it is not pinned for it. */
export function findCertificate(
  registry: Pick<Registry, 'certificates'>,
  { organ, fingerprint }: { readonly organ: string; readonly fingerprint: string },
  at: number,
): { readonly state: KeyState; readonly certificate: SigningCertificate } | { readonly state: 'unknown' } {
  const plain = plainFingerprint(fingerprint)
  const certificate = registry.certificates.get(lookupKey(organ))?.find((own) => own.fingerprint === plain)
  return certificate === undefined ? { state: 'unknown' } : { state: keyState(certificate, at), certificate }
}

/** A fingerprint as the directory has it: `AB:CD…` and `abcd…` are one. */
export function plainFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}

/** The entry of a key, whether or not it counts. */
export function entryOf(registry: Pick<Registry, 'nodes'>, kid: string): NodeKey | undefined {
  return registry.nodes.get(nodeOfKid(kid) ?? '')?.keys.find((key) => key.kid === kid)
}

/** The same key, ending at this instant unless it ends earlier. */
export function endedBy<Key extends Validity>(key: Key, until: number): Key {
  return until === Infinity || (key.validTo ?? Infinity) <= until ? key : { ...key, validTo: until }
}

/** True when the signature of this voucher is that of `signer` over what it vouches for. */
export function holds(registry: Pick<Registry, 'verify'>, key: NodeKey, voucher: Voucher, signer: RootKey): boolean {
  const { until, signature } = voucher
  const bytes = keyStatement({ ...key, ...(until === undefined ? {} : { until }) })
  return bytes !== null && registry.verify(signer.publicKey, bytes, signature)
}

function standingOf(registry: Registry, kid: string): number | null {
  const key = entryOf(registry, kid)
  const node = registry.nodes.get(nodeOfKid(kid) ?? '')
  if (key === undefined || node === undefined) return null
  const { roots } = registry
  if (roots === undefined) return Infinity
  if (registry.isTop(node)) {
    if (roots.some((root) => root.kid === kid && root.publicKey === key.publicKey)) return Infinity
    return hasItsPlace(node, key) ? vouchedBy(registry, key, (by) => by === key.replaces) : null
  }
  const { parent } = node
  if (parent === null || !hasItsPlace(node, key)) return null
  const until = vouchedBy(registry, key, (by) => nodeOfKid(by) === parent)
  return until !== null && follows(registry, node, key) ? until : null
}

/** No other key of the node claims to be the first as well, or to replace the same one. */
export function hasItsPlace(node: Pick<RegistryNode, 'keys'>, key: NodeKey): boolean {
  return node.keys.every((other) => other.kid === key.kid || other.replaces !== key.replaces)
}

/** Handed over by the key it replaces, or countersigned where that is not to be had. */
function follows(registry: Registry, node: RegistryNode, key: NodeKey): boolean {
  if (key.replaces === undefined) return true
  const parent = registry.nodes.get(node.parent ?? '')
  if (parent === undefined) return false
  const old = node.keys.find((other) => other.kid === key.replaces)
  if (old !== undefined && key.vouchers?.some((each) => each.by === old.kid && holds(registry, key, each, old)))
    return true
  return registry.isTop(parent) || vouchedBy(registry, key, (by) => nodeOfKid(by) === parent.parent) !== null
}

/** The latest end among the vouchers of such signers; null when none of them counts. */
function vouchedBy(registry: Registry, key: NodeKey, who: (by: string) => boolean): number | null {
  let latest: number | null = null
  for (const voucher of key.vouchers ?? []) {
    const until = voucher.until ?? Infinity
    if (!who(voucher.by) || (latest !== null && until <= latest)) continue
    const signer = entryOf(registry, voucher.by)
    if (signer === undefined || signer.revokedAt !== undefined || registry.vouchedUntil(signer.kid) === null) continue
    if (holds(registry, key, voucher, signer)) latest = until
  }
  return latest
}

function refused(code: ErrorCode, detail: ErrorDetail): KeyAnswer {
  return { found: false, code, detail }
}
