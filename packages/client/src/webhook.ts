/** Checks that a webhook comes from the node: Standard Webhooks, HMAC-SHA256 over id, time and body. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { RelayError } from '@lienthong/core'

/** Older or newer calls are refused: somebody may have kept them, ms. */
const toleranceMs = 5 * 60_000
const secretPrefix = 'whsec_'

/** One call as it came in. */
export interface WebhookCall {
  /** The header lines, names in lower case, as `node:http` gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The bytes of the body, before anybody has parsed them. */
  readonly body: string | Uint8Array
}

/** A call that is the node's. */
export interface VerifiedWebhook {
  /** The same each time a call is repeated: remember it, and drop what you have had. */
  readonly id: string
  /** What the node says, parsed. */
  readonly event: unknown
}

/**
 * Throws WEBHOOK_INVALID, whose `detail.reason` says why. While a secret is being changed, give both. `now`: ms since the
 * epoch (default: this moment).
 */
export function verifyWebhook(
  call: WebhookCall,
  secrets: string | readonly string[],
  now: number = Date.now(),
): VerifiedWebhook {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => {
    const value = call.headers[name]
    return typeof value === 'string' ? value : ''
  }) as [string, string, string]
  if (id === '' || !/^\d{1,12}$/.test(timestamp) || signatures === '') throw invalid('a header is missing')
  if (Math.abs(now - Number(timestamp) * 1000) > toleranceMs) throw invalid('too old, or a clock is wrong')
  const body = Buffer.from(call.body as Uint8Array)
  const given = signatures.split(' ').filter((each) => each.startsWith('v1,'))
  const isOurs = [secrets].flat().some((secret) => {
    const expected = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest()
    return given.some((each) => isSame(Buffer.from(each.slice('v1,'.length), 'base64'), expected))
  })
  if (!isOurs) throw invalid('signature')
  try {
    return { id, event: JSON.parse(body.toString('utf8')) as unknown }
  } catch (cause) {
    throw invalid('no JSON', cause)
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret, 'base64')
}

function isSame(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function invalid(reason: string, cause?: unknown): RelayError {
  return new RelayError('WEBHOOK_INVALID', { detail: { reason }, ...(cause === undefined ? {} : { cause }) })
}
