/** Webhooks from the call that asks for them to the call that tells, through a real node. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { DueHook, HookDoor } from '@lienthong/relay'
import { startHookSender } from '../src/hooks/hook-sender.ts'
import { signatureOf } from '../src/hooks/signature.ts'
import { describedCalls } from './caller.ts'
import { openRealNode, packet, until } from './real-node.ts'
import { openReceiver } from './receiver.ts'

const teardownOf = (t: TestContext) => ({ after: (step: () => unknown) => t.after(async () => void (await step())) })

async function open(t: TestContext) {
  const teardown = teardownOf(t)
  const real = await openRealNode(teardown, { webhooks: { allow: ['127.0.0.0/8'] } })
  const { call } = await describedCalls(real.gateway.url)
  const key = await real.keyOf('dms', ['H29', 'H29.02'])
  const submit = async (number: string) => real.node.submit({ as: 'H29', body: await packet(number) })
  return { real, call, key, submit, teardown }
}

describe('webhooks', () => {
  it('tell what arrives and what became of it, signed, in order, and never the document', async (t) => {
    const { call, key, submit, teardown, real } = await open(t)
    const { url, received } = await openReceiver(teardown)
    const add = (as: string, events: readonly string[]) =>
      call('POST', `/v1/webhooks?as=${as}`, { key, json: { url: `${url}/${as}`, events } })
    const inbox = await add('H29.02', ['document.arrived'])
    const outcomes = await add('H29', ['document.outcome'])
    assert.deepEqual([inbox.status, outcomes.status], [201, 201])
    assert.match(inbox.json.secret, /^whsec_/)

    const { uid } = await submit('1/UBND')
    await submit('2/UBND')

    const of = (organ: string) => received.filter(({ path }) => path === `/${organ}`)
    await until(async () => of('H29.02').length >= 2 && of('H29').length >= 2)
    const [first, second] = of('H29.02')
    assert.deepEqual(
      [first?.json.type, first?.json.data.number, second?.json.data.number],
      ['document.arrived', '1/UBND', '2/UBND'],
    )
    assert.equal(first?.json.data.uid, uid)
    assert.deepEqual([of('H29')[0]?.json.type, of('H29')[0]?.json.data.change], ['document.outcome', 'delivered'])
    for (const { headers, body } of of('H29.02')) {
      const signed = { id: String(headers['webhook-id']), timestamp: Number(headers['webhook-timestamp']), body }
      assert.equal(headers['webhook-signature'], signatureOf([inbox.json.secret], signed))
      assert.ok(body.length < 2000)
    }
    assert.notEqual(first.headers['webhook-id'], second?.headers['webhook-id'])

    const rotated = await call('POST', `/v1/webhooks/${inbox.json.id}/rotate`, { key, json: {} })
    const tested = await call('POST', `/v1/webhooks/${inbox.json.id}/test`, { key })
    assert.deepEqual([tested.json.taken, tested.json.status], [true, 204])
    const { headers, body, json } = of('H29.02').at(-1) ?? assert.fail()
    assert.equal(json.type, 'webhook.test')
    const signed = { id: String(headers['webhook-id']), timestamp: Number(headers['webhook-timestamp']), body }
    assert.equal(headers['webhook-signature'], signatureOf([rotated.json.secret, inbox.json.secret], signed))
    await real.gateway.close()
  })

  it('are paused, resumed and removed by their own system, and go on where they stopped', async (t) => {
    const { call, key, submit, teardown, real } = await open(t)
    const { url, received } = await openReceiver(teardown)
    const json = { url, events: ['document.arrived', 'status.arrived'] }
    const { json: hook } = await call('POST', '/v1/webhooks?as=H29.02', { key, json })
    const at = `/v1/webhooks/${hook.id}`
    const stranger = await real.keyOf('khac', ['H29.03'])
    for (const [method, path] of [
      ['DELETE', at],
      ['POST', `${at}/pause`],
      ['POST', `${at}/resume`],
      ['POST', `${at}/test`],
    ] as const) {
      assert.equal((await call(method, path, { key: stranger })).status, 404)
    }
    assert.deepEqual((await call('GET', '/v1/webhooks', { key: stranger })).json.webhooks, [])

    assert.equal((await call('POST', `${at}/pause`, { key })).json.state, 'paused')
    await submit('1/UBND')
    await until(async () => (await real.node.mailbox.count('H29.02')) === 1)
    assert.equal((await call('GET', '/v1/webhooks', { key })).json.webhooks[0].state, 'paused')
    assert.equal(received.length, 0)
    assert.equal((await call('POST', `${at}/resume`, { key })).json.state, 'active')
    await until(async () => received.length === 1)
    assert.equal((await call('DELETE', at, { key })).status, 204)
    assert.equal((await call('DELETE', at, { key })).status, 404)
  })

  it('are refused where the node may not call, and to those who may not have them', async (t) => {
    const { call, key, real } = await open(t)
    const events = ['document.arrived']
    for (const [url, code] of [
      ['http://10.0.0.1/', 'HOOK_TARGET_REFUSED'],
      ['https://169.254.169.254/', 'HOOK_TARGET_REFUSED'],
      ['nonsense', 'CALL_INVALID'],
      ['https://a:b@dms.example/', 'USAGE'],
    ] as const) {
      assert.equal((await call('POST', '/v1/webhooks?as=H29', { key, json: { url, events } })).json.code, code)
    }
    const json = { url: 'https://dms.example/', events }
    assert.equal((await call('POST', '/v1/webhooks?as=H29.03', { key, json })).json.code, 'SENDER_NOT_ALLOWED')
    const reader = await real.keyOf('doc', ['H29'], ['receive'])
    assert.equal((await call('POST', '/v1/webhooks', { key: reader, json })).json.code, 'SCOPE_MISSING')
    assert.equal((await call('GET', '/v1/webhooks', { key: reader })).json.code, 'SCOPE_MISSING')
  })

  it('wait behind nobody: a dead, a slow and a refusing receiver keep theirs from no one else', async (t) => {
    const { call, key, submit, teardown } = await open(t)
    const silent = await openReceiver(teardown, () => undefined)
    const refusing = await openReceiver(teardown, (reply) => void reply.writeHead(503).end())
    const gone = await openReceiver(teardown, (reply) => void reply.writeHead(410).end())
    const good = await openReceiver(teardown)
    const events = ['document.arrived']
    for (const url of [silent.url, 'http://127.0.0.1:1/', refusing.url, gone.url, good.url]) {
      assert.equal((await call('POST', '/v1/webhooks?as=H29.02', { key, json: { url, events } })).status, 201)
    }

    for (let number = 1; number <= 3; number += 1) await submit(`${number}/UBND`)

    await until(async () => good.received.length >= 3)
    assert.equal(silent.received.length, 1)
    const shown = await until(async () => {
      const { webhooks } = (await call('GET', '/v1/webhooks', { key })).json
      const settled =
        webhooks[1].state === 'failing' && webhooks[2].state === 'failing' && webhooks[3].state === 'paused'
      return settled && webhooks
    })
    assert.deepEqual(
      shown.map(({ lastError }: { lastError: string | null }) => lastError),
      [null, 'ECONNREFUSED', 'HTTP 503', 'HTTP 410', null],
    )
    assert.ok(Date.parse(shown[2].nextAt) > Date.now())
    assert.deepEqual(
      good.received.map(({ json }) => json.data.number),
      ['1/UBND', '2/UBND', '3/UBND'],
    )
  })
})

describe('the sender', () => {
  it('tells one subscription one event at a time, and what was not taken stops what follows', async () => {
    const events = [1, 2, 3].map((position) => ({
      type: 'arrived',
      position,
      item: { deliveredAt: 0, headline: {}, payload: {} },
    }))
    const given = [{ hook: { id: 'a' }, secrets: [], events }] as unknown as DueHook[]
    const said: unknown[] = []
    let atOnce = 0
    const hooks = {
      due: async () => given.splice(0),
      failed: async (_due: DueHook, failure: object) => void said.push(failure),
    } as unknown as HookDoor
    const sent: string[] = []
    const sender = startHookSender({
      node: { hooks, watch: () => () => undefined },
      log: () => undefined,
      async post(_to, { id }) {
        atOnce += 1
        assert.equal(atOnce, 1)
        await new Promise((resolve) => setImmediate(resolve))
        atOnce -= 1
        sent.push(id)
        const taken = id !== 'a-m2'
        return { taken, gone: false, status: null, error: taken ? null : 'x', ms: 0 }
      },
    })
    await until(async () => said.length > 0)
    await sender.close()
    assert.deepEqual(sent, ['a-m1', 'a-m2'])
    assert.deepEqual(said, [{ told: 1, error: 'x', gone: false }])
  })

  it('looks again and again where there are subscriptions, and only after news where there are none', async () => {
    const looks = { some: 0, none: 0 }
    let tellNews = () => {}
    const sendersOf = (which: 'some' | 'none') =>
      startHookSender({
        node: {
          hooks: {
            none: which === 'none',
            async due() {
              looks[which] += 1
              return []
            },
          } as unknown as HookDoor,
          watch(listener: () => void) {
            if (which === 'none') tellNews = listener
            return () => undefined
          },
        } as Parameters<typeof startHookSender>[0]['node'],
        log: () => undefined,
        post: () => Promise.reject(new Error('nothing to tell')),
      })
    const senders = [sendersOf('none'), sendersOf('some')]
    await until(async () => looks.some === 3)
    assert.equal(looks.none, 1)
    tellNews()
    await until(async () => looks.none === 2)
    await Promise.all(senders.map((sender) => sender.close()))
  })
})
