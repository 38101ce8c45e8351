/** Every example of the client, run as a user runs it, against a real node with a real broker. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { borrowBroker } from '../kit/borrow-broker.ts'
import { canStartBroker } from '../kit/broker.ts'
import { runProcess, startProcess } from '../kit/processes.ts'
import { lastFirst } from '../kit/teardown.ts'
import { temporaryFolder } from '../kit/temporary-folder.ts'
import { waitFor } from '../kit/wait-for.ts'
import { first, packet, province, type ServedNode, serveNode } from './served-node.ts'

const compiled = fileURLToPath(new URL('../examples/', import.meta.resolve('@lienthong/client')))
const sources = fileURLToPath(new URL('../../examples/', import.meta.resolve('@lienthong/client')))
const page = fileURLToPath(new URL('../../docs/connect-amqp.md', import.meta.resolve('@lienthong/client')))
const python = '/usr/bin/python3'
const { exitCode } = await runProcess({ command: python, args: ['-c', 'import pika'] }).catch(() => ({ exitCode: 1 }))
const skipPython =
  exitCode !== 0 && 'needs the package python3-pika: apt-get install --no-install-recommends python3-pika'
const maxLines = 20
const skip = !canStartBroker() && 'needs a RabbitMQ that it can start'

describe('examples of the client', { skip, timeout: 200_000 }, () => {
  const teardown = lastFirst({ after })
  const ran = new Set<string>(['connect'])
  let node: ServedNode
  let dir = ''
  before(async () => {
    dir = temporaryFolder(teardown)
    node = await serveNode(teardown, await borrowBroker(teardown))
  })

  function environmentOf(organ: string): Record<string, string> {
    const { url, apiKey, amqp } = node.optionsFor(organ, true)
    return {
      LIENTHONG_URL: url,
      LIENTHONG_API_KEY: apiKey,
      LIENTHONG_AS: organ,
      LIENTHONG_AMQP_URL: amqp?.url ?? '',
      LIENTHONG_AMQP_SYSTEM: amqp?.system ?? '',
      LIENTHONG_AMQP_SECRET: amqp?.password ?? '',
    }
  }

  /** What it prints, line by line. */
  async function run(name: string, organ: string, args: readonly string[], input?: Uint8Array): Promise<string[]> {
    ran.add(name)
    const ended = await runProcess({
      args: [join(compiled, `${name}.js`), ...args],
      env: environmentOf(organ),
      teardown,
      ...(input === undefined ? {} : { input }),
    })
    assert.equal(ended.exitCode, 0, ended.stderr)
    return ended.stdout.trim().split('\n')
  }

  async function file(name: string, bytes: Uint8Array): Promise<string> {
    writeFileSync(join(dir, name), bytes)
    return join(dir, name)
  }

  it('send, receive, say a status, answer, follow and recall', async () => {
    const bytes = await packet('1/UBND-VP')
    const [uid = '', recipient] = await run('send', province, [await file('small.edxml', bytes)])
    assert.match(uid, /^[0-9a-f]{64}$/)
    assert.equal(recipient, `${first} new`)
    const [received = ''] = await run('receive', first, [dir, '1'])
    const [item = '', from] = received.split(' ')
    assert.equal(from, province)
    assert.ok(readFileSync(join(dir, `${uid}.edxml`)).equals(bytes))
    await run('say-status', first, [item, 'accepted', 'đã vào sổ'])
    await run('reply', first, [item, '7', await file('letter.pdf', Buffer.from('%PDF-1.7\n%%EOF\n'))])
    assert.match((await run('receive', province, [dir, '1']))[0] ?? '', /^\d+ H29\.02 7\/UBND-VP$/)
    assert.equal((await run('track', province, [uid])).at(-1)?.trim(), `${first} collected`)
    assert.deepEqual(await run('recall', province, [uid, 'gửi nhầm']), [first])
  })

  it('send what is large, what comes as a stream, and over AMQP', async () => {
    const large = await packet('2/UBND-VP', { attachmentBytes: 6_000_000 })
    const [uid] = await run('send', province, [await file('large.edxml', large)])
    assert.equal((await run('send-stream', province, [first], large))[0], uid)
    const [over] = await run('send-amqp', province, [await file('amqp.edxml', await packet('3/UBND-VP'))])
    assert.match(over ?? '', /^[0-9a-f]{64}$/)
  })

  it('the sample in Python: hand a packet in over AMQP', { skip: skipPython }, async () => {
    const [, sample = ''] = /```python\n([^]*?)```/.exec(readFileSync(page, 'utf8')) ?? []
    const path = await file('sample.py', Buffer.from(sample))
    const bytes = await packet('4/UBND-VP')
    const args = [path, await file('python.edxml', bytes)]
    const ended = await runProcess({ command: python, args, env: environmentOf(province), teardown })
    assert.equal(ended.exitCode, 0, ended.stderr)
    assert.equal(ended.stdout.trim(), (await run('send', province, [args[1] ?? '']))[0])
  })

  it('search', async () => {
    assert.deepEqual(await run('search', province, ['so', 'noi', 'vu']), [`${first} Sở Nội vụ`])
  })

  it('take webhooks that are the node’s, and no others', async () => {
    ran.add('webhook')
    const key = Buffer.alloc(24, 7)
    const env = { LIENTHONG_WEBHOOK_SECRET: `whsec_${key.toString('base64')}` }
    const server = await startProcess({ args: [join(compiled, 'webhook.js')], env, teardown })
    const [, port] = await waitFor(() => /port: (\d+)/.exec(server.stdout), { what: 'its port', deadlineMs: 30_000 })
    const body = JSON.stringify({ type: 'arrived' })
    const at = String(Math.floor(Date.now() / 1000))
    const call = async (signature: string) => {
      const headers = { 'webhook-id': 'm1', 'webhook-timestamp': at, 'webhook-signature': signature }
      return (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers })).status
    }
    const signature = createHmac('sha256', key).update(`m1.${at}.${body}`).digest('base64')
    assert.equal(await call(`v1,${Buffer.alloc(32).toString('base64')} v1,${signature}`), 204)
    assert.equal(await call(`v1,${Buffer.alloc(32).toString('base64')}`), 401)
    await waitFor(() => server.stdout.includes(`m1 ${body}`), { what: 'the event' })
    await server.end()
  })

  it('are short, and none is left out here', () => {
    const names = readdirSync(sources).map((name) => name.replace(/\.ts$/, ''))
    assert.deepEqual([...ran].sort(), names.sort())
    for (const name of names) {
      const lines = readFileSync(join(sources, `${name}.ts`), 'utf8')
        .trimEnd()
        .split('\n').length
      assert.ok(lines <= maxLines, `${name} has ${lines} lines`)
    }
  })
})
