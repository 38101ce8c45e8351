/** Federations whose keys are vouched for from the top down, with every private key at hand. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import {
  acceptKey,
  type KeyChange,
  keyStatement,
  type NodeKey,
  nodeOfKid,
  openRegistry,
  type Registry,
  type RootKey,
  revocationStatement,
  type StatedKey,
  type VerifySignature,
  type Voucher,
} from '@lienthong/core'

export const now = Date.UTC(2026, 0, 15)
export const dayMs = 86_400_000

export const verifySignature: VerifySignature = (x, bytes, signature) =>
  verify(
    null,
    bytes,
    { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' } as never,
    Buffer.from(signature, 'base64url'),
  )

export interface Holder {
  readonly kid: string
  readonly publicKey: string
  /** Signs about a key, under its own name or another. */
  vouch(key: StatedKey, options?: { readonly by?: string; readonly until?: number }): Voucher
  revoke(
    key: RootKey,
    revokedAt: number,
  ): { readonly by: string; readonly signature: string; readonly revokedAt: number }
}

export function newKey(kid: string, pair = newPair()): Holder {
  const { privateKey, publicKey } = pair
  const over = (bytes: Uint8Array | null) => {
    if (bytes === null) throw new Error(`nothing to sign by ${kid}`)
    return sign(null, bytes, privateKey).toString('base64url')
  }
  return {
    kid,
    publicKey,
    vouch: ({ kid: about, publicKey: x, validFrom, replaces }, { by = kid, until } = {}) => {
      const stated = { kid: about, publicKey: x, validFrom, replaces, until } as StatedKey
      return { by, signature: over(keyStatement(stated)), ...(until === undefined ? {} : { until }) }
    },
    revoke: (key, revokedAt) => ({
      by: kid,
      revokedAt,
      signature: over(revocationStatement({ kid: key.kid, publicKey: key.publicKey, revokedAt })),
    }),
  }
}

/** Encoded and read again, as the link package does it, so that no export ever waits for the job that generated the key. */
export function newPair(): { readonly privateKey: KeyObject; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
  return {
    privateKey: createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' }),
    publicKey: publicKey.subarray(-32).toString('base64url'),
  }
}

/** The entry of a key with the vouchers of these signers. */
export function entry(
  key: Pick<Holder, 'kid' | 'publicKey'>,
  signers: readonly Holder[],
  fields: Partial<NodeKey> = {},
): NodeKey {
  const { vouchers: _, ...plain } = { vouchers: [], kid: key.kid, publicKey: key.publicKey, ...fields }
  return { ...plain, vouchers: signers.map((signer) => signer.vouch(plain)) }
}

/** The change that gives this key to the node its kid names. */
export function changeOf(registry: Registry, key: NodeKey, parent?: string | null): KeyChange {
  const node = nodeOfKid(key.kid) ?? ''
  return { node, parent: parent === undefined ? (registry.nodes.get(node)?.parent ?? null) : parent, key }
}

/** Throws with the refusal's code. */
export function mustAccept(registry: Registry, change: KeyChange, at = now): Registry {
  const answer = acceptKey(registry, change, at)
  if (!answer.accepted) throw new Error(`${answer.code} ${JSON.stringify(answer.detail)}`)
  return answer.registry
}

export interface Federation {
  readonly registry: Registry
  /** Each node's first key. */
  readonly keys: ReadonlyMap<string, Holder>
  key(node: string): Holder
}

/** One key for each node, accepted from the top down; the first node's is pinned. */
export function federationOf(tree: readonly { readonly id: string; readonly parent: string | null }[]): Federation {
  const keys = new Map(tree.map(({ id }) => [id, newKey(`${id}#1`)]))
  const key = (node: string): Holder => keys.get(node) ?? newKey(`${node}#0`)
  const [top] = tree
  if (top === undefined) throw new Error('a federation without nodes')
  const { kid, publicKey } = key(top.id)
  const root = { kid, publicKey }
  let registry = openRegistry({ nodes: [{ id: top.id, parent: null, keys: [root] }], roots: [root] }, verifySignature)
  for (const { id, parent } of tree.slice(1)) {
    registry = mustAccept(registry, changeOf(registry, entry(key(id), [key(parent ?? '')]), parent))
  }
  return { registry, keys, key }
}

/** G22 over H29 over H29.18 over H29.18.05; H26 beside H29. */
export const fourTiers = [
  { id: 'G22', parent: null },
  { id: 'H29', parent: 'G22' },
  { id: 'H29.18', parent: 'H29' },
  { id: 'H29.18.05', parent: 'H29.18' },
  { id: 'H26', parent: 'G22' },
] as const
