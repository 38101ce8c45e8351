import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { BrokerReader } from '../src/broker-reader.ts'
import { ManagementApi } from '../src/management-api.ts'

const queueOf = (vhost: string) => ({ name: `q of ${vhost}`, vhost, durable: true, auto_delete: false, arguments: {} })
const none = { permissions: [], policies: [], exchanges: [], bindings: [] }

/** A management interface with these vhosts and one queue in each; `paths` are those asked for. */
async function management(t: TestContext, vhosts: string[]) {
  const paths: string[] = []
  const answers: Readonly<Record<string, () => unknown>> = {
    '/definitions': () => ({
      ...none,
      vhosts: vhosts.map((name) => ({ name })),
      users: ['u'],
      queues: vhosts.map(queueOf),
    }),
    '/users': () => ['u'],
  }
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url.slice('/api'.length))
    paths.push(path)
    const [, kind, vhost = '', part] = path.split('/')
    const found =
      answers[path]?.() ??
      (vhosts.includes(vhost)
        ? kind === 'definitions'
          ? { queues: [queueOf(vhost)] }
          : part === undefined
            ? {}
            : []
        : null)
    response.statusCode = found === null ? 404 : 200
    response.end(JSON.stringify(found))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  const managementUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { paths, reader: new BrokerReader(new ManagementApi({ managementUrl, user: 'a', password: 'b' })) }
}

describe('what a broker has', () => {
  it('is read vhost by vhost for a few who ask, and accounts only when wanted', async (t) => {
    const { reader, paths } = await management(t, ['a', 'b'])

    const [a, missing] = await Promise.all([reader.read('a', { users: true }), reader.read('c', { users: false })])

    assert.deepEqual([a.vhost, a.users, a.queues], [true, ['u'], [queueOf('a')]])
    assert.deepEqual([missing.vhost, missing.users, missing.queues], [false, null, []])
    const expected = [
      '/definitions/a',
      '/users',
      '/vhosts/a',
      '/vhosts/a/permissions',
      '/vhosts/c',
      '/vhosts/c/permissions',
    ]
    assert.deepEqual(paths.sort(), expected)
  })

  it('is read once for many who ask together, each of whom sees its own', async (t) => {
    const vhosts = Array.from({ length: 40 }, (_, index) => `v${index}`)
    const { reader, paths } = await management(t, vhosts)

    const found = await Promise.all([...vhosts, 'gone'].map((vhost) => reader.read(vhost, { users: false })))

    assert.deepEqual(paths, ['/definitions'])
    assert.deepEqual(
      found.map(({ vhost, users, queues }) => [vhost, users, queues]),
      [...vhosts.map((vhost) => [true, null, [queueOf(vhost)]]), [false, null, []]],
    )
  })

  it('is read after it was asked for, also while another reading runs', async (t) => {
    const vhosts = ['a']
    const { reader, paths } = await management(t, vhosts)

    const before = reader.read('b', { users: false })
    while (paths.length === 0) await new Promise(setImmediate)
    const during = reader.read('b', { users: false })
    await before
    vhosts.push('b')

    assert.deepEqual([(await before).vhost, (await during).vhost], [false, true])
  })

  it('is asked for again after a refusal', async () => {
    const stopped = new BrokerReader(
      new ManagementApi({ managementUrl: 'http://127.0.0.1:1', user: 'a', password: 'b' }),
    )
    await assert.rejects(stopped.read('a', { users: true }), { code: 'BROKER_UNREACHABLE' })
    await assert.rejects(stopped.read('a', { users: true }), { code: 'BROKER_UNREACHABLE' })
  })
})
