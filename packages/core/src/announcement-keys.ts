/**
 * Whose seal an announcement bears, and which keys it may bring.
 *
 * What a registry says of a key (`trust.ts`) depends on nothing but the announcements that count, so that it does not
 * matter in which order they came. One thing is remembered beyond them: every key that ever counted. A unit that is
 * captured cannot give another key to a unit that has one already, not even by leaving it out for a while.
 */
import type { Announcement, SignedAnnouncement } from './announcement.ts'
import type { NodeKey } from './directory.ts'
import type { NodeId } from './document.ts'
import type { ErrorCode, ErrorDetail } from './errors.ts'
import { findKey, type Registry, type RegistryNode, registryOf } from './trust.ts'
import type { KeyRevocation } from './trust-change.ts'
import { nodeOfKid, revocationStatement } from './trust-statement.ts'

export interface Refusal {
  readonly code: ErrorCode
  readonly detail: ErrorDetail
}

/** All keys that ever counted, by node and kid. */
export type KnownKeys = ReadonlyMap<NodeId, ReadonlyMap<string, NodeKey>>

/** True when the seal is that of this public key over the announcement's bytes. Asked often: keep the answers. */
export type VerifyAnnouncement = (signed: SignedAnnouncement, publicKey: string) => boolean

/** A revocation with the public key that is said to have signed it. */
export interface SignedRevocation extends KeyRevocation {
  readonly signer: string
}

/** null when the seal is by a key of its node that may be used at `at`; without `at` it may have expired since. */
export function sealRefusal(
  registry: Registry,
  signed: SignedAnnouncement,
  { verify, at }: { readonly verify: VerifyAnnouncement; readonly at: number | null },
): Refusal | null {
  const { kid, announcement } = signed
  if (nodeOfKid(kid) !== announcement.node) return { code: 'SEAL_INVALID', detail: { kid } }
  // At no instant nothing has expired.
  const found = findKey(registry, kid, at ?? Number.NaN)
  if (!found.found) return { code: found.code, detail: found.detail }
  return verify(signed, found.key.publicKey) ? null : { code: 'SEAL_INVALID', detail: { kid } }
}

/** These keys, those that hold revocations name marked as taken back. */
export function withRevocations(
  registry: Pick<Registry, 'verify'>,
  keys: readonly NodeKey[],
  revocations: readonly SignedRevocation[],
): readonly NodeKey[] {
  if (revocations.length === 0) return keys
  return keys.map((key) => {
    const { kid, publicKey } = key
    const holding = revocations.filter((each) => {
      if (each.kid !== kid) return false
      const bytes = revocationStatement({ kid, publicKey, revokedAt: each.revokedAt })
      return bytes !== null && registry.verify(each.signer, bytes, each.signature)
    })
    const [first] = holding.map(({ revokedAt }) => revokedAt).sort((one, other) => one - other)
    return first === undefined ? key : { ...key, revokedAt: first }
  })
}

/** The revocations of an announcement, with the keys of its node that signed them. Others say nothing. */
export function signedRevocations(
  keys: readonly NodeKey[],
  { revocations }: Announcement,
): readonly SignedRevocation[] {
  return revocations.flatMap((revocation) => {
    const signer = keys.find(({ kid }) => kid === revocation.by)
    return signer === undefined ? [] : [{ ...revocation, signer: signer.publicKey }]
  })
}

/**
 * Why this list of a node's keys is not taken beside those that are known: KEY_EXISTS when it has another key of the
 * same name, KEY_HANDOVER_MISSING when a new key is signed neither by the one it follows nor by the grandparent.
 * `registry` is that of the announcement in question, its node's parent in it.
 */
export function keysRefusal(registry: Registry, node: RegistryNode, known: KnownKeys): Refusal | null {
  const before = known.get(node.id)
  if (before === undefined || before.size === 0) return null
  const fresh = node.keys.filter(({ kid }) => !before.has(kid))
  for (const key of node.keys) {
    const there = before.get(key.kid)
    if (there !== undefined && !sameKey(there, key)) return { code: 'KEY_EXISTS', detail: { kid: key.kid } }
  }
  if (fresh.length === 0) return null
  const trial = registryOf({ ...registry, nodes: overlay(registry.nodes, node) })
  for (const { kid, replaces } of fresh) {
    const follows = replaces !== undefined && (before.has(replaces) || node.keys.some((own) => own.kid === replaces))
    if (!follows || trial.vouchedUntil(kid) === null) {
      return { code: 'KEY_HANDOVER_MISSING', detail: { kid, node: node.id } }
    }
  }
  return null
}

function sameKey(one: NodeKey, other: NodeKey): boolean {
  return (['publicKey', 'validFrom', 'replaces'] as const).every((field) => one[field] === other[field])
}

/** The same nodes with this one in place of its former self. */
function overlay(nodes: ReadonlyMap<NodeId, RegistryNode>, node: RegistryNode): Registry['nodes'] {
  return new Map(nodes).set(node.id, node)
}
