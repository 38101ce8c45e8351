/** Rows of mailboxes as they move: all of them, and which are meant by a part. */
import {
  type HandedRow,
  type OrganId,
  type PacketKind,
  type Path,
  type RecallEffect,
  type RowTraits,
  type Sending,
  traitsOf,
} from '@lienthong/core'
import type { KeptPart } from '../contract-handover.ts'
import type { MailRow } from './mailbox.ts'
import type { SqlValue } from './sql.ts'

/** All of a row that another node needs. */
export interface KeptRow extends MailRow {
  readonly business_type: number
  readonly sealed_at: number
  readonly notice_at: number | null
  readonly unit: string | null
  readonly heir: OrganId | null
  readonly by_hand: number
  /** JSON */
  readonly about: string | null
}

export function handedOf(row: KeptRow): HandedRow {
  return {
    organ: row.organ,
    uid: row.uid,
    generation: row.generation,
    kind: row.kind as PacketKind,
    businessType: row.business_type,
    from: row.sender,
    origin: row.origin,
    documentId: row.document_id,
    size: row.size,
    sha256: row.sha256,
    sealedAt: row.sealed_at,
    deliveredAt: row.delivered_at,
    collectedAt: row.collected_at,
    withdrawnAt: row.withdrawn_at,
    ...(row.effects !== null && { effects: JSON.parse(row.effects) as RecallEffect[] }),
    ...(row.about !== null && { about: JSON.parse(row.about) as Sending[] }),
    ...(row.unit !== null && { unit: row.unit }),
    ...(row.heir !== null && { chosen: { heir: row.heir, byHand: row.by_hand === 1 } }),
    noted: row.collected_at !== null && row.notice_at === null,
    path: JSON.parse(row.path) as Path,
    state: row.state,
    stateReason: row.state_reason,
  }
}

/** Nobody is to read it any more. */
export function isOver(row: MailRow): boolean {
  return row.collected_at !== null || row.withdrawn_at !== null
}

/** Shown in a mailbox, and not collected. */
export function isWaiting(row: MailRow): boolean {
  return row.keeper !== '' && !isOver(row)
}

interface Condition {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/** Of the rows that stand here. */
export function rowsIn({ organ, of }: KeptPart): Condition {
  if (of === undefined) return { text: 'organ = ?', values: [organ] }
  if (of === 'tombstones') return { text: 'organ = ? AND 0', values: [organ] }
  const { from, unit, chosen } = of
  const given = [chosen?.heir ?? null, chosen?.byHand === true ? 1 : 0]
  if (from === null) {
    const over = '(collected_at IS NOT NULL OR withdrawn_at IS NOT NULL)'
    return { text: `organ = ? AND heir IS ? AND by_hand = ? AND ${over}`, values: [organ, ...given] }
  }
  return {
    text: 'organ = ? AND sender = ? AND unit IS ? AND heir IS ? AND by_hand = ? AND collected_at IS NULL AND withdrawn_at IS NULL',
    values: [organ, from, unit, ...given],
  }
}

export function hasTombstones({ of }: KeptPart): boolean {
  return of === undefined || of === 'tombstones'
}

/** The part that a row which stands here is of. */
export function partOf(row: KeptRow, parts: readonly KeptPart[]): KeptPart | undefined {
  const traits = JSON.stringify(itemsOf(traitsOf(handedOf(row))))
  return parts.find(
    ({ organ, of }) =>
      organ === row.organ && of !== 'tombstones' && (of === undefined || JSON.stringify(itemsOf(of)) === traits),
  )
}

function itemsOf({ organ, from, unit, chosen }: RowTraits): readonly unknown[] {
  return [organ, from, unit, chosen?.heir ?? null, chosen?.byHand === true]
}
