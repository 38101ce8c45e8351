/** What callers see of the node's records, and the schemas of that. Instants are RFC 3339 in UTC. */
import { changeTypes, isSettled, kinds, recallOutcomes, recipientStates, transportStates } from '@lienthong/core'
import type {
  MailItem,
  SentChange,
  TrackedDocument,
  TrackedRecall,
  TrackedRecipient,
  UploadState,
} from '@lienthong/store'
import {
  described,
  digest,
  flag,
  instant,
  instantOrNull,
  listOf,
  object,
  oneOf,
  type Schema,
  text,
  textOrNull,
  whole,
  wholeOrNull,
} from './schema.ts'

const timeOf = (at: number) => new Date(at).toISOString()
const timeOrNull = (at: number | null) => (at === null ? null : timeOf(at))

/* ---- what was sent ---- */

export function documentView(document: TrackedDocument) {
  const { seq, uid, kind, businessType, from, documentId, headline, size, acceptedAt, recipients } = document
  return {
    seq,
    uid,
    kind,
    businessType,
    from,
    documentId,
    ...headline,
    size,
    acceptedAt: timeOf(acceptedAt),
    settled: recipients.every(isSettled),
    recipients: recipients.map(recipientView),
  }
}

function recipientView(recipient: TrackedRecipient) {
  const { organ, generation, state, provisional, code, statusCode, overdue, closed, path, recall } = recipient
  return {
    organ,
    generation,
    state,
    provisional,
    code,
    statusCode,
    statusAt: timeOrNull(recipient.statusAt),
    dispatchedAt: timeOrNull(recipient.dispatchedAt),
    deliveredAt: timeOrNull(recipient.deliveredAt),
    collectedAt: timeOrNull(recipient.collectedAt),
    overdue,
    closed,
    path: (path ?? []).map(({ node, at }) => ({ node, at: timeOf(at) })),
    recall: recall === null ? null : recallView(recall),
  }
}

function recallView({ outcome, packets }: TrackedRecall) {
  return {
    outcome,
    packets: packets.map(({ sentAt, effectAt, ...packet }) => ({
      ...packet,
      sentAt: timeOf(sentAt),
      effectAt: timeOrNull(effectAt),
    })),
  }
}

const headline = {
  number: described(textOrNull, 'Number and notation, `123/UBND-VP`.'),
  subject: textOrNull,
  date: described(textOrNull, 'Date of issue as written, `yyyy/MM/dd`.'),
}

const businessType = described(whole, 'Of a document 0 new, 1 recall, 2 update, 3 replacement; of a status its code.')

/** What became of taking the document back at one recipient. */
const recallSchema: Schema = {
  title: 'Recall',
  description:
    'What became of recalling, replacing or taking the document back; null when nobody asked for that. `stopped`: it was kept from the mailbox; `withdrawn`: it was taken out of the mailbox before anybody had it; `asked`: the recipient has it and was asked; `agreed`, `refused`: its answer 15 or 16; `unknown`: the packet that asks has not got there.',
  ...object({
    outcome: oneOf(recallOutcomes),
    packets: described(
      listOf(
        object({
          uid: digest,
          kind: oneOf(kinds),
          businessType,
          sentAt: instant,
          effectAt: described(instantOrNull, 'When it took effect at the node that serves the recipient.'),
          outcome: oneOf(recallOutcomes),
        }),
      ),
      'What was sent about it, oldest first.',
    ),
  }),
  type: ['object', 'null'],
}

export const documentSchema: Schema = {
  title: 'SentDocument',
  ...object({
    seq: described(whole, 'Ascending in order of acceptance.'),
    uid: digest,
    kind: oneOf(kinds),
    businessType,
    from: text,
    documentId: text,
    ...headline,
    size: whole,
    acceptedAt: instant,
    settled: described(flag, 'Every recipient has come to an end: delivered, undeliverable or stopped.'),
    recipients: listOf({
      title: 'SentRecipient',
      ...object({
        organ: text,
        generation: whole,
        state: oneOf(recipientStates),
        provisional: described(flag, 'Undeliverable by the word of a node on the way; delivery may still follow.'),
        code: described(textOrNull, 'Why it waits or is undeliverable.'),
        statusCode: described(wholeOrNull, 'Furthest business status heard, 1 … 16.'),
        statusAt: instantOrNull,
        dispatchedAt: instantOrNull,
        deliveredAt: instantOrNull,
        collectedAt: instantOrNull,
        overdue: described(flag, 'Past the time a receipt was expected.'),
        closed: described(
          listOf(
            object({
              code: described(text, 'As it was addressed.'),
              validTo: described(text, 'Last day of that organisation, `yyyy-MM-dd`.'),
              successors: described(
                listOf(text),
                'Who gets the document in its place; several while nobody has decided among them, none when nobody took over.',
              ),
            }),
          ),
          'Codes by which it was addressed and that had closed, or have closed before it was delivered.',
        ),
        path: described(listOf(object({ node: text, at: instant })), 'Nodes it came through.'),
        recall: recallSchema,
      }),
    }),
  }),
}

export function changeView(change: SentChange) {
  const { seq, type, at, uid, documentId, kind, organ, generation, state, code, statusCode } = change
  return { seq, type, at: timeOf(at), uid, documentId, kind, organ, generation, state, code, statusCode }
}

export const changeSchema: Schema = {
  title: 'Change',
  ...object({
    seq: whole,
    type: oneOf(changeTypes),
    at: instant,
    uid: digest,
    documentId: text,
    kind: oneOf(kinds),
    organ: described(text, 'The recipient.'),
    generation: whole,
    state: oneOf(recipientStates),
    code: textOrNull,
    statusCode: wholeOrNull,
  }),
}

/* ---- what came in ---- */

export function itemView(item: MailItem) {
  const { id, uid, generation, kind, organ, from, documentId, payload, state, stateReason } = item
  return {
    id,
    uid,
    generation,
    kind,
    organ,
    from,
    documentId,
    ...item.headline,
    size: payload.size,
    sha256: payload.sha256,
    deliveredAt: timeOf(item.deliveredAt),
    collectedAt: timeOrNull(item.collectedAt),
    state,
    stateReason,
    leasedUntil: timeOrNull(item.leasedUntil),
  }
}

const itemProperties = {
  id: described(whole, 'Ascending in order of arrival.'),
  uid: digest,
  generation: whole,
  kind: oneOf(kinds),
  organ: text,
  from: text,
  documentId: text,
  ...headline,
  size: whole,
  sha256: digest,
  deliveredAt: instant,
  collectedAt: instantOrNull,
  state: oneOf(transportStates),
  stateReason: textOrNull,
  leasedUntil: described(instantOrNull, 'May lie in the past.'),
}

export const itemSchema: Schema = { title: 'MailItem', ...object(itemProperties) }

export const leasedItemSchema: Schema = {
  title: 'LeasedItem',
  ...object({
    ...itemProperties,
    lease: described(text, 'To acknowledge, renew or release this item with.'),
  }),
}

/* ---- uploads ---- */

export function uploadView({ id, sha256, size, offset }: UploadState) {
  return { id, sha256, size, offset }
}

export const uploadSchema: Schema = {
  title: 'Upload',
  ...object({
    id: text,
    sha256: { type: ['string', 'null'] },
    size: whole,
    offset: described(whole, 'Bytes on disk: where the next piece begins.'),
  }),
}
