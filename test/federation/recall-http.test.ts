/**
 * A document taken back by software of two kinds: handed in, recalled and replaced by REST at one province, read and
 * answered by VXP at another, across real brokers. What the sender is told of each recipient is what its list shows.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { type OrganId, statusCodes } from '@lienthong/core'
import { samplePacket, writeStatus } from '@lienthong/edxml'
import { openGateway } from '@lienthong/gateway'
import { post } from '../conformance/vxp/calls.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { replacementOf } from '../kit/federation-packets.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const deadlineMs = 60_000

const origin = 'H29'
/** Served by one node: the first takes what comes, the second has not looked yet. */
const [quick, slow] = ['H26', 'H26.1'] as const
const everybody = [quick, slow]
const tree = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  { id: origin, tier: 'province', parent: 'G22', name: 'Tỉnh thứ nhất' },
  {
    id: quick,
    tier: 'province',
    parent: 'G22',
    name: 'Tỉnh thứ hai',
    organisations: [{ id: slow, name: 'Sở thứ nhất' }],
  },
]

interface Sent {
  readonly uid: string
  readonly documentId: string
  readonly body: Buffer
}

interface Listed {
  readonly docId: string
  readonly contentSha256: string
}

describe('a document sent by REST and read by VXP', { skip, timeout: 150_000 }, () => {
  let fed: LiveFederation
  let rest = ''
  let vxp = ''
  let key = ''
  let number = 0
  const teardown = lastFirst({ after })

  before(async () => {
    fed = await startFederation(teardown, { tree, queryTiming: { firstMs: 1_000, maxMs: 4_000 } })
    const urls: string[] = []
    for (const id of [origin, quick]) {
      const gateway = await openGateway({ node: fed.node(id), listen: { host: '127.0.0.1', port: 0 } })
      teardown.after(() => gateway.close({ timeoutMs: 0 }))
      urls.push(gateway.url)
    }
    ;[rest = '', vxp = ''] = urls
    const system = { id: 'rest', organisations: [origin], issue: ['apiKey'] as const }
    key = (await fed.node(origin).systems.add(system, 'test')).apiKey ?? ''
  })

  for (const [answer, outcome] of [
    [statusCodes.changeAgreed, 'agreed'],
    [statusCodes.changeDeclined, 'refused'],
  ] as const) {
    it(`is recalled by REST: it leaves the list of who has not taken it, who has answers ${answer}`, async () => {
      const sent = await send()
      const docId = await take(sent)
      const before = await listed(slow)
      assert.deepEqual(before.map(digestOf), [digest(sent.body)])

      const recall = await toRest(`/v1/documents/${sent.uid}/recall`, JSON.stringify({ reason: 'Sai thể thức' }))

      await become(sent, { [quick]: 'asked', [slow]: 'withdrawn' })
      assert.deepEqual(await listed(slow), [])
      await isGone(slow, before[0])
      const [notice, ...others] = await listed(quick)
      assert.deepEqual(others, [])
      assert.notEqual(notice?.docId, docId)
      assert.match(await textOf(quick, notice), /<edXML:BussinessDocType>1</)
      await answered(sent, answer)
      await done(quick, notice)

      await become(sent, { [quick]: outcome, [slow]: 'withdrawn' })
      assert.deepEqual(await packetsAbout(sent), [[recall.uid], [recall.uid]])
    })

    it(`is replaced by REST: all have the new text, who had the old one answers ${answer}`, async () => {
      const sent = await send()
      await take(sent)
      const before = await listed(slow)
      number += 1
      const text = await replacementOf(sent.documentId, { from: origin, to: everybody, number })

      const replacement = await toRest(`/v1/documents/${sent.uid}/replace`, text)

      await become(sent, { [quick]: 'asked', [slow]: 'withdrawn' })
      for (const organ of everybody) {
        const [only, ...others] = await listed(organ)
        assert.deepEqual([only && digestOf(only), others], [digest(text), []])
        await done(organ, only)
      }
      await isGone(slow, before[0])
      await answered(sent, answer)

      await become(sent, { [quick]: outcome, [slow]: 'withdrawn' })
      assert.deepEqual(await packetsAbout(sent), [[replacement.uid], [replacement.uid]])
      await collected(replacement.uid)
    })
  }

  it('leaves nothing behind', async () => {
    await fed.quiet()
    for (const organ of everybody) assert.deepEqual(await listed(organ), [])
    assert.deepEqual(fed.failures, [])
  })

  /** Handed in by REST, and on both lists. */
  async function send(): Promise<Sent> {
    number += 1
    const documentId = `${origin},2025/07/01,${number}/UBND-VP`
    const sample = { from: named(origin), to: everybody.map(named), number: `${number}/UBND-VP`, documentId }
    const body = await buffer(samplePacket({ ...sample, subject: 'Về việc gửi nhầm', attachmentBytes: 300_000 }))
    const { uid } = await toRest('/v1/documents', body)
    for (const organ of everybody)
      await waitFor(async () => (await listed(organ)).some((each) => digestOf(each) === digest(body)), {
        what: `${documentId} on the list of ${organ}`,
        deadlineMs,
      })
    return { uid, documentId, body }
  }

  /** Fetches and acknowledges it for who is quick, as software does. */
  async function take({ uid, body }: Sent): Promise<string> {
    const [item] = await listed(quick)
    assert.equal(await textOf(quick, item), body.toString())
    await done(quick, item)
    await collected(uid)
    return item?.docId ?? ''
  }

  async function toRest(path: string, body: string | Uint8Array): Promise<{ readonly uid: string }> {
    const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream'
    const headers = { authorization: `Bearer ${key}`, 'content-type': type }
    const answer = await fetch(`${rest}${path}?as=${origin}`, { method: 'POST', headers, body })
    const said = await answer.text()
    assert.equal(answer.status, 201, said)
    return JSON.parse(said) as { readonly uid: string }
  }

  function toVxp(
    organ: OrganId,
    operation: string,
    rest: Omit<Parameters<typeof post>[2], 'as'> = {},
  ): ReturnType<typeof post> {
    const system = fed.plan.node(quick).config.systems.find(({ organisations }) => organisations.includes(organ))
    const { id: systemid, secret } = system ?? assert.fail(organ)
    return post(vxp, operation, { as: { systemid, secret, organ }, ...rest })
  }

  async function listed(organ: OrganId): Promise<readonly Listed[]> {
    const { data } = await toVxp(organ, 'getReceivedEdocList', { fields: { messagetype: 'edoc' } })
    return data as readonly Listed[]
  }

  async function textOf(organ: OrganId, item: Listed | undefined): Promise<string> {
    const { data } = await toVxp(organ, 'getEdoc', { fields: { docId: item?.docId ?? '' } })
    return Buffer.from(String(data), 'base64').toString()
  }

  async function done(organ: OrganId, item: Listed | undefined): Promise<void> {
    const fields = { docId: item?.docId ?? '', status: 'done' }
    assert.equal((await toVxp(organ, 'updateStatus', { fields }))['status'], 'OK')
  }

  /** Who still has its number hears why there is nothing behind it. */
  async function isGone(organ: OrganId, item: Listed | undefined): Promise<void> {
    for (const operation of ['getEdoc', 'updateStatus']) {
      const { ErrorDesc } = await toVxp(organ, operation, { fields: { docId: item?.docId ?? '', status: 'done' } })
      assert.match(String(ErrorDesc), /\[DOCUMENT_RECALLED\]$/, operation)
    }
  }

  async function answered({ documentId }: Sent, statusCode: number): Promise<void> {
    const responseFor = [{ organId: origin, documentId }]
    const body = writeStatus({
      from: named(quick),
      responseFor,
      statusCode,
      description: 'Trả lời',
      sentAt: Date.now(),
    })
    const fields = { from: quick, servicetype: 'eDoc', messagetype: 'status', 'hash-file': digest(body) }
    assert.equal((await toVxp(quick, 'sendEdoc', { body, fields }))['status'], 'OK')
  }

  async function collected(uid: string): Promise<void> {
    await waitFor(async () => (await tracked(uid)).some(({ state }) => state === 'collected'), {
      what: `${uid} to be known as collected`,
      deadlineMs,
    })
  }

  async function tracked(uid: string) {
    const [document] = await fed.node(origin).track({ uid })
    return document?.recipients ?? []
  }

  /** Waits until `track` says this, and REST the same. */
  async function become({ uid }: Sent, outcomes: Readonly<Record<OrganId, string>>): Promise<void> {
    const told = async () =>
      Object.fromEntries((await tracked(uid)).map(({ organ, recall }) => [organ, recall?.outcome ?? 'nothing']))
    await waitFor(async () => JSON.stringify(await told()) === JSON.stringify(outcomes), {
      what: `${uid} to be ${JSON.stringify(outcomes)}`,
      deadlineMs,
    }).catch(async () => assert.deepEqual(await told(), outcomes))
    const answer = await fetch(`${rest}/v1/documents/${uid}?as=${origin}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const { recipients } = (await answer.json()) as {
      readonly recipients: readonly { organ: OrganId; recall: { outcome: string } }[]
    }
    assert.deepEqual(Object.fromEntries(recipients.map(({ organ, recall }) => [organ, recall.outcome])), outcomes)
  }

  async function packetsAbout({ uid }: Sent): Promise<readonly unknown[]> {
    return (await tracked(uid)).map(({ recall }) => recall?.packets.map((packet) => packet.uid))
  }
})

function named(organId: OrganId): { readonly organId: OrganId; readonly organName: string } {
  return { organId, organName: organId }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function digestOf({ contentSha256 }: Listed): string {
  return contentSha256
}
