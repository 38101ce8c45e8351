/** `getSentEdocList`: one row a recipient, newest documents first. */
import {
  closedCodeText,
  isOutOfReach,
  type OrganId,
  phrase,
  type RecipientState,
  type TransportState,
} from '@lienthong/core'
import { formatTimestamp } from '@lienthong/edxml'
import type { TrackedDocument, TrackedRecipient } from '@lienthong/store'
import { listAnswer } from './answer.ts'
import { docIdOf, senderDocIdOf } from './doc-id.ts'
import { organisationsOf } from './door.ts'
import { plain } from './envelope.ts'
import { kindAskedFor, messageTypeOf, type Operation, serviceType, type VxpCall } from './operation.ts'

/** Documents a mailbox of the answer goes back. */
const maxDocuments = 500
const pageDocuments = 100

/** How far a recipient's copy is, on the sender's and on the receiver's side. */
const states: Readonly<Record<RecipientState, readonly [send: TransportState, receive: TransportState]>> = {
  accepted: ['processing', 'initial'],
  dispatched: ['done', 'initial'],
  delivered: ['done', 'initial'],
  collected: ['done', 'done'],
  undeliverable: ['fail', 'fail'],
  stopped: ['fail', 'fail'],
}

export const getSentEdocList: Operation = async (call) => {
  const organs = organisationsOf(call.node.systems, call.system, 'send')
  return listAnswer(rowsOf(call, organs))
}

async function* rowsOf({ node, fields }: VxpCall, organs: readonly OrganId[]): AsyncGenerator<object> {
  const kind = kindAskedFor(fields)
  for (const organ of organs) {
    for (let before: number | undefined, count = 0; count < maxDocuments; ) {
      const documents = await node.sent.list(organ, {
        limit: pageDocuments,
        ...(kind && { kind }),
        ...(before !== undefined && { before }),
      })
      for (const document of documents) for (const recipient of document.recipients) yield rowOf(document, recipient)
      if (documents.length < pageDocuments) break
      before = documents.at(-1)?.seq
      count += documents.length
    }
  }
}

function rowOf(document: TrackedDocument, recipient: TrackedRecipient): object {
  const [sendStatus, reached] = states[recipient.state]
  const outcome = recipient.recall?.outcome ?? null
  return {
    serviceType,
    messageType: messageTypeOf(document.kind),
    fromCode: document.from,
    toCode: recipient.organ,
    senderDocId: senderDocIdOf(document.uid),
    receiverDocId: receiverDocIdOf(document, recipient),
    sendStatus,
    sendStatusDesc:
      plain(phrase('vi', `state.${recipient.state}`)) + (recipient.code === null ? '' : ` [${recipient.code}]`),
    receiveStatus: isOutOfReach(outcome) ? 'fail' : reached,
    receiveStatusDesc: receiveSays(recipient),
    title: document.headline.subject ?? '',
    notation: document.headline.number ?? '',
    sentTime: formatTimestamp(document.acceptedAt),
    receivedTime: recipient.deliveredAt === null ? '' : formatTimestamp(recipient.deliveredAt),
  }
}

/** What became of a recall, and of codes that have closed. */
function receiveSays({ recall, closed, state }: TrackedRecipient): string {
  return [
    ...(recall === null ? [] : [phrase('vi', `recallOutcome.${recall.outcome}`)]),
    ...closed.map((each) => closedCodeText('vi', each, state)),
  ]
    .map(plain)
    .join('; ')
}

/** What the receiver's software knows the document by; only the node that serves the receiver can tell. */
function receiverDocIdOf({ uid }: TrackedDocument, { organ, generation, item }: TrackedRecipient): string {
  return item === null ? '' : docIdOf({ id: item, organ, uid, generation })
}
