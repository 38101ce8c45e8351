/** Submitting over AMQP with a client that is not ours: Debian's pika, in Python. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { samplePacket } from '@lienthong/edxml'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { canStartBroker, lastFirst, startProcess, waitFor } from '../kit/index.ts'

/** Debian's own, whatever else the PATH holds. */
const python = '/usr/bin/python3'
const script = fileURLToPath(new URL('../../federation/fixtures/submit.py', import.meta.url))
const hasPika = spawnSync(python, ['-c', 'import pika']).status === 0
const skip = !canStartBroker() ? 'needs a RabbitMQ that it can start' : hasPika ? false : 'needs python3-pika'

describe('submitting over AMQP from Python', { skip, timeout: 180_000 }, () => {
  const teardown = lastFirst({ after })
  let fed: LiveFederation
  before(async () => {
    fed = await startFederation(teardown)
  })

  interface Answer {
    readonly accepted?: boolean
    readonly uid?: string
    readonly recipients?: readonly { readonly organ: string; readonly outcome: string }[]
    readonly code?: string
    readonly text?: string
    readonly correlationId?: string
    readonly answer?: null
    readonly refusedByBroker?: number
  }

  /** Submits as the system of `as`, whose account it uses, for `organisation`. */
  async function submit(
    packet: Uint8Array,
    {
      as = 'H29.18',
      organisation = as,
      ...options
    }: Readonly<Record<string, unknown>> & { as?: string; organisation?: string } = {},
  ): Promise<Answer> {
    const { config } = fed.plan.node('H29.18')
    const system = fed.plan.serving(as).config.systems.find(({ organisations }) => organisations.includes(as))
    const { port } = new URL(config.broker.address.url)
    const client = await startProcess({
      command: python,
      args: [
        script,
        port,
        config.broker.address.vhost,
        system?.id ?? '',
        system?.secret ?? '',
        organisation,
        JSON.stringify(options),
      ],
      input: packet,
      teardown,
    })
    const { stdout, stderr } = await client.finished
    assert.notEqual(stdout, '', stderr)
    return JSON.parse(stdout) as Answer
  }

  async function packetOf(number: number, attachmentBytes = 2_000): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    const sample = samplePacket({
      from: { organId: 'H29.18', organName: 'Xã thứ nhất' },
      to: [{ organId: 'H26.10', organName: 'Xã thứ hai' }],
      number: `${number}/UBND`,
      subject: 'Về việc gửi từ phần mềm khác',
      attachmentBytes,
    })
    for await (const chunk of sample) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  it('accepts a packet, answers with its uid, and delivers it', async () => {
    const answer = await submit(await packetOf(1))

    assert.equal(answer.accepted, true)
    assert.deepEqual(answer.recipients, [{ organ: 'H26.10', outcome: 'new' }])
    assert.equal(answer.correlationId, 'c-1')
    const [item] = await waitFor(
      async () => {
        const mail = await fed.node('H26.10').mailbox.list('H26.10')
        return mail.length > 0 && mail
      },
      { what: 'the document in the mailbox', deadlineMs: 20_000 },
    )
    assert.equal(item?.uid, answer.uid)
  })

  it('sends to the recipients of the header instead of those in the packet', async () => {
    const answer = await submit(await packetOf(2), { to: ['G22', 'H29.02'] })

    assert.deepEqual(
      answer.recipients?.map(({ organ }) => organ),
      ['G22', 'H29.02'],
    )
  })

  it('refuses an organisation that is not of this account, in the language asked for', async () => {
    const vietnamese = await submit(await packetOf(3), { organisation: 'H29.02' })
    const english = await submit(await packetOf(3), { organisation: 'H29.02', lang: 'en' })

    assert.deepEqual([vietnamese.accepted, vietnamese.code], [false, 'SENDER_NOT_ALLOWED'])
    assert.deepEqual([english.accepted, english.code], [false, 'SENDER_NOT_ALLOWED'])
    assert.notEqual(vietnamese.text, english.text)
  })

  it('refuses a message without a user, and the broker one with another user', async () => {
    const nobody = await submit(await packetOf(4), { userId: '' })
    const another = await submit(await packetOf(4), { userId: 'H29' })

    assert.equal(nobody.code, 'USER_ID_REQUIRED')
    assert.equal(another.refusedByBroker, 406)
  })

  it('says USE_HTTP to a packet of more than a mebibyte, and NOT_EDXML to what is none', async () => {
    const large = await submit(await packetOf(5, 900_000))
    const other = await submit(Buffer.from('this is no packet'))

    assert.equal(large.code, 'USE_HTTP')
    assert.equal(other.code, 'NOT_EDXML')
  })

  it('writes no answer to an address the broker did not make', async () => {
    const accepted = (): number => fed.events.filter(({ type }) => type === 'accepted').length
    const acceptedBefore = accepted()
    const answer = await submit(await packetOf(6), { replyTo: 'lt.dead', answerSeconds: 1 })

    assert.equal(answer.answer, null)
    await waitFor(() => accepted() > acceptedBefore, { what: 'the submission to be handled' })
    await fed.quiet()
    assert.deepEqual(await fed.store('H29.18').ledger.deadLetters({ after: 0, limit: 10 }), [])
  })
})
