/** The door for administration behind the gateway: who may do what. What each call does is tested where it is done. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { mayAct, type OperatorRole, operatorRoles } from '@lienthong/core'
import { createAdminDoor } from '../src/admin/index.ts'
import { adminRoutes } from '../src/admin/mount.ts'
import { adminPrefix } from '../src/admin/protocol.ts'
import { tryWindowMs } from '../src/admin/tries.ts'
import type { GatewayOptions } from '../src/index.ts'
import { buildApp, settingsOf } from '../src/open-gateway.ts'
import { nodeDouble } from './node-double.ts'
import { openRealNode, packet } from './real-node.ts'

const minute = 60_000

interface Said {
  readonly status: number
  readonly code: string
  readonly retryAfter: string | null
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  readonly json: any
}

async function open(t: TestContext, options: Partial<GatewayOptions> = {}) {
  const real = await openRealNode({ after: (step) => t.after(async () => void (await step())) }, options)
  const keys = new Map<OperatorRole, string>()
  for (const role of operatorRoles) keys.set(role, (await real.node.operators.add({ id: role, role }, 'test')).key)
  async function call(method: string, path: string, key?: string, body?: Uint8Array<ArrayBuffer>): Promise<Said> {
    const response = await fetch(`${real.gateway.url}${adminPrefix}${path}`, {
      method,
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const json: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null
    const code = typeof json === 'object' && json !== null && 'code' in json ? String(json.code) : ''
    return { status: response.status, code, retryAfter: response.headers.get('retry-after'), json }
  }
  const disk = () =>
    readdirSync(real.dir)
      .filter((name) => name.startsWith('store.db'))
      .map((name) => readFileSync(join(real.dir, name), 'latin1'))
      .join()
  return { ...real, call, disk, keyOfRole: (role: OperatorRole) => keys.get(role) ?? '' }
}

describe('the door for administration', () => {
  it('asks each call for its role: refused without a key and below it, let in at it and above', async (t) => {
    const { node, call, keyOfRole } = await open(t)
    const { routes } = createAdminDoor(node)
    const reached: string[] = []
    for (const { method, path, role } of routes) {
      const asked = path.replace(/:\w+/, 'nobody')
      const without = await call(method, asked)
      assert.deepEqual([without.status, without.code], [401, 'OPERATOR_DENIED'], `${method} ${path}`)
      for (const own of operatorRoles) {
        const { status, code } = await call(method, asked, keyOfRole(own))
        const where = `${method} ${path} as ${own}`
        if (mayAct(own, role)) {
          assert.ok(![401, 403].includes(status) || code === 'SENDER_NOT_ALLOWED', `${where}: ${status} ${code}`)
          reached.push(where)
        } else assert.deepEqual([status, code], [403, 'ROLE_MISSING'], where)
      }
    }
    assert.ok(reached.length > routes.length)
  })

  it('lets nobody below an operator change anything or read a document or a bundle, nor below an administrator let others in', () => {
    const { routes } = createAdminDoor(nodeDouble({}))
    for (const { method, path, role } of routes) {
      // They bring a body and change nothing.
      if (['/declared/plan', '/routes/test'].includes(path)) continue
      const isContent = path === '/mailbox/:id' || path.startsWith('/bundles')
      if (method === 'POST' || isContent) assert.ok(mayAct(role, 'operator'), `${method} ${path}`)
      if (/^\/(systems|operators|declared)/.test(path) && method === 'POST') assert.equal(role, 'administrator', path)
    }
  })

  it('writes down who did it, whatever the call says', async (t) => {
    const { node, call, keyOfRole, disk } = await open(t)
    const administrator = keyOfRole('administrator')

    const added = await call('POST', '/systems?id=dms&organ=H29.02&by=somebody-else', administrator)
    const sent = await call('POST', '/documents?as=H29', keyOfRole('operator'), new Uint8Array(await packet('1/VP')))

    assert.deepEqual([added.status, sent.status], [200, 200], `${added.code} ${sent.code}`)
    assert.match(added.json.apiKey, /^lt_dms_/)
    assert.equal((await node.sent.find('H29', { number: '1/VP' })).length, 1)
    assert.ok(disk().includes('"by":"operator:administrator"'))
    assert.ok(disk().includes('"by":"operator:operator"'))
    assert.ok(!disk().includes('somebody-else'))
  })

  it('takes no key of document software, and document software no key of an operator', async (t) => {
    const { call, keyOf, keyOfRole, gateway } = await open(t)
    const system = await keyOf('dms', ['H29'])
    assert.equal((await call('GET', '/status', system)).status, 401)
    const headers = { authorization: `Bearer ${keyOfRole('administrator')}` }
    assert.equal((await fetch(`${gateway.url}/v1/me`, { headers })).status, 401)
  })

  it('ends access at once with the key, the role or the operator', async (t) => {
    const { node, call, keyOfRole } = await open(t)
    const key = keyOfRole('administrator')
    assert.equal((await call('GET', '/operators', key)).status, 200)
    await node.operators.change('administrator', { role: 'viewer' }, 'test')
    assert.equal((await call('GET', '/operators', key)).code, 'ROLE_MISSING')
    const { key: next } = await node.operators.rotate('administrator', { overlapMs: 0 }, 'test')
    assert.equal((await call('GET', '/status', key)).status, 401)
    assert.equal((await call('GET', '/status', next)).status, 200)
    await node.operators.change('administrator', { disabled: true }, 'test')
    assert.equal((await call('GET', '/status', next)).status, 401)
  })

  it('shuts out whoever shows wrong keys too often, also with the right one, for a while, and writes it down', async (t) => {
    const clock = { now: Date.now() }
    const logged: string[] = []
    const { call, keyOfRole, disk } = await open(t, {
      now: () => clock.now,
      log: (level, message) => logged.push(`${level} ${message}`),
    })
    const wrong = `lto_viewer_${'0'.repeat(40)}`
    for (let times = 0; times < 9; times += 1) assert.equal((await call('GET', '/status', wrong)).status, 401)
    assert.equal((await call('GET', '/status', keyOfRole('viewer'))).status, 200, 'the right key forgives')
    for (let times = 0; times < 10; times += 1) assert.equal((await call('GET', '/status', wrong)).status, 401)

    const locked = await call('GET', '/status', keyOfRole('viewer'))
    assert.deepEqual([locked.status, locked.code], [429, 'OPERATOR_LOCKED'])
    assert.ok(Number(locked.retryAfter) > 800)
    assert.equal((await call('GET', '/status', keyOfRole('operator'))).status, 200, 'others are not shut out with it')
    assert.equal(logged.filter((line) => line.includes('wrong keys')).length, 1)
    assert.ok(disk().includes('operator.lock'))
    clock.now += tryWindowMs
    assert.equal((await call('GET', '/status', keyOfRole('viewer'))).status, 200)
  })

  it('shuts an address out that tries many names', async (t) => {
    const clock = { now: Date.now() }
    const { call, keyOfRole } = await open(t, { now: () => clock.now })
    for (let times = 0; times < 50; times += 1) {
      assert.equal((await call('GET', '/status', `lto_x${times}_${'0'.repeat(40)}`)).status, 401)
    }
    assert.equal((await call('GET', '/status', keyOfRole('administrator'))).status, 429)
    clock.now += tryWindowMs
    assert.equal((await call('GET', '/status', keyOfRole('administrator'))).status, 200)
  })

  it('has a rate for each operator', async (t) => {
    const clock = { now: Date.now() }
    const { call, keyOfRole } = await open(t, { now: () => clock.now, admin: { ratePerMinute: 3 } })
    const answers = []
    for (let times = 0; times < 4; times += 1) answers.push((await call('GET', '/status', keyOfRole('viewer'))).status)
    assert.deepEqual(answers, [200, 200, 200, 429])
    assert.equal((await call('GET', '/status', keyOfRole('operator'))).status, 200)
    clock.now += minute
    assert.equal((await call('GET', '/status', keyOfRole('viewer'))).status, 200)
  })

  it('is encrypted or on this machine, also where software may speak plain HTTP, and for the networks named', async (t) => {
    const build = async (options: Partial<GatewayOptions>) => {
      const listen = { host: '127.0.0.1', port: 0 }
      const app = buildApp(settingsOf({ node: nodeDouble({ operators: nobody }), listen, ...options }))
      t.after(() => app.close())
      await app.register(async (scope) => adminRoutes(scope))
      return async (remoteAddress: string) =>
        (
          await app.inject({ url: `${adminPrefix}/status`, remoteAddress, headers: { authorization: 'Bearer k' } })
        ).json<{ code: string }>().code
    }
    const nobody = { authenticate: () => null } as never
    const plain = await build({ vxp: { plainHttpFrom: ['203.0.113.0/24'] } })
    assert.equal(await plain('203.0.113.9'), 'PLAIN_HTTP_REFUSED')
    assert.equal(await plain('127.0.0.1'), 'OPERATOR_DENIED')
    const limited = await build({ admin: { from: ['192.0.2.0/24'] } })
    assert.equal(await limited('127.0.0.1'), 'NOT_FOUND')
  })

  it('answers strange calls with a refusal, and says nothing of a failure nobody foresaw', async (t) => {
    const status = async () => {
      throw new Error('password=hunter2')
    }
    const { gateway, keyOfRole, call } = await open(t)
    const key = keyOfRole('administrator')
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/'],
      ['DELETE', '/status'],
      ['GET', '/../../v1/me'],
      ['GET', '//['],
      ['GET', '//node/status'],
      ['POST', `/operators/${'x'.repeat(3000)}/rotate`],
    ] as const) {
      const said = await new Promise<number | undefined>((resolve, reject) => {
        const headers = { authorization: `Bearer ${key}` }
        const asked = httpRequest(`${gateway.url}${adminPrefix}`, { method, headers, path: `${adminPrefix}${path}` })
        asked.once('response', (answer) => resolve(answer.resume().statusCode)).once('error', reject)
        asked.end()
      })
      assert.equal(said, 404, `${method} ${path}`)
    }
    assert.equal((await call('POST', '/operators/%zz/rotate', key)).status, 400)
    for (const query of ['role=king&id=x', 'id=x', 'role=viewer', 'role=viewer&id=a%20b']) {
      assert.ok([400, 422].includes((await call('POST', `/operators?${query}`, key)).status), query)
    }
    const known = { authenticate: () => ({ id: 'a', role: 'viewer' }) } as never
    const app = buildApp(
      settingsOf({
        node: nodeDouble({ status, operators: known }),
        listen: { host: '127.0.0.1', port: 0 },
      }),
    )
    t.after(() => app.close())
    await app.register(async (scope) => adminRoutes(scope))
    const failed = await app.inject({ url: `${adminPrefix}/status`, headers: { authorization: 'Bearer k' } })
    assert.deepEqual([failed.statusCode, failed.json()], [500, { code: 'INTERNAL', detail: {} }])
  })
})
