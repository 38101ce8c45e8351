/** The same document handed in again: who gets it now (DESIGN §3.1). */

import { statusCodes } from './business-status.ts'
import type { RecipientState } from './custody.ts'
import type { OrganId, Sending } from './document.ts'
import { lookupKey } from './organisation-code.ts'
import { meansMore } from './recall.ts'

/** A recipient of an earlier sending of the same uid: its newest generation. */
export interface EarlierRecipient {
  readonly organ: OrganId
  readonly generation: number
  readonly state: RecipientState
  readonly provisional: boolean
  /** The furthest business status heard (see `applyStatus`), null = none. 02 is final: refused. */
  readonly statusCode: number | null
  /** Taken out of its mailbox again before it was collected. @default false */
  readonly withdrawn?: boolean
  /** What it meant, when it is a recall, an update, a replacement or a take-back. @default none */
  readonly about?: readonly Sending[]
}

export interface ResubmissionPlan {
  /** To be sealed and sent: one entry per generation, recipients in the order given. */
  readonly send: readonly { readonly generation: number; readonly organs: readonly OrganId[] }[]
  /** Already sent; they keep their answer. */
  readonly kept: readonly OrganId[]
}

/** Organisations wanted in the place of closed ones, with all of those. */
export type StandIns = ReadonlyMap<OrganId, readonly OrganId[]>

export interface Resubmission {
  /** @default none */
  readonly standIns?: StandIns
  /** A recall of this document reached up to this generation: what is sent now has a higher one. @default 0 */
  readonly recalledUpTo?: number
  /** What it means today, when it is a recall, an update, a replacement or a take-back. @default none */
  readonly about?: readonly Sending[]
}

/**
 * Recipients never addressed: generation 1. Those whose outcome is final and negative (undeliverable and not
 * provisional, stopped, withdrawn, or status 02), and those told too little by a recall that means more by now: their
 * generation + 1. Others are kept. A recipient wanted twice counts once. After a recall of the document every
 * generation is above those it reached, or its tombstones would swallow what was sent after it.
 * One that stands for closed organisations is kept when they all have it: a retry over midnight is no second document.
 */
export function planResubmission(
  wanted: readonly OrganId[],
  earlier: readonly EarlierRecipient[],
  { standIns = new Map(), recalledUpTo = 0, about = [] }: Resubmission = {},
): ResubmissionPlan {
  const newest = newestOf(earlier)
  const byGeneration = new Map<number, OrganId[]>()
  const kept: OrganId[] = []
  const seen = new Set<string>()
  for (const organ of wanted) {
    const key = lookupKey(organ)
    if (seen.has(key)) continue
    seen.add(key)
    const before = newest.get(key)
    const has = (code: OrganId) => isKept(newest.get(lookupKey(code)), about)
    const closed = standIns.get(organ) ?? []
    if (isKept(before, about) || (before === undefined && closed.length > 0 && closed.every(has))) {
      kept.push(organ)
      continue
    }
    const generation = Math.max(before?.generation ?? 0, recalledUpTo) + 1
    const organs = byGeneration.get(generation)
    if (organs === undefined) byGeneration.set(generation, [organ])
    else organs.push(organ)
  }
  const send = [...byGeneration].sort(([a], [b]) => a - b).map(([generation, organs]) => ({ generation, organs }))
  return { send, kept }
}

function newestOf(earlier: readonly EarlierRecipient[]): Map<string, EarlierRecipient> {
  const newest = new Map<string, EarlierRecipient>()
  for (const recipient of earlier) {
    const key = lookupKey(recipient.organ)
    const other = newest.get(key)
    if (other === undefined || other.generation < recipient.generation) newest.set(key, recipient)
  }
  return newest
}

function isKept(before: EarlierRecipient | undefined, about: readonly Sending[]): boolean {
  return before !== undefined && !endedBadly(before) && !meansMore(about, before.about ?? [])
}

/** Final and negative: the same document may go to this recipient again. */
function endedBadly(recipient: EarlierRecipient): boolean {
  if (recipient.state === 'stopped' || recipient.withdrawn === true) return true
  if (recipient.statusCode === statusCodes.refused) return true
  return recipient.state === 'undeliverable' && !recipient.provisional
}
