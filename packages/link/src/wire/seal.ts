/**
 * The seal: an untagged COSE_Sign1 [RFC 9052 §4.2] with detached payload over the bytes of a core.
 *
 *   seal      = [protected: bstr .cbor {1: -8, 4: kid}, unprotected: {}, payload: nil, signature: bstr 64]
 *   signed    = ["Signature1", protected, h'', core]
 *
 * `alg` is EdDSA with Ed25519 and nothing else; it is protected, so no seal can ask for another. The
 * unprotected header is empty: no byte of a seal can change and leave it valid.
 */
import { createPublicKey, type KeyObject, verify as verifyBytes } from 'node:crypto'

import type { NodeId, NodeKey, VerifySignature } from '@lienthong/core'
import { nodeOfKid, RelayError } from '@lienthong/core'

import type { SealingKey } from '../contract.ts'
import { decodeCbor, encodeCbor, head } from './cbor.ts'
import { bytes, list } from './fields.ts'
import { maxKidBytes, maxSealBytes } from './limits.ts'
import { frameInvalid, unreadable } from './refusal.ts'

const labels = { alg: 1, crit: 2, kid: 4 } as const
const edDsa = -8
const signatureBytes = 64

const contextAndHead = Uint8Array.of(0x84, 0x6a, ...Buffer.from('Signature1'))
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const noExternalData = Uint8Array.of(0x40)

/** A COSE_Sign1 with detached payload over the bytes of a core; `alg` and `kid` are protected. */
export function seal(core: Uint8Array, key: SealingKey): Uint8Array {
  const header = encodeCbor(
    new Map<number, unknown>([
      [labels.alg, edDsa],
      [labels.kid, Buffer.from(key.kid)],
    ]),
  )
  return encodeCbor([header, new Map(), null, key.sign(signedBytes(header, core))])
}

/** The `kid` a seal names, unchecked. Throws FRAME_INVALID. */
export function sealedBy(seal: Uint8Array): string {
  return readSeal(seal).kid
}

/** The node a `kid` belongs to: `H29.18` of `H29.18#2`. Throws FRAME_INVALID. */
export function nodeOf(kid: string): NodeId {
  const node = nodeOfKid(kid)
  if (node === null) throw frameInvalid('seal.kid', 'is not a node id, # and a number')
  return node
}

/**
 * Checks a seal against the keys of the node it is said to come from. Throws SEAL_INVALID, or
 * KEY_UNKNOWN when no key has the seal's kid.
 */
export function verify(core: Uint8Array, seal: Uint8Array, keys: readonly NodeKey[]): void {
  createVerifier((kid) => {
    const key = keys.find((candidate) => candidate.kid === kid)
    if (key === undefined) throw new RelayError('KEY_UNKNOWN', { detail: { kid } })
    return key
  })(core, seal)
}

/** Checks one seal; throws SEAL_INVALID, KEY_UNKNOWN, and what the finder throws. */
export type Verifier = (core: Uint8Array, seal: Uint8Array) => void

/** The key a kid names, if it may be used now; throws KEY_UNKNOWN, KEY_REVOKED … otherwise. */
export type KeyFinder = (kid: string) => Pick<NodeKey, 'kid' | 'publicKey'>

/** `verify` with keys found anew for each seal; each public key is imported once. */
export function createVerifier(find: KeyFinder): Verifier {
  const imported = new Map<string, KeyObject>()
  return (core, seal) => {
    const { header, kid, signature } = sealInvalidUnless(() => readSeal(seal))
    const { publicKey } = find(kid)
    const key = imported.get(publicKey) ?? importKey(kid, publicKey)
    imported.set(publicKey, key)
    if (!verifyBytes(null, signedBytes(header, core), key, signature)) {
      throw new RelayError('SEAL_INVALID', { detail: { kid, why: 'the signature does not fit' } })
    }
  }
}

/** Ed25519 over bytes that are no seal, as under a directory's entry; false for any key or signature that is none. */
export const verifySignature: VerifySignature = (publicKey, bytes, signature) => {
  // Only one way to write a signature: the decoder would pass over what is not base64url.
  if (!/^[A-Za-z0-9_-]{85}[AQgw]$/.test(signature)) return false
  try {
    return verifyBytes(null, bytes, importKey('', publicKey), Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

/** True when the seal over these bytes is that of this public key. Never throws. */
export function sealHolds(core: Uint8Array, seal: Uint8Array, publicKey: string): boolean {
  try {
    verify(core, seal, [{ kid: sealedBy(seal), publicKey }])
    return true
  } catch {
    return false
  }
}

interface ReadSeal {
  readonly header: Uint8Array
  readonly kid: string
  readonly signature: Uint8Array
}

function readSeal(seal: Uint8Array): ReadSeal {
  const [first, unprotectedHeader, payload, last] = list(
    decodeCbor(bytes(seal, 'seal', maxSealBytes), 'seal'),
    'seal',
    4,
    4,
  )
  if (!(unprotectedHeader instanceof Map) || unprotectedHeader.size > 0) {
    throw frameInvalid('seal', 'has an unprotected header')
  }
  if (payload !== null) throw frameInvalid('seal', 'carries a payload')
  const header = bytes(first, 'seal.protected', maxSealBytes)
  const signature = bytes(last, 'seal.signature', signatureBytes)
  if (signature.length !== signatureBytes) throw frameInvalid('seal.signature', `is not ${signatureBytes} bytes`)
  return { header, kid: kidOf(header), signature }
}

function kidOf(header: Uint8Array): string {
  const fields = decodeCbor(header, 'seal.protected')
  if (!(fields instanceof Map)) throw frameInvalid('seal.protected', 'is not a map')
  if (fields.get(labels.alg) !== edDsa) throw frameInvalid('seal.alg', 'is not EdDSA')
  if (fields.has(labels.crit)) {
    const understood: readonly unknown[] = [labels.alg, labels.kid]
    const critical = list(fields.get(labels.crit), 'seal.crit', 16, 1)
    if (!critical.every((label) => understood.includes(label)))
      throw frameInvalid('seal.crit', 'names an unknown label')
  }
  const kid = bytes(fields.get(labels.kid), 'seal.kid', maxKidBytes)
  if (kid.length === 0) throw frameInvalid('seal.kid', 'is empty')
  try {
    return utf8.decode(kid)
  } catch (error) {
    throw unreadable('seal.kid', error)
  }
}

function signedBytes(header: Uint8Array, core: Uint8Array): Uint8Array {
  return Buffer.concat([contextAndHead, head(2, header.length), header, noExternalData, head(2, core.length), core])
}

/** From JWK, which takes 6 µs; from DER it would be 75, beside 103 for the check itself. */
function importKey(kid: string, publicKey: string): KeyObject {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
  } catch (cause) {
    throw new RelayError('KEY_UNKNOWN', { detail: { kid, why: 'not an Ed25519 public key' }, cause })
  }
}

function sealInvalidUnless<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const why = cause instanceof RelayError ? String(cause.detail['why']) : 'unreadable'
    throw new RelayError('SEAL_INVALID', { detail: { why }, cause })
  }
}
