/** The directory: which organisations and nodes exist. Static for now, versioned from the start. */
import type { NodeId, OrganId } from './document.ts'
import type { FormerNode } from './former-nodes.ts'
import type { NewDocumentWay, SplitRule } from './new-documents.ts'

/** From when to when something may be used, and whether it was taken back; milliseconds since 1970. */
export interface Validity {
  /** @default since ever */
  readonly validFrom?: number
  /** @default without end */
  readonly validTo?: number
  /** When it was taken back, for people: it counts as revoked as soon as this is there. */
  readonly revokedAt?: number
}

/** One signature under a key: who says that the key is what its entry says (`keyStatement`). */
export interface Voucher {
  /** kid of the key that signed: the parent's, the replaced one, or the grandparent's. */
  readonly by: string
  /** Ed25519, 64 bytes, base64url without padding. */
  readonly signature: string
  /** Vouched for no longer than this; the key's own `validTo` may end it earlier. @default without end */
  readonly until?: number
}

export interface NodeKey extends Validity {
  /** `<node id>#<number>`, as the seals name it. Never given a second time. */
  readonly kid: string
  /** Ed25519 public key, 32 bytes, base64url without padding. */
  readonly publicKey: string
  /** kid of the key of the same node that this one follows; none for a node's first key. */
  readonly replaces?: string
  readonly vouchers?: readonly Voucher[]
  /** Why it was revoked, for people. */
  readonly revokedFor?: string
}

/** A key believed without anybody vouching for it: the top of every chain. */
export type RootKey = Pick<NodeKey, 'kid' | 'publicKey'>

/** A certificate an organisation signs packets with, known by its fingerprint and by nothing else. */
export interface SigningCertificate extends Validity {
  /** SHA-256 of the certificate (DER), lower-case hex. */
  readonly fingerprint: string
}

export interface DirectoryNode {
  readonly id: NodeId
  /** A word for people. No code branches on it. */
  readonly tier: string
  /** null for the root. */
  readonly parent: NodeId | null
  readonly keys: readonly NodeKey[]
}

export interface Organisation {
  /** Today's code, and the name used everywhere. Never given to another organisation of the same directory. */
  readonly id: OrganId
  readonly name: string
  /** The code it had before this one, in either written form. */
  readonly oldCode?: string
  /** Its code by QCVN 102:2016, `000.00.18.H29`. */
  readonly code102?: string
  /** Parent organisation, null at the top. */
  readonly parent: OrganId | null
  /** The node that keeps its mailbox, also after it has closed without anybody who took over. */
  readonly node: NodeId
  readonly mail?: string
  /** First day on which it exists, `yyyy-MM-dd`, a day in Vietnam. @default since ever */
  readonly validFrom?: string
  /** Last day on which it exists. Afterwards it is closed: nothing new is addressed to it. @default for ever */
  readonly validTo?: string
  /** Who took over when it closed: one, or several when it was split. Only with `validTo`. */
  readonly successors?: readonly OrganId[]
  /** Nodes that served it before this one. */
  readonly formerNodes?: readonly FormerNode[]
  /** What is addressed to it once it has closed. @default follow */
  readonly newDocuments?: NewDocumentWay
  /** Of one with several successors: who gets what. The first that fits counts. @default the sender must choose */
  readonly splitRules?: readonly SplitRule[]
  /** What it signs packets with. */
  readonly certificates?: readonly SigningCertificate[]
}

export interface Directory {
  readonly version: number
  readonly nodes: readonly DirectoryNode[]
  readonly organisations: readonly Organisation[]
  /** Named groups, expanded once at the origin. */
  readonly groups?: Readonly<Record<string, readonly OrganId[]>>
  /**
   * Pinned keys. With them a node's key counts only when a chain of vouchers leads up to one;
   * without them the directory is believed as it stands, like any other file of the administrator.
   */
  readonly roots?: readonly RootKey[]
}
