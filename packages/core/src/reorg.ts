/**
 * A re-organisation: what a legal act changes, and the steps by which a tree of nodes comes to it.
 *
 * ```
 *   file ──▶ planReorg ──▶ steps ──▶ at each node: its declared content edited, its link moved
 *            + directory,           now    what has a date: opened, closed, delegated
 *            + what nodes declare   date   what has none: links, names, organisations that keep their code
 * ```
 *
 * Whatever has a date is declared everywhere before it and begins everywhere at one instant. Steps are in an order in
 * which no recipient is without a way: given before it is taken, opened before closed, joined before dismissed. Before a
 * node declares its part it has heard all that was declared before.
 */
import type { AnnouncedOrganisation } from './announcement.ts'
import type { DeclaredChild } from './declared.ts'
import type { DirectoryFault } from './directory-fault.ts'
import type { NodeId, OrganId } from './document.ts'
import type { NewDocumentWay, SplitRule } from './new-documents.ts'

/** An organisation as the file names it. What is left out is as it is, or as that of the organisation it follows. */
export interface ReorgUnit {
  readonly code: OrganId
  readonly name?: string
  /** Keeps its mailbox. */
  readonly node?: NodeId
  readonly parent?: OrganId
  readonly oldCode?: string
  readonly code102?: string
  readonly mail?: string
}

export type ReorgChange =
  | {
      readonly act: 'merge'
      readonly codes: readonly OrganId[]
      readonly into: ReorgUnit
      /** Also what lies below them and is not named in the file closes with this successor. */
      readonly andBelow?: boolean
    }
  | { readonly act: 'rename'; readonly code: OrganId; readonly to: ReorgUnit }
  | { readonly act: 'reparent'; readonly node: NodeId; readonly under: NodeId }
  | {
      readonly act: 'drop'
      /** A node, or all nodes of a tier: the word the directory has for it. */
      readonly drop: { readonly node: NodeId } | { readonly tier: string }
      /** Where its child nodes go. @default its parent */
      readonly under?: NodeId
      /** What it serves and the file does not name closes with this successor … */
      readonly into?: OrganId
      /** … or moves to the node its children go to, or closes without a successor. */
      readonly organisations?: 'move' | 'close'
    }
  | {
      readonly act: 'close'
      readonly codes: readonly OrganId[]
      readonly into?: OrganId
      readonly andBelow?: boolean
    }
  | {
      readonly act: 'split'
      readonly code: OrganId
      readonly into: readonly ReorgUnit[]
      /** Who gets what; what no rule names waits. */
      readonly rules?: readonly SplitRule[]
    }

export interface Reorg {
  /** First day of the new order, `yyyy-MM-dd`, a day in Vietnam. */
  readonly effective: string
  /** The legal act. */
  readonly reason: string
  /** What is addressed to what closes; of a split one `hold`. @default follow */
  readonly newDocuments?: NewDocumentWay
  readonly changes: readonly ReorgChange[]
}

/** How an organisation ends. */
export interface Ending {
  readonly validTo: string
  readonly successors: readonly OrganId[]
  readonly newDocuments?: NewDocumentWay
  readonly splitRules?: readonly SplitRule[]
}

/** One change of what a node declares. The same again changes nothing. */
export type DeclaredEdit =
  | { readonly edit: 'delegate'; readonly child: DeclaredChild }
  | { readonly edit: 'open'; readonly organisation: AnnouncedOrganisation }
  | ({ readonly edit: 'close'; readonly organ: OrganId } & Ending)
  | { readonly edit: 'set'; readonly organ: OrganId; readonly name?: string; readonly parent?: OrganId | null }
  | { readonly edit: 'withdraw'; readonly organ: OrganId }
  | { readonly edit: 'dismiss'; readonly child: NodeId }

/** `date`: not before the first day of the new order. */
export type ReorgStep = { readonly id: string; readonly node: NodeId; readonly when: 'now' | 'date' } & (
  | { readonly kind: 'declare'; readonly edits: readonly DeclaredEdit[] }
  /** `node` is invited by its new parent, and goes by it in the place of the former one. */
  | { readonly kind: 'join'; readonly child: DeclaredChild; readonly under: NodeId; readonly from: NodeId }
  /** The nodes do it by themselves, from the first day on. */
  | { readonly kind: 'handover'; readonly to: NodeId; readonly organs: readonly OrganId[] }
  /** Empties itself and leaves its parent. */
  | { readonly kind: 'leave'; readonly from: NodeId }
)

/** Problems keep the plan from being carried out; warnings do not. */
export const reorgProblemKinds = {
  codeUnknown: 'problem',
  nodeUnknown: 'problem',
  tierUnknown: 'problem',
  changedTwice: 'problem',
  closedAlready: 'problem',
  nameMissing: 'problem',
  circle: 'problem',
  splitOne: 'problem',
  rootStays: 'problem',
  undecided: 'problem',
  givenTwice: 'problem',
  past: 'warning',
  pinnedBelow: 'warning',
  whole: 'problem',
} as const satisfies Record<string, 'problem' | 'warning'>
export type ReorgProblemKind = keyof typeof reorgProblemKinds

export interface ReorgProblem {
  /** `['changes', 3, 'into']`; empty when nothing in the file is to blame alone. */
  readonly path: readonly (string | number)[]
  readonly kind: ReorgProblemKind
  /** The code or name that is meant. */
  readonly value: string
  /** A second one, when two are in each other's way. */
  readonly other?: string
  /** For `whole`. */
  readonly fault?: DirectoryFault
}
