/**
 * Every operation of the OpenAPI document with what it does not expect: whatever is asked, the answer is a problem with a
 * code or one that is described, and never a failure of the node.
 */
import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { type Description, type Operation, readDescription } from './described-answers.ts'
import { openRealNode, packet, type RealNode } from './real-node.ts'

interface Sent {
  readonly method: string
  /** As it goes over the line: nothing is normalised. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

interface Got {
  readonly status: number
  readonly type: string
  readonly text: string
}

/** Values no parameter expects; none is a number of seconds to wait. */
const oddities = [
  '',
  '-1',
  '1.5',
  'NaN',
  '9'.repeat(40),
  'true',
  '%00',
  '%F0%28',
  '%',
  '..%2F..%2Fetc%2Fpasswd',
  '../../etc/passwd',
  '%2e%2e%2f',
  'a'.repeat(3000),
  '%E2%80%AE',
  "'%20OR%201=1--",
  '%7B%7D',
  '__proto__',
  'constructor',
]

/** Bodies no route takes as JSON. */
const brokenJson = [
  '',
  '{',
  'null',
  '[]',
  '"x"',
  '7',
  '{"__proto__":{"x":1}}',
  '[['.repeat(2000),
  '{"unknown":1}',
  '\ud800',
]

/** Values of the wrong type or size for any member. */
const oddMembers: readonly unknown[] = [
  null,
  {},
  [],
  [[]],
  -1,
  1.5,
  1e300,
  'x'.repeat(5000),
  '',
  true,
  '\u0000',
  { a: { b: 1 } },
]

describe('calls nobody foresaw', () => {
  const teardown: (() => unknown)[] = []
  let real: RealNode
  let description: Description
  let key = ''
  let foreign = { uid: '', id: 0 }

  before(async () => {
    real = await openRealNode({ after: (step) => void teardown.unshift(step) })
    description = await readDescription(real.gateway.url)
    key = await real.keyOf('fuzz', ['H29.03'])
    // Something that exists and is none of its business.
    const { uid } = await real.node.submit({ as: 'H29', body: await packet('1/UBND-VP') })
    await real.node.mailbox.waitFor('H29.02', { after: 0, timeoutMs: 20_000 })
    const [item] = await real.node.mailbox.list('H29.02')
    foreign = { uid, id: item?.id ?? 0 }
  })

  after(async () => {
    for (const step of teardown) await step()
  })

  function send({ method, path, headers = {}, body }: Sent, credential = key): Promise<Got> {
    const { hostname, port } = new URL(real.gateway.url)
    const authorization = credential === '' ? {} : { authorization: `Bearer ${credential}` }
    return new Promise((resolve, reject) => {
      const call = httpRequest(
        { hostname, port, method, path, headers: { ...authorization, ...headers } },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk
          })
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text }),
          )
          answer.on('error', reject)
        },
      )
      call.on('error', reject)
      call.end(body)
    })
  }

  /** The answer is one that a caller can understand. */
  function expectSense(sent: Sent, { status, type, text }: Got): void {
    const what = `${sent.method} ${sent.path.slice(0, 200)} ${String(sent.body ?? '').slice(0, 100)} → ${status} ${text.slice(0, 200)}`
    assert.ok(status < 500, what)
    if (status < 400) return
    assert.match(type, /^application\/problem\+json/, what)
    const problem = JSON.parse(text) as { code: string; status: number; detail: string }
    assert.match(problem.code, /^[A-Z_]+$/, what)
    assert.equal(problem.status, status, what)
    assert.ok(!/at .*\.[jt]s:\d+/.test(text), what)
  }

  async function probe(sent: Sent, credential = key): Promise<Got> {
    const got = await send(sent, credential)
    expectSense(sent, got)
    return got
  }

  /** A call that is right but for what `values` replaces. */
  function callOf(operation: Operation, values: Readonly<Record<string, string>> = {}): Sent {
    const place = (name: string) =>
      values[name] ?? (name === 'uid' ? foreign.uid : name === 'id' ? String(foreign.id) : 'H29')
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => place(name))
    const named = operation.parameters.filter(({ in: where, name }) => where === 'query' && values[name] !== undefined)
    const query = named.map(({ name }) => `${name}=${values[name]}`).join('&')
    const extra = operation.parameters
      .filter(({ in: where, name, required }) => where === 'header' && (required || values[name] !== undefined))
      .map(({ name }) => [name, values[name] ?? '0'])
    return {
      method: operation.method,
      path: query === '' ? path : `${path}?${query}`,
      headers: { ...Object.fromEntries(extra), ...typeOf(operation) },
      ...bodyOf(operation),
    }
  }

  it('are refused without credentials, on every route', async () => {
    assert.ok(description.operations.length >= 20)
    for (const operation of description.operations) {
      for (const credential of ['', 'lt_fuzz_00', 'x'.repeat(5000)]) {
        const { status } = await probe(callOf(operation), credential)
        assert.equal(status, 401, operation.operationId)
      }
    }
  })

  it('make sense of every parameter with odd values', async () => {
    for (const operation of description.operations) {
      for (const { name, in: where } of operation.parameters) {
        for (const value of oddities) {
          // A header line carries no raw control characters; node:http refuses to send them.
          await probe(callOf(operation, { [name]: where === 'header' ? encodeURIComponent(value) : value }))
          if (where === 'query') {
            const sent = callOf(operation, { [name]: value })
            await probe({ ...sent, path: `${sent.path}&${name}=${value}&unknown=1` })
          }
        }
      }
    }
  })

  it('make sense of every body that is none', async () => {
    for (const operation of description.operations) {
      const { 'content-type': type = 'application/json', ...headers } = callOf(operation).headers ?? {}
      for (const body of brokenJson)
        await probe({ ...callOf(operation), headers: { ...headers, 'content-type': type }, body })
      for (const other of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'nonsense',
        'application/json; charset=x',
      ]) {
        await probe({ ...callOf(operation), headers: { ...headers, 'content-type': other }, body: '{}' })
      }
      const json = operation.requestBody?.content['application/json']?.schema
      for (const name of Object.keys((json?.['properties'] ?? {}) as object)) {
        for (const odd of oddMembers) {
          const body = JSON.stringify({ ...JSON.parse(String(callOf(operation).body ?? '{}')), [name]: odd })
          await probe({ ...callOf(operation), body })
        }
      }
      if (json !== undefined) {
        const { status } = await probe({ ...callOf(operation), body: `{"x":"${'x'.repeat(1_100_000)}"}` })
        assert.equal(status, 413, operation.operationId)
      }
    }
  })

  it('never reach what belongs to somebody else', async () => {
    for (const operation of description.operations) {
      const isOthers = /\/(documents|mailbox)\/\{/.test(operation.path)
      if (!isOthers) continue
      for (const as of [undefined, 'H29.03', 'h29.03']) {
        const { status } = await probe(callOf(operation, as === undefined ? {} : { as }))
        assert.equal(status, 404, operation.operationId)
      }
      for (const as of ['H29.02', 'H29', 'H99', '*']) {
        assert.equal((await probe(callOf(operation, { as }))).status, 403, `${operation.operationId} as ${as}`)
      }
    }
    const [item] = await real.node.mailbox.list('H29.02')
    assert.equal(item?.collectedAt, null)
  })

  it('with other methods and paths are not found', async () => {
    const paths = [...new Set(description.operations.map((operation) => callOf(operation).path))]
    for (const path of paths) {
      const there = description.operations.filter((operation) => callOf(operation).path === path)
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        if (there.some((operation) => operation.method === method)) continue
        // `/v1/mailbox/leases` is no item either: its id is no number.
        assert.ok([400, 404].includes((await probe({ method, path })).status), `${method} ${path}`)
      }
    }
    for (const path of [
      '/v1/../v1/me',
      '/v1//me',
      '/V1/me',
      '/v1/me/',
      '/v1/%6de/..',
      '/..%2f..%2fetc/passwd',
      '/v1/mailbox/..%2f..%2f',
      '*',
    ]) {
      assert.ok([400, 404].includes((await probe({ method: 'GET', path })).status), path)
    }
  })

  it('make sense whatever is put together', async () => {
    const word = fc.oneof(fc.constantFrom(...oddities), fc.string({ maxLength: 30 }).map(encodeURIComponent))
    const operation = fc.constantFrom(...description.operations)
    const property = fc.asyncProperty(
      operation,
      fc.dictionary(
        fc.constantFrom('as', 'after', 'limit', 'kind', 'to', 'q', 'id', 'uid', 'code', 'upload', 'all'),
        word,
        { maxKeys: 4 },
      ),
      fc.json({ maxDepth: 3 }),
      async (chosen, values, json) => {
        const sent = callOf(chosen, values)
        await probe(sent.body === undefined ? sent : { ...sent, body: json })
      },
    )
    await fc.assert(property, { numRuns: 150, seed: 4 })
  })

  it('leave the node as it was', async () => {
    assert.equal((await send({ method: 'GET', path: '/healthz' })).status, 200)
    assert.equal((await probe({ method: 'GET', path: '/v1/me' })).status, 200)
  })
})

function typeOf(operation: Operation): Readonly<Record<string, string>> {
  const [type] = Object.keys(operation.requestBody?.content ?? {})
  return type === undefined ? {} : { 'content-type': type }
}

/** A body with every member that must be there. */
function bodyOf(operation: Operation): { readonly body?: string } {
  const content = operation.requestBody?.content
  if (content === undefined) return {}
  const schema = content['application/json']?.schema
  if (schema === undefined) return { body: 'no packet' }
  const examples: Readonly<Record<string, unknown>> = { lease: 'x', size: 1, code: 3, description: 'x', reason: 'x' }
  const required = (schema['required'] ?? []) as readonly string[]
  return { body: JSON.stringify(Object.fromEntries(required.map((name) => [name, examples[name]]))) }
}
