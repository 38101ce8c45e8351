/** What a client makes of lines that break, bytes that are damaged and a node that asks for patience. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Client, ClientOptions, ReceivedItem } from '@lienthong/client'
import { startProxy } from '../kit/fault-proxy.ts'
import { lastFirst } from '../kit/teardown.ts'
import { temporaryFolder } from '../kit/temporary-folder.ts'
import { clientOf, first, packet, province, type ServedNode, second, serveNode } from './served-node.ts'

const mebibyte = 1024 * 1024
const deadlineMs = 120_000

/** One call as it left the client. */
interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly at: number
}

/** Sees every call; may answer in the node's place, or change its answer. */
type Between = (sent: Sent, pass: () => Promise<Response>) => Promise<Response>

function watched(sent: Sent[], between: Between = (_sent, pass) => pass()): typeof fetch {
  return (url, init = {}) => {
    const { pathname: path } = new URL(url as string)
    const call = { method: init.method ?? 'GET', path, headers: init.headers as Sent['headers'], at: performance.now() }
    sent.push(call)
    return between(call, () => fetch(url, init))
  }
}

/** Where each piece of an upload began. */
function offsetsOf(sent: readonly Sent[]): readonly number[] {
  return sent.filter(({ method }) => method === 'PATCH').map(({ headers }) => Number(headers['upload-offset']))
}

describe('a client on a bad line', { timeout: 300_000 }, () => {
  const teardown = lastFirst({ after })
  let node: ServedNode
  let dir = ''
  let number = 0

  before(async () => {
    dir = temporaryFolder(teardown)
    node = await serveNode(teardown)
  })

  const large = async () => {
    number += 1
    return await packet(`${number}/LỚN`, { attachmentBytes: 9 * mebibyte })
  }

  async function behindProxy() {
    const { port, hostname: host } = new URL(node.optionsFor(province).url)
    const proxy = await startProxy({ target: { host, port: Number(port) }, teardown })
    return { proxy, url: `http://127.0.0.1:${proxy.port}` }
  }

  async function arrived(client: Client, uid: string): Promise<ReceivedItem> {
    for await (const item of client.receive({ signal: AbortSignal.timeout(deadlineMs) })) {
      assert.equal(item.uid, uid)
      return item
    }
    throw new Error('nothing came')
  }

  /** A large document in the mailbox, as a client with these options sees it. */
  async function received(
    more: Partial<ClientOptions>,
  ): Promise<{ readonly item: ReceivedItem; readonly bytes: Buffer }> {
    const bytes = await large()
    const { uid } = await clientOf(teardown, node.optionsFor(province)).submit(bytes)
    const item = await arrived(clientOf(teardown, { ...node.optionsFor(first), ...more }), uid)
    return { item, bytes }
  }

  it('goes on with an upload behind what the node has on disk', async () => {
    const bytes = await large()
    const { proxy, url } = await behindProxy()
    const sent: Sent[] = []
    const client = clientOf(teardown, { ...node.optionsFor(province), url, fetch: watched(sent) })
    // Within the third piece.
    proxy.cutAfter(9 * mebibyte)

    const { uid } = await client.submit(bytes)

    const offsets = offsetsOf(sent)
    assert.ok(offsets.length >= 4, `broken off: ${offsets.join()}`)
    assert.ok(
      offsets.slice(3).every((offset) => offset >= 8 * mebibyte),
      `goes on: ${offsets.join()}`,
    )
    assert.ok(proxy.forwarded.up < bytes.length + 5 * mebibyte, `${proxy.forwarded.up} of ${bytes.length}`)
    const recipient = clientOf(teardown, node.optionsFor(first))
    const item = await arrived(recipient, uid)
    await item.save(join(dir, 'up.edxml'))
    assert.ok(readFileSync(join(dir, 'up.edxml')).equals(bytes))
    await item.ack()
  })

  it('goes on with an upload of a process that died, from another process', async () => {
    const bytes = await large()
    const { proxy, url } = await behindProxy()
    proxy.cutAfter(9 * mebibyte)
    const dying = clientOf(teardown, { ...node.optionsFor(province), url, retryForMs: 0 })
    await assert.rejects(dying.submit(bytes), { code: 'NODE_UNREACHABLE' })
    const sent: Sent[] = []
    const next = clientOf(teardown, { ...node.optionsFor(province), fetch: watched(sent) })

    const { uid } = await next.submit(bytes)

    const offsets = offsetsOf(sent)
    assert.ok(
      offsets.every((offset) => offset >= 8 * mebibyte),
      `goes on: ${offsets.join()}`,
    )
    await (await arrived(clientOf(teardown, node.optionsFor(first)), uid)).ack()
  })

  it('goes on with a download where it broke off', async () => {
    const { proxy, url } = await behindProxy()
    const sent: Sent[] = []
    const { item, bytes } = await received({ url, fetch: watched(sent) })
    proxy.cutAfter(8 * mebibyte, 'down')

    await item.save(join(dir, 'down.edxml'))

    assert.ok(readFileSync(join(dir, 'down.edxml')).equals(bytes))
    const [whole, ...rest] = sent.filter(({ path }) => path.endsWith('/packet'))
    assert.equal(whole?.headers['range'], undefined)
    assert.equal(rest.length, 1)
    assert.match(rest[0]?.headers['range'] ?? '', /^bytes=[1-9]\d*-$/)
    assert.equal(rest[0]?.headers['if-range'], `"${item.sha256}"`)
    await item.ack()
  })

  it('gives no bytes for the packet that are not the packet, and leaves no file', async () => {
    const flipped = (bytes: Buffer) => {
      bytes.writeUInt8(bytes.readUInt8(7) ^ 1, 7)
      return new Uint8Array(bytes)
    }
    const longer = (bytes: Buffer) => new Uint8Array(Buffer.concat([bytes, randomBytes(1)]))
    const endless = (bytes: Buffer) =>
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(bytes)) })
    for (const damage of [flipped, longer, endless]) {
      const between: Between = async ({ path }, pass) => {
        const answer = await pass()
        if (!path.endsWith('/packet')) return answer
        return new Response(damage(Buffer.from(await answer.arrayBuffer())), { status: 200 })
      }
      const { item } = await received({ fetch: watched([], between) })
      const file = join(dir, `${damage.name}.edxml`)
      const reading = async () => {
        for await (const _ of item.open());
      }
      await assert.rejects(reading, { code: 'DIGEST_MISMATCH' })
      await assert.rejects(item.save(file), { code: 'DIGEST_MISMATCH' })
      assert.ok(!existsSync(file))
      await item.ack()
    }
    assert.deepEqual(
      readdirSync(dir).filter((name) => name.endsWith('.part')),
      [],
    )
  })

  it('is not told another document’s bytes for the rest of this one', async () => {
    const { proxy, url } = await behindProxy()
    const between: Between = async ({ path, headers }, pass) => {
      if (!path.endsWith('/packet') || headers['range'] === undefined) return await pass()
      // What a cache on the way does that knows no ranges, or thinks the document has changed.
      return new Response(new Uint8Array(10), { status: 200 })
    }
    const { item } = await received({ url, fetch: watched([], between) })
    proxy.cutAfter(8 * mebibyte, 'down')
    await assert.rejects(item.save(join(dir, 'mixed.edxml')), { code: 'ANSWER_INVALID' })
    assert.ok(!existsSync(join(dir, 'mixed.edxml')))
    await item.ack()
  })

  describe('does not come back before Retry-After', () => {
    const soon = '1'
    // Whole seconds: up to one of them is lost in writing it.
    const date = () => new Date(Date.now() + 2_000).toUTCString()
    const shortestMs = 900
    type Act = (options: Partial<ClientOptions>) => Promise<unknown>
    const submit =
      (attachmentBytes: number): Act =>
      async (options) => {
        number += 1
        const bytes = await packet(`${number}/CHỜ`, { attachmentBytes, to: [second] })
        await clientOf(teardown, { ...node.optionsFor(province), ...options }).submit(bytes)
      }
    const download: Act = async (options) => {
      const { item } = await received(options)
      await item.save(join(dir, 'later.edxml'))
      await item.ack()
    }
    const acts: readonly (readonly [string, RegExp, Act, () => string])[] = [
      ['with a call', /^POST \/v1\/documents$/, submit(1_000), () => soon],
      ['with a call, told as a date', /^POST \/v1\/documents$/, submit(1_000), date],
      ['with a piece of an upload', /^PATCH /, submit(mebibyte), () => soon],
      ['for a packet', /packet$/, download, () => soon],
    ]
    for (const [name, refused, act, retryAfter] of acts) {
      it(name, async () => {
        const sent: Sent[] = []
        let refusedAt = 0
        const between: Between = async ({ method, path }, pass) => {
          if (refusedAt !== 0 || !refused.test(`${method} ${path}`)) return await pass()
          refusedAt = performance.now()
          const headers = { 'retry-after': retryAfter() }
          return new Response(JSON.stringify({ code: 'NODE_STOPPING' }), { status: 503, headers })
        }

        await act({ fetch: watched(sent, between) })

        const next = sent.find(({ at }) => at > refusedAt)
        assert.ok(refusedAt > 0 && next !== undefined)
        assert.ok(next.at - refusedAt >= shortestMs, `back after ${next.at - refusedAt} ms`)
      })
    }
  })
})
