import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { type FigureName, figureTable } from '@lienthong/relay'
import { type Gateway, type GatewayNode, type GatewayOptions, openGateway } from '../src/index.ts'
import { nodeDouble } from './node-double.ts'

async function open(
  t: TestContext,
  parts: Partial<GatewayNode>,
  options: Partial<GatewayOptions> = {},
): Promise<Gateway> {
  const gateway = await openGateway({ node: nodeDouble(parts), listen: { host: '127.0.0.1', port: 0 }, ...options })
  t.after(() => gateway.close({ timeoutMs: 0 }))
  return gateway
}

const well = { ok: true, ms: 1, error: null }

describe('gateway', () => {
  it('is ready when publish and write succeed, and says which failed', async (t) => {
    const ready = await open(t, { probe: async () => ({ ready: true, broker: well, store: well }) })
    assert.equal((await fetch(`${ready.url}/readyz`)).status, 200)

    const ill = { ok: false, ms: 2000, error: 'CONFIRM_TIMEOUT' }
    const sick = await open(t, { probe: async () => ({ ready: false, broker: ill, store: well }) })
    const answer = await fetch(`${sick.url}/readyz`)
    assert.equal(answer.status, 503)
    assert.ok(answer.headers.has('retry-after'))
    assert.deepEqual(((await answer.json()) as { broker: unknown }).broker, ill)
    assert.equal((await fetch(`${sick.url}/healthz`)).status, 200)
  })

  it('gives every figure it has under its name, and leaves out what is not known', async (t) => {
    const names = Object.keys(figureTable) as FigureName[]
    const figures = Object.fromEntries(names.map((name, index) => [name, index])) as Record<FigureName, number | null>
    figures.link_open = null
    const { url } = await open(t, { figures: async () => figures })
    const text = await (await fetch(`${url}/metrics`)).text()
    const shown = [...text.matchAll(/^lienthong_(\w+)\{node="H29"\} /gm)].map(([, name]) => name)
    assert.deepEqual(
      shown,
      names.filter((name) => name !== 'link_open'),
    )
  })

  it('keeps its figures from other networks', async (t) => {
    const { url } = await open(t, {}, { metricsFrom: ['192.0.2.0/24'] })
    assert.equal((await fetch(`${url}/metrics`)).status, 404)
  })

  it('answers what nobody knows with problem details in the caller’s language', async (t) => {
    const { url } = await open(t, {})
    const answer = await fetch(`${url}/nowhere?x=1`, { headers: { 'accept-language': 'en-GB' } })
    assert.equal(answer.status, 404)
    assert.equal(answer.headers.get('content-type')?.split(';')[0], 'application/problem+json')
    const problem = (await answer.json()) as Record<string, unknown>
    assert.deepEqual([problem['code'], problem['status'], problem['instance']], ['NOT_FOUND', 404, '/nowhere'])
    assert.match(String(problem['detail']), /not found/)
    const vietnamese = (await (await fetch(`${url}/nowhere`)).json()) as Record<string, unknown>
    assert.match(String(vietnamese['detail']), /Không tìm thấy/)
  })

  it('ends in time though a caller keeps its call open', async (t) => {
    let asked = 0
    const { url, close } = await open(t, {
      probe: () => {
        asked += 1
        return new Promise(() => undefined)
      },
    })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const gone = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => undefined)
    socket.write('GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n')
    while (asked === 0) await new Promise((resolve) => setImmediate(resolve))
    await close({ timeoutMs: 50 })
    await gone
  })

  it('says which port it could not have', async (t) => {
    const { url } = await open(t, {})
    await assert.rejects(
      openGateway({ node: nodeDouble({}), listen: { host: '127.0.0.1', port: Number(new URL(url).port) } }),
      { code: 'LISTEN_FAILED' },
    )
  })
})
