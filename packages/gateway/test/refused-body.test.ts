/** Bodies refused when a part of them has come: over real sockets, with callers of both kinds. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import { RelayError } from '@lienthong/core'
import fastify from 'fastify'
import { chunksOf, throwUnwantedAway } from '../src/body.ts'
import { type GatewayNode, openGateway } from '../src/index.ts'
import { nodeDouble } from './node-double.ts'
import { openRealNode, until } from './real-node.ts'

const mebibyte = 1024 * 1024
const piece = Buffer.alloc(mebibyte, 'no edXML ')
const pieces = 64

/** Reads one MiB of a body, then refuses it. */
async function refuse(body: AsyncIterable<Uint8Array>): Promise<never> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes >= mebibyte) throw new RelayError('NOT_EDXML')
  }
  throw new Error(`the body ended after ${bytes}`)
}

async function open(t: TestContext) {
  const caller = { id: 'dms', organisations: ['H29'], scopes: ['send'] }
  const node = nodeDouble({
    systems: { authenticateKey: () => caller, actingAs: () => 'H29', get: () => caller } as never,
    directory: { version: 1, nodes: [], organisations: [] },
    submit: ({ body }) => refuse(body as AsyncIterable<Uint8Array>),
    uploads: {
      append: (_system: string, _id: string, { source }: never) => refuse(source),
    } as unknown as GatewayNode['uploads'],
  })
  const gateway = await openGateway({ node, listen: { host: '127.0.0.1', port: 0 } })
  t.after(() => gateway.close({ timeoutMs: 0 }))
  return gateway
}

const credentials = { authorization: 'Bearer lt_dms_0', 'content-type': 'application/octet-stream' }
const calls = [
  ['POST', '/v1/documents', {}],
  ['PATCH', `/v1/uploads/${'0'.repeat(32)}`, { 'upload-offset': '0' }],
] as const

async function answerTo(call: ClientRequest): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const [answer] = (await once(call, 'response')) as [IncomingMessage]
  return { status: answer.statusCode, text: await text(answer) }
}

async function writeAll(call: ClientRequest, count = pieces): Promise<void> {
  for (let written = 0; written < count; written += 1) if (!call.write(piece)) await once(call, 'drain')
  call.end()
}

/** All that comes back until the node hangs up. */
async function writtenBeforeRead(
  url: string,
  what: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const all = { host: 'x', ...headers, 'content-length': piece.length * pieces }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${what} HTTP/1.1\r\n${lines.join('')}\r\n`)
  for (let written = 0; written < pieces; written += 1) if (!socket.write(piece)) await once(socket, 'drain')
  return await text(socket)
}

describe('a body refused midway', { timeout: 120_000 }, () => {
  for (const [method, path, more] of calls) {
    it(`is answered, and its connection serves the next call: ${method}`, async (t) => {
      const { url } = await open(t)
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      t.after(() => agent.destroy())
      const headers = { ...credentials, ...more, 'content-length': piece.length * pieces }
      const call = request(`${url}${path}`, { method, headers, agent })

      const [answer] = await Promise.all([answerTo(call), writeAll(call)])
      const next = request(`${url}/healthz`, { agent }).end()

      assert.equal(answer.status, 422)
      assert.match(answer.text, /"code":"NOT_EDXML"/)
      assert.equal((await answerTo(next)).status, 200)
      assert.equal(next.reusedSocket, true)
    })

    it(`is answered to a caller who writes it all before reading, and then hangs up: ${method}`, async (t) => {
      const headers = { connection: 'close', ...credentials, ...more }
      const answer = await writtenBeforeRead((await open(t)).url, `${method} ${path}`, headers)
      assert.match(answer, /^HTTP\/1\.1 422 [^]*"code":"NOT_EDXML"/)
    })
  }

  for (const [name, path, headers, status] of [
    ['whoever calls is not known', '/v1/documents', { connection: 'close' }, 401],
    ['a body of JSON is too large', '/v1/uploads', { ...credentials, 'content-type': 'application/json' }, 413],
    [
      'no such body is taken',
      '/v1/documents',
      { connection: 'close', ...credentials, 'content-type': 'text/plain' },
      400,
    ],
  ] as const) {
    it(`is answered to a caller who writes it all before reading when ${name}`, async (t) => {
      const answer = await writtenBeforeRead((await open(t)).url, `POST ${path}`, headers)
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} [^]*"code":"`))
    })
  }
})

describe('a body refused midway whose rest does not come', { timeout: 120_000 }, () => {
  for (const [name, bounds] of [
    ['when there is too much of it', { bytes: mebibyte, ms: 600_000 }],
    ['after a while', { bytes: Number.POSITIVE_INFINITY, ms: 20 }],
  ] as const) {
    it(`is answered ${name}, and read on behind the answer`, async (t) => {
      const app = fastify()
      t.after(() => app.close())
      throwUnwantedAway(app, bounds)
      app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
      app.post('/', async ({ body }, reply) => {
        for await (const _ of chunksOf(body)) return reply.code(422).send('refused')
      })
      await app.listen({ host: '127.0.0.1', port: 0 })
      const { port } = app.server.address() as AddressInfo
      const socket = connect(port, '127.0.0.1')
      t.after(() => void socket.destroy())
      socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: a/b\r\ncontent-length: ${pieces * mebibyte}\r\n\r\n`)
      for (let written = 0; written < 4; written += 1) socket.write(piece)
      socket.setEncoding('utf8')

      const [answer] = (await once(socket, 'data')) as [string]
      for (let written = 4; written < pieces; written += 1) if (!socket.write(piece)) await once(socket, 'drain')
      socket.write('GET /next HTTP/1.1\r\nhost: x\r\n\r\n')
      const [next] = (await once(socket, 'data')) as [string]

      assert.match(answer, /^HTTP\/1\.1 422 /)
      assert.match(next, /^HTTP\/1\.1 404 /)
    })
  }
})

it('a piece of an upload that another one breaks off is answered, and its rest is read', {
  timeout: 120_000,
}, async (t) => {
  const { gateway, dir, keyOf } = await openRealNode({ after: (step) => t.after(async () => void (await step())) })
  const headers = { ...credentials, authorization: `Bearer ${await keyOf('dms', ['H29'])}` }
  const opened = await fetch(`${gateway.url}/v1/uploads`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ size: pieces * mebibyte }),
  })
  const { id } = (await opened.json()) as { readonly id: string }
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const append = (bytes: number, by: Agent | false) => {
    const piece = { ...headers, 'upload-offset': 0, 'content-length': bytes }
    return request(`${gateway.url}/v1/uploads/${id}`, { method: 'PATCH', agent: by, headers: piece })
  }
  const slow = append(pieces * mebibyte, agent)
  const refused = answerTo(slow)
  slow.write(piece)
  const file = join(dir, 'uploads', id)
  await until(async () => existsSync(file) && statSync(file).size >= mebibyte / 2)

  const other = append(1, false)
  other.end('x')
  await answerTo(other)
  await writeAll(slow, pieces - 1)
  const answer = await refused
  const next = request(`${gateway.url}/healthz`, { agent }).end()

  assert.match(answer.text, /"code":"UPLOAD_OFFSET"/)
  assert.equal((await answerTo(next)).status, 200)
  assert.equal(next.reusedSocket, true)
})
