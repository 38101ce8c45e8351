/** Many nodes from one desk: contexts, and the door for administration over HTTPS. */
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { OperatorRole } from '@lienthong/core'
import { openGateway } from '@lienthong/gateway'
import { openControlServer } from '../src/control/server.ts'
import { type DoubleParts, nodeDouble } from './support/node-double.ts'
import { temporaryFolder } from './support/node-folder.ts'
import { callProgram, type RunOptions } from './support/run-program.ts'

const fixture = (name: string) => readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url), 'utf8')
const tls = { cert: fixture('server.pem'), key: fixture('server-key.pem') }
const key = `lto_truc_${'a'.repeat(40)}`

/** A desk with a home of its own, and a node behind HTTPS whose one operator has this role. */
async function desk(t: TestContext, { role = 'viewer', ...parts }: DoubleParts & { role?: OperatorRole } = {}) {
  const home = temporaryFolder(t)
  writeFileSync(join(home, 'h29.key'), `${key}\n`, { mode: 0o600 })
  writeFileSync(join(home, 'ca.pem'), tls.cert)
  const operator = { id: 'truc', name: 'Trực', role, createdAt: 1, disabledAt: null, keys: [] }
  const node = nodeDouble({
    status: async () => ({ ...sampleStatus, id: 'H29' }),
    ...parts,
    operators: { authenticate: (shown) => (shown === key ? operator : null), ...parts.operators },
  })
  // No webhook of anybody's: the gateway asks.
  const hooks = { due: async () => [] } as never
  const gateway = await openGateway({ node: { ...node, hooks, watch: () => () => undefined }, listen, tls })
  t.after(() => gateway.close({ timeoutMs: 0 }))
  const run = (args: readonly string[], options: RunOptions = {}) =>
    callProgram(args, { cwd: home, ...options, env: { HOME: home, ...options.env } })
  const add = (name: string, ...more: readonly string[]) =>
    run(['context', 'add', name, '--url', gateway.url, '--key', 'h29.key', '--ca', 'ca.pem', ...more])
  return { home, url: gateway.url, run, add, file: join(home, '.config/lienthong/contexts.json') }
}

const listen = { host: '127.0.0.1', port: 0 }
const sampleStatus = {
  tier: 'tỉnh',
  instance: 'i',
  tableVersion: 1,
  directoryVersion: 3,
  broker: { open: true, blocked: null, lastError: null },
  link: null,
  backlog: { documents: 2, copies: 5 },
  openAssemblies: 0,
}

describe('a context', () => {
  it('reaches a node over HTTPS with the key in its file', async (t) => {
    const { run, add, file } = await desk(t)
    const added = await add('h29')
    assert.equal(added.exit, 0, added.stderr)

    const { exit, stdout, stderr } = await run(['status', '--context', 'h29', '-o', 'json'])

    assert.equal(exit, 0, stderr)
    assert.equal(JSON.parse(stdout).id, 'H29')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.ok(!readFileSync(file, 'utf8').includes(key))
  })

  it('is spoken to when it is selected and no node is named, and forgotten when removed', async (t) => {
    const { run, add, home } = await desk(t)
    const other = join(home, 'data')
    mkdirSync(other)
    const server = await openControlServer(
      nodeDouble({ status: async () => ({ ...sampleStatus, id: 'G22' }) }),
      join(other, 'control.sock'),
    )
    t.after(() => server.close({ timeoutMs: 0 }))
    const asked = async (...words: string[]) => {
      const { exit, stdout, stderr } = await run(['status', '-o', 'json', ...words])
      return exit === 0 ? JSON.parse(stdout).id : JSON.parse(stderr).error.code
    }
    assert.equal(await asked(), 'USAGE')
    await add('h29', '--select')
    assert.equal((await run(['context', 'add', 'g22', '--data', 'data'])).exit, 0)
    assert.equal(await asked(), 'H29')
    assert.equal(await asked('--data', other), 'G22')
    assert.equal(await asked('--context', 'g22'), 'G22')
    assert.equal((await run(['context', 'select', 'g22'])).exit, 0)
    assert.equal(await asked(), 'G22')
    assert.equal(await asked('--context', 'nowhere'), 'NOT_FOUND')
    assert.equal(await asked('--context', 'h29', '--data', other), 'USAGE')

    const { stdout } = await run(['context', 'list', '--check', '-o', 'json'])
    assert.deepEqual(
      JSON.parse(stdout).items.map((item: { name: string; selected: boolean; status: { id: string } }) => {
        return [item.name, item.selected, item.status.id]
      }),
      [
        ['g22', true, 'G22'],
        ['h29', false, 'H29'],
      ],
    )
    assert.equal((await run(['context', 'remove', 'g22'])).exit, 0)
    assert.equal(await asked(), 'USAGE')
    assert.equal((await run(['context', 'remove', 'g22'])).exit, 4)
    assert.equal((await run(['context', 'select', 'g22'])).exit, 4)
  })

  it('is refused with an address a key must not travel to, or a key others may read', async (t) => {
    const { run, add, home, file } = await desk(t)
    for (const url of ['http://h29.example', 'ftp://x', 'https://user:secret@x', 'h29.example']) {
      const { exit, stderr } = await run(['context', 'add', 'x', '--url', url, '--key', 'h29.key'])
      assert.equal(exit, 2, url)
      assert.doesNotMatch(stderr, /secret/)
    }
    for (const words of [[], ['--key', 'h29.key'], ['--data', 'd', '--url', 'https://x', '--key', 'h29.key']]) {
      assert.equal((await run(['context', 'add', 'x', ...words])).exit, 2)
    }
    chmodSync(join(home, 'h29.key'), 0o644)
    assert.match((await add('h29')).stderr, /chmod 600/)
    writeFileSync(join(home, 'h29.key'), key)
    chmodSync(join(home, 'h29.key'), 0o600)
    assert.equal((await add('h29')).exit, 0)
    writeFileSync(file, '{"nodes": {"h29": {"url": "http://h29.example", "key": "k"}}}')
    assert.equal((await run(['status', '--context', 'h29'])).exit, 6)
  })

  it('says why a node cannot be reached: away, or somebody else behind its address', async (t) => {
    const { run, url } = await desk(t)
    await run(['context', 'add', 'stranger', '--url', url, '--key', 'h29.key'])
    await run(['context', 'add', 'away', '--url', 'https://127.0.0.1:1', '--key', 'h29.key'])
    for (const [name, reason] of [
      ['stranger', 'SELF_SIGNED'],
      ['away', 'ECONNREFUSED'],
    ] as const) {
      const { exit, stderr } = await run(['status', '--context', name, '-o', 'json'])
      const { code, detail } = JSON.parse(stderr).error
      assert.deepEqual([exit, code], [5, 'NODE_UNREACHABLE'])
      assert.ok(String(detail.reason).includes(reason), detail.reason)
    }
    const { stdout } = await run(['context', 'list', '--check', '-o', 'json'])
    assert.deepEqual(
      JSON.parse(stdout).items.map(({ code }: { code: string }) => code),
      ['NODE_UNREACHABLE', 'NODE_UNREACHABLE'],
    )
  })
})

describe('a command from elsewhere', () => {
  it('streams a document, and is written down under the name of the operator', async (t) => {
    const acts: unknown[] = []
    let size = 0
    const { run, add, home } = await desk(t, {
      role: 'operator',
      submit: async ({ body }) => {
        for await (const chunk of body as AsyncIterable<Uint8Array>) size += chunk.length
        return { uid: 'u', recipients: [], warnings: [] }
      },
      operators: {
        record: async ({ type }, by) => {
          acts.push([type, by])
        },
      },
    })
    await add('h29', '--select')
    writeFileSync(join(home, 'big.edxml'), new Uint8Array(20_000_000))

    const { exit, stderr } = await run(['submit', 'big.edxml', '--as', 'H29'])

    assert.equal(exit, 0, stderr)
    assert.equal(size, 20_000_000)
    assert.deepEqual(acts, [['document.submit', 'operator:truc']])
  })

  it('is refused in a sentence when the role or the key is not enough', async (t) => {
    const { run, add, home } = await desk(t)
    await add('h29', '--select')
    const denied = await run(['operator', 'list'])
    assert.equal(denied.exit, 3)
    assert.match(denied.stderr, /truc may not do this \(it needs the role administrator\).*\[ROLE_MISSING\]/)
    const submitted = await run(['submit', '-', '--as', 'H29'], { input: 'x'.repeat(1_000_000) })
    assert.match(submitted.stderr, /\[ROLE_MISSING\]/)
    writeFileSync(join(home, 'h29.key'), `lto_truc_${'b'.repeat(40)}`)
    const wrong = await run(['status'])
    assert.equal(wrong.exit, 3)
    assert.match(wrong.stderr, /\[OPERATOR_DENIED\]/)
  })
})

describe('operators', () => {
  it('are added with a role, and their key is printed once', async (t) => {
    const home = temporaryFolder(t)
    const seen: unknown[] = []
    const operator = {
      id: 'truc-1',
      name: 'truc-1',
      role: 'operator',
      createdAt: 1,
      disabledAt: null,
      keys: [],
    } as const
    const server = await openControlServer(
      nodeDouble({
        operators: {
          list: () => [operator],
          add: async (request) => {
            seen.push(request)
            return { operator, key }
          },
          change: async (id, request) => {
            seen.push([id, request])
            return { ...operator, ...request, disabledAt: request.disabled === true ? 2 : null }
          },
        },
      }),
      join(home, 'control.sock'),
    )
    t.after(() => server.close({ timeoutMs: 0 }))
    const run = (...words: string[]) => callProgram(['operator', ...words, '--data', home])

    const added = await run('add', 'truc-1', '--role', 'operator')
    assert.equal(added.exit, 0, added.stderr)
    assert.match(added.stdout, new RegExp(`Key: ${key}`))
    assert.match(added.stderr, /never shown again/)
    assert.doesNotMatch((await run('list')).stdout, /lto_/)
    assert.match((await run('disable', 'truc-1')).stdout, /disabled since/)
    assert.equal((await run('change', 'truc-1')).exit, 2)
    assert.equal((await run('add', 'truc-2')).exit, 2)
    assert.equal((await run('add', 'truc-2', '--role', 'king')).exit, 2)
    assert.deepEqual(seen, [{ id: 'truc-1', role: 'operator' }, ['truc-1', { disabled: true }]])
  })
})
