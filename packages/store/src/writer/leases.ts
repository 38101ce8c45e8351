/** Items of a mailbox held for one of several readers, and how each stands with document software. */
import { randomBytes } from 'node:crypto'
import type { PacketKind, TransportState } from '@lienthong/core'
import { RelayError } from '@lienthong/core'
import type { MailItem } from '../contract-mailbox.ts'
import type { MailKey, MailRow } from './mailbox.ts'
import { findMail, itemOf, mailRows } from './mailbox.ts'
import type { Session } from './session.ts'

export interface LeaseArguments {
  readonly organ: string
  readonly now: number
  readonly until: number
  readonly limit: number
  readonly kind?: PacketKind | undefined
}

/** Passes over what is leased or held back now; there is no more of that than readers asked for. */
export function leaseMail(session: Session, args: LeaseArguments): { item: MailItem; lease: string }[] {
  const free = mailRows(session, { ...args, after: 0 }, 'AND collected_at IS NULL AND leased_until <= ?', args.now)
  return free.map((row) => {
    const lease = randomBytes(12).toString('base64url')
    return { item: hold(session, row, { lease, leased_until: args.until }), lease }
  })
}

export type RenewArguments = MailKey & { readonly lease: string; readonly until: number }

export function renewLease(session: Session, { lease, until, ...key }: RenewArguments): MailItem {
  return hold(session, leased(session, key, lease), { lease, leased_until: until })
}

export type ReleaseArguments = MailKey & {
  readonly lease: string
  readonly reason: string | null
  readonly heldUntil: number
}

export function releaseLease(session: Session, { lease, reason, heldUntil, ...key }: ReleaseArguments): MailItem {
  const row = leased(session, key, lease)
  const freed = hold(session, row, { lease: null, leased_until: heldUntil })
  return reason === null ? freed : markMail(session, { ...key, state: 'fail', reason })
}

export type MarkArguments = MailKey & {
  readonly state: Exclude<TransportState, 'done'>
  readonly reason: string | null
}

export function markMail(session: Session, { state, reason, ...key }: MarkArguments): MailItem {
  const row = known(session, key)
  if (row.collected_at !== null) return itemOf(row)
  session.sql.run('UPDATE mailbox SET state = ?, state_reason = ? WHERE id = ?', state, reason, row.id)
  return itemOf({ ...row, state, state_reason: reason })
}

function hold(session: Session, row: MailRow, held: Pick<MailRow, 'lease' | 'leased_until'>): MailItem {
  session.sql.run('UPDATE mailbox SET lease = ?, leased_until = ? WHERE id = ?', held.lease, held.leased_until, row.id)
  return itemOf({ ...row, ...held })
}

/** The item, when this lease is its newest. One that ran out and was taken by nobody still counts. */
function leased(session: Session, key: MailKey, lease: string): MailRow {
  const row = known(session, key)
  if (row.lease !== lease || row.collected_at !== null) throw new RelayError('LEASE_LOST', { detail: { id: row.id } })
  return row
}

function known(session: Session, key: MailKey): MailRow {
  const row = findMail(session, key)
  if (row === undefined) throw new RelayError('NOT_FOUND', { detail: { what: `${key.organ} ${key.id}` } })
  return row
}
