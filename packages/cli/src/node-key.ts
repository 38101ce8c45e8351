import type { NodeKey } from '@lienthong/core'
import { RelayError } from '@lienthong/core'
import { type SealingKey, sealingKeyFromPem } from '@lienthong/link'

/**
 * The key in a PEM file, under the kid the directory gives it. `unknown`: a good key, but none of
 * `known`; nobody could check its seals. `invalid`: not an Ed25519 key in PKCS#8 PEM.
 */
export function readNodeKey(pem: string, known: readonly NodeKey[]): SealingKey | 'invalid' | 'unknown' {
  try {
    // The public part decides, not the kid written in the file: the directory is what others check by.
    const { publicKey } = sealingKeyFromPem(pem, 'unnamed#1')
    const entry = known.find((key) => key.publicKey === publicKey)
    return entry === undefined ? 'unknown' : sealingKeyFromPem(pem, entry.kid)
  } catch (error) {
    if (error instanceof RelayError && error.code === 'CONFIG_INVALID') return 'invalid'
    throw error
  }
}
