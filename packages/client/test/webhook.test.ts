import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { it } from 'node:test'
import { verifyWebhook } from '../src/index.ts'

const key = Buffer.from('liên thông liên thông')
const secret = `whsec_${key.toString('base64')}`
const body = '{"type":"arrived"}'
const now = 1_760_000_000_000
const at = String(now / 1000)

function headers(signedBody = body, timestamp = at): Record<string, string> {
  const signature = createHmac('sha256', key).update(`m1.${timestamp}.${signedBody}`).digest('base64')
  return { 'webhook-id': 'm1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

it('takes a call signed with any of the secrets', () => {
  const call = { headers: headers(), body }
  assert.deepEqual(verifyWebhook(call, secret, now), { id: 'm1', event: { type: 'arrived' } })
  assert.equal(verifyWebhook({ ...call, body: Buffer.from(body) }, ['whsec_AAAA', secret], now).id, 'm1')
})

it('refuses every other call', () => {
  const refused = [
    [{ headers: headers(), body: `${body} ` }, secret, now],
    [{ headers: { ...headers(), 'webhook-id': 'm2' }, body }, secret, now],
    [{ headers: { ...headers(), 'webhook-signature': 'v1,' }, body }, secret, now],
    [{ headers: { ...headers(), 'webhook-signature': '' }, body }, secret, now],
    [{ headers: {}, body }, secret, now],
    [{ headers: headers(), body }, 'whsec_AAAA', now],
    [{ headers: headers(), body }, [], now],
    [{ headers: headers(), body }, secret, now + 301_000],
    [{ headers: headers(), body }, secret, now - 301_000],
    [{ headers: headers('không'), body: 'không' }, secret, now],
  ] as const
  for (const [call, secrets, moment] of refused) {
    assert.throws(() => verifyWebhook(call, secrets, moment), { code: 'WEBHOOK_INVALID' })
  }
})
