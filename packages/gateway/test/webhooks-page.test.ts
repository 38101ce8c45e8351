/** The page on webhooks: its commands run, its tables are true, and its samples tell the node's calls from all others. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { lastFirst, runProcess } from '@lienthong/test/kit'
import ts from 'typescript'
import { webhookEventNames } from '../src/hooks/event.ts'
import { signatureOf } from '../src/hooks/signature.ts'
import { blocks, readPage, runScript, table } from './pages.ts'
import { openRealNode, packet, type RealNode, until } from './real-node.ts'
import { openReceiver, type Received, type Receiver } from './receiver.ts'

const page = readPage('docs/webhooks.md')
const python = '/usr/bin/python3'
const otherSecret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
const minuteMs = 60_000

/** One call as a receiver sees it, and the secret it thinks it has. */
interface Call {
  readonly secret: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

type Check = (calls: readonly Call[]) => Promise<readonly boolean[]>

describe('the page on webhooks', () => {
  const teardown = lastFirst({ after })
  let real: RealNode
  let key = ''
  let receiver: Receiver
  let secret = ''
  let id = ''

  before(async () => {
    real = await openRealNode(teardown, { webhooks: { allow: ['127.0.0.0/8'] } })
    key = await real.keyOf('dms', ['H29.02'])
    receiver = await openReceiver(teardown)
    const env = { URL: real.gateway.url, KEY: key, ORGAN: 'H29.02', HOOK: receiver.url }
    const ended = await runScript(blocks(page, 'sh').join('\n'), real.dir, env)
    assert.equal(ended.exit, 0, ended.text)
    assert.match(ended.text, /"taken":true/)
    const added = JSON.parse(readFileSync(join(real.dir, 'webhook.json'), 'utf8')) as { id: string; secret: string }
    id = added.id
    secret = added.secret
  })

  const heard = (type: string): Promise<Received> =>
    until(async () => receiver.received.findLast(({ json }) => json.type === type))

  it('lists every event with the members it has', async () => {
    assert.deepEqual(
      table(page, 'event').map(([event]) => event),
      [...webhookEventNames, 'webhook.test'],
    )
    const bytes = await packet('1/SNV', 'H29.02', ['H29.02'])
    await real.node.submit({ as: 'H29.02', body: bytes })
    for (const event of ['document.arrived', 'document.outcome', 'webhook.test']) {
      const [, members = ''] = new RegExp(`^\\| \`${event}\` \\|.*\\| ([^|]*) \\|$`, 'm').exec(page) ?? []
      const written = [...members.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
      assert.deepEqual(Object.keys((await heard(event)).json.data).sort(), written.sort(), event)
    }
  })

  const samples: readonly (readonly [language: string, open: () => Promise<Check>])[] = [
    ['TypeScript', inTypeScript],
    ['Python', inPython],
  ]
  for (const [language, open] of samples) {
    it(`has a sample in ${language} that takes the node's calls, and none that is tampered with or old`, async () => {
      const { headers, body } = await heard('webhook.test')
      const message = { id: String(headers['webhook-id']), body }
      const signedAt = (ms: number) => {
        const timestamp = Math.floor(ms / 1000)
        const signature = signatureOf([secret], { ...message, timestamp })
        return { ...headers, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
      }
      const good = { secret, headers: signedAt(Date.now()), body }
      const calls: Readonly<Record<string, Call>> = {
        good,
        'as it came': { secret, headers, body },
        'another body': { ...good, body: body.replace('H29.02', 'H29.03') },
        'another id': { ...good, headers: { ...good.headers, 'webhook-id': 'another' } },
        'another time': { ...good, headers: { ...good.headers, 'webhook-timestamp': secondsAgo(60) } },
        'another secret': { ...good, secret: otherSecret },
        'another version': {
          ...good,
          headers: {
            ...good.headers,
            'webhook-signature': String(good.headers['webhook-signature']).replace('v1', 'v2'),
          },
        },
        old: { ...good, headers: signedAt(Date.now() - 6 * minuteMs) },
        'from the future': { ...good, headers: signedAt(Date.now() + 10 * minuteMs) },
      }

      const taken = await (await open())(Object.values(calls))

      assert.deepEqual(
        Object.keys(calls).filter((_name, index) => taken[index]),
        ['good', 'as it came'],
      )
    })
  }

  it('is right that either secret will do while one takes over', async () => {
    const call = async (path: string): Promise<Response> => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      return fetch(`${real.gateway.url}/v1/webhooks/${id}/${path}`, { method: 'POST', headers, body: '{}' })
    }
    const rotated = (await (await call('rotate')).json()) as { readonly secret: string }
    assert.equal((await call('test')).status, 200)
    const { headers, body } = await heard('webhook.test')
    assert.match(String(headers['webhook-signature']), /^v1,\S+ v1,\S+$/)
    const calls = [rotated.secret, secret, otherSecret].map((one) => ({ secret: one, headers, body }))
    for (const [language, open] of samples) {
      assert.deepEqual(await (await open())(calls), [true, true, false], language)
    }
  })

  async function inTypeScript(): Promise<Check> {
    const [sample = ''] = blocks(page, 'ts')
    const { outputText } = ts.transpileModule(sample, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    })
    const file = join(real.dir, 'sample.mjs')
    writeFileSync(file, outputText)
    const { isGenuine } = (await import(pathToFileURL(file).href)) as {
      isGenuine(secret: string, headers: Call['headers'], body: string): boolean
    }
    return async (calls) => calls.map((call) => isGenuine(call.secret, call.headers, call.body))
  }

  async function inPython(): Promise<Check> {
    const [sample = ''] = blocks(page, 'python')
    const asks = `
import json, sys
calls = json.load(sys.stdin)
print(json.dumps([is_genuine(call["secret"], call["headers"], call["body"].encode()) for call in calls]))
`
    const file = join(real.dir, 'sample.py')
    writeFileSync(file, sample + asks)
    return async (calls) => {
      const ended = await runProcess({ command: python, args: [file], input: JSON.stringify(calls), teardown })
      assert.equal(ended.exitCode, 0, ended.stderr)
      return JSON.parse(ended.stdout) as readonly boolean[]
    }
  }
})

/** As `webhook-timestamp` has it. */
function secondsAgo(seconds: number): string {
  return String(Math.floor(Date.now() / 1000) - seconds)
}
