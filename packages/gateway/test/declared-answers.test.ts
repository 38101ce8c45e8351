/** What the door takes and refuses about tables, before the node is asked to change anything. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { type Declared, nothingDeclared } from '@lienthong/core'
import type { DeclaredChange } from '@lienthong/relay'
import { createAdminDoor } from '../src/admin/index.ts'
import { nodeDouble } from './node-double.ts'
import { directory } from './real-node.ts'

const content: Declared = { ...nothingDeclared, organisations: [{ id: 'H29', name: 'Tỉnh', parent: null }] }
const current = { epoch: 1, version: 1, at: 0, by: 'a', reason: 'b', base: null, content: nothingDeclared }

/** A door over HTTP whose node notes what it was asked to apply. */
async function door(t: TestContext) {
  const applied: DeclaredChange[] = []
  const administration = {
    current: async () => current,
    history: async () => [current],
    steps: async () => [],
    delegates: async () => ['H29'],
    announcements: async () => [],
    apply: async (change: DeclaredChange) => {
      applied.push(change)
      return { ...current, ...change, version: 2 }
    },
  }
  const open = createAdminDoor(nodeDouble({ administration, directory }))
  const server = createServer((request, response) => {
    const caller = { role: 'administrator', operator: 'truc-1' } as const
    void open.answer({ request, response, caller, path: request.url ?? '' })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  async function post(path: string, body: unknown) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(`${url}${path}`, { method: 'POST', body: text })
    // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
    return { status: response.status, json: (await response.json()) as any }
  }
  return { post, applied }
}

describe('the door to tables', () => {
  it('hands on what may stand, with the operator as the one who did it', async (t) => {
    const { post, applied } = await door(t)
    const order = { base: { epoch: 1, version: 1 }, content, reason: 'why' }
    const { status, json } = await post('/declared?by=somebody-else', { ...order, more: 1 })
    assert.equal(status, 200, JSON.stringify(json))
    assert.deepEqual(applied, [{ ...order, by: 'operator:truc-1' }])
    assert.ok(!('content' in json))
  })

  it('hands on nothing of another shape, without a reason or a base, or outside the delegation', async (t) => {
    const { post, applied } = await door(t)
    const base = { epoch: 1, version: 1 }
    const outside = { ...content, organisations: [{ id: 'H30', name: 'X', parent: null }] }
    for (const [body, code] of [
      ['{', 'USAGE'],
      ['[]', 'USAGE'],
      [{ base, content, reason: ' ' }, 'USAGE'],
      [{ content, reason: 'why' }, 'USAGE'],
      [{ base: { epoch: '1', version: 1 }, content, reason: 'why' }, 'USAGE'],
      [{ base, content: { ...content, groups: [] }, reason: 'why' }, 'USAGE'],
      [{ base, content: outside, reason: 'why' }, 'DECLARED_INVALID'],
    ] as const) {
      const { json } = await post('/declared?by=x', body)
      assert.equal(json.code, code, JSON.stringify(body))
    }
    assert.deepEqual(applied, [])
  })

  it('plans without changing anything', async (t) => {
    const { post, applied } = await door(t)
    const outside = { ...content, organisations: [{ id: 'H30', name: 'X', parent: null }] }
    const { json } = await post('/declared/plan', { content: outside })
    assert.deepEqual(json.base, { epoch: 1, version: 1 })
    assert.deepEqual(
      json.problems.map(({ kind, value }: { kind: string; value: string }) => [kind, value]),
      [['organisationOutside', 'H30']],
    )
    assert.equal(json.changes.length, 1)
    assert.deepEqual(applied, [])
  })

  it('takes expectations of their shape only', async (t) => {
    const { post } = await door(t)
    const fine = await post('/routes/test', { expectations: [{ from: 'H29', to: 'H29.02', next: 'mailbox' }] })
    assert.equal(fine.json.items[0].ok, true, JSON.stringify(fine.json))
    for (const expectations of [undefined, {}, [{}], [{ from: 'a', to: 1 }], [{ from: 'a', to: 'b', path: [1] }]]) {
      assert.equal((await post('/routes/test', { expectations })).json.code, 'USAGE')
    }
  })
})
