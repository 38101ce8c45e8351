/** Keys that document software and operators show with each request. */
import { createHash, randomBytes } from 'node:crypto'

/** 160 bits. */
const randomKeyBytes = 20

/** Says at a glance what it is and whose, also to programs that look for leaked keys. */
export function makeApiKey(system: string): string {
  return `lt_${system}_${randomBytes(randomKeyBytes).toString('hex')}`
}

/** The same of an operator; told apart by its beginning, so that neither is ever tried at the other's door. */
export function makeOperatorKey(operator: string): string {
  return `lto_${operator}_${randomBytes(randomKeyBytes).toString('hex')}`
}

/**
 * What is kept of a key. One round of SHA-256 is enough: slow hashes make guessing of passwords dear, and nobody guesses
 * 160 random bits; and since a key is looked up by this digest, how long the look-up takes says nothing about the key.
 */
export function digestOf(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex')
}

/** VXP's shared secret and the password over AMQP: 192 bits in characters that no file or shell takes for its own. */
export function makeSecret(): string {
  return randomBytes(24).toString('base64url')
}
