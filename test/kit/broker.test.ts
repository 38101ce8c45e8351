import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { describe, it } from 'node:test'
import { amqpAnswers, managementAnswers } from './broker-probes.ts'
import {
  type Broker,
  borrowBroker,
  brokerFromEnvironment,
  canStartBroker,
  keptProcesses,
  openBrokerPool,
  startBroker,
  startProcess,
  waitFor,
} from './index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

describe('private broker', () => {
  it('starts, survives kill -9 on the same ports, starts empty after a wipe and leaves nothing behind', {
    skip,
  }, async (t) => {
    const broker = await startBroker({ teardown: t, config: 'channel_max = 77' })
    const { dir, pid, amqpUrl } = broker

    assert.equal(broker.alive, true)
    assert.match(readFileSync(`/proc/${pid}/cmdline`, 'latin1'), /beam/)
    assert.match(readFileSync(`${dir}/rabbitmq.conf`, 'utf8'), /^channel_max = 77$/m)
    assert.deepEqual(listeningAddresses(keptProcesses(dir)).sort(), ['127.0.0.1', '::1'])
    await put(broker, '/api/vhosts/seen')

    await broker.kill()
    assert.equal(broker.alive, false)
    assert.equal(await amqpAnswers(amqpUrl), false)
    await broker.start()
    assert.notEqual(broker.pid, pid)
    assert.deepEqual(await vhosts(broker), ['/', 'seen'])

    assert.throws(() => broker.wipe(), /kill it first/)
    await broker.kill('SIGTERM')
    broker.wipe()
    await broker.start()
    assert.deepEqual(await vhosts(broker), ['/'])
    assert.equal(await managementAnswers(broker), true)

    await broker.stop()
    assert.deepEqual(keptProcesses(dir), [])
    assert.equal(existsSync(dir), false)
    await broker.stop()
  })

  it('is gone with its epmd and its data when the program that started it is killed -9', { skip }, async (t) => {
    const program = await startProcess({ args: [new URL('fixtures/hold-broker.js', import.meta.url).pathname] })
    t.after(() => program.end())
    const dir = await waitFor(() => program.stdout.split('\n').find((line) => line.startsWith('/')), {
      what: `the program to have its broker; it says: ${program.stderr}`,
      deadlineMs: 150_000,
    })
    assert.equal(commandsOf(keptProcesses(dir)).includes('epmd'), true)

    // Only the program itself: the broker has a keeper of its own.
    program.kill('SIGKILL')

    await waitFor(() => keptProcesses(dir).length === 0 && !existsSync(dir), {
      what: 'broker, epmd and data to be gone',
      deadlineMs: 20_000,
    })
  })

  it('says the end of the log when it does not come up', { skip }, async () => {
    await assert.rejects(startBroker({ config: 'no_such_key = 1' }), /did not come up[^]*no_such_key/)
  })

  it('leaves an external broker alone', async () => {
    const external = brokerFromEnvironment({
      LIENTHONG_BROKER_URL: 'amqp://us%65r:p%40ss@127.0.0.1:5000',
      LIENTHONG_BROKER_API: 'http://127.0.0.1:5001/',
    })
    assert.ok(external)
    const broker = await startBroker({ external })

    assert.equal(broker.amqpUrl, 'amqp://127.0.0.1:5000')
    assert.equal(broker.managementUrl, 'http://127.0.0.1:5001')
    assert.deepEqual([broker.user, broker.password], ['user', 'p@ss'])
    await assert.rejects(broker.kill(), /external/)
    assert.throws(() => broker.wipe(), /external/)
    await broker.stop()
    assert.equal(brokerFromEnvironment({ LIENTHONG_BROKER_URL: 'amqp://127.0.0.1' }), undefined)
  })
})

describe('borrowed broker', { skip }, () => {
  it('belongs to one borrower at a time, and comes back empty when that was killed -9', async (t) => {
    // Borrows its own brokers where it can: nothing here depends on whose they are.
    const pool = await openBrokerPool(borrowBroker)
    t.after(() => pool.close())
    const program = await startProcess({
      args: [new URL('fixtures/borrow-broker.js', import.meta.url).pathname, pool.socket],
      teardown: t,
    })
    const line = await waitFor(() => /^.*\n/.exec(program.stdout)?.[0], {
      what: `the program to have its broker; it says: ${program.stderr}`,
      deadlineMs: 150_000,
    })
    const lent = JSON.parse(line) as Broker
    const own = await borrowBroker(t, pool.socket)
    assert.notEqual(own.amqpUrl, lent.amqpUrl)
    await assert.rejects(own.kill(), /borrowed/)
    await put(lent, '/api/vhosts/seen')
    await put(lent, '/api/users/seen', { password: 'x', tags: '' })

    program.kill('SIGKILL')

    await waitFor(async () => !(await vhosts(lent)).includes('seen'), { what: 'the vhost to go', deadlineMs: 20_000 })
    const again = await borrowBroker(t, pool.socket)
    assert.equal(again.amqpUrl, lent.amqpUrl)
    assert.deepEqual(await vhosts(again), ['/'])
    assert.deepEqual(await names(again, '/api/users'), [again.user])
    assert.deepEqual(await vhosts(own), ['/'])
  })
})

interface Account {
  readonly managementUrl: string
  readonly user: string
  readonly password: string
}

async function put(broker: Account, path: string, body: object = {}): Promise<void> {
  const response = await call(broker, path, 'PUT', JSON.stringify(body))
  assert.ok(response.ok, `${path}: ${response.status}`)
}

function vhosts(broker: Account): Promise<string[]> {
  return names(broker, '/api/vhosts')
}

async function names(broker: Account, path: string): Promise<string[]> {
  const response = await call(broker, path, 'GET')
  const list = (await response.json()) as { name: string }[]
  return list.map(({ name }) => name).sort()
}

function call(broker: Account, path: string, method: string, body: string | null = null): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${broker.user}:${broker.password}`).toString('base64')}`
  return fetch(`${broker.managementUrl}${path}`, { method, body, headers: { authorization, connection: 'close' } })
}

function commandsOf(ids: readonly number[]): string[] {
  return ids.map((id) => readFileSync(`/proc/${id}/comm`, 'utf8').trim())
}

/** Local addresses, without repetition, on which the processes listen (IPv4 and IPv6). */
function listeningAddresses(ids: readonly number[]): string[] {
  const inodes = new Set(ids.flatMap(socketInodes))
  const addresses = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && inodes.has(fields[9] ?? ''))
    .map((fields) => readableAddress(fields[1]?.split(':')[0] ?? ''))
  return [...new Set(addresses)]
}

function readableAddress(hex: string): string {
  const known: Record<string, string> = { '0100007F': '127.0.0.1', [`${'0'.repeat(24)}01000000`]: '::1' }
  return known[hex] ?? hex
}

function socketInodes(id: number): string[] {
  return readdirSync(`/proc/${id}/fd`).flatMap((fd) => {
    const match = /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${id}/fd/${fd}`))
    return match?.[1] === undefined ? [] : [match[1]]
  })
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
