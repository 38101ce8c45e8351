import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { RelayError } from '@lienthong/core'
import type { RelayNode } from '@lienthong/relay'
import type { MailItem } from '@lienthong/store'
import { connectControl } from '../src/control/client.ts'
import { openControlServer } from '../src/control/server.ts'
import { nodeDouble } from './support/node-double.ts'
import { temporaryFolder } from './support/node-folder.ts'

const mebibyte = 1024 * 1024
const largeBytes = 200 * mebibyte

/** Opens a door before this node; both go with the test. */
async function door(t: TestContext, parts: Parameters<typeof nodeDouble>[0]) {
  const socketPath = join(temporaryFolder(t), 'control.sock')
  const server = await openControlServer(nodeDouble(parts), socketPath)
  t.after(() => server.close({ timeoutMs: 0 }))
  return { socketPath, server, client: connectControl(socketPath) }
}

async function* largeBody(chunk: Uint8Array): AsyncIterable<Uint8Array> {
  for (let sent = 0; sent < largeBytes; sent += chunk.length) yield chunk
}

async function measure(body: AsyncIterable<Uint8Array>): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    hash.update(chunk)
  }
  return { size, sha256: hash.digest('hex') }
}

/** Highest growth of memory, all of it, while this runs. */
async function growthWhile(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 10)
  await work().finally(() => clearInterval(timer))
  return most - before
}

function mailItem(payload: { size: number; sha256: string }): MailItem {
  return {
    id: 5,
    uid: 'ab'.repeat(32),
    generation: 1,
    kind: 'document',
    organ: 'H29',
    addressed: 'H29',
    from: 'G22',
    documentId: 'd',
    headline: { subject: `Về việc … ${'dài '.repeat(10_000)}`, number: '1/X', date: null },
    payload,
    deliveredAt: 1,
    collectedAt: null,
    path: [],
    state: 'initial',
    stateReason: null,
    leasedUntil: null,
  }
}

function mailboxWith(item: MailItem, body: () => AsyncIterable<Uint8Array>): Partial<RelayNode['mailbox']> {
  return {
    list: async () => [item],
    read: async () => ({ item, body: body() }),
    acknowledge: async () => item,
  }
}

describe('the control socket', () => {
  it('is open to its owner only, and leaves nothing else in the folder', async (t) => {
    const { socketPath } = await door(t, {})
    assert.equal(statSync(socketPath).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(join(socketPath, '..')), ['control.sock'])
  })

  it('streams 200 MB to the node without keeping it', async (t) => {
    const seen: { size: number; sha256: string; to: readonly string[] | undefined }[] = []
    const { client } = await door(t, {
      submit: async ({ body, to }) => {
        seen.push({ ...(await measure(body as AsyncIterable<Uint8Array>)), to })
        return { uid: 'u', recipients: [], warnings: [] }
      },
    })
    const chunk = randomBytes(256 * 1024)
    const growth = await growthWhile(async () => {
      await client.submit(largeBody(chunk), { as: 'H29', to: ['G22', 'H29.*'] })
    })
    assert.deepEqual(seen, [{ ...(await measure(largeBody(chunk))), to: ['G22', 'H29.*'] }])
    assert.ok(growth < 64 * mebibyte, `grew by ${growth} bytes`)
  })

  it('streams 200 MB from the node without keeping it', async (t) => {
    const chunk = randomBytes(256 * 1024)
    const payload = await measure(largeBody(chunk))
    const { client } = await door(t, { mailbox: mailboxWith(mailItem(payload), () => largeBody(chunk)) })
    const warnings: unknown[] = []
    const warned = (warning: unknown) => warnings.push(warning)
    process.on('warning', warned)
    t.after(() => process.off('warning', warned))
    const growth = await growthWhile(async () => {
      const { item, body } = await client.read('H29', 5)
      assert.deepEqual(item, mailItem(payload))
      assert.deepEqual(await measure(body), payload)
    })
    assert.ok(growth < 64 * mebibyte, `grew by ${growth} bytes`)
    assert.deepEqual(warnings, [], 'no listener is left behind at each wait')
  })

  it('does not run ahead of a reader that is slow', async (t) => {
    const chunk = randomBytes(256 * 1024)
    let given = 0
    async function* counted(): AsyncIterable<Uint8Array> {
      for await (const part of largeBody(chunk)) {
        given += part.length
        yield part
      }
    }
    const payload = { size: largeBytes, sha256: 'never checked' }
    const { client } = await door(t, { mailbox: mailboxWith(mailItem(payload), counted) })
    const { body } = await client.read('H29', 5)
    const reader = body[Symbol.asyncIterator]()
    await reader.next()
    const first = given
    await reader.next()
    assert.ok(given <= first + 8 * mebibyte, `${given} bytes taken for two chunks`)
    await reader.return?.()
  })

  it('passes on why the node refuses while a large body still comes in', async (t) => {
    const { client } = await door(t, {
      submit: async ({ body }) => {
        for await (const _ of body as AsyncIterable<Uint8Array>) {
          throw new RelayError('NOT_EDXML', { detail: { reason: 'no XML', line: 3 } })
        }
        throw new Error('not reached')
      },
    })
    await assert.rejects(client.submit(largeBody(new Uint8Array(mebibyte)), { as: 'H29' }), {
      code: 'NOT_EDXML',
      detail: { reason: 'no XML', line: 3 },
    })
  })

  it('tells a client nothing of an error nobody foresaw', async (t) => {
    const { client } = await door(t, {
      status: async () => {
        throw new Error('password=hunter2')
      },
    })
    await assert.rejects(client.status(), { code: 'INTERNAL', detail: {} })
  })

  it('never takes half a document for a whole one', async (t) => {
    const outcomes: unknown[] = []
    const { socketPath } = await door(t, {
      submit: async ({ body }) => {
        await measure(body as AsyncIterable<Uint8Array>).then(
          () => outcomes.push('whole'),
          (error: unknown) => outcomes.push(error),
        )
        throw new RelayError('NODE_STOPPING')
      },
    })
    const upload = request({ socketPath, method: 'POST', path: '/documents?as=H29&by=me' })
    upload.on('error', () => undefined)
    upload.write(new Uint8Array(mebibyte), () => upload.destroy())
    const deadline = Date.now() + 5000
    while (outcomes.length === 0 && Date.now() < deadline) await new Promise(setImmediate)
    assert.ok(outcomes[0] instanceof Error, `the node was told: ${String(outcomes[0])}`)
  })

  it("passes on the source's own error, even one that looks like the socket's", async (t) => {
    const { client } = await door(t, {
      submit: async ({ body }) => {
        await measure(body as AsyncIterable<Uint8Array>)
        throw new Error('not reached')
      },
    })
    async function* broken(): AsyncIterable<Uint8Array> {
      yield new Uint8Array(10)
      throw Object.assign(new Error('gone'), { code: 'ENOENT' })
    }
    await assert.rejects(client.submit(broken(), { as: 'H29' }), { code: 'ENOENT', message: 'gone' })
  })

  it('passes on why a packet broke off in the middle', async (t) => {
    async function* failing(): AsyncIterable<Uint8Array> {
      yield new Uint8Array(1000)
      throw new RelayError('STORE_FAILED', { detail: { reason: 'EIO' } })
    }
    const { client } = await door(t, { mailbox: mailboxWith(mailItem({ size: 2000, sha256: '' }), failing) })
    const { body } = await client.read('H29', 5)
    await assert.rejects(measure(body), { code: 'STORE_FAILED', detail: { reason: 'EIO' } })
  })

  it('refuses a packet whose bytes are not those of the document', async (t) => {
    async function* other(): AsyncIterable<Uint8Array> {
      yield new Uint8Array(1000)
    }
    const { client } = await door(t, { mailbox: mailboxWith(mailItem({ size: 1000, sha256: 'ff' }), other) })
    const { body } = await client.read('H29', 5)
    await assert.rejects(measure(body), { code: 'DIGEST_MISMATCH' })
  })

  it('speaks only for organisations this node serves itself', async (t) => {
    const { client } = await door(t, {
      mailbox: mailboxWith(mailItem({ size: 0, sha256: '' }), () => largeBody(new Uint8Array(1))),
    })
    assert.equal((await client.list('h29')).items.length, 1)
    // What came for one that has closed can still be collected.
    assert.equal((await client.list('H29.02')).items.length, 1)
    for (const as of ['G22', 'H29.77', 'X']) {
      await assert.rejects(client.list(as), { code: 'SENDER_NOT_ALLOWED', detail: { organ: as } })
    }
  })

  it('gives pages of a mailbox', async (t) => {
    const asked: unknown[] = []
    const items = [1, 2, 3].map((id) => ({ ...mailItem({ size: 0, sha256: '' }), id }))
    const { client } = await door(t, {
      mailbox: {
        ...mailboxWith(mailItem({ size: 0, sha256: '' }), () => largeBody(new Uint8Array(1))),
        list: async (_as, options) => {
          asked.push(options)
          return items.slice(0, options?.limit)
        },
      },
    })
    assert.equal((await client.list('H29', { limit: 2, all: true, after: 9 })).next, 2)
    assert.equal((await client.list('H29')).next, null)
    assert.deepEqual(asked, [
      { after: 9, limit: 2, all: true },
      { after: 0, limit: 100, all: false },
    ])
  })

  it('keeps who did what in the name of an organisation', async (t) => {
    const acts: unknown[] = []
    const item = mailItem({ size: 0, sha256: createHash('sha256').digest('hex') })
    const { client } = await door(t, {
      submit: async () => ({ uid: 'u', recipients: [], warnings: [] }),
      mailbox: mailboxWith(item, async function* () {}),
      operators: {
        record: async ({ type, detail }, by) => {
          acts.push([type, detail['as'], detail['uid'], by])
        },
      },
    })
    await client.submit(new Uint8Array(3), { as: 'h29' })
    await measure((await client.read('H29', 5)).body)
    await client.acknowledge('H29', 5)
    const by = userInfo().username
    assert.deepEqual(acts, [
      ['document.submit', 'H29', 'u', by],
      ['document.read', 'H29', item.uid, by],
      ['document.acknowledge', 'H29', item.uid, by],
    ])
  })

  it('takes thousands of recipients', async (t) => {
    const to = Array.from({ length: 5000 }, (_, index) => `H29.18.${index}`)
    const { client } = await door(t, {
      submit: async (asked) => ({ uid: String(asked.to?.length), recipients: [], warnings: [] }),
    })
    assert.equal((await client.submit(new Uint8Array(3), { as: 'H29', to })).uid, '5000')
  })

  it('replaces a socket nobody listens on, and leaves a living one alone', async (t) => {
    const folder = temporaryFolder(t)
    const socketPath = join(folder, 'control.sock')
    const stale = createServer().listen(join(folder, 's'))
    await once(stale, 'listening')
    // Moved away, it stays behind when its server closes: what a killed process leaves.
    renameSync(join(folder, 's'), socketPath)
    await new Promise((resolve) => stale.close(resolve))
    assert.ok(existsSync(socketPath))

    const server = await openControlServer(nodeDouble({ track: async () => [] }), socketPath)
    assert.deepEqual(await connectControl(socketPath).track({ uid: 'x' }), [])
    await assert.rejects(openControlServer(nodeDouble({}), socketPath), { code: 'STORE_LOCKED' })
    await server.close()
    assert.ok(!existsSync(socketPath))
  })

  it('leaves a file alone that is no socket', async (t) => {
    const socketPath = join(temporaryFolder(t), 'control.sock')
    writeFileSync(socketPath, 'mine')
    await assert.rejects(openControlServer(nodeDouble({}), socketPath), { code: 'FILE_UNWRITABLE' })
  })

  it('refuses a path the system would cut off', async (t) => {
    const folder = join(temporaryFolder(t), 'x'.repeat(100))
    mkdirSync(folder)
    const socketPath = join(folder, 'control.sock')
    await assert.rejects(openControlServer(nodeDouble({}), socketPath), { code: 'CONTROL_PATH_TOO_LONG' })
    assert.throws(() => connectControl(socketPath), { code: 'CONTROL_PATH_TOO_LONG' })
  })

  it('takes a path of exactly the length the system allows', async (t) => {
    const base = temporaryFolder(t)
    const folder = join(base, 'x'.repeat(107 - Buffer.byteLength(join(base, '/control.sock')) - 1))
    mkdirSync(folder)
    const socketPath = join(folder, 'control.sock')
    assert.equal(Buffer.byteLength(socketPath), 107)
    const server = await openControlServer(nodeDouble({ track: async () => [] }), socketPath)
    t.after(() => server.close())
    assert.deepEqual(await connectControl(socketPath).track({ uid: 'x' }), [])
  })

  it('says that a node does not run', async (t) => {
    const client = connectControl(join(temporaryFolder(t), 'control.sock'))
    await assert.rejects(client.status(), { code: 'NODE_NOT_RUNNING' })
    await assert.rejects(client.submit(largeBody(new Uint8Array(mebibyte)), { as: 'H29' }), {
      code: 'NODE_NOT_RUNNING',
    })
  })

  it('says that somebody else may not open it', { skip: process.getuid?.() === 0 && 'root may' }, async (t) => {
    const { socketPath, client } = await door(t, { track: async () => [] })
    chmodSync(socketPath, 0o000)
    await assert.rejects(client.track({ uid: 'x' }), { code: 'CONTROL_DENIED' })
  })

  it('closes in bounded time although a body still comes in', async (t) => {
    const { client, server } = await door(t, {
      submit: async ({ body }) => {
        await measure(body as AsyncIterable<Uint8Array>)
        return { uid: 'u', recipients: [], warnings: [] }
      },
    })
    let begun: () => void = () => undefined
    const started = new Promise<void>((resolve) => {
      begun = resolve
    })
    async function* endless(): AsyncIterable<Uint8Array> {
      for (;;) {
        yield new Uint8Array(1000)
        begun()
        await new Promise(setImmediate)
      }
    }
    const submitted = assert.rejects(client.submit(endless(), { as: 'H29' }), { code: 'NODE_NOT_RUNNING' })
    await started
    const before = Date.now()
    await server.close({ timeoutMs: 100 })
    assert.ok(Date.now() - before < 5000)
    await submitted
  })

  it('explains routes by the directory of the node', async (t) => {
    const { client } = await door(t, {})
    const { hops } = await client.explain('H29', 'G22', 0)
    assert.deepEqual(
      hops.map(({ node, hop }) => [node, hop]),
      [
        ['H29', 'up'],
        ['G22', 'mailbox'],
      ],
    )
  })

  it('answers a strange request with a refusal', async (t) => {
    const { socketPath } = await door(t, {})
    for (const [method, path, status] of [
      ['GET', '/', 404],
      ['DELETE', '/status', 404],
      ['GET', '/mailbox/%zz?as=H29', 404],
      ['GET', '/mailbox?as=H29&limit=-1', 400],
      ['POST', '/documents?as=H29', 400],
      ['GET', '/track', 400],
      ['GET', '/traffic?after=0', 400],
    ] as const) {
      const asked = request({ socketPath, method, path }).end()
      const [response] = await once(asked, 'response')
      response.resume()
      assert.equal(response.statusCode, status, `${method} ${path}`)
    }
  })
})
