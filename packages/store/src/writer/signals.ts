/** What signals from other nodes change at the origin. The rules are core's; here they meet the rows. */
import type { OrganId, RecipientRecord, SealedSignal, Signal } from '@lienthong/core'
import { applySignal, missingToResend, relocate } from '@lienthong/core'
import type { Moved } from '../contract-documents.ts'
import type { JudgedSignal, SignalOutcome } from '../contract-outbox.ts'
import { changeOf, recordChange } from './changes.ts'
import { findQuery, scheduleQuery } from './queries.ts'
import { applyEffects } from './recalls.ts'
import type { DocumentRow, RecipientRow } from './recipients.ts'
import { findDocument, findRecipient, recordOf, saveRecord, settle, unsettledAt } from './recipients.ts'
import type { Session } from './session.ts'

export interface ApplyArguments {
  readonly signals: readonly JudgedSignal[]
  readonly now: number
}

const nothing: SignalOutcome = { changed: false, noted: [], resend: null, lane: null, moved: [] }

export function applySignals(session: Session, { signals, now }: ApplyArguments): SignalOutcome[] {
  return signals.map((sealed) => applyOne(session, sealed, now))
}

function applyOne(session: Session, sealed: JudgedSignal, now: number): SignalOutcome {
  const { signal } = sealed
  if (signal.type === 'noted' || signal.type === 'query') return nothing
  const document = findDocument(session, signal.uid)
  if (document === undefined) return nothing

  const settled: RecipientRow[] = []
  const noted: OrganId[] = []
  const deferred = new Set<string>()
  const moved: Moved[] = []
  let changed = false
  let seq: number | null = null
  for (const { organ, only } of perRecipient(signal)) {
    const row = findRecipient(session, document.id, signal.generation, organ)
    if (row === undefined) continue
    const before = recordOf(row)
    const after = judge(before, { sealed, only, now })
    if (after !== before) {
      changed = true
      if (saveRecord(session, row, after)) settled.push(row)
      moved.push(...applyEffects(session, row, { before, after }, now))
      const change = changeOf(before, after)
      if (change !== null) seq = recordChange(session, document, { ...change, at: now, generation: signal.generation })
    }
    if (signal.type === 'collected' && after.state === 'collected' && sealed.sealedBy === after.node) noted.push(organ)
    if (signal.type === 'deferred') deferred.add(row.node)
  }
  settle(session, document, settled)
  askSoon(session, document, { generation: signal.generation, nodes: deferred, now })
  if (seq !== null) moved.push({ uid: document.uid, from: document.sender, seq })
  return { changed, noted, resend: resendFor(session, document, sealed), lane: document.lane, moved }
}

function askSoon(
  session: Session,
  { id, lane }: DocumentRow,
  deferred: { readonly generation: number; readonly nodes: ReadonlySet<string>; readonly now: number },
): void {
  for (const node of deferred.nodes) {
    const about = { document: id, generation: deferred.generation, node, lane }
    scheduleQuery(session, about, deferred.now + session.timing.firstMs, 'sooner')
  }
}

/** The node it was addressed to is believed, and the one that serves the recipient now. The same object when nothing changes. */
function judge(
  before: RecipientRecord,
  { sealed, only, now }: { readonly sealed: JudgedSignal; readonly only: Signal; readonly now: number },
): RecipientRecord {
  const { sealedBy, serves = [] } = sealed
  const moved = serves.includes(before.organ) ? relocate(before, sealedBy) : before
  const after = applySignal(moved, { sealedBy, signal: only }, now)
  return after === moved ? before : after
}

/** The signal cut down to each recipient it names, so that a long one is not searched once per recipient. */
function* perRecipient(
  signal: Exclude<Signal, { type: 'noted' | 'query' }>,
): Iterable<{ readonly organ: OrganId; readonly only: Signal }> {
  switch (signal.type) {
    case 'delivered':
    case 'collected':
    case 'answer':
      for (const receipt of signal.receipts) yield { organ: receipt.organ, only: { ...signal, receipts: [receipt] } }
      return
    case 'undeliverable':
    case 'deferred':
      for (const organ of signal.organs) yield { organ, only: { ...signal, organs: [organ] } }
  }
}

function resendFor(session: Session, document: DocumentRow, sealed: SealedSignal): SignalOutcome['resend'] {
  const { signal, sealedBy: node } = sealed
  if (signal.type !== 'answer') return null
  const { uid, generation } = signal
  const missing = missingToResend(findQuery(session, document.id, generation, node), signal)
  if (missing === 'none') return null
  const organs = unsettledAt(session, document.id, generation, node)
  return organs.length === 0 ? null : { uid, generation, node, organs, missing }
}
