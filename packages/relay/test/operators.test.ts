import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { verifyEvents } from '@lienthong/store'
import { digestOf } from '../src/api-key.ts'
import { aNode } from './a-node.ts'

const day = 86_400_000
const by = 'a clerk'
const truc = { id: 'truc-1', name: 'Người trực', role: 'operator' } as const

describe('an operator', () => {
  it('comes in by the key, also after a restart, and nobody else does', async (t) => {
    const node = await aNode(t)
    const first = await node.access()

    const { key, operator } = await first.operators.add(truc, by)
    const { apiKey = '' } = await first.systems.add({ id: 'truc-1', organisations: ['H29'] }, by)

    assert.match(key, /^lto_truc-1_[0-9a-f]{40}$/)
    assert.equal(operator.role, 'operator')
    for (const { operators, systems } of [first, await node.access()]) {
      assert.equal(operators.authenticate(key)?.id, 'truc-1')
      assert.equal(operators.authenticate(`${key}0`), null)
      assert.equal(operators.authenticate(''), null)
      assert.equal(operators.authenticate(apiKey), null)
      assert.equal(systems.authenticateKey(key), null)
      assert.deepEqual(
        operators.list().map(({ id, name, keys }) => [id, name, keys.length]),
        [['truc-1', 'Người trực', 1]],
      )
    }
  })

  it('has an old and a new key side by side while one is rotated, and none once disabled', async (t) => {
    const node = await aNode(t)
    const { operators } = await node.access()
    const old = await operators.add(truc, by)
    const next = await operators.rotate('truc-1', { overlapMs: day }, by)

    assert.deepEqual(
      [old, next].map(({ key }) => operators.authenticate(key)?.id),
      ['truc-1', 'truc-1'],
    )
    node.clock.now += day
    assert.equal(operators.authenticate(old.key), null)
    const last = await operators.rotate('truc-1', { overlapMs: 0 }, by)
    assert.equal(operators.authenticate(next.key), null)

    await operators.change('truc-1', { disabled: true }, by)
    assert.equal(operators.authenticate(last.key), null)
    assert.equal((await node.access()).operators.authenticate(last.key), null)
    await operators.change('truc-1', { disabled: false, role: 'viewer' }, by)
    assert.equal(operators.authenticate(last.key)?.role, 'viewer')
  })

  it('leaves no key on the disk, and every act in the chain of events with before and after', async (t) => {
    const node = await aNode(t)
    const { operators } = await node.access()
    const { key } = await operators.add(truc, by)
    await operators.rotate('truc-1', { overlapMs: 0 }, by)
    await operators.change('truc-1', { role: 'administrator' }, by)
    await operators.change('truc-1', { disabled: true }, by)
    await operators.record({ type: 'document.submit', detail: { uid: 'u1' } }, 'operator:truc-1')

    const disk = await node.disk()
    assert.ok(!disk.includes(key.slice(-40)) && disk.includes(digestOf(key)))
    for (const type of ['add', 'rotate', 'change', 'disable']) assert.ok(disk.includes(`operator.${type}`), type)
    assert.ok(disk.includes('"by":"a clerk"') && disk.includes('"by":"operator:truc-1"'))
    assert.match(disk, /"before":\{[^}]*"role":"operator"[^}]*\}/)
    assert.match(disk, /"after":\{[^}]*"role":"administrator"[^}]*\}/)
    await node.store.close()
    const { events, brokenAt } = verifyEvents(node.dir)
    assert.deepEqual([events, brokenAt], [5, null])
  })

  it('is refused with an id that is none or taken, and one nobody knows is not changed', async (t) => {
    const { operators } = await (await aNode(t)).access()
    for (const id of ['', 'a b', '../x', '.x', 'x'.repeat(65)]) {
      await assert.rejects(operators.add({ ...truc, id }, by), { code: 'CONFIG_INVALID' }, id)
    }
    const twice = await Promise.allSettled([operators.add(truc, by), operators.add(truc, by)])
    assert.deepEqual(
      twice.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    )
    await assert.rejects(operators.add(truc, by), { code: 'OPERATOR_EXISTS' })
    await assert.rejects(operators.rotate('nobody', { overlapMs: 0 }, by), { code: 'NOT_FOUND' })
    await assert.rejects(operators.change('nobody', { disabled: true }, by), { code: 'NOT_FOUND' })
  })
})
