/** The transaction that makes this node answerable for a document. */
import type { EarlierRecipient } from '@lienthong/core'
import type { AcceptCore, AcceptOutcome, AcceptRequest } from '../contract-outbox.ts'
import { appendEvent } from './ledger.ts'
import type { IncomingPayload } from './payloads.ts'
import { holdPayload, ownsFile } from './payloads.ts'
import { isTakenBack, meantBy, recalledUpTo, recallsOf, recordRecall } from './recalls.ts'
import { findDocument, newestRecipients } from './recipients.ts'
import type { Session } from './session.ts'
import { noteStatus } from './statuses.ts'

export type AcceptArguments = Omit<AcceptRequest, 'payload'> & { readonly payload: IncomingPayload }

export interface AcceptReply {
  readonly outcome: AcceptOutcome
  /** The payload is a file and has an owner. */
  readonly fileOwned: boolean
}

export function accept(session: Session, request: AcceptArguments): AcceptReply {
  const known = findDocument(session, request.uid)
  const earlier = known === undefined ? [] : earlierRecipients(session, known.id)
  const upTo = known === undefined ? 0 : recalledUpTo(session, known.id)
  if (upTo !== request.recalledUpTo || !sameGenerations(earlier, request.expected)) {
    return refused(session, request, { outcome: 'stale', earlier, recalledUpTo: upTo })
  }
  const other = known === undefined && request.onReusedId === 'refuse' ? findSameId(session, request) : undefined
  if (other !== undefined) return refused(session, request, { outcome: 'reused', uid: other })

  const added = request.cores.reduce((sum, core) => sum + core.recipients.length, 0)
  if (added > 0) {
    const document = known?.id ?? insertDocument(session, request, added)
    if (known === undefined || known.unsettled === 0) {
      holdPayload(session, request.payload, 1)
      session.tally = { ...session.tally, documents: session.tally.documents + 1 }
    }
    if (known !== undefined) {
      session.sql.run('UPDATE document SET unsettled = unsettled + ? WHERE id = ?', added, document)
    }
    for (const core of request.cores) {
      insertCore(session, document, request, core)
      recordRecall(session, { document, generation: core.generation }, request.about)
    }
    appendEvent(session, acceptEvent(request, added))
    noteAsked(session, request)
  }
  return { outcome: { outcome: 'accepted' }, fileOwned: ownsFile(session, request.payload) }
}

/** What the sender asks about an earlier document of its own, beside those it asks. */
function noteAsked(
  session: Session,
  { businessStatus: status, uid, acceptedAt: at, from, cores }: AcceptArguments,
): void {
  if (status === null) return
  const organs = cores.flatMap((core) => core.recipients.map(({ organ }) => organ))
  noteStatus(session, { uid, at, status, senders: [from], organs })
}

function refused(session: Session, request: AcceptArguments, outcome: AcceptOutcome): AcceptReply {
  return { outcome, fileOwned: ownsFile(session, request.payload) }
}

function earlierRecipients(session: Session, document: number): EarlierRecipient[] {
  const recalls = recallsOf(session, document)
  const meant = meantBy(session, document)
  return newestRecipients(session, document).map((row) => ({
    organ: row.organ,
    generation: row.generation,
    state: row.state,
    provisional: row.provisional === 1,
    statusCode: row.status_code,
    withdrawn: isTakenBack(recalls(row, null)),
    about: meant(row.generation),
  }))
}

function sameGenerations(stored: readonly EarlierRecipient[], expected: readonly EarlierRecipient[]): boolean {
  if (stored.length !== expected.length) return false
  const generations = new Map(expected.map(({ organ, generation }) => [organ, generation]))
  return stored.every(({ organ, generation }) => generations.get(organ) === generation)
}

function findSameId(session: Session, request: AcceptArguments): string | undefined {
  return session.sql.get<{ uid: string }>(
    // The plus keeps the planner away from the index by sender and kind: that is all the sender ever sent.
    'SELECT uid FROM document WHERE document_id = ? AND sender = ? AND +kind = ? AND business_type = ? LIMIT 1',
    request.documentId,
    request.from,
    request.kind,
    request.businessType,
  )?.uid
}

function insertDocument(session: Session, request: AcceptArguments, unsettled: number): number {
  return session.sql.insert(
    `INSERT INTO document (uid, kind, business_type, sender, document_id, lane, segment_bytes, subject, number, issued,
       sha256, size, accepted_at, unsettled)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    request.uid,
    request.kind,
    request.businessType,
    request.from,
    request.documentId,
    request.lane,
    request.segmentBytes,
    request.headline.subject,
    request.headline.number,
    request.headline.date,
    request.payload.sha256,
    request.payload.size,
    request.acceptedAt,
    unsettled,
  )
}

function insertCore(session: Session, document: number, request: AcceptArguments, core: AcceptCore): void {
  const { sql } = session
  const id = sql.insert(
    'INSERT INTO outbox_core (document, generation, core, seal, recipients) VALUES (?, ?, ?, ?, ?)',
    document,
    core.generation,
    core.core,
    core.seal,
    JSON.stringify(core.recipients.map(({ organ, node }) => [organ, node])),
  )
  core.recipients.forEach(({ organ, node, closed = [] }, position) => {
    sql.run(
      `INSERT INTO recipient (document, generation, organ, node, core, position, state, closed)
       VALUES (?, ?, ?, ?, ?, ?, 'accepted', ?)`,
      ...[document, core.generation, organ, node, id, position],
      closed.length === 0 ? null : JSON.stringify(closed),
    )
  })
  for (const { hop, to } of core.copies) {
    sql.run(
      `INSERT INTO copy (seq, hop, lane, core, targets, segments) VALUES (?, ?, ?, ?, ?, '"all"')`,
      ...[request.urgent ? urgentSeq(session, request.acceptedAt) : null, hop, request.lane, id, JSON.stringify(to)],
    )
  }
  session.tally = { ...session.tally, copies: session.tally.copies + core.copies.length }
}

function acceptEvent(request: AcceptArguments, recipients: number): Parameters<typeof appendEvent>[1] {
  return {
    at: request.acceptedAt,
    type: 'accept',
    uid: request.uid,
    detail: {
      from: request.from,
      documentId: request.documentId,
      recipients,
      sha256: request.payload.sha256,
      size: request.payload.size,
    },
  }
}

/** Below every ordinary number, in order of acceptance, and never that of an urgent copy just sent. */
const urgentBase = -(2 ** 52)
const urgentPerMs = 256

function urgentSeq(session: Session, acceptedAt: number): number {
  const last =
    session.sql.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM copy WHERE seq < 0')?.seq ?? urgentBase
  return Math.max(last + 1, urgentBase + acceptedAt * urgentPerMs)
}
