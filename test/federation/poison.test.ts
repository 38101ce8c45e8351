/**
 * What cannot be read or passed on (G8): it becomes a dead letter with its bytes, what shares its frame goes on, and
 * nothing comes back for ever.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { maxFrameBytes, type NodeId } from '@lienthong/core'
import { encodeFrame, encodeSignals, names, type Segment } from '@lienthong/link'
import { forgeDocument, frameOf, segmentBytesOf } from '../kit/federation-forge.ts'
import { type LiveFederation, smallTree, startFederation } from '../kit/federation-nodes.ts'
import { childAccount, type Message, publishRaw, rawChannel } from '../kit/federation-outsider.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const tree = smallTree.filter(({ id }) => !id.startsWith('H26'))

describe('poison', { skip, timeout: 150_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, { tree })
  })

  it('among segments of one frame: each a dead letter with its bytes, its neighbours are delivered', async () => {
    const [one, two, three] = [honest(), honest(), honest()]
    const poison = [
      randomBytes(300),
      new Uint8Array(0),
      // Well-formed CBOR that is no segment, a slice one byte short, a core whose uid is not its own.
      Uint8Array.of(0x82, 0x01, 0x02),
      shortened(honest()),
      changed(segmentBytesOf(honest()), honest),
    ]
    const parts = [one, poison[0], poison[1], two, poison[2], poison[3], poison[4], three].map((part) =>
      part instanceof Uint8Array ? part : segmentBytesOf(part as Segment),
    )

    await say({ body: frameOf(parts) })

    for (const segment of [one, two, three]) await delivered(segment, ['H29.02', 'G22'])
    await newDeadLetters('H29', poison, 'FRAME_INVALID')
  })

  it('that comes from above is buried where it arrives', async () => {
    const neighbour = forgeDocument({ from: 'G22', to: ['H29.18'], key: fed.plan.node('G22').config.key })[0] as Segment
    const poison = randomBytes(50)
    const { address } = fed.plan.node('H29').config.broker
    const channel = await rawChannel(address, teardown)
    const body = frameOf([poison, segmentBytesOf(neighbour)])
    const message = { exchange: names.out, routingKey: names.link('H29.18', 'bulk'), body, userId: address.user }
    assert.equal(await publishRaw(channel, message), 'confirmed')

    await delivered(neighbour, ['H29.18'])
    await newDeadLetters('H29.18', [poison], 'FRAME_INVALID')
  })

  it('that is no frame, no message of a link, or too large: kept as it came', async () => {
    const frame = encodeFrame([honest()])
    const bodies = [
      new Uint8Array(0),
      randomBytes(2_000),
      Buffer.from('{"version": 1, "segments": []}'),
      frameOf([]),
      Buffer.concat([frame, Uint8Array.of(0)]),
      frame.subarray(0, frame.length - 1),
      frameOf(Array.from({ length: 3 }, () => randomBytes(maxFrameBytes / 3))),
    ]
    for (const body of bodies) await say({ body })
    await newDeadLetters('H29', bodies, 'FRAME_INVALID')

    const strangers = [encodeFrame([honest()]), encodeFrame([honest()])]
    await say({ body: strangers[0] as Uint8Array, type: 'lt.other' })
    await say({ body: strangers[1] as Uint8Array, type: '' })
    await newDeadLetters('H29', strangers, 'FRAME_INVALID')
  })

  it('of a later major version: refused, and no dead letter, for its sender still has it', async () => {
    const key = fed.plan.node('H29.18').config.key
    const document = segmentBytesOf(honest())
    const core = Uint8Array.from(document)
    // Array head, the core's own head, then the map's head, the key and the version.
    core[core.indexOf(0xae) + 2] = 2
    const signals = encodeSignals([{ type: 'noted', uid: '0'.repeat(64), generation: 1, organs: ['H29'] }])
    signals[1] = 2
    const later = forgeDocument({
      from: 'H29.18',
      to: ['H29'],
      key,
      payload: signals,
      core: { kind: 'signal', lane: 'express' },
    })
    const neighbour = honest()

    await say({ body: frameOf([document], 2) })
    await say({ body: frameOf([core, segmentBytesOf(neighbour)]) })
    await say({ body: encodeFrame(later), routingKey: 'express' })

    await delivered(neighbour, ['H29.02'])
    const refusals = () =>
      fed.events.filter((event) => event.type === 'dropped' && event.code === 'VERSION_UNSUPPORTED')
    await waitFor(() => refusals().length === 3, { what: 'three refusals' })
    await newDeadLetters('H29', [], 'VERSION_UNSUPPORTED')
  })

  it('that goes in circles: a dead letter instead of one more round', async () => {
    const key = fed.plan.node('H29.18').config.key
    const visit = (node: NodeId) => ({ node, version: 1, at: Date.now() })
    const back = forgeDocument({ from: 'H29.18', to: ['G22'], key, path: [visit('H29.18'), visit('H29')] })
    const endless = Array.from({ length: 16 }, (_, number) => visit(`H${number}`))
    const far = forgeDocument({ from: 'H29.18', to: ['G22'], key, path: endless })

    await say({ body: encodeFrame(back) })
    await say({ body: encodeFrame(far) })

    // Whole, so that it can be replayed.
    await newDeadLetters('H29', [encodeFrame(back), encodeFrame(far)], 'LOOP')
  })

  it('in a hello or canary: ignored, and the link stays open', async () => {
    await say({ body: randomBytes(100), type: 'lt.hello', routingKey: 'express' })
    await say({ body: randomBytes(1_000), type: 'lt.canary', routingKey: 'express' })
    const [entry] = [await fed.ledger.send({ from: 'H29.18', to: ['G22'], priority: 1 })]

    await waitFor(() => wasDelivered(entry.uid, 'G22'), { what: 'what came behind it' })
    assert.equal((await fed.node('H29.18').status()).link?.phase, 'open')
    await newDeadLetters('H29', [], 'FRAME_INVALID')
  })

  it('leaves nothing behind that comes again, not even after a restart', async () => {
    await fed.quiet()
    const before = await letterCount()
    const events = fed.events.length
    await fed.stop('H29')
    await fed.start('H29')
    const entry = await fed.ledger.send({ from: 'H29.18', to: ['H29.02'] })
    await waitFor(() => wasDelivered(entry.uid, 'H29.02'), { what: 'a document after the restart' })

    assert.equal(await letterCount(), before)
    const again = fed.events.slice(events).filter((event) => event.type === 'received' && event.redelivered)
    assert.deepEqual(again, [])
    assert.deepEqual(fed.failures, [])
  })

  function honest(): Segment {
    const { key } = fed.plan.node('H29.18').config
    return forgeDocument({ from: 'H29.18', to: ['H29.02', 'G22'], key })[0] as Segment
  }

  /** As the child H29.18, on its own line. */
  async function say(message: Pick<Message, 'body'> & Partial<Message>): Promise<void> {
    const channel = await rawChannel(childAccount(fed.plan.node('H29.18')), teardown)
    const line = { exchange: names.from('H29.18'), routingKey: 'bulk', userId: 'H29.18' }
    assert.equal(await publishRaw(channel, { ...line, ...message }), 'confirmed')
  }

  function wasDelivered(uid: string, node: NodeId): boolean {
    return fed.events.some((event) => event.type === 'delivered' && event.node === node && event.uid === uid)
  }

  async function delivered({ envelope: { core } }: Segment, nodes: readonly NodeId[]): Promise<void> {
    for (const node of nodes) await waitFor(() => wasDelivered(core.uid, node), { what: `the neighbour at ${node}` })
  }

  const known = new Map<NodeId, number>()

  /** Those since the last look are these and no others, and nothing is left in the queues. */
  async function newDeadLetters(node: NodeId, bytes: readonly Uint8Array[], reason: string): Promise<void> {
    const { ledger } = fed.store(node)
    const after = known.get(node) ?? 0
    const letters = () => ledger.deadLetters({ after, limit: 100 })
    await waitFor(async () => (await letters()).length >= bytes.length, { what: `${bytes.length} dead letters` })
    await fed.quiet()
    const found = await letters()
    known.set(node, found.at(-1)?.id ?? after)
    assert.deepEqual(
      found.map((letter) => `${letter.reason} ${Buffer.from(letter.bytes).toString('hex')}`).sort(),
      bytes.map((each) => `${reason} ${Buffer.from(each).toString('hex')}`).sort(),
    )
  }

  async function letterCount(): Promise<number> {
    return (await fed.store('H29').ledger.deadLetters({ after: 0, limit: 1_000 })).length
  }
})

/** The last byte of the data is missing, and all lengths around it say so. */
function shortened(segment: Segment): Uint8Array {
  const bytes = segmentBytesOf(segment)
  const { data } = segment
  const at = Buffer.from(bytes).lastIndexOf(Buffer.from(data))
  const short = Uint8Array.from(bytes.subarray(0, bytes.length - 1))
  // A head of two bytes: the length of 24 to 255 bytes stands in the second.
  short[at - 1] = data.length - 1
  return short
}

/** The uid of one document in the core of another. */
function changed(bytes: Uint8Array, another: () => Segment): Uint8Array {
  const mine = Uint8Array.from(bytes)
  const uid = Buffer.from(another().envelope.core.uid, 'hex')
  // The first byte string of 32 bytes in a core is its uid.
  mine.set(uid, Buffer.from(mine).indexOf(Uint8Array.of(0x02, 0x58, 0x20)) + 3)
  return mine
}
