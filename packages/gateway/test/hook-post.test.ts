import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { selfSigned } from '@lienthong/test/kit'
import { openHookPost } from '../src/hooks/post.ts'
import { signatureOf } from '../src/hooks/signature.ts'
import { openTargets } from '../src/hooks/targets.ts'
import { openReceiver } from './receiver.ts'

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
const message = { id: 'h-m1', body: '{"type":"webhook.test"}' }
const now = () => 1_700_000_000_900
const loopback = openTargets(['127.0.0.0/8'])

describe('a signature', () => {
  it('is what Standard Webhooks says', () => {
    const known = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' }
    assert.equal(
      signatureOf(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], known),
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })

  it('is there once for each secret that holds', () => {
    const other = `whsec_${Buffer.alloc(24, 8).toString('base64')}`
    const signed = { ...message, timestamp: 1 }
    assert.equal(
      signatureOf([secret, other], signed),
      `${signatureOf([secret], signed)} ${signatureOf([other], signed)}`,
    )
  })
})

describe('one attempt', () => {
  it('carries id, time and signature, and is taken by any 2xx', async (t) => {
    const { url, received } = await openReceiver({ after: (step) => t.after(() => void step()) })
    const post = openHookPost({ targets: loopback, ca: null, now })

    const attempt = await post({ hook: { url: `${url}/x?token=1` }, secrets: [secret] }, message)

    assert.deepEqual([attempt.taken, attempt.status, attempt.error], [true, 204, null])
    const [{ path, headers, body } = assert.fail()] = received
    assert.deepEqual([path, body, headers['content-type']], ['/x?token=1', message.body, 'application/json'])
    assert.deepEqual([headers['webhook-id'], headers['webhook-timestamp']], ['h-m1', '1700000000'])
    assert.equal(headers['webhook-signature'], signatureOf([secret], { ...message, timestamp: 1_700_000_000 }))
  })

  it('follows nobody elsewhere, and hears 410', async (t) => {
    const teardown = { after: (step: () => unknown) => t.after(() => void step()) }
    const elsewhere = await openReceiver(teardown)
    const { url } = await openReceiver(teardown, (reply, { path }) => {
      if (path === '/gone') reply.writeHead(410).end()
      else reply.writeHead(307, { location: elsewhere.url }).end()
    })
    const post = openHookPost({ targets: loopback, ca: null, now })
    const to = (path: string) => post({ hook: { url: url + path }, secrets: [secret] }, message)

    const [moved, gone] = [await to('/moved'), await to('/gone')]

    assert.deepEqual([moved.taken, moved.gone, moved.error], [false, false, 'HTTP 307'])
    assert.deepEqual([gone.taken, gone.gone], [false, true])
    assert.deepEqual(elsewhere.received, [])
  })

  it('waits so long and no longer, and reads so much and no more', async (t) => {
    const chunk = Buffer.alloc(64 * 1024)
    let written = 0
    const { url } = await openReceiver({ after: (step) => t.after(() => void step()) }, (reply, { path }) => {
      if (path === '/silent') return
      reply.writeHead(200)
      const more = () => {
        while (!reply.destroyed && reply.write(chunk)) written += chunk.length
      }
      reply.on('drain', more).on('error', () => undefined)
      more()
    })
    const to = (path: string, timeoutMs: number) => {
      const post = openHookPost({ targets: loopback, ca: null, now, timeoutMs })
      return post({ hook: { url: url + path }, secrets: [secret] }, message)
    }

    const endless = await to('/endless', 120_000)
    const silent = await to('/silent', 2000)

    assert.equal(endless.taken, true)
    assert.ok(written < 64 * 1024 * 1024)
    assert.equal(silent.error, 'no answer within 2 s')
  })

  it('goes to the address that was checked, under the name that was written, over TLS that is believed', async (t) => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const cert = selfSigned({ keys, serial: 1 })
    const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const hosts: (string | undefined)[] = []
    const server = createServer({ cert, key }, (call, reply) => {
      hosts.push(call.headers.host)
      reply.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    let looked = 0
    const targets = openTargets(['127.0.0.0/8'], async () => {
      looked += 1
      return [{ address: '127.0.0.1', family: 4 }]
    })
    const to = { hook: { url: `https://dms.invalid:${port}/` }, secrets: [secret] }

    const unknown = await openHookPost({ targets, ca: null, now })(to, message)
    const misnamed = await openHookPost({ targets, ca: cert, now })(to, message)

    // The certificate is good and is not for that name: both are looked at.
    assert.match(unknown.error ?? '', /SELF_SIGNED/)
    assert.equal(misnamed.error, 'ERR_TLS_CERT_ALTNAME_INVALID')
    assert.deepEqual([looked, hosts], [2, []])
  })

  it('says what is wrong with an address', async () => {
    const post = openHookPost({ targets: openTargets([]), ca: null, now })
    const attempt = await post({ hook: { url: 'http://127.0.0.1:1/' }, secrets: [secret] }, message)
    assert.equal(attempt.error, 'HOOK_TARGET_REFUSED 127.0.0.1:1')
  })
})
