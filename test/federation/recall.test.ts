/**
 * A sender takes a document back (DESIGN §9): stopped before it is delivered, withdrawn before it is collected, asked
 * for afterwards. What the sender is told is what the mailbox of the recipient shows, and nothing sent later is lost.
 */
import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { documentTypes, maxSegmentBytes, type OrganId, statusCodes } from '@lienthong/core'
import { samplePacket, writeStatus } from '@lienthong/edxml'
import { encodeFrame, names } from '@lienthong/link'
import type { SubmitReply } from '@lienthong/relay'
import type { MailItem, TrackedRecipient } from '@lienthong/store'
import { forgeDocument } from '../kit/federation-forge.ts'
import { doorOf, type LedgerDoor } from '../kit/federation-ledger.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { publishRaw, rawChannel } from '../kit/federation-outsider.ts'
import { packetAbout, replacementOf } from '../kit/federation-packets.ts'
import { startNodeProcess } from '../kit/federation-processes.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

const origin = 'H29'
const neighbour = 'H29.1'
const far = 'H26'
const tree = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  {
    id: origin,
    tier: 'province',
    parent: 'G22',
    name: 'Tỉnh thứ nhất',
    organisations: [{ id: neighbour, name: 'Sở thứ nhất' }],
  },
  { id: far, tier: 'province', parent: 'G22', name: 'Tỉnh thứ hai' },
]
const deadlineMs = 60_000

interface Sent {
  readonly uid: string
  readonly number: string
  readonly body: Uint8Array
}

describe('a document that its sender takes back', { skip, timeout: 150_000 }, () => {
  let fed: LiveFederation
  let farDoor: LedgerDoor
  let number = 0
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, { tree, queryTiming: { firstMs: 1_000, maxMs: 4_000 } })
    farDoor = doorOf(fed.node(far))
  })

  it('is overtaken on its way: 20 MB end before their mailbox, and the rest is not sent', async () => {
    const { links } = fed.node(origin)
    await links.throttle('G22', { bytesPerSecond: 4_000_000, reason: 'thử' }, 'test')
    const sent = await send([far], { attachmentBytes: 15_000_000 })
    await waitFor(async () => (await fed.node(far).status()).openAssemblies === 1, { what: 'an assembly', deadlineMs })

    const recalled = await recall(sent, [far])

    await become(sent, far, 'stopped')
    const lanes = fed.events.flatMap((event) => (event.type === 'sent' && event.uid === recalled.uid ? event.lane : []))
    assert.deepEqual([...new Set(lanes)], ['express'])
    await links.throttle('G22', { bytesPerSecond: null, reason: 'xong' }, 'test')
    await fed.quiet()
    assert.deepEqual(await mail(), [])
    const segments = fed.events.filter(
      (event) => event.type === 'sent' && event.node === origin && event.uid === sent.uid,
    )
    const all = Math.ceil(sent.body.length / maxSegmentBytes)
    assert.ok(segments.length < all, `${segments.length} of ${all} segments were sent`)
    await sentAgain(sent, 2)
  })

  it('leaves the mailbox before it is collected, and the same document sent again stands there', async () => {
    const sent = await send([far, neighbour])
    await delivered(sent, 2)

    await recall(sent, [far, neighbour])

    for (const organ of [far, neighbour]) await become(sent, organ, 'withdrawn')
    assert.deepEqual(await mail(), [])
    assert.deepEqual(await fed.node(origin).mailbox.list(neighbour), [])
    await sentAgain(sent, 2)
  })

  it('is asked for when it was collected: the recipient declines, then agrees', async () => {
    const sent = await send([far])
    await collect(await arrived(sent.uid))

    const asking = await recall(sent, [far])
    await become(sent, far, 'asked')
    assert.equal((await arrived(asking.uid)).documentId, sent.number, 'the recall is there to be read')

    await answer(sent, statusCodes.changeDeclined)
    await become(sent, far, 'refused')
    await answer(sent, statusCodes.changeAgreed)
    await become(sent, far, 'agreed')
    await collect(await arrived(asking.uid))
  })

  it('is replaced by a new text, taken back by a status, and an update only asks', async () => {
    const sent = await Promise.all([send([far]), send([far]), send([far])])
    const [replaced, taken, updated] = sent
    for (const each of sent) await delivered(each, 1)

    const text = await submit(await packet([far], { replaces: replaced.number }))
    const status = await submit(takeBack(taken), { to: [far] })
    const update = await submit(await packet([far], { updates: updated.number }))

    await become(replaced, far, 'withdrawn')
    await become(taken, far, 'withdrawn')
    await become(updated, far, 'asked')
    assert.deepEqual((await mail()).map(({ uid }) => uid).sort(), [text.uid, updated.uid, update.uid].sort())
    assert.ok(!(await mail()).some(({ uid }) => uid === status.uid), 'nobody need read it')
    for (const item of await mail()) await collect(item)
  })

  it('is nobody else’s to take back, neither at the door nor by what another node seals', async () => {
    const sent = await send([far])
    await delivered(sent, 1)
    const foreign = await packet([far], { recalls: sent.number, from: neighbour })
    await assert.rejects(submit(foreign, { as: neighbour }), { code: 'RECALL_NOT_SENDER' })

    const core = { businessType: documentTypes.recall, about: [{ uid: sent.uid, generation: 1 }] }
    const [forged] = forgeDocument({ from: 'G22', to: [far], key: fed.plan.node('G22').config.key, core })
    const { address } = fed.plan.node('G22').config.broker
    const channel = await rawChannel(address, teardown)
    const body = encodeFrame(forged === undefined ? [] : [forged])
    await publishRaw(channel, { exchange: names.out, routingKey: names.link(far, 'bulk'), userId: address.user, body })

    const refused = () => fed.events.some((event) => event.type === 'dropped' && event.code === 'RECALL_NOT_SENDER')
    await waitFor(refused, { what: 'the refusal', deadlineMs })
    assert.deepEqual(
      (await mail()).map(({ uid }) => uid),
      [sent.uid],
    )
    await collect(await arrived(sent.uid))
  })

  it('says so when it was not sent from here', async () => {
    const { uid, warnings } = await submit(await packet([far], { recalls: 'H29,2024/01/01,9/UBND-VP' }))
    assert.ok(warnings.some(({ code }) => code === 'EARLIER_DOCUMENT_UNKNOWN'))
    await collect(await arrived(uid))
  })

  it('has one truth at both ends while the serving node is killed', async () => {
    await fed.stop(far)
    fed.plan.writeFiles()
    const killed = await startNodeProcess(fed.plan.node(far), teardown)
    farDoor = killed.client
    const sent: Sent[] = []
    const sending = (async () => {
      for (let each = 0; each < 12; each += 1) {
        const document = await send([far], { attachmentBytes: each % 3 === 0 ? 600_000 : 3_000 })
        sent.push(document)
        if (each % 2 === 0) await delivered(document, 1)
        await recall(document, [far])
      }
    })()

    await waitFor(() => sent.length >= 4, { what: 'some to be sent', deadlineMs })
    await killed.kill()
    await killed.start()
    await sending

    for (const document of sent) await become(document, far, 'stopped', 'withdrawn')
    await fed.quiet()
    assert.deepEqual(await mail(), [])
    const { openAssemblies } = await killed.client.status()
    assert.equal(openAssemblies, 0)
    for (const document of sent) await sentAgain(document, 2)
    assert.deepEqual(fed.failures, [])
  })

  async function send(to: readonly OrganId[], rest: { readonly attachmentBytes?: number } = {}): Promise<Sent> {
    number += 1
    const id = `${origin},2025/07/01,${number}/UBND-VP`
    const from = { organId: origin, organName: origin }
    const subject = 'Về việc thu hồi'
    const sample = { from, to: named(to), number: `${number}/UBND-VP`, subject, documentId: id, ...rest }
    const body = await buffer(samplePacket(sample))
    const { uid } = await submit(body)
    return { uid, number: id, body }
  }

  function submit(body: Uint8Array, rest: { as?: OrganId; to?: readonly OrganId[] } = {}): Promise<SubmitReply> {
    return fed.node(origin).submit({ as: origin, body, ...rest })
  }

  async function recall(sent: Sent, to: readonly OrganId[]): Promise<SubmitReply> {
    return submit(await packet(to, { recalls: sent.number }))
  }

  /** A packet about an earlier document; a recall carries the id of what it recalls, as much software writes it. */
  async function packet(
    to: readonly OrganId[],
    about: {
      readonly recalls?: string
      readonly updates?: string
      readonly replaces?: string
      readonly from?: OrganId
    },
  ): Promise<Uint8Array> {
    const { recalls, updates, replaces, from = origin } = about
    number += 1
    const own = { from, to, number }
    if (recalls !== undefined) {
      const business = { reason: 'Gửi nhầm' }
      return packetAbout(own, { businessType: documentTypes.recall, documentId: recalls, business })
    }
    if (updates === undefined) return replacementOf(replaces ?? '', own)
    const changes = [{ documentInfo: true, documentReceiver: false, receivers: [] }]
    return packetAbout(own, { businessType: documentTypes.update, business: { documentId: updates, changes } })
  }

  function takeBack(sent: Sent): Uint8Array {
    return statusOf(origin, { statusCode: statusCodes.takeBack, about: sent, to: far })
  }

  async function answer(sent: Sent, statusCode: number): Promise<void> {
    await fed.node(far).submit({ as: far, body: statusOf(far, { statusCode, about: sent, to: origin }) })
  }

  /** Hands the same bytes in again: they arrive as this generation, are delivered and collected. */
  async function sentAgain({ uid, body }: Sent, generation: number): Promise<void> {
    const { recipients } = await submit(body)
    assert.ok(recipients.every(({ outcome }) => outcome === 'new'))
    const item = await arrived(uid)
    assert.equal(item.generation, generation)
    await collect(item)
  }

  function mail(): Promise<readonly MailItem[]> {
    return farDoor.list(far, { after: 0, limit: 1_000, all: false }).then(({ items }) => items)
  }

  function collect({ id }: MailItem): Promise<unknown> {
    return farDoor.acknowledge(far, id)
  }

  function arrived(uid: string): Promise<MailItem> {
    return waitFor(async () => (await mail()).find((item) => item.uid === uid), {
      what: `${uid} to arrive`,
      deadlineMs,
    })
  }

  async function recipients(uid: string): Promise<readonly TrackedRecipient[]> {
    const [document] = await fed.node(origin).track({ uid })
    return document?.recipients ?? []
  }

  async function delivered({ uid }: Sent, count: number): Promise<void> {
    await waitFor(async () => (await recipients(uid)).filter(({ state }) => state === 'delivered').length === count, {
      what: `${uid} to be delivered`,
      deadlineMs,
    })
  }

  /** Waits until the sender is told one of these of its document. */
  async function become({ uid }: Sent, organ: OrganId, ...outcomes: readonly string[]): Promise<void> {
    let known: TrackedRecipient | undefined
    await waitFor(
      async () => {
        known = (await recipients(uid)).find((recipient) => recipient.organ === organ)
        return outcomes.includes(known?.recall?.outcome ?? '')
      },
      { what: `${uid} to be ${outcomes.join(' or ')}`, deadlineMs },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${JSON.stringify(known)}`, { cause: error })
    })
  }
})

function named(organs: readonly OrganId[]): readonly { organId: OrganId; organName: string }[] {
  return organs.map((organId) => ({ organId, organName: organId }))
}

function statusOf(
  from: OrganId,
  said: { readonly statusCode: number; readonly about: Sent; readonly to: OrganId },
): Uint8Array {
  return writeStatus({
    from: { organId: from, organName: from },
    responseFor: [{ organId: said.to, documentId: said.about.number }],
    statusCode: said.statusCode,
    description: 'Gửi nhầm nơi nhận',
    sentAt: Date.now(),
  })
}
