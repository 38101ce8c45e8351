/** Recall and replacement over real HTTP against a real node and store. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { readHeader, recallPacket, writeDocument } from '@lienthong/edxml'
import type { Call } from './caller.ts'
import { packet, until } from './real-node.ts'
import { type RestNode, withRestNode } from './rest-node.ts'

describe('recall over REST', () => {
  let call: Call
  let both = ''
  let first = ''
  let second = ''
  let waiting: RestNode['waiting']

  withRestNode((rest) => {
    ;({ call, both, first, second, waiting } = rest)
  })

  it('recalls and replaces a document, and says for each recipient what became of it', async () => {
    const sent = new Uint8Array(await packet('1/UBND-VP', 'H29', ['H29.02', 'H29.03']))
    const answer = await call('POST', '/v1/documents?as=H29', { key: both, body: sent })
    const path = `/v1/documents/${answer.json.uid}`
    const { id } = await waiting(answer.json.uid)
    await call('POST', `/v1/mailbox/${id}/acknowledge`, { key: first })
    const untouched = await waiting(answer.json.uid, second, 'H29.03')

    const json = { reason: 'Sai thể thức', at: '2026-01-02T03:04:05Z' }
    const recalled = await call('POST', `${path}/recall?as=H29`, { key: both, json })
    assert.equal(recalled.status, 201)
    assert.deepEqual(
      recalled.json.recipients.map(({ organ }: { organ: string }) => organ),
      ['H29.02', 'H29.03'],
    )
    const repeated = await call('POST', `${path}/recall?as=H29`, { key: both, json })
    assert.deepEqual([repeated.status, repeated.json.uid], [200, recalled.json.uid])
    const recalls = await until(async () => {
      const { recipients } = (await call('GET', `${path}?as=H29`, { key: both })).json
      return recipients.every((each: { recall: { outcome: string } }) => each.recall.outcome !== 'unknown')
        ? recipients.map((each: { recall: unknown }) => each.recall)
        : undefined
    })
    const packets = recalls.map((recall: { packets: Record<string, unknown>[] }) => recall.packets[0])
    assert.deepEqual(
      packets.map(({ uid, kind, businessType, outcome }: Record<string, unknown>) => [
        uid,
        kind,
        businessType,
        outcome,
      ]),
      [
        [recalled.json.uid, 'document', 1, 'asked'],
        [recalled.json.uid, 'document', 1, 'withdrawn'],
      ],
    )
    assert.ok(Number.isFinite(Date.parse(packets[1].effectAt)))
    const gone = await call('GET', `/v1/mailbox/${untouched.id}`, { key: second })
    assert.deepEqual([gone.status, gone.json.code], [410, 'DOCUMENT_RECALLED'])
    const notice = await waiting(recalled.json.uid)
    const header = await readHeader(
      Readable.from([(await call('GET', `/v1/mailbox/${notice.id}/packet`, { key: first })).bytes]),
    )
    assert.deepEqual([header.businessType, header.business.reason], [1, 'Sai thể thức'])

    const own = { key: both, body: new Uint8Array(await packet('900/UBND-VP', 'H29', ['H29.02'])) }
    const stranger = await call('POST', `${path}/replace?as=H29`, own)
    assert.deepEqual([stranger.status, stranger.json.code], [422, 'NOT_EDXML'])
    const { documentId } = (await call('GET', `${path}?as=H29`, { key: both })).json
    const body = new Uint8Array(
      await buffer(
        writeDocument({
          ...recallPacket({
            document: { documentId: `${documentId}-2`, number: '901/UBND-VP', date: '2025/07/02', subject: null },
            from: { organId: 'H29', organName: 'Tỉnh' },
            to: [{ organId: 'H29.02', organName: 'Sở' }],
            reason: 'Thay thế',
            sentAt: 0,
          }),
          businessType: 3,
          business: { replacements: [{ documentId, organIds: ['H29.02'] }] },
        }),
      ),
    )
    const replaced = await call('POST', `${path}/replace?as=H29`, { key: both, body })
    assert.equal(replaced.status, 201, JSON.stringify(replaced.json))
    assert.equal((await call('GET', `/v1/documents/${replaced.json.uid}?as=H29`, { key: both })).json.businessType, 3)
    const foreign = await call('POST', `${path}/recall`, { key: first, json })
    assert.deepEqual([foreign.status, foreign.json.code], [404, 'NOT_FOUND'])
  })
})
