import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { it } from 'node:test'
import { selfSigned } from '@lienthong/test/kit'
import { openGateway } from '../src/index.ts'
import { openRealNode } from './real-node.ts'

function identity(serial: number) {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { cert: selfSigned({ keys, serial }), key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
}

it('a caller is known by its certificate, and only by one that was pinned', async (t) => {
  const { node, keyOf } = await openRealNode({ after: (step) => t.after(async () => void (await step())) })
  await keyOf('dms', ['H29.02'])
  const [server, known, stranger] = [identity(1), identity(2), identity(3)]
  const { fingerprint256 } = new X509Certificate(known.cert)
  await node.systems.rotate('dms', { kind: 'certificate', fingerprint: fingerprint256, overlapMs: 0 }, 'test')
  const gateway = await openGateway({
    node,
    listen: { host: '127.0.0.1', port: 0 },
    tls: { ...server, clientCa: `${known.cert}${stranger.cert}` },
  })
  t.after(() => gateway.close({ timeoutMs: 0 }))

  const get = (credentials: { cert?: string; key?: string }) =>
    new Promise<number | undefined>((resolve, reject) => {
      const call = request(
        `${gateway.url}/v1/me`,
        { ...credentials, ca: server.cert, checkServerIdentity: () => undefined, agent: false },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      call.on('error', reject)
      call.end()
    })
  assert.equal(await get(known), 200)
  assert.equal(await get(stranger), 401)
  assert.equal(await get({}), 401)
  await node.systems.change('dms', { disabled: true }, 'test')
  assert.equal(await get(known), 401)
})
