/**
 * Calls about documents. Bodies are streamed with backpressure both ways. The content of a document, and what is done in
 * an organisation's name, takes an operator; that somebody did is in the chain of events.
 */
import { type OrganId, parseWhole, RelayError } from '@lienthong/core'
import { recallSent, takeBackSent } from '../recall.ts'
import { type Call, type Route, required, sendJson, wholeOf } from './call.ts'
import { trackKeyIn } from './diagnosis-answers.ts'
import type { AdminNode } from './door.ts'
import { sendHeaded } from './headed-body.ts'
import { jsonBody, textIn, textsIn } from './json-body.ts'
import { defaultPageItems, type MailPage, maxPageItems, type RecallReply } from './protocol.ts'

export function documentRoutes(
  node: Pick<AdminNode, 'id' | 'table' | 'submit' | 'sent' | 'mailbox' | 'track' | 'traffic' | 'operators'>,
  /** Of a packet that breaks off after the status has been sent. */
  report: (error: unknown) => void,
): readonly Route[] {
  /** The organisation named by `as`, in the directory's spelling. Throws SENDER_NOT_ALLOWED unless this very node serves it. */
  function servedHere(query: URLSearchParams): OrganId {
    const as = required(query, 'as')
    const listed = node.table.listed(as)
    if (listed === null || listed.node !== node.id) {
      throw new RelayError('SENDER_NOT_ALLOWED', { detail: { organ: as } })
    }
    return listed.id
  }

  async function submit({ request, response, query, by }: Call): Promise<void> {
    const as = servedHere(query)
    const to = query.getAll('to')
    const actor = by()
    // Leaving the loop early must not destroy the request, which carries the answer too.
    const body = request.iterator({ destroyOnReturn: false })
    const reply = await node.submit({ as, body, ...(to.length === 0 ? {} : { to }) })
    await node.operators.record({ type: 'document.submit', detail: { as, uid: reply.uid } }, actor)
    sendJson(response, reply)
  }

  async function recall({ request, response, query, id, by }: Call): Promise<void> {
    const as = servedHere(query)
    const actor = by()
    const body = await jsonBody(request)
    const [to, signer] = [textsIn(body, 'to'), body['signer'] === undefined ? undefined : textIn(body, 'signer')]
    const reply = await recallSent(
      node,
      { as, uid: id },
      { reason: textIn(body, 'reason'), to, signer, sentAt: Date.now() },
    )
    await node.operators.record({ type: 'document.submit', detail: { as, uid: reply.uid } }, actor)
    const packets: RecallReply = { packets: [reply] }
    sendJson(response, packets)
  }

  async function takeBack({ request, response, query, id, by }: Call): Promise<void> {
    const as = servedHere(query)
    const actor = by()
    const body = await jsonBody(request)
    const form = { description: textIn(body, 'reason'), to: textsIn(body, 'to'), sentAt: Date.now() }
    const reply: RecallReply = { packets: await takeBackSent(node, { as, uid: id }, form) }
    for (const { uid } of reply.packets) {
      await node.operators.record({ type: 'document.submit', detail: { as, uid } }, actor)
    }
    sendJson(response, reply)
  }

  async function list({ response, query }: Call): Promise<void> {
    const as = servedHere(query)
    const limit = Math.min(wholeOf(query, 'limit') ?? defaultPageItems, maxPageItems)
    const all = query.get('all') === 'true'
    const items = await node.mailbox.list(as, { after: wholeOf(query, 'after') ?? 0, limit, all })
    const page: MailPage = { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) }
    sendJson(response, page)
  }

  async function read({ response, query, id, by }: Call): Promise<void> {
    const as = servedHere(query)
    const actor = by()
    const { item, body } = await node.mailbox.read(as, mailId(id))
    await node.operators.record({ type: 'document.read', detail: { as, uid: item.uid } }, actor)
    await sendHeaded(response, { head: item, body, report })
  }

  async function acknowledge({ response, query, id, by }: Call): Promise<void> {
    const as = servedHere(query)
    const actor = by()
    const item = await node.mailbox.acknowledge(as, mailId(id))
    await node.operators.record({ type: 'document.acknowledge', detail: { as, uid: item.uid } }, actor)
    sendJson(response, item)
  }

  async function track({ response, query }: Call): Promise<void> {
    sendJson(response, await node.track(trackKeyIn(query)))
  }

  async function traffic({ response, query }: Call): Promise<void> {
    required(query, 'since')
    const read = (name: string, otherwise: number) => wholeOf(query, name) ?? otherwise
    sendJson(
      response,
      await node.traffic({ since: read('since', 0), after: read('after', 0), limit: read('limit', defaultPageItems) }),
    )
  }

  return [
    { method: 'POST', path: '/documents', role: 'operator', answer: submit },
    { method: 'POST', path: '/documents/:id/recall', role: 'operator', answer: recall },
    { method: 'POST', path: '/documents/:id/take-back', role: 'operator', answer: takeBack },
    { method: 'GET', path: '/mailbox', role: 'viewer', answer: list },
    { method: 'GET', path: '/mailbox/:id', role: 'operator', answer: read },
    { method: 'POST', path: '/mailbox/:id/ack', role: 'operator', answer: acknowledge },
    { method: 'GET', path: '/track', role: 'viewer', answer: track },
    { method: 'GET', path: '/traffic', role: 'viewer', answer: traffic },
  ]
}

function mailId(written: string): number {
  const id = parseWhole(written)
  if (id === null) throw new RelayError('NOT_FOUND', { detail: { what: written } })
  return id
}
