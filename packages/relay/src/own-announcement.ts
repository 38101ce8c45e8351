/** What this node says of itself: its declared content, and what an administrator's file does not hold. */
import {
  type AnnouncedChild,
  type Announcement,
  type AnnouncementVersion,
  type Declared,
  type KeyRevocation,
  keyStatement,
  type NodeId,
  type NodeKey,
  type RootKey,
  revocationStatement,
} from '@lienthong/core'
import type { SealingKey } from '@lienthong/link'

/** Everything a node announces but its version. */
export interface OwnWord {
  readonly node: NodeId
  readonly parent: NodeId | null
  readonly tier: string
  readonly keys: readonly NodeKey[]
  readonly declared: Declared
  /** Keys of children, also of those that are none now. */
  readonly childKeys: ReadonlyMap<NodeId, readonly NodeKey[]>
  readonly revocations: readonly KeyRevocation[]
  readonly attests: readonly RootKey[]
}

export function announcementOf(word: OwnWord, version: AnnouncementVersion, issuedAt: number): Announcement {
  const { declared, childKeys, node, parent, tier, keys, revocations, attests } = word
  const children = declared.children.map((child): AnnouncedChild => ({ ...child, keys: childKeys.get(child.id) ?? [] }))
  return {
    node,
    parent,
    epoch: version.epoch,
    version: version.version,
    issuedAt,
    tier,
    keys,
    children,
    organisations: declared.organisations,
    groups: declared.groups,
    revocations,
    attests,
  }
}

/** The word that an announcement of this node says; exceptions are nobody's but the administrator's. */
export function wordOf(
  { node, parent, tier, keys, children, organisations, groups, revocations, attests }: Announcement,
  exceptions: Declared['exceptions'],
): OwnWord {
  return {
    node,
    parent,
    tier,
    keys,
    declared: {
      children: children.map(({ id, tier: word, delegates }) => ({ id, tier: word, delegates })),
      organisations,
      groups,
      exceptions,
    },
    childKeys: new Map(children.map((child) => [child.id, child.keys])),
    revocations,
    attests,
  }
}

/** The key with a voucher of this one, unless it has one already. null for a key that no statement can name. */
export function vouchedBy(signer: SealingKey, key: NodeKey): NodeKey | null {
  const vouchers = key.vouchers ?? []
  if (vouchers.some(({ by, until }) => by === signer.kid && until === undefined)) return key
  const { kid, publicKey, validFrom, replaces } = key
  const statement = keyStatement({
    kid,
    publicKey,
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(replaces === undefined ? {} : { replaces }),
  })
  if (statement === null) return null
  return { ...key, vouchers: [...vouchers, { by: signer.kid, signature: base64url(signer.sign(statement)) }] }
}

/** `key` taken back by `signer`; null for a key that no statement can name. */
export function revocationOf(signer: SealingKey, key: RootKey, revokedAt: number): KeyRevocation | null {
  const statement = revocationStatement({ kid: key.kid, publicKey: key.publicKey, revokedAt })
  if (statement === null) return null
  return { kid: key.kid, revokedAt, by: signer.kid, signature: base64url(signer.sign(statement)) }
}

/** The keys of a pinned node with its newest, handed over by the one before; null when that one is not at hand. */
export function handedOver(
  keys: readonly NodeKey[],
  key: SealingKey,
  earlier: readonly SealingKey[],
): readonly NodeKey[] | null {
  const { kid, publicKey } = key
  if (keys.some((own) => own.kid === kid)) return keys
  const last = keys.at(-1)
  if (last === undefined) return [{ kid, publicKey, vouchers: [] }]
  const before = earlier.find((own) => own.kid === last.kid)
  const next = before === undefined ? null : vouchedBy(before, { kid, publicKey, replaces: last.kid })
  return next === null ? null : [...keys, next]
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
