/** Who judges announcements at this node: its pinned keys, and checks of signatures that are done once each. */
import { type Judge, nodeOfKid, type RootKey, type SignedAnnouncement } from '@lienthong/core'
import { sealHolds, verifySignature } from '@lienthong/link'
import type { NodeConfig } from './contract.ts'
import type { LivingDirectory } from './living.ts'

/** Answers about vouchers remembered; past it all are forgotten, and asked for again. */
const rememberedVouchers = 60_000

export interface DirectoryJudge extends Judge {
  /** The seal of this one was checked with this key before it was stored. */
  trust(signed: SignedAnnouncement, publicKey: string): void
  /** The key its seal was checked with; null when it was not. */
  checkedWith(signed: SignedAnnouncement): string | null
}

/** True for a node that is pinned by itself: nobody vouches for its keys but the one before. */
export function isPinned({ id }: Pick<NodeConfig, 'id'>, { roots }: LivingDirectory): boolean {
  return roots.length === 0 || roots.some(({ kid }) => nodeOfKid(kid) === id)
}

/** `root`: what this node pins itself by when it is the top of its axis and nothing else is configured. */
export function createJudge(
  { id, key, earlierKeys = [] }: Pick<NodeConfig, 'id' | 'key' | 'earlierKeys'>,
  { roots }: LivingDirectory,
  root: RootKey,
): DirectoryJudge {
  const held = new WeakMap<SignedAnnouncement, string>()
  const vouched = new Map<string, boolean>()
  return {
    self: id,
    own: [key, ...earlierKeys].map(({ kid, publicKey }) => ({ kid, publicKey })),
    roots: roots.length === 0 ? [root] : roots,
    verify(publicKey, bytes, signature) {
      const name = `${publicKey} ${signature} ${Buffer.from(bytes).toString('latin1')}`
      const known = vouched.get(name)
      if (known !== undefined) return known
      if (vouched.size >= rememberedVouchers) vouched.clear()
      const answer = verifySignature(publicKey, bytes, signature)
      vouched.set(name, answer)
      return answer
    },
    verifyAnnouncement(signed, publicKey) {
      if (held.get(signed) === publicKey) return true
      if (!sealHolds(signed.bytes, signed.seal, publicKey)) return false
      held.set(signed, publicKey)
      return true
    },
    trust: (signed, publicKey) => void held.set(signed, publicKey),
    checkedWith: (signed) => held.get(signed) ?? null,
  }
}
