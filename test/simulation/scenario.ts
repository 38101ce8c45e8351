/** What a run is made of, all of it drawn from the seed before anything happens. */
import type { Directory, Lane, NodeId, OrganId } from '@lienthong/core'
import type { End } from './ways.ts'

/**
 * calm      nothing goes wrong
 * outage    one link to a parent is cut for a while, nothing else
 * absent    one node is away or cut off with a small queue before it, nothing else
 * crashes   processes and connections die, brokers keep their data and have room
 * chaos     everything at once
 * moves     chaos, and organisations move from node to node
 * regrown   chaos, and nodes change their parents
 * handover  chaos, and organisations move with what they have in line; their mailboxes are handed over by the nodes
 * recall    chaos, and senders recall, replace and send again what they sent; sometimes mailboxes move
 */
export const themes = [
  'calm',
  'outage',
  'absent',
  'crashes',
  'chaos',
  'moves',
  'regrown',
  'handover',
  'recall',
] as const
/** `national`: a whole country, see `national-run.ts`. */
export type Theme = (typeof themes)[number] | 'national'

export interface PlannedDocument {
  readonly at: number
  readonly uid: string
  readonly from: OrganId
  readonly recipients: readonly OrganId[]
  readonly lane: Lane
  readonly segments: number
  /** The document it recalls or replaces. `forged`: it is not its sender's, and its node seals that all the same. */
  readonly recalls?: { readonly uid: string; readonly businessType: number; readonly forged: boolean }
}

export type Fault =
  /** A process killed, or a connection dropped, half-opened, or a link refusing for a while. */
  | { readonly at: number; readonly kind: 'crash'; readonly node: NodeId; readonly forMs: number }
  | { readonly at: number; readonly kind: 'drop' | 'silence'; readonly node: NodeId; readonly end: End }
  | {
      readonly at: number
      readonly kind: 'cut'
      readonly node: NodeId
      readonly silent: boolean
      readonly forMs: number
    }
  /** A broker restarts, with or without its data. */
  | {
      readonly at: number
      readonly kind: 'broker'
      readonly node: NodeId
      readonly wiped: boolean
      readonly forMs: number
    }
  /** The recipient sends a document back; its sender hands it in again. */
  | { readonly at: number; readonly kind: 'refusal'; readonly uid: string }
  | { readonly at: number; readonly kind: 'forgery'; readonly node: NodeId }

/** An organisation's mailbox goes to another node, or a node with all below it to another parent. */
export type Move =
  /** `wired`: the nodes hand it over themselves; else it is there at once. */
  (
    | { readonly kind: 'mailbox'; readonly organ: OrganId; readonly wired: boolean }
    | { readonly kind: 'node'; readonly node: NodeId }
  ) & {
    readonly at: number
    readonly from: NodeId
    readonly to: NodeId
    /** The directory after the move; others than those concerned learn of it up to `spreadMs` later. */
    readonly directory: Directory
    readonly spreadMs: number
  }

export interface Scenario {
  readonly seed: number
  readonly theme: Theme
  /** The calendar's time at the start, ms since 1970. */
  readonly calendarStart: number
  /** Nothing is waited for longer than this, virtual ms. */
  readonly deadline: number
  readonly directory: Directory
  readonly documents: readonly PlannedDocument[]
  readonly faults: readonly Fault[]
  readonly moves: readonly Move[]
  /** Top of the subtree that is away, and until when; null = for good. */
  readonly absent: { readonly node: NodeId; readonly from: number; readonly until: number | null } | null
  /** The link that is cut in an outage. */
  readonly outage: { readonly node: NodeId; readonly from: number; readonly until: number } | null
  /** Messages a link queue holds before it refuses. */
  readonly queueLimits: readonly { readonly child: NodeId; readonly messages: number }[]
  /** Chance of a crash after each effect, and of a frame arriving twice, until `faultsEnd`. */
  readonly crashRate: number
  readonly doubling: number
  readonly faultsEnd: number
  /** Crashes by rate, at most. */
  readonly maxStrikes: number
}
