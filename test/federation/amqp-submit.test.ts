/** Documents handed in over AMQP by a client that is not ours: Debian's python3-pika. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { OrganId } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import type { TreeNode } from '../kit/federation.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { rawChannel } from '../kit/federation-outsider.ts'
import { canStartBroker, lastFirst, runProcess, waitFor } from '../kit/index.ts'

const python = '/usr/bin/python3'
const client = fileURLToPath(new URL('../../federation/fixtures/submit.py', import.meta.url))
const { exitCode } = await runProcess({ command: python, args: ['-c', 'import pika'] }).catch(() => ({ exitCode: 1 }))
const skip = !canStartBroker()
  ? 'needs a RabbitMQ that it can start'
  : exitCode !== 0 && 'needs the package python3-pika: apt-get install --no-install-recommends python3-pika'

const sender = 'H29'
const neighbour = 'H29.1'
const tree: readonly TreeNode[] = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  {
    id: sender,
    tier: 'province',
    parent: 'G22',
    name: 'Tỉnh thứ nhất',
    organisations: [{ id: neighbour, name: 'Sở thứ nhất' }],
  },
]
const answerSeconds = 30
/** The node has answered long before: it did so for the request behind this one. */
const silenceSeconds = 1

interface Request {
  readonly as?: OrganId
  readonly body: Uint8Array
  readonly user_id?: string | null
  readonly reply_to?: string
  readonly to?: string | readonly string[]
  readonly correlation_id?: string
}

interface Reply {
  readonly answer?: {
    readonly accepted: boolean
    readonly uid?: string
    readonly recipients?: readonly { readonly organ: OrganId; readonly outcome: string }[]
    readonly code?: string
    readonly text?: string
  }
  readonly correlation_id?: string
  readonly refused?: number
  readonly silent?: boolean
}

describe('submitting over AMQP with a foreign client', { skip, timeout: 150_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, { tree })
  })

  it('answers with the uid and every recipient, and the document arrives byte for byte', async () => {
    const body = await packet('1', ['G22', neighbour])
    const [reply, again] = await submit([
      { body, correlation_id: 'Thư số 1' },
      { body, correlation_id: '2' },
    ])

    assert.equal(reply?.correlation_id, 'Thư số 1')
    const { accepted, uid = '', recipients } = reply.answer ?? assert.fail('no answer')
    assert.equal(accepted, true)
    assert.match(uid, /^[0-9a-f]{64}$/)
    assert.deepEqual(recipients, [
      { organ: 'G22', outcome: 'new' },
      { organ: neighbour, outcome: 'new' },
    ])
    assert.deepEqual(again?.answer, {
      accepted: true,
      uid,
      recipients: recipients.map(({ organ }) => ({ organ, outcome: 'already' })),
      warnings: [],
    })
    for (const organ of ['G22', neighbour]) {
      const item = await arrived(organ, uid)
      assert.equal(item.payload.sha256, createHash('sha256').update(body).digest('hex'))
    }
  })

  it('takes recipients from the header `to`, as text or as a list, before those in the packet', async () => {
    const [one, two, group] = await submit([
      { body: await packet('2', ['G22']), to: neighbour },
      { body: await packet('3', ['G22']), to: ['G22', neighbour] },
      { body: await packet('4', ['G22']), to: `G22, ${neighbour}` },
    ])

    assert.deepEqual(organsOf(one), [neighbour])
    assert.deepEqual(organsOf(two), ['G22', neighbour])
    assert.deepEqual(organsOf(group), ['G22', neighbour])
    await arrived(neighbour, one?.answer?.uid ?? '')
  })

  it('refuses by code whoever is not who it says, and what is not a document', async () => {
    const body = await packet('5', ['G22'])
    const replies = await submit([
      { body, as: neighbour },
      { body, as: 'G22' },
      { body, as: 'K99' },
      { body: await packet('6', ['G22'], neighbour) },
      // Its neighbour's own packet, in its neighbour's name.
      { body: await packet('6', ['G22'], neighbour), as: neighbour },
      { body, user_id: null },
      { body: await packet('7', ['K99']) },
      { body: Buffer.from('Không phải edXML') },
      { body: Buffer.alloc(1024 * 1024 + 1, ' ') },
    ])

    assert.deepEqual(
      replies.map(({ answer }) => [answer?.accepted, answer?.code]),
      [
        [false, 'SENDER_NOT_ALLOWED'],
        [false, 'SENDER_NOT_ALLOWED'],
        [false, 'SENDER_NOT_ALLOWED'],
        [false, 'SENDER_NOT_ALLOWED'],
        [false, 'SENDER_NOT_ALLOWED'],
        [false, 'USER_ID_REQUIRED'],
        [false, 'RECEIVER_UNKNOWN'],
        [false, 'NOT_EDXML'],
        [false, 'USE_HTTP'],
      ],
    )
    for (const { answer } of replies) assert.match(answer?.text ?? '', /\p{L}+ \p{L}+/u)
    const [borrowed] = await submit([{ body, user_id: `dms.${neighbour}` }])
    assert.deepEqual(borrowed, { refused: 406 })
    assert.deepEqual(await fed.node(sender).track({ number: '5/UBND-VP' }), [])
  })

  it('writes answers to the asking client only, whatever address it names', async () => {
    const channel = await rawChannel(fed.plan.node(sender).config.broker.address, teardown)
    const { queue: spy } = await channel.assertQueue('', { exclusive: true })
    const targets = [spy, 'lt.up.bulk', 'lt.dead', 'amq.rabbitmq.reply-to.bm9ib2R5', 'amq.rabbitmq.reply-to.']
    const uids = new Set<string>()
    for (const [place, target] of targets.entries()) {
      const body = await packet(`8${place}`, [neighbour])
      const [unheard, heard] = await submit([{ body, reply_to: target }, { body }])

      assert.deepEqual(unheard, { silent: true })
      assert.deepEqual(heard?.answer?.recipients, [{ organ: neighbour, outcome: 'already' }], target)
      uids.add(heard.answer.uid ?? '')
    }
    for (const uid of uids) await arrived(neighbour, uid)
    assert.equal((await channel.checkQueue(spy)).messageCount, 0)
    await fed.quiet()
    assert.deepEqual(await fed.store(sender).ledger.deadLetters({ after: 0, limit: 10 }), [])
    assert.deepEqual(fed.failures, [])
  })

  /** Hands in as the system of the sender, one after the other. */
  async function submit(requests: readonly Request[]): Promise<readonly Reply[]> {
    const { config } = fed.plan.node(sender)
    const system = config.systems.find(({ id }) => id === `dms.${sender}`)
    const { hostname, port } = new URL(config.broker.address.url)
    const order = {
      host: hostname,
      port: Number(port),
      vhost: config.broker.address.vhost,
      user: system?.id,
      password: system?.secret,
      requests: requests.map((request) => ({
        as: sender,
        user_id: system?.id,
        seconds: request.reply_to === undefined ? answerSeconds : silenceSeconds,
        ...request,
        body: Buffer.from(request.body).toString('base64'),
      })),
    }
    const input = JSON.stringify(order)
    const ended = await runProcess({ command: python, args: [client], input, teardown, deadlineMs: 100_000 })
    assert.equal(ended.exitCode, 0, ended.stderr)
    return JSON.parse(ended.stdout) as readonly Reply[]
  }

  async function arrived(organ: OrganId, uid: string) {
    return waitFor(
      async () => {
        const items = await fed.node(fed.plan.serving(organ).id).mailbox.list(organ, { limit: 1_000 })
        return items.find((item) => item.uid === uid)
      },
      { what: `${uid} in the mailbox of ${organ}`, deadlineMs: 30_000 },
    )
  }
})

function organsOf(reply: Reply | undefined): readonly OrganId[] {
  return reply?.answer?.recipients?.map(({ organ }) => organ) ?? []
}

async function packet(number: string, to: readonly OrganId[], from: OrganId = sender): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const organizations = to.map((organId) => ({ organId, organName: organId }))
  const subject = 'Về việc gửi qua AMQP'
  const request = { from: { organId: from, organName: from }, to: organizations, number, subject }
  for await (const chunk of samplePacket(request)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
