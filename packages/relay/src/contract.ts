/** A node as a library: what a program that hosts nodes gives and gets. */
import type { Directory, ErrorDetail, Hop, Lane, NodeId, OrganId, QueryTiming, RoutingTable } from '@lienthong/core'
import type { FindingCode, Severity, WarningCode } from '@lienthong/edxml'
import type { BrokerAddress, Brokers, LinkStatus, QueueLimits, SealingKey } from '@lienthong/link'
import type { StoreHost, TrackedDocument, TrackKey, UploadKey } from '@lienthong/store'
import type { AdministrationDoor } from './administration.ts'
import type { BridgeDoor } from './bridge-door.ts'
import type { NodeDoors } from './doors.ts'
import type { JoiningDoor } from './joining.ts'
import type { ChildAccount, LivingDirectory, LivingParts, ParentAccess } from './living.ts'
import type { MembershipDoor } from './membership.ts'
import type { SignatureRules } from './packet-signature.ts'

/** Document-management software with its own credentials. */
export interface SystemAccount {
  readonly id: string
  readonly secret: string
  /** Organisations it may send and receive for. */
  readonly organisations: readonly OrganId[]
}

/** Everything one node needs, already checked and complete (the program reads node.yaml and fills defaults). */
export interface NodeConfig {
  readonly id: NodeId
  /** Folder of the store. */
  readonly dataDir: string
  readonly key: SealingKey
  /** Keys it had before, named once more after a change: what is encrypted under them is encrypted anew at start. @default none */
  readonly earlierKeys?: readonly SealingKey[]
  /** As published in a file; or kept by the node itself, and then parent and children are those of its store. */
  readonly directory: Directory | LivingDirectory
  /** Of the routing table; to grow with the directory. Each day on which an organisation opens or closes adds one by itself. */
  readonly tableVersion: number
  readonly broker: {
    readonly address: BrokerAddress
    /** Management API on loopback, `http://127.0.0.1:15672`. */
    readonly managementUrl: string
    /** How children reach it, when otherwise than this node does; for their invitations. */
    readonly public?: { readonly url: string; readonly ca?: string }
  }
  /** null at the root. */
  readonly parent: ParentAccess | null
  readonly children: readonly ChildAccount[]
  readonly systems: readonly SystemAccount[]
  readonly limits: NodeLimits
  readonly queryTiming: QueryTiming
  readonly onReusedId: 'refuse' | 'warn'
  /** What the signatures inside packets of local systems have to prove. */
  readonly signatures: SignatureRules
}

export interface NodeLimits extends QueueLimits {
  /** Largest packet taken from a local system, bytes. @default 2 GiB */
  readonly maxDocumentBytes: number
  /** Bytes in flight in this process, all nodes and lanes together. @default 64 MiB */
  readonly inFlightBytes: number
  /** Assemblies open at once per link. @default 256 */
  readonly openAssemblies: number
}

export interface RelayHost {
  readonly store: StoreHost
  readonly log: RelayLog
  /** Shared by the nodes of this process. @default of its own */
  readonly brokers?: Brokers
  /** Nodes that share this process and so its byte budget. @default 1 */
  readonly nodes?: number
  /** Sees every step of every document; must not throw. For traces and tests. */
  readonly observe?: (event: RelayEvent) => void
}

/** Structured log: untrusted text goes under `detail`, never into the message. */
export type RelayLog = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: LogFields) => void
export interface LogFields {
  readonly node?: NodeId
  readonly uid?: string
  readonly code?: string
  readonly detail?: Readonly<Record<string, unknown>>
}

/** What happened to a document at one node. `at` is that node's clock, ms. */
export type RelayEvent =
  | {
      readonly type: 'accepted'
      readonly node: NodeId
      readonly at: number
      readonly uid: string
      readonly from: OrganId
      readonly recipients: readonly OrganId[]
      readonly size: number
      readonly lane: Lane
    }
  /** One segment left on one hop: one copy per link. */
  | {
      readonly type: 'sent'
      readonly node: NodeId
      readonly at: number
      readonly uid: string
      readonly hop: Hop
      readonly segment: number
      readonly segments: number
      readonly recipients: number
      readonly lane: Lane
      readonly kind: string
    }
  | {
      readonly type: 'received'
      readonly node: NodeId
      readonly at: number
      readonly uid: string
      readonly link: string
      readonly segment: number
      readonly segments: number
      readonly kind: string
      readonly redelivered: boolean
    }
  | {
      readonly type: 'delivered'
      readonly node: NodeId
      readonly at: number
      readonly uid: string
      readonly organs: readonly OrganId[]
      readonly fresh: readonly OrganId[]
    }
  | {
      readonly type: 'receipt'
      readonly node: NodeId
      readonly at: number
      readonly uid: string
      readonly organs: readonly OrganId[]
      readonly signal: string
    }
  | {
      readonly type: 'dropped'
      readonly node: NodeId
      readonly at: number
      readonly uid: string | null
      readonly code: string
      readonly hop: string
    }
  | {
      readonly type: 'dead'
      readonly node: NodeId
      readonly at: number
      readonly uid: string | null
      readonly code: string
      readonly link: string
    }
  | { readonly type: 'link'; readonly node: NodeId; readonly at: number; readonly status: LinkStatus }

export interface SubmitRequest {
  /** The organisation that hands the document in; must be the packet's `From` and served by this node. */
  readonly as: OrganId
  /** Bytes of the .edxml packet, or an upload that has them all (else UPLOAD_OFFSET). An upload stays when the document is refused. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | { readonly upload: UploadKey }
  /** Recipients (organisations or groups) instead of those in the packet; a status packet has none of its own. */
  readonly to?: readonly string[]
  /** Recipients when the packet names none, or answers an organisation nobody knows. Never instead of those it names. */
  readonly otherwiseTo?: readonly string[]
}

export interface SubmitReply {
  readonly uid: string
  readonly recipients: readonly { readonly organ: OrganId; readonly outcome: 'new' | 'already' }[]
  /** What is unusual about the packet and which rules it does not keep; it was taken all the same. At most 200. */
  readonly warnings: readonly SubmitWarning[]
}

/** `warningSentence` says it. */
export interface SubmitWarning {
  readonly code: WarningCode | FindingCode
  readonly severity: Severity
  readonly detail: ErrorDetail
}

export interface NodeStatus {
  readonly id: NodeId
  readonly tier: string
  readonly instance: string
  readonly tableVersion: number
  readonly directoryVersion: number
  readonly broker: { readonly open: boolean; readonly blocked: string | null; readonly lastError: string | null }
  readonly link: LinkStatus | null
  readonly backlog: { readonly documents: number; readonly copies: number }
  readonly openAssemblies: number
}

export interface RelayNode extends NodeDoors {
  readonly id: NodeId
  /** As of now; ask again rather than keep it. */
  readonly table: RoutingTable
  /** Every organisation and node, as published; another object when it has changed. */
  readonly directory: Directory
  /** null when the directory is a file. */
  readonly administration: AdministrationDoor | null
  /** Who belongs to whom; null when the directory is a file. */
  readonly membership: MembershipDoor | null
  /** How nodes come to belong to each other; null when the directory is a file. */
  readonly joining: JoiningDoor | null
  /** What is looked at before an axis is connected to another; null when the directory is a file. */
  readonly bridging: BridgeDoor | null
  /** What changes while the node runs; for whoever keeps a living directory. */
  readonly living: LivingParts
  /** The transaction of DESIGN §3.1; resolves once the document is durable. */
  submit(request: SubmitRequest): Promise<SubmitReply>
  track(key: TrackKey): Promise<readonly TrackedDocument[]>
  status(): Promise<NodeStatus>
  /** Stops taking, waits for what is in hand up to `timeoutMs` (default 10 000), closes. Idempotent. */
  stop(options?: { timeoutMs?: number }): Promise<void>
}
