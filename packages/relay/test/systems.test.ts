import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createSealingKey } from '@lienthong/link'
import { verifyEvents } from '@lienthong/store'
import fc from 'fast-check'
import { digestOf, makeApiKey } from '../src/api-key.ts'
import type { Access } from '../src/open-access.ts'
import { openVault } from '../src/vault.ts'
import { aNode, nodeKey } from './a-node.ts'

const day = 86_400_000
const by = 'a clerk'
const dms = { id: 'dms', name: 'Quản lý văn bản', organisations: ['H29', 'H29.1'] }

/** What an access says of a system that nobody is told. */
const credentialsOf = ({ systems }: Access, id: string) => ({
  secrets: systems.secretsOf(id),
  shown: systems.get(id)?.credentials.map(({ kind, readable }) => `${kind} ${readable}`),
})

describe('a system', () => {
  it('comes in by its key, its secret or its certificate, also after a restart', async (t) => {
    const node = await aNode(t)
    const first = await node.access()

    const issued = await first.systems.add(dms, by)
    await first.systems.rotate('dms', { kind: 'certificate', fingerprint: `${'AB:'.repeat(31)}AB`, overlapMs: 0 }, by)

    assert.match(issued.apiKey ?? '', /^lt_dms_[0-9a-f]{40}$/)
    assert.match(issued.secret ?? '', /^[A-Za-z0-9_-]{32}$/)
    for (const { systems } of [first, await node.access()]) {
      assert.equal(systems.authenticateKey(issued.apiKey ?? '')?.name, dms.name)
      assert.equal(systems.authenticateKey(`${issued.apiKey ?? ''}0`), null)
      assert.equal(systems.authenticateCertificate('ab'.repeat(32))?.id, 'dms')
      assert.equal(systems.authenticateCertificate('ac'.repeat(32)), null)
      assert.deepEqual(systems.secretsOf('dms'), [issued.secret])
      assert.deepEqual(systems.secretsOf('nobody'), [])
      assert.deepEqual(
        systems.list().map(({ id, declared }) => [id, declared]),
        [
          ['declared', true],
          ['dms', false],
        ],
      )
    }
  })

  it('leaves no secret on the disk, and every act in the chain of events', async (t) => {
    const node = await aNode(t)
    const { systems } = await node.access()

    const { secret = '', apiKey = '' } = await systems.add(dms, by)
    const { secret: newer = '' } = await systems.rotate('dms', { kind: 'secret', overlapMs: 0 }, by)
    await systems.change('dms', { disabled: true }, by)

    const disk = await node.disk()
    for (const text of [secret, newer, apiKey, apiKey.slice(7)]) {
      assert.ok(text.length > 30 && !disk.includes(text))
    }
    assert.ok(disk.includes(digestOf(apiKey)))
    for (const type of ['system.add', 'system.rotate', 'system.disable']) assert.ok(disk.includes(type), type)
    assert.ok(disk.includes('"by":"a clerk"'))
    await node.store.close()
    assert.deepEqual([verifyEvents(join(node.dir)).events, verifyEvents(node.dir).brokenAt], [3, null])
  })

  it('has an old and a new credential side by side while one is rotated', async (t) => {
    const node = await aNode(t)
    const { systems } = await node.access()
    const old = await systems.add(dms, by)
    const other = await systems.rotate('dms', { kind: 'apiKey', overlapMs: 9 * day }, by)
    const next = await systems.rotate('dms', { kind: 'secret', overlapMs: day }, by)
    await systems.rotate('dms', { kind: 'apiKey', overlapMs: day }, by)

    assert.deepEqual(systems.secretsOf('dms'), [next.secret, old.secret])
    assert.equal(systems.accounts().systems.find(({ id }) => id === 'dms')?.password, next.secret)
    assert.equal(systems.authenticateKey(old.apiKey ?? '')?.id, 'dms')
    node.clock.now += day
    assert.deepEqual(systems.secretsOf('dms'), [next.secret])
    for (const { apiKey = '' } of [old, other]) assert.equal(systems.authenticateKey(apiKey), null)
    assert.equal(systems.get('dms')?.credentials.length, 2)
    await systems.rotate('dms', { kind: 'secret', overlapMs: 0 }, by)
    assert.equal((await node.access()).systems.secretsOf('dms').length, 1)
  })

  it('may do only what it was given, only for its organisations, and nothing once it is disabled', async (t) => {
    const node = await aNode(t)
    const { systems } = await node.access()
    const issued = await systems.add({ ...dms, organisations: ['H29.1'], scopes: ['receive', 'hooks'] }, by)

    assert.equal(systems.actingAs('dms', 'H29.1', 'receive'), 'H29.1')
    assert.throws(() => systems.actingAs('dms', 'H29.1', 'send'), { code: 'SCOPE_MISSING' })
    for (const [id, code] of [
      ['dms', 'H29'],
      ['dms', 'G22'],
      ['dms', 'K1'],
      ['nobody', 'H29.1'],
    ] as const) {
      assert.throws(() => systems.actingAs(id, code, 'receive'), { code: 'SENDER_NOT_ALLOWED' })
    }
    assert.deepEqual(systems.readersOf('H29.1'), ['declared', 'dms'])
    await systems.change('dms', { organisations: ['H29'], scopes: ['send'] }, by)
    assert.equal(systems.actingAs('dms', 'H29', 'send'), 'H29')
    assert.deepEqual(systems.readersOf('H29.1'), ['declared'])

    await systems.change('dms', { disabled: true }, by)

    assert.equal(systems.authenticateKey(issued.apiKey ?? ''), null)
    assert.deepEqual(systems.secretsOf('dms'), [])
    assert.throws(() => systems.actingAs('dms', 'H29', 'send'), { code: 'SENDER_NOT_ALLOWED' })
    assert.deepEqual(systems.accounts().gone, ['dms'])
    assert.deepEqual(
      systems.accounts().systems.map(({ id }) => id),
      ['declared'],
    )
    await systems.change('dms', { disabled: false }, by)
    assert.equal(systems.authenticateKey(issued.apiKey ?? '')?.id, 'dms')
    assert.equal(node.accountCalls(), 4)
  })

  it('is refused with an id that means something else, or organisations of another node', async (t) => {
    const { systems } = await (await aNode(t)).access()

    for (const id of ['', 'a b', '../x', 'H29', 'H29.18', 'owner', '.x', 'x'.repeat(65)]) {
      await assert.rejects(systems.add({ ...dms, id }, by), { code: 'CONFIG_INVALID' }, id)
    }
    for (const id of ['declared', 'admin'])
      await assert.rejects(systems.add({ ...dms, id }, by), { code: 'SYSTEM_EXISTS' })
    await assert.rejects(systems.add({ ...dms, organisations: ['G22'] }, by), { code: 'SENDER_NOT_ALLOWED' })
    const twice = await Promise.allSettled([systems.add(dms, by), systems.add(dms, by)])
    assert.deepEqual(
      twice.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    )
    for (const act of [
      systems.rotate('nobody', { kind: 'apiKey', overlapMs: 0 }, by),
      systems.change('nobody', { disabled: true }, by),
    ]) {
      await assert.rejects(act, { code: 'NOT_FOUND' })
    }
  })

  it('that is declared is changed where it stands, but may have keys', async (t) => {
    const node = await aNode(t)
    const { systems } = await node.access()

    await assert.rejects(systems.rotate('declared', { kind: 'secret', overlapMs: 0 }, by), { code: 'SYSTEM_DECLARED' })
    await assert.rejects(systems.change('declared', { disabled: true }, by), { code: 'SYSTEM_DECLARED' })
    const { apiKey = '' } = await systems.rotate('declared', { kind: 'apiKey', overlapMs: 0 }, by)

    assert.deepEqual(systems.secretsOf('declared'), ['from a file'])
    assert.equal((await node.access()).systems.authenticateKey(apiKey)?.declared, true)
  })

  it('keeps its secret when the node’s key is replaced and the earlier one named once', async (t) => {
    const node = await aNode(t)
    const { secret } = await (await node.access()).systems.add(dms, by)
    const key = createSealingKey('H29', 2)
    const both = { secrets: [secret], shown: ['secret true', 'apiKey true'] }

    const lost = await node.access({ key })
    assert.deepEqual(credentialsOf(lost, 'dms'), { secrets: [], shown: ['secret false', 'apiKey true'] })
    assert.equal(node.logged.length, 1)
    const { secret: later } = await lost.systems.rotate('dms', { kind: 'secret', overlapMs: day }, by)
    const found = await node.access({ key, earlierKeys: [nodeKey] })

    assert.deepEqual(found.systems.secretsOf('dms'), [later, secret])
    assert.deepEqual((await node.access({ key })).systems.secretsOf('dms'), [later, secret])
    assert.notDeepEqual(credentialsOf(found, 'dms'), both)
  })
})

describe('a vault', () => {
  it('opens a secret for its own purpose only, and nothing that was touched', async (t) => {
    const { store } = await aNode(t)
    const vault = await openVault(store.access, { key: nodeKey, earlier: [] }, [], () => assert.fail())

    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.nat(), (secret, purpose, other, place) => {
        const sealed = vault.seal(secret, purpose)
        assert.equal(vault.open(sealed, purpose), Buffer.from(secret).toString())
        if (other !== purpose) assert.equal(vault.open(sealed, other), null)
        const bytes = Uint8Array.from(sealed.bytes)
        bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ 1
        assert.equal(vault.open({ ...sealed, bytes }, purpose), null)
        assert.equal(vault.open({ ...sealed, kid: 'v9' }, purpose), null)
        assert.equal(vault.open({ ...sealed, bytes: bytes.subarray(0, 20) }, purpose), null)
      }),
      { numRuns: 50 },
    )
    assert.notDeepEqual(vault.seal('x', 'p').bytes, vault.seal('x', 'p').bytes)
  })

  it('never makes one key twice', () => {
    assert.notEqual(makeApiKey('dms'), makeApiKey('dms'))
  })
})
