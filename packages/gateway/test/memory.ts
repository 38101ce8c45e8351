/** Large documents and slow callers; `megabytes` and `callers` make it the short or the long run. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TestContext } from 'node:test'
import { bigPacket } from './big-packet.ts'
import { openRealNode, type RealNode, until } from './real-node.ts'

const mebibyte = 1024 * 1024
/** What the process may grow by, whatever the size of the document … */
const allowedGrowth = 112 * mebibyte
/** … and by each caller who does not read: a chunk on its way from the disk, and one on its way out. */
const allowedPerCaller = 0.75 * mebibyte

export async function largeDocumentStaysOnDisk(
  t: TestContext,
  load: { megabytes: number; callers: number },
): Promise<void> {
  const real = await openRealNode({ after: (step) => t.after(async () => void (await step())) })
  const key = await real.keyOf('big', ['H29', 'H29.02'])
  const small = await bigPacket('1/UBND-VP', mebibyte)
  await upload(real, key, small.chunks(), small.size)
  const before = process.memoryUsage().rss
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  t.after(() => clearInterval(timer))
  const expectBounded = (what: string, callers = 0) => {
    const grown = Math.round((most - before) / mebibyte)
    t.diagnostic(`${what}: grown by ${grown} MiB`)
    assert.ok(most - before < allowedGrowth + callers * allowedPerCaller, `${what}: grown by ${grown} MiB`)
  }

  const big = await bigPacket('2/UBND-VP', load.megabytes * mebibyte)
  const { uid } = await upload(real, key, big.chunks(), big.size)
  expectBounded(`${load.megabytes} MiB in`)

  const id = await until(async () => (await real.node.mailbox.list('H29.02')).find((item) => item.uid === uid)?.id)
  const hash = createHash('sha256')
  await pipeline(await download(real, key, id), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) hash.update(chunk)
  })
  const expected = createHash('sha256')
  for (const chunk of big.chunks()) expected.update(chunk)
  assert.equal(hash.digest('hex'), expected.digest('hex'))
  expectBounded(`${load.megabytes} MiB out`)

  // They ask, and then do not read; the node waits for each without filling up.
  const slow = await Promise.all(Array.from({ length: load.callers }, () => download(real, key, id)))
  await new Promise((resolve) => setTimeout(resolve, 500))
  expectBounded(`${load.callers} slow callers`, load.callers)
  for (const answer of slow) answer.destroy()
  await Promise.all(slow.map((answer) => until(async () => answer.destroyed)))
  const { status } = await fetch(`${real.gateway.url}/healthz`)
  assert.equal(status, 200)
}

async function upload(real: RealNode, key: string, chunks: Iterable<Buffer>, size: number): Promise<{ uid: string }> {
  const call = request(`${real.gateway.url}/v1/documents?as=H29`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/vnd.edxml+xml', 'content-length': size },
  })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    call.once('response', resolve)
    call.once('error', reject)
  })
  await pipeline(Readable.from(chunks), call)
  const answer = await answered
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString('utf8')
  assert.equal(answer.statusCode, 201, text)
  return JSON.parse(text) as { uid: string }
}

/** The answer, not yet read. */
function download(real: RealNode, key: string, id: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${real.gateway.url}/v1/mailbox/${id}/packet?as=H29.02`,
      { headers: { authorization: `Bearer ${key}` }, agent: false },
      resolve,
    )
    call.on('error', reject)
    call.end()
  })
}
