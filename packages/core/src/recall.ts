/**
 * Recall, update, replacement and take-back: what a packet does to the earlier documents that its sender names in it.
 *
 * The origin seals into the core which documents are meant: a uid, and all its generations up to one. The serving node
 * decides in the transaction that delivers the packet, per recipient and document:
 *
 *   not here yet    ─▶ stopped     a tombstone: up to that generation it never gets into the mailbox
 *   not collected   ─▶ withdrawn   it is in the mailbox no more
 *   collected       ─▶ asked       the packet waits in the mailbox; the recipient answers 15 or 16
 *
 * The effects are part of the packet's own receipt, so they are repeated and repaired as receipts are. Whoever sends
 * a stopped document once more is told so by `undeliverable DOCUMENT_RECALLED`, which ends it at its origin.
 */
import { type ChangeState, statusCodes } from './business-status.ts'
import type { RecipientState } from './custody.ts'
import type { Core, OrganId, Sending } from './document.ts'
import { lookupKey } from './organisation-code.ts'

/** edXML BussinessDocType of a document. */
export const documentTypes = { new: 0, recall: 1, update: 2, replacement: 3 } as const

/** Most documents one packet may name. */
export const maxAbout = 32

/** What a serving node did about one document at one recipient; the order is that of the wire. */
export const recallEffects = ['stopped', 'withdrawn', 'asked'] as const
export type RecallEffect = (typeof recallEffects)[number]

type Packet = Pick<Core, 'kind' | 'businessType'>

/** `stop`: it shall not be read any more, if that can still be had. `ask`: only the recipient can do it. null: it changes nothing. */
export function changeWanted({ kind, businessType }: Packet): 'stop' | 'ask' | null {
  if (kind === 'status') return businessType === statusCodes.takeBack ? 'stop' : null
  if (kind !== 'document') return null
  if (businessType === documentTypes.recall || businessType === documentTypes.replacement) return 'stop'
  return businessType === documentTypes.update ? 'ask' : null
}

/** A document in a mailbox, or once withdrawn from it. */
export interface HeldSending {
  readonly generation: number
  readonly from: OrganId
  readonly state: 'waiting' | 'collected' | 'withdrawn'
}

export interface RecallDecision {
  /** null: refused, for the document is another's. */
  readonly effect: RecallEffect | null
  /** Generations to take out of the mailbox. */
  readonly withdraw: readonly number[]
  /** A tombstone is to be set, for what is still on its way. */
  readonly bury: boolean
}

/** What one packet does to one of the documents it names. `held`: all generations of it that came to this recipient. */
export function decideRecall(
  packet: Packet & Pick<Core, 'from'>,
  upTo: number,
  held: readonly HeldSending[],
): RecallDecision {
  if (held.some(({ from }) => !sameOrgan(from, packet.from))) return { effect: null, withdraw: [], bury: false }
  if (changeWanted(packet) !== 'stop') return { effect: 'asked', withdraw: [], bury: false }
  const meant = held.filter(({ generation }) => generation <= upTo)
  const states = meant.map(({ state }) => state)
  return {
    effect: states.includes('collected') ? 'asked' : states.length > 0 ? 'withdrawn' : 'stopped',
    withdraw: meant.filter(({ state }) => state === 'waiting').map(({ generation }) => generation),
    bury: !meant.some(({ generation }) => generation === upTo),
  }
}

/** What a tombstone says: this recipient gets no generation of the document up to this one, if it is of this sender. */
export interface Tombstone {
  readonly uid: string
  readonly organ: OrganId
  readonly generation: number
  readonly from: OrganId
}

/** Whether the document is stopped before this recipient. `tombstones`: those of its uid and this recipient. */
export function isStopped(
  document: Pick<Core, 'from' | 'generation'>,
  tombstones: readonly Pick<Tombstone, 'generation' | 'from'>[],
): boolean {
  return tombstones.some(({ generation, from }) => document.generation <= generation && sameOrgan(from, document.from))
}

/** Nobody need look at the packet any more: all it asked for has happened. A replacement has a text of its own. */
export function isDoneWith(packet: Packet, effects: readonly RecallEffect[]): boolean {
  if (changeWanted(packet) !== 'stop' || packet.businessType === documentTypes.replacement) return false
  return effects.length > 0 && !effects.includes('asked')
}

/** Whether the same packet, handed in again, means what it did not mean before: documents sent again since. */
export function meansMore(now: readonly Sending[], before: readonly Sending[]): boolean {
  return now.some(({ uid, generation }) => !before.some((known) => known.uid === uid && known.generation >= generation))
}

/** What became of a document that was recalled, updated, replaced or taken back, at one recipient. */
export const recallOutcomes = [...recallEffects, 'agreed', 'refused', 'unknown'] as const
export type RecallOutcome = (typeof recallOutcomes)[number]

/** What the origin knows of one packet about the document, at the recipient in question. */
export interface RecallKnowledge {
  /** As its receipt says; null before that. */
  readonly effect: RecallEffect | null
  /** The recipient's answer, 15 or 16. */
  readonly change: ChangeState | null
  /** The packet on its way, and the code of its end. */
  readonly state: RecipientState
  readonly code: string | null
}

/** `unknown`: the packet has not got there, or ended on its way. One that is there and says nothing of its effects only asks. */
export function recallOutcome({ effect, change, state, code }: RecallKnowledge): RecallOutcome {
  if (effect === 'stopped' || effect === 'withdrawn') return effect
  if (change === 'agreed') return 'agreed'
  if (change === 'declined' || (state === 'undeliverable' && code === 'RECALL_NOT_SENDER')) return 'refused'
  return effect ?? (state === 'delivered' || state === 'collected' ? 'asked' : 'unknown')
}

/** Of several packets about one document, in order of sending: once out of reach it stays so, else the last word counts. */
export function lastOutcome(outcomes: readonly RecallOutcome[]): RecallOutcome | null {
  return outcomes.find((outcome) => isOutOfReach(outcome)) ?? outcomes.at(-1) ?? null
}

/** The recipient does not have the document and will not get it: the same document may go there again. */
export function isOutOfReach(outcome: RecallOutcome | null): boolean {
  return outcome === 'stopped' || outcome === 'withdrawn'
}

/** Whether a recall of the document still has something to do at this recipient. */
export function isRecallable(
  { state, provisional }: { readonly state: RecipientState; readonly provisional: boolean },
  outcome: RecallOutcome | null,
): boolean {
  const neverGotIt = state === 'stopped' || (state === 'undeliverable' && !provisional)
  return !neverGotIt && !isOutOfReach(outcome) && outcome !== 'agreed'
}

function sameOrgan(a: OrganId, b: OrganId): boolean {
  return a === b || lookupKey(a) === lookupKey(b)
}
