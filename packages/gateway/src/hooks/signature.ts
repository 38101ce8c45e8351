/** Signatures as Standard Webhooks has them: HMAC-SHA256 over `id.timestamp.body`. */
import { createHmac } from 'node:crypto'

export interface SignedMessage {
  /** The same each time the event is told. */
  readonly id: string
  /** Of this attempt, seconds since the epoch. */
  readonly timestamp: number
  readonly body: string
}

const secretPrefix = 'whsec_'

/** The header `webhook-signature`: one signature per secret, so that a receiver may have either while one takes over. */
export function signatureOf(secrets: readonly string[], { id, timestamp, body }: SignedMessage): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(secretPrefix.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    })
    .join(' ')
}

export function signedHeaders(secrets: readonly string[], message: SignedMessage): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': signatureOf(secrets, message),
  }
}
