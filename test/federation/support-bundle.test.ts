/** Support bundles go over one link, from a child to its parent: once, whole, from nobody else, and to a bound. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { bundleRoom, maxBundleBytes, type NodeId, nodeRecipient } from '@lienthong/core'
import { encodeFrame, names, type Segment } from '@lienthong/link'
import { forgeDocument } from '../kit/federation-forge.ts'
import { type LiveFederation, queuedAt, smallTree, startFederation } from '../kit/federation-nodes.ts'
import { childAccount, publishRaw, rawChannel } from '../kit/federation-outsider.ts'
import { startNodeProcess } from '../kit/federation-processes.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
/** To be killed. */
const killed = 'K1'
const childOfKilled = 'K1.1'
const tree = [
  ...smallTree.filter(({ id }) => !id.startsWith('H26')),
  { id: killed, tier: 'province', parent: 'G22', name: 'Tỉnh thứ ba' },
  { id: childOfKilled, tier: 'commune', parent: killed, name: 'Xã thứ ba' },
]

describe('a support bundle to the node above', { skip, timeout: 150_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, { tree, absent: [killed, childOfKilled] })
  })

  it('arrives whole, and is kept until somebody deletes it', async () => {
    const archive = randomBytes(600_000)
    const { uid } = await fed.node('H29.18').bundles.send(chunks(archive), 'xa')
    const sent = await fed.node('H29.18').bundles.sent(uid, { timeoutMs: 60_000 })
    assert.deepEqual([sent.state, sent.parent], ['arrived', 'H29'])

    const { bundles } = fed.node('H29')
    const [kept, ...more] = await bundles.list()
    assert.deepEqual([kept?.uid, kept?.child, more], [uid, 'H29.18', []])
    assert.deepEqual(await buffer((await bundles.read(kept?.id ?? 0, 'tinh')).body), archive)
    await bundles.remove(kept?.id ?? 0, 'tinh')
    assert.deepEqual(await bundles.list(), [])
  })

  it('in the name of another child, of a grandchild, or too large: refused, and kept by nobody', async () => {
    const [own, other] = [keyOf('H29.18'), keyOf('H29.02')]
    const core = { kind: 'bundle' } as const
    const forged = (from: NodeId, to: NodeId, key = own) =>
      forgeDocument({ from, to: [nodeRecipient(to)], key, payload: randomBytes(300), core })
    const foreign = forgeDocument({ from: 'H29.02', to: [nodeRecipient('H29')], key: other, core })
    await refused('H29.18', foreign, 'FROM_NOT_ALLOWED')
    await refused('H29.18', forged('H29.18', 'G22'), 'BUNDLE_REFUSED')
    await refused('H29', forged('H29.18', 'G22'), 'BUNDLE_REFUSED')
    const size = maxBundleBytes + 1
    const [large] = forgeDocument({ from: 'H29.18', to: ['@H29'], key: own, core: { ...core, size } }) as [Segment]
    await refused('H29.18', [{ ...large, data: new Uint8Array(large.envelope.core.segmentBytes) }], 'BUNDLE_TOO_LARGE')

    // A seal that does not hold is found where the link cannot tell.
    const unsealed = { ...(forged('H29.18', 'H29')[0] as Segment), seal: (foreign[0] as Segment).seal }
    await speak('H29.18', [{ ...unsealed, envelope: { ...unsealed.envelope, origin: 'H29.18' } }])
    await waitFor(async () => (await fed.store('H29').ledger.deadLetters({ after: 0, limit: 9 })).length === 1, {
      what: 'the dead letter',
    })
    for (const id of ['H29', 'G22']) assert.deepEqual(await fed.node(id).bundles.list(), [])
  })

  it('goes for newer ones of its child, and its file with it', async () => {
    const { bundles } = fed.node('H29.18')
    const uids: string[] = []
    const folder = `${fed.plan.node('H29').config.dataDir}/payloads`
    let files = 0
    for (let number = 0; number <= bundleRoom.perChild; number += 1) {
      const { uid } = await bundles.send(chunks(randomBytes(100_000)), 'xa')
      assert.equal((await bundles.sent(uid, { timeoutMs: 60_000 })).state, 'arrived')
      uids.push(uid)
      files = Math.max(files, filesIn(folder))
    }
    const kept = (await fed.node('H29').bundles.list()).map(({ uid }) => uid)
    assert.deepEqual(kept, uids.slice(1).reverse())
    await waitFor(() => filesIn(folder) === bundleRoom.perChild, { what: 'the file of the oldest to go' })
  })

  it('comes once, though its parent is killed with half of it', async () => {
    fed.plan.writeFiles()
    const planned = fed.plan.node(killed)
    const parent = await startNodeProcess(planned, teardown)
    const payload = randomBytes(700_000)
    const core = { kind: 'bundle' } as const
    const key = keyOf(childOfKilled)
    const segments = forgeDocument({ from: childOfKilled, to: [nodeRecipient(killed)], key, payload, core })
    const [first, middle, last] = segments as [Segment, Segment, Segment]
    const taken = () =>
      waitFor(async () => !(await queuedAt([planned])).has(`${killed} ${names.transit('bulk')}`), {
        what: 'what was said to be taken',
      })
    await speak(childOfKilled, [first])
    await speak(childOfKilled, [last])
    await waitFor(async () => (await parent.client.status()).openAssemblies === 1, { what: 'half of it' })
    await taken()

    await parent.kill()
    await parent.start()
    await speak(childOfKilled, [middle])
    for (const again of segments) await speak(childOfKilled, [again])
    await waitFor(async () => (await parent.client.bundles.list()).length > 0, { what: 'the bundle' })
    await taken()

    const [kept, ...more] = await parent.client.bundles.list()
    assert.deepEqual([kept?.child, kept?.size, more], [childOfKilled, payload.length, []])
    assert.deepEqual(await buffer((await parent.client.bundles.read(kept?.id ?? 0)).body), payload)
  })

  function keyOf(node: NodeId) {
    return fed.plan.node(node).config.key
  }

  async function speak(child: NodeId, segments: readonly Segment[]): Promise<void> {
    const channel = await rawChannel(childAccount(fed.plan.node(child)), teardown)
    for (const segment of segments) {
      const message = { exchange: names.from(child), routingKey: 'bulk', userId: child, body: encodeFrame([segment]) }
      assert.equal(await publishRaw(channel, message), 'confirmed')
    }
  }

  async function refused(child: NodeId, segments: readonly Segment[], code: string): Promise<void> {
    const uid = segments[0]?.envelope.core.uid
    await speak(child, segments)
    const parent = fed.plan.node(child).parent
    await waitFor(
      () =>
        fed.events.some(
          (event) => event.type === 'dropped' && event.node === parent && event.uid === uid && event.code === code,
        ),
      { what: `${parent} to refuse with ${code}` },
    )
  }
})

async function* chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

function filesIn(folder: string): number {
  if (!existsSync(folder)) return 0
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length
}
