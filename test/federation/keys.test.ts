/**
 * What a key may still do: both keys of an overlap deliver, a revoked, expired or unvouched one does not, and what was
 * accepted under a key that has gone since arrives under the next.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { keyStatement, type NodeKey, type Voucher } from '@lienthong/core'
import { createSealingKey, encodeFrame, names, type SealingKey, type Segment } from '@lienthong/link'
import type { NodeConfig } from '@lienthong/relay'
import { publishedOf } from '../kit/federation.ts'
import { forgeDocument, forgeSignals } from '../kit/federation-forge.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { childAccount, publishRaw, rawChannel } from '../kit/federation-outsider.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const dayMs = 86_400_000

const tree = [
  { id: 'G22', tier: 'central', parent: null, name: 'Cơ quan trung ương' },
  { id: 'H29', tier: 'province', parent: 'G22', name: 'Tỉnh' },
  { id: 'H26', tier: 'province', parent: 'G22', name: 'Tỉnh khác' },
] as const

describe('keys', { skip, timeout: 120_000 }, () => {
  let fed: LiveFederation
  const teardown = lastFirst({ after })
  const now = Date.now()
  const [root, other] = [createSealingKey('G22', 1), createSealingKey('H26', 1)]
  const [first, second, expired, early, revoked, alone] = [1, 2, 3, 4, 5, 6].map((number) => {
    return createSealingKey('H29', number)
  }) as [SealingKey, SealingKey, SealingKey, SealingKey, SealingKey, SealingKey]
  const sealing: Readonly<Record<string, SealingKey>> = { G22: root, H26: other, H29: first }

  before(async () => {
    fed = await startFederation(teardown, { tree, configOf: (config) => rooted(config, { validTo: now + 30 * dayMs }) })
  })

  it('of an overlap both deliver', async () => {
    for (const key of [first, second]) {
      const document = forgeDocument({ from: 'H29', to: ['H26'], key })
      await speak(document)
      await waitFor(async () => (await mailOf('H26', document)).length === 1, { what: `what ${key.kid} sealed` })
    }
  })

  it('that may not be used now seal only dead letters', async () => {
    for (const [key, code] of [
      [revoked, 'KEY_REVOKED'],
      [expired, 'KEY_EXPIRED'],
      [early, 'KEY_EXPIRED'],
      [alone, 'KEY_NOT_VOUCHED'],
    ] as const) {
      for (const payload of [new Uint8Array(100), new Uint8Array(600_000)]) {
        const document = forgeDocument({ from: 'H29', to: ['H26'], key, payload })
        await speak(document.slice(0, 1))
        await died('H26', document, code)
        assert.deepEqual(await mailOf('H26', document), [])
      }
      const uid = '00'.repeat(32)
      const signal = { type: 'undeliverable', uid, generation: 1, organs: ['H29'], code: 'INTERNAL' } as const
      const forged = forgeSignals({ to: 'H26', key, signals: [signal] })
      await speak([forged])
      await died('H26', [forged], code)
    }
  })

  it('that have gone take nothing with them: the origin sends it again under the next', async () => {
    await fed.stop('H26')
    await fed.stop('G22')
    const entry = await fed.ledger.send({ from: 'H29', to: ['H26'] })
    await fed.stop('H29')
    const withoutFirst = (config: NodeConfig) => rooted(config, { revokedAt: now })
    for (const id of ['G22', 'H26']) await fed.start(id, withoutFirst)
    await fed.start('H29', (config) => ({ ...withoutFirst(config), key: second }))

    await waitFor(
      async () => {
        const [document] = await fed.node('H29').track({ uid: entry.uid })
        return document?.recipients.every(({ state }) => state === 'delivered') === true
      },
      { what: 'the document to arrive', deadlineMs: 60_000 },
    )
  })

  /** These keys, all of H29's vouched for by the pinned one but the last. */
  function rooted(config: NodeConfig, ofFirst: Partial<NodeKey>): NodeConfig {
    const chain = [entryOf(first, ofFirst)]
    for (const [key, fields] of [
      [second, { validFrom: now }],
      [expired, { validFrom: now - 40 * dayMs, validTo: now - 2 * dayMs }],
      [early, { validFrom: now + 2 * dayMs }],
      [revoked, { revokedAt: now }],
    ] as const) {
      chain.push(entryOf(key, { replaces: chain.at(-1)?.kid ?? '', ...fields }))
    }
    const last = { kid: alone.kid, publicKey: alone.publicKey, replaces: revoked.kid }
    const pinned = { kid: root.kid, publicKey: root.publicKey }
    const keys: Readonly<Record<string, readonly NodeKey[]>> = {
      G22: [pinned],
      H26: [entryOf(other, {})],
      H29: [...chain, { ...last, vouchers: [voucherBy(revoked, last)] }],
    }
    const published = publishedOf(config)
    const nodes = published.nodes.map((node) => ({ ...node, keys: keys[node.id] ?? [] }))
    const directory = { ...published, nodes, roots: [pinned] }
    return { ...config, directory, key: sealing[config.id] ?? config.key }
  }

  function entryOf({ kid, publicKey }: SealingKey, fields: Partial<NodeKey>): NodeKey {
    const entry = { kid, publicKey, ...fields }
    return { ...entry, vouchers: [voucherBy(root, entry)] }
  }

  function voucherBy(signer: SealingKey, key: NodeKey): Voucher {
    const statement = keyStatement(key)
    assert.ok(statement)
    return { by: signer.kid, signature: Buffer.from(signer.sign(statement)).toString('base64url') }
  }

  /** Publishes on H29's line, under its account. */
  async function speak(segments: readonly Segment[]): Promise<void> {
    const channel = await rawChannel(childAccount(fed.plan.node('H29')), teardown)
    const routingKey = segments[0]?.envelope.core.lane ?? 'bulk'
    const message = { exchange: names.from('H29'), routingKey, userId: 'H29', body: encodeFrame(segments) }
    assert.equal(await publishRaw(channel, message), 'confirmed')
  }

  async function mailOf(organ: string, [segment]: readonly Segment[]) {
    const items = await fed.node(organ).mailbox.list(organ, { limit: 1000, all: true })
    return items.filter(({ uid }) => uid === segment?.envelope.core.uid)
  }

  function died(node: string, [segment]: readonly Segment[], code: string): Promise<unknown> {
    const uid = segment?.envelope.core.uid
    const seen = () =>
      fed.events.some((event) => {
        return event.type === 'dead' && event.node === node && event.uid === uid && event.code === code
      })
    return waitFor(seen, { what: `a dead letter ${code} at ${node}`, deadlineMs: 20_000 })
  }
})
