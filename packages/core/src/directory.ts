/** The directory: which organisations and nodes exist. Static for now, versioned from the start. */
import type { NodeId, OrganId } from './document.ts'

export interface NodeKey {
  /** `<node id>#<number>`, as the seals name it. */
  readonly kid: string
  /** Ed25519 public key, 32 bytes, base64url without padding. */
  readonly publicKey: string
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
  readonly id: OrganId
  readonly name: string
  /** Other written codes of the same organisation (`oldCode`, `code102`). */
  readonly aliases?: readonly string[]
  /** Parent organisation, null at the top. */
  readonly parent: OrganId | null
  /** The node that serves it. */
  readonly node: NodeId
  /** Set when the organisation closed and exactly one other took over. */
  readonly successor?: OrganId
}

export interface Directory {
  readonly version: number
  readonly nodes: readonly DirectoryNode[]
  readonly organisations: readonly Organisation[]
  /** Named groups, expanded once at the origin. */
  readonly groups?: Readonly<Record<string, readonly OrganId[]>>
}
