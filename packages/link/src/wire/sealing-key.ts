import { createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync, type KeyObject, sign } from 'node:crypto'

import type { NodeId } from '@lienthong/core'
import { RelayError } from '@lienthong/core'

import type { SealingKey } from '../contract.ts'

/** Makes a new Ed25519 key with kid `<nodeId>#<number>`; `number` counts a node's keys from 1. */
export function createSealingKey(nodeId: NodeId, number: number): SealingKey {
  // Encoded and read again: in Node 20 whoever exports a key while the job that generated it is being collected waits for
  // itself for ever, since both lock the same key. One of sixty runs that made hundreds of keys stood still.
  const { privateKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })
  const key = createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' })
  privateKey.fill(0)
  return new Ed25519Key(`${nodeId}#${number}`, key)
}

/**
 * Reads PKCS#8 PEM. The kid stands before the key in a line `kid: H29#1` (as `sealingKeyToPem` writes
 * it), or is given for a file that has no such line. Throws CONFIG_INVALID, never with the text in it.
 */
export function sealingKeyFromPem(pem: string, kid?: string): SealingKey {
  const named = kid ?? /^kid: (\S+)\s*$/m.exec(pem)?.[1]
  if (named === undefined) throw new RelayError('CONFIG_INVALID', { detail: { why: 'the sealing key has no kid' } })
  return new Ed25519Key(named, importPrivateKey(pem))
}

/**
 * PKCS#8 PEM with the kid in a line before it [RFC 7468 §2 allows text there]. This is the one way the
 * private part leaves a key: write it with mode 0600. Throws INTERNAL for a key this package did not make.
 */
export function sealingKeyToPem(key: SealingKey): string {
  if (!(key instanceof Ed25519Key)) throw new RelayError('INTERNAL', { detail: { why: 'not a key of this package' } })
  return Ed25519Key.toPem(key)
}

/** Keeps what is derived here apart from whatever else might be derived of the same key. */
const derivationSalt = 'lienthong sealing key'

/** Private fields are shown by no inspection, serialisation or copy. */
class Ed25519Key implements SealingKey {
  readonly kid: string
  readonly publicKey: string
  readonly #privateKey: KeyObject

  constructor(kid: string, privateKey: KeyObject) {
    if (!/^[^\s#]+#[1-9][0-9]{0,9}$/u.test(kid)) {
      throw new RelayError('CONFIG_INVALID', { detail: { why: 'a kid is a node id, # and a number from 1', kid } })
    }
    this.kid = kid
    this.publicKey = String(createPublicKey(privateKey).export({ format: 'jwk' })['x'])
    this.#privateKey = privateKey
  }

  sign(bytes: Uint8Array): Uint8Array {
    return sign(null, bytes, this.#privateKey)
  }

  derive(purpose: string): Uint8Array {
    const seed = Buffer.from(String(this.#privateKey.export({ format: 'jwk' })['d']), 'base64url')
    return new Uint8Array(hkdfSync('sha256', seed, derivationSalt, purpose, 32))
  }

  static toPem(key: Ed25519Key): string {
    return `kid: ${key.kid}\n${String(key.#privateKey.export({ format: 'pem', type: 'pkcs8' }))}`
  }
}

function importPrivateKey(pem: string): KeyObject {
  // The reason given by the parser is dropped: it may quote what it could not read.
  const refused = new RelayError('CONFIG_INVALID', { detail: { why: 'the sealing key is not Ed25519 in PKCS#8 PEM' } })
  const block = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----/.exec(pem)?.[0]
  if (block === undefined) throw refused
  let key: KeyObject
  try {
    key = createPrivateKey({ key: `${block}\n`, format: 'pem' })
  } catch {
    throw refused
  }
  if (key.asymmetricKeyType !== 'ed25519') throw refused
  return key
}
