/** Subscriptions: how far each has been told of the two streams it follows, and when it is tried again. */
import { arrivalTypes, changeTypes, type HookEventType, type OrganId, packetKinds } from '@lienthong/core'
import type {
  ActRecord,
  HookEvent,
  HookKey,
  HookRecord,
  HookStore,
  SealedHook,
  SealedSecret,
  SentChange,
} from '../contract-doors.ts'
import { recordAct } from './access.ts'
import { lastChange, listChanges } from './changes.ts'
import { itemOf, mailRows } from './mailbox.ts'
import type { Session } from './session.ts'
import { bytesOf } from './sql.ts'

interface HookRow {
  readonly id: string
  readonly system: string
  readonly organ: OrganId
  readonly url: string
  readonly events: string
  readonly kid: string
  readonly sealed: unknown
  readonly created_at: number
  readonly paused_at: number | null
  readonly failures: number
  readonly failing_since: number | null
  readonly last_error: string | null
  readonly next_at: number
  readonly mail_told: number
  readonly change_told: number
  readonly earlier_kid: string | null
  readonly earlier_sealed: unknown
  readonly earlier_until: number
}

export interface AddHookArguments {
  readonly hook: Parameters<HookStore['add']>[0]
  readonly act: ActRecord
}

export function addHook(session: Session, { hook, act }: AddHookArguments): void {
  session.sql.run(
    `INSERT INTO hook (id, system, organ, url, events, kid, sealed, created_at, paused_at, mail_told, change_told)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    hook.id,
    hook.system,
    hook.organ,
    hook.url,
    JSON.stringify(hook.events),
    hook.secret.kid,
    hook.secret.bytes,
    hook.createdAt,
    hook.pausedAt,
    lastMail(session),
    lastChange(session),
  )
  recordAct(session, act)
}

function lastMail({ sql }: Session): number {
  return sql.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'mailbox'")?.seq ?? 0
}

export function listHooks({ sql }: Session, { system }: { readonly system: string | null }): HookRecord[] {
  return sql
    .all<HookRow>('SELECT * FROM hook WHERE ?1 IS NULL OR system = ?1 ORDER BY created_at, id', system)
    .map(recordOf)
}

export function getHook(
  { sql }: Session,
  { key, now }: { readonly key: HookKey; readonly now: number },
): SealedHook | null {
  const row = sql.get<HookRow>('SELECT * FROM hook WHERE id = ? AND system = ?', key.id, key.system)
  return row === undefined ? null : sealedOf(row, now)
}

export interface RotateHookArguments {
  readonly key: HookKey
  readonly secret: SealedSecret
  readonly earlierUntil: number
  readonly act: ActRecord
}

export function rotateHook(session: Session, { key, secret, earlierUntil, act }: RotateHookArguments): boolean {
  const text = `UPDATE hook SET earlier_kid = kid, earlier_sealed = sealed, earlier_until = ?, kid = ?, sealed = ?
    WHERE id = ? AND system = ?`
  const known = session.sql.run(text, earlierUntil, secret.kid, secret.bytes, key.id, key.system) > 0
  if (known) recordAct(session, act)
  return known
}

export function removeHook(session: Session, { system, id, act }: HookKey & { readonly act: ActRecord }): boolean {
  const removed = session.sql.run('DELETE FROM hook WHERE id = ? AND system = ?', id, system) > 0
  if (removed) recordAct(session, act)
  return removed
}

export type ClaimArguments = Parameters<HookStore['claim']>[0]

export function claimHooks(session: Session, args: ClaimArguments): Awaited<ReturnType<HookStore['claim']>>[number][] {
  const owners = new Set(args.owners.map(([system, organ]) => JSON.stringify([system, organ])))
  const claimed: (SealedHook & { events: readonly HookEvent[] })[] = []
  const due = session.sql.all<HookRow>(
    'SELECT * FROM hook WHERE paused_at IS NULL AND max(next_at, claimed_until) <= ? ORDER BY next_at, id',
    args.now,
  )
  for (const row of due) {
    if (claimed.length >= args.limit) break
    if (!owners.has(JSON.stringify([row.system, row.organ]))) continue
    const events = pending(session, row, args.events)
    if (events.length === 0) continue
    session.sql.run('UPDATE hook SET claimed_until = ? WHERE id = ?', args.now + args.claimMs, row.id)
    claimed.push({ ...sealedOf(row, args.now), events })
  }
  return claimed
}

export function unclaimHooks({ sql }: Session): void {
  sql.run('UPDATE hook SET claimed_until = 0 WHERE claimed_until > 0')
}

/** Arrivals before changes. What was not asked for is passed over for good, so that it is looked at once. */
function pending(session: Session, row: HookRow, limit: number): HookEvent[] {
  const wanted = new Set(JSON.parse(row.events) as HookEventType[])
  const events: HookEvent[] = []
  const kinds = packetKinds.filter((kind) => wanted.has(arrivalTypes[kind]))
  if (kinds.length > 0) {
    const page = { organ: row.organ, after: row.mail_told, limit }
    const [only, other] = kinds
    const asked = only !== undefined && other === undefined ? { ...page, kind: only } : page
    // Nobody was told of what was done with when it came.
    const arrived = mailRows(session, asked, "AND state <> 'done'")
    events.push(
      ...arrived.map((mail) => {
        const item = itemOf(mail)
        return { type: arrivalTypes[item.kind === 'status' ? 'status' : 'document'], position: item.id, item }
      }),
    )
  }
  if (!changeTypes.some((type) => wanted.has(type)) || events.length >= limit) return events
  let after = row.change_told
  for (;;) {
    const page = listChanges(session, { from: row.organ, after, limit: changesPerLook })
    const found = page.filter(({ type }) => wanted.has(type)).slice(0, limit - events.length)
    events.push(...found.map((change: SentChange) => ({ type: change.type, position: change.seq, change })))
    if (found.length > 0 || page.length === 0) break
    after = page.at(-1)?.seq ?? after
    if (page.length < changesPerLook) break
  }
  if (after > row.change_told) session.sql.run('UPDATE hook SET change_told = ? WHERE id = ?', after, row.id)
  return events
}

const changesPerLook = 100

export type SettleArguments = Parameters<HookStore['settle']>[1] & { readonly id: string }

export function settleHook({ sql }: Session, outcome: SettleArguments): void {
  const places = { mail: 0, change: 0 }
  for (const event of outcome.told) places['item' in event ? 'mail' : 'change'] = event.position
  sql.run(
    `UPDATE hook SET mail_told = max(mail_told, ?), change_told = max(change_told, ?), failures = ?, failing_since = ?,
       last_error = ?, next_at = ?, claimed_until = 0, paused_at = coalesce(paused_at, ?) WHERE id = ?`,
    places.mail,
    places.change,
    outcome.failures,
    outcome.failingSince,
    outcome.lastError,
    outcome.nextAt,
    outcome.pausedAt,
    outcome.id,
  )
}

export function pauseHook(
  session: Session,
  { system, id, pausedAt, act }: HookKey & { readonly pausedAt: number | null; readonly act: ActRecord },
): boolean {
  const text =
    pausedAt === null
      ? 'UPDATE hook SET paused_at = ?, failures = 0, failing_since = NULL, next_at = 0 WHERE id = ? AND system = ?'
      : 'UPDATE hook SET paused_at = ? WHERE id = ? AND system = ?'
  const known = session.sql.run(text, pausedAt, id, system) > 0
  if (known) recordAct(session, act)
  return known
}

function sealedOf(row: HookRow, now: number): SealedHook {
  const { earlier_kid: kid, earlier_until: until } = row
  return {
    hook: recordOf(row),
    secret: { kid: row.kid, bytes: bytesOf(row.sealed) },
    earlier: kid === null || until <= now ? null : { kid, bytes: bytesOf(row.earlier_sealed) },
  }
}

function recordOf(row: HookRow): HookRecord {
  return {
    id: row.id,
    system: row.system,
    organ: row.organ,
    url: row.url,
    events: JSON.parse(row.events) as HookEventType[],
    createdAt: row.created_at,
    pausedAt: row.paused_at,
    failures: row.failures,
    failingSince: row.failing_since,
    lastError: row.last_error,
    nextAt: row.next_at,
  }
}
