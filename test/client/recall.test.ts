/** A client takes back what it has sent, against a real node over HTTP: recall, replacement, and what is refused. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Client, ReceivedItem, SentDocument, Submitted } from '@lienthong/client'
import { documentTypes, type OrganId } from '@lienthong/core'
import { replacementOf } from '../kit/federation-packets.ts'
import { lastFirst } from '../kit/teardown.ts'
import { waitFor } from '../kit/wait-for.ts'
import { clientOf, first, packet, province, second, serveNode } from './served-node.ts'

const nobodys = '0'.repeat(64)

describe('a client that takes back what it sent', { timeout: 120_000 }, () => {
  const teardown = lastFirst({ after })
  let sender: Client
  let reader: Client
  let sleeper: Client
  let number = 0

  before(async () => {
    const node = await serveNode(teardown)
    sender = clientOf(teardown, node.optionsFor(province))
    reader = clientOf(teardown, node.optionsFor(first))
    sleeper = clientOf(teardown, node.optionsFor(second))
  })

  it('recalls it: who has it is asked and says yes, who has not finds it gone', async () => {
    const { document, item } = await read()
    const recall = await sender.recall(document.uid, 'Sai thể thức', { signer: 'Nguyễn Văn A' })
    assert.deepEqual(recall.recipients, [
      { organ: first, outcome: 'new' },
      { organ: second, outcome: 'new' },
    ])
    await become(document, { [first]: 'asked', [second]: 'withdrawn' })

    assert.deepEqual(await waiting(sleeper), [])
    const notice = await arrived(reader, recall.uid)
    const { businessType, business, signer } = await notice.header()
    assert.deepEqual([businessType, business.reason, signer.fullName], [1, 'Sai thể thức', 'Nguyễn Văn A'])
    await item.status.changeAgreed({ description: 'đã hủy' })
    await notice.ack()
    const { recipients } = await become(document, { [first]: 'agreed', [second]: 'withdrawn' })
    assert.deepEqual(
      recipients.map(({ recall: known }) => known?.packets.map(({ uid }) => uid)),
      [[recall.uid], [recall.uid]],
    )
    // Who follows it waits for nobody any more.
    const followed = []
    for await (const { organ } of sender.track(document.uid, { until: 'collected' })) followed.push(organ)
    assert.deepEqual(followed, [first, second])
  })

  it('recalls it from some, and hears a no from who was asked', async () => {
    const { document, item } = await read()
    await sender.recall(document.uid, 'Gửi nhầm', { to: [first] })
    await become(document, { [first]: 'asked', [second]: null })
    await item.status.changeDeclined({ description: 'đã vào sổ' })
    await become(document, { [first]: 'refused', [second]: null })
    assert.deepEqual(await waiting(sleeper), [document.uid])
    await empty()
  })

  it('changes nothing by recalling it once more, and sends it anew by submitting it again', async () => {
    const bytes = await packet(next(), { to: [second] })
    const document = await submitted(bytes, 1)
    const once = await sender.recall(document.uid, 'Gửi nhầm')
    await become(document, { [second]: 'withdrawn' })
    const again = await sender.recall(document.uid, 'Vẫn gửi nhầm')
    assert.notEqual(again.uid, once.uid)
    await waitFor(async () => (await sender.document(again.uid)).settled, { what: 'the second recall' })
    const { recipients } = await become(document, { [second]: 'withdrawn' })
    assert.deepEqual(
      recipients[0]?.recall?.packets.map(({ outcome }) => outcome),
      ['withdrawn', 'withdrawn'],
    )
    assert.deepEqual(await waiting(sleeper), [])

    await sender.submit(bytes)
    const item = await arrived(sleeper, document.uid)
    assert.equal(item.generation, 2)
    await item.ack()
  })

  it('replaces it: only the new text is there to be read, and both are tied together', async () => {
    const { document } = await read()
    const { uid } = await sender.replace(document.uid, await replacing(document.documentId))
    await become(document, { [first]: 'asked', [second]: 'withdrawn' })
    assert.deepEqual([await waiting(reader), await waiting(sleeper)], [[uid], [uid]])
    const text = await arrived(sleeper, uid)
    const { businessType, business } = await text.header()
    assert.equal(businessType, documentTypes.replacement)
    assert.deepEqual(
      business.replacements.map(({ documentId }) => documentId),
      [document.documentId],
    )
    await empty()
  })

  it('is refused what it did not send, what nobody sent, and a replacement of something else', async () => {
    const { document } = await read()
    const replacement = await replacing(document.documentId)
    await assert.rejects(reader.recall(document.uid, 'Không phải của mình'), { code: 'NOT_FOUND' })
    await assert.rejects(reader.replace(document.uid, replacement), { code: 'NOT_FOUND' })
    await assert.rejects(sender.recall(nobodys, 'Không có'), { code: 'NOT_FOUND' })
    await assert.rejects(sender.replace(nobodys, replacement), { code: 'NOT_FOUND' })
    await assert.rejects(sender.recall(document.uid, 'Không gửi tới đó', { to: [province] }), { code: 'NOT_FOUND' })
    await assert.rejects(sender.recall(document.uid, ''), { code: 'CALL_INVALID' })
    await assert.rejects(sender.replace(document.uid, await packet(next())), { code: 'NOT_EDXML' })
    const other = await replacing(`${document.documentId}-khac`)
    await assert.rejects(sender.replace(document.uid, other), { code: 'NOT_EDXML' })
    const foreign = await replacing(document.documentId, first)
    await assert.rejects(reader.submit(foreign), { code: 'RECALL_NOT_SENDER' })

    await become(document, { [first]: null, [second]: null })
    assert.deepEqual(await waiting(sleeper), [document.uid])
  })

  function next(): string {
    number += 1
    return `${number}/UBND-VP`
  }

  async function submitted(bytes: Uint8Array, count: number): Promise<SentDocument> {
    const { uid } = await sender.submit(bytes)
    const document = () => sender.document(uid)
    await waitFor(async () => (await document()).recipients.filter(({ deliveredAt }) => deliveredAt).length === count, {
      what: `${uid} to be delivered`,
    })
    return document()
  }

  /** A document to both, which the first has taken. */
  async function read(): Promise<{ readonly document: SentDocument; readonly item: ReceivedItem }> {
    const document = await submitted(await packet(next(), { to: [first, second] }), 2)
    const item = await arrived(reader, document.uid)
    await item.ack()
    return { document, item }
  }

  /** The next item of this client, which must be this one. */
  async function arrived(client: Client, uid: Submitted['uid']): Promise<ReceivedItem> {
    for await (const item of client.receive({ kind: 'document', signal: AbortSignal.timeout(30_000) })) {
      assert.equal(item.uid, uid)
      return item
    }
    throw new Error('nothing came')
  }

  /** All that comes before something sent now. */
  async function coming(client: Client): Promise<readonly ReceivedItem[]> {
    const items: ReceivedItem[] = []
    const to = [client === reader ? first : second]
    const last = await sender.submit(await packet(next(), { to }))
    for await (const item of client.receive({ signal: AbortSignal.timeout(30_000) })) {
      if (item.uid !== last.uid) {
        items.push(item)
        continue
      }
      await item.ack()
      return items
    }
    throw new Error('nothing came')
  }

  /** It is given back. */
  async function waiting(client: Client): Promise<readonly string[]> {
    const items = await coming(client)
    for (const item of items) await item.fail('để sau', { retryAfterMs: 0 })
    return items.map(({ uid }) => uid)
  }

  async function empty(): Promise<void> {
    for (const client of [reader, sleeper]) for (const item of await coming(client)) await item.ack()
  }

  /** Waits until the sender is told this of each recipient. */
  async function become(
    { uid }: SentDocument,
    outcomes: Readonly<Record<OrganId, string | null>>,
  ): Promise<SentDocument> {
    const told = async () => {
      const document = await sender.document(uid)
      const known = document.recipients.map(({ organ, recall }) => [organ, recall?.outcome ?? null] as const)
      return { document, known: Object.fromEntries(known) }
    }
    await waitFor(async () => JSON.stringify((await told()).known) === JSON.stringify(outcomes), {
      what: JSON.stringify(outcomes),
    }).catch(async () => assert.deepEqual((await told()).known, outcomes))
    return (await told()).document
  }

  function replacing(documentId: string, from: OrganId = province): Promise<Buffer> {
    number += 1
    return replacementOf(documentId, { from, to: [first, second], number })
  }
})
