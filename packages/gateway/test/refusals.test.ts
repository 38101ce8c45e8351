/** What the gateway answers when the node cannot, when a call is no call, and when it closes. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { RelayError } from '@lienthong/core'
import { type GatewayNode, type GatewayOptions, openGateway } from '../src/index.ts'
import { limitPeers } from '../src/peers.ts'
import { nodeDouble } from './node-double.ts'

const system = {
  id: 'dms',
  name: 'dms',
  organisations: ['H29'],
  scopes: ['send', 'receive', 'hooks'],
  createdAt: null,
  disabledAt: null,
  declared: true,
  credentials: [],
} as const

async function open(t: TestContext, parts: Partial<GatewayNode>, options: Partial<GatewayOptions> = {}) {
  const node = nodeDouble({
    systems: { authenticateKey: () => system, actingAs: () => 'H29' } as unknown as GatewayNode['systems'],
    ...parts,
  })
  const gateway = await openGateway({ node, listen: { host: '127.0.0.1', port: 0 }, ...options })
  t.after(() => gateway.close({ timeoutMs: 0 }))
  const call = (path: string, init: RequestInit = {}) =>
    fetch(gateway.url + path, { ...init, headers: { authorization: 'Bearer lt_dms_0', ...init.headers } })
  return { gateway, call }
}

const packet: RequestInit = { method: 'POST', body: 'x', headers: { 'content-type': 'application/xml' } }

/** Writes bytes as they are and gives everything that comes back. */
function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    socket.on('close', () => resolve(text)).on('error', reject)
    socket.write(bytes)
  })
}

describe('a node that cannot now', () => {
  for (const code of ['DISK_FULL', 'STORE_FAILED', 'NODE_STOPPING', 'BROKER_UNREACHABLE'] as const) {
    it(`${code} is 503, to be tried again`, async (t) => {
      const { call } = await open(t, { submit: async () => Promise.reject(new RelayError(code)) })
      const answer = await call('/v1/documents', packet)
      assert.equal(answer.status, 503)
      assert.ok(Number(answer.headers.get('retry-after')) >= 1)
      assert.equal(((await answer.json()) as { code: string }).code, code)
    })
  }

  it('tells nobody what failed inside it, but its log', async (t) => {
    const logged: unknown[] = []
    const { call } = await open(
      t,
      { submit: async () => Promise.reject(new Error('password=geheim')) },
      { log: (level, message, fields) => void logged.push([level, message, fields]) },
    )
    const answer = await call('/v1/documents', packet)
    assert.equal(answer.status, 500)
    assert.ok(!(await answer.text()).includes('geheim'))
    assert.match(JSON.stringify(logged), /geheim/)
  })

  it('lets a system call so often a minute, and says when to come again', async (t) => {
    const { call } = await open(t, {}, { rest: { ratePerMinute: 2 }, now: () => 0 })
    for (let calls = 0; calls < 2; calls += 1) assert.notEqual((await call('/v1/me')).status, 429)
    assert.equal((await call('/v1/me')).status, 429)
  })
})

describe('bytes that are no call', () => {
  it('are answered with a problem and the end of the connection', async (t) => {
    const { gateway } = await open(t, {})
    for (const [bytes, status] of [
      ['nonsense\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(300_000)}\r\n\r\n`, 431],
      ['POST /v1/documents HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n', 400],
    ] as const) {
      const text = await raw(gateway.url, bytes)
      assert.match(text, new RegExp(`^HTTP/1.1 ${status} `))
      assert.match(text, /content-type: application\/problem\+json/)
      assert.match(text, /"code":"CALL_INVALID"/)
    }
  })

  it('include an address that cannot be read', async (t) => {
    const { gateway } = await open(t, {})
    const text = await raw(gateway.url, 'GET /v1/%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    assert.match(text, /^HTTP\/1.1 400 /)
    assert.match(text, /"code":"CALL_INVALID"/)
  })
})

describe('a gateway that closes', () => {
  it('sends those who wait away at once, to come again', async (t) => {
    let waiting = 0
    const { gateway, call } = await open(t, {
      mailbox: {
        list: async () => [],
        waitFor: (_as: string, { signal }: { signal: AbortSignal }) =>
          new Promise((_resolve, reject) => {
            waiting += 1
            signal.addEventListener('abort', () => reject(signal.reason as Error))
          }),
      } as unknown as GatewayNode['mailbox'],
    })
    const answer = call('/v1/mailbox?wait=30')
    while (waiting === 0) await new Promise((resolve) => setImmediate(resolve))
    const closed = gateway.close({ timeoutMs: 20_000 })
    assert.equal((await answer).status, 503)
    await closed
  })

  it('finishes what has begun, and sends the next call of that connection away in its own words', async (t) => {
    let submitting = false
    const { gateway } = await open(t, {
      submit: async ({ body }) => {
        submitting = true
        for await (const _ of body as AsyncIterable<Uint8Array>);
        return { uid: '0'.repeat(64), recipients: [], warnings: [] }
      },
    })
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
    t.after(() => void socket.destroy())
    let answers = ''
    socket.setEncoding('utf8').on('data', (more: string) => {
      answers += more
    })
    const head = 'host: x\r\nauthorization: Bearer k\r\n'
    socket.write(`POST /v1/documents HTTP/1.1\r\n${head}content-type: text/xml\r\ncontent-length: 2\r\n\r\n<`)
    while (!submitting) await new Promise((resolve) => setImmediate(resolve))
    const closed = gateway.close({ timeoutMs: 60_000 })
    socket.write('>')
    while (!answers.includes('"uid"')) await new Promise((resolve) => setImmediate(resolve))
    const ended = once(socket, 'end')
    socket.write(`GET /v1/me HTTP/1.1\r\n${head}\r\n`)
    await Promise.all([ended, closed])
    assert.match(answers, /^HTTP\/1\.1 200 [^]*HTTP\/1\.1 503 [^]*retry-after: \d+[^]*"code":"NODE_STOPPING"/)
  })

  it('stops waiting for a caller who has gone', async (t) => {
    let reason: unknown
    const { gateway } = await open(t, {
      mailbox: {
        list: async () => [],
        waitFor: (_as: string, { signal }: { signal: AbortSignal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              reason = signal.reason
              reject(signal.reason as Error)
            })
            socket.destroy()
          }),
      } as unknown as GatewayNode['mailbox'],
    })
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write('GET /v1/mailbox?wait=30 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\n\r\n')
    while (reason === undefined) await new Promise((resolve) => setImmediate(resolve))
    assert.ok(reason instanceof RelayError)
  })
})

describe('one peer', () => {
  it('has only so many connections, and gets others when it lets go', async (t) => {
    const server = createServer((_call, answer) => void answer.end('here'))
    limitPeers(server, 2)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const hold = () => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined)
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
      return new Promise<{ answered: boolean; end(): void }>((resolve) => {
        socket.once('data', () => resolve({ answered: true, end: () => socket.destroy() }))
        socket.once('close', () => resolve({ answered: false, end: () => undefined }))
      })
    }
    const [first, second] = [await hold(), await hold()]
    assert.deepEqual([first.answered, second.answered, (await hold()).answered], [true, true, false])
    first.end()
    const deadline = Date.now() + 5000
    while (!(await hold()).answered) assert.ok(Date.now() < deadline)
  })
})
