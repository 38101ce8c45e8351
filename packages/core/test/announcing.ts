/** Announcements of small federations, sealed with real keys; the bytes are JSON here. */
import { createHash, sign, verify } from 'node:crypto'
import {
  type AnnouncedChild,
  type Announcement,
  type Judge,
  type NodeKey,
  nodeOfKid,
  type RootKey,
  revocationStatement,
  type SignedAnnouncement,
} from '@lienthong/core'
import { entry, type Holder, newKey, newPair, verifySignature } from './trust-federation.ts'

/** A key that seals announcements as well. */
export interface Sealer extends Holder {
  seal(announcement: Announcement, as?: string): SignedAnnouncement
}

/** What a node says, versions left out for `say` to fill in. */
export type Words = Partial<Omit<Announcement, 'node' | 'children'>> & { readonly children?: readonly AnnouncedChild[] }

export function newSealer(kid: string): Sealer {
  const pair = newPair()
  // A holder of the same key pair: vouchers and seals are made with one key.
  const holder = newKey(kid, pair)
  return {
    ...holder,
    seal(announcement, as = kid) {
      const bytes = Buffer.from(JSON.stringify(announcement))
      return signedOf(announcement, as, { bytes, seal: sign(null, bytes, pair.privateKey) })
    },
  }
}

export function signedOf(
  announcement: Announcement,
  kid: string,
  { bytes, seal }: { readonly bytes: Uint8Array; readonly seal: Uint8Array },
): SignedAnnouncement {
  const digest = createHash('sha256').update(bytes).update(seal).digest('hex')
  return { announcement, kid, bytes, seal, digest }
}

function verifyAnnouncement({ bytes, seal }: SignedAnnouncement, x: string): boolean {
  return verify(null, bytes, { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' } as never, seal)
}

/** Remembers every answer, as a node does. */
export function judgeOf(self: string, own: RootKey, roots: readonly RootKey[] = []): Judge {
  const vouched = remembering<Parameters<Judge['verify']>>(
    (...call) => verifySignature(...call),
    ([x, bytes, signature]) => [x, Buffer.from(bytes).toString(), signature].join(' '),
  )
  const sealed = remembering<[SignedAnnouncement, string]>(
    (signed, x) => verifyAnnouncement(signed, x),
    ([{ digest }, x]) => `${digest} ${x}`,
  )
  return { self, own: [own], roots, verify: vouched, verifyAnnouncement: sealed }
}

function remembering<Call extends unknown[]>(ask: (...call: Call) => boolean, name: (call: Call) => string) {
  const answers = new Map<string, boolean>()
  return (...call: Call): boolean => {
    const key = name(call)
    const answer = answers.get(key) ?? ask(...call)
    answers.set(key, answer)
    return answer
  }
}

export function announcementOf(node: string, words: Words = {}): Announcement {
  return {
    node,
    parent: null,
    epoch: 1,
    version: 1,
    issuedAt: 0,
    tier: 't',
    keys: [],
    children: [],
    organisations: [],
    groups: {},
    revocations: [],
    attests: [],
    ...words,
  }
}

/** A child as `parent` announces it, its first key vouched for. */
export function childOf(child: Sealer, parent: Sealer, fields: Partial<AnnouncedChild> = {}): AnnouncedChild {
  const id = nodeOfKid(child.kid) ?? ''
  return { id, tier: 't', keys: [entry(child, [parent])], delegates: [id], ...fields }
}

export function organ(id: string, fields: Partial<Announcement['organisations'][number]> = {}) {
  return { id, name: `office ${id}`, parent: null, ...fields }
}

export function rootOf({ kid, publicKey }: Sealer | NodeKey): RootKey {
  return { kid, publicKey }
}

/** Takes back a key by another. */
export function takeBack(by: Sealer, key: RootKey, revokedAt: number): Announcement['revocations'][number] {
  if (revocationStatement({ ...key, revokedAt }) === null) throw new Error('nothing to take back')
  return { kid: key.kid, ...by.revoke(key, revokedAt) }
}
