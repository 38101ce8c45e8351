/**
 * Secrets that must be readable again, encrypted on disk.
 *
 * ```
 *   node's key ── HKDF-SHA256 ──▶ wrapping key ── AES-256-GCM ──▶ vault key ── AES-256-GCM ──▶ each secret
 * ```
 *
 * The vault key is random and sealed under the node's key, so that replacing the node's key seals one thing anew: given
 * the earlier key once more, opening does that by itself. What a secret is for (`purpose`: whose, which kind) is bound to
 * it, so that one cannot be put in the place of another.
 *
 * Not here: API keys. They need not be read again, and are kept as digests only; see `api-key.ts`.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { SealingKey } from '@lienthong/link'
import type { AccessStore, SealedSecret, VaultKey } from '@lienthong/store'

export interface Vault {
  seal(secret: string, purpose: string): SealedSecret
  /** null: sealed under a key this node does not have, or not for this purpose. */
  open(sealed: SealedSecret, purpose: string): string | null
}

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** `onLost` hears the kid of a node key without which earlier secrets stay closed. */
export async function openVault(
  store: AccessStore,
  keys: { readonly key: SealingKey; readonly earlier: readonly SealingKey[] },
  stored: readonly VaultKey[],
  onLost: (kid: string) => void,
): Promise<Vault> {
  const { key, earlier } = keys
  const opened = new Map<string, Uint8Array>()
  for (const kept of stored) {
    const owner = [key, ...earlier].find(({ kid }) => kid === kept.kid)
    const bytes = owner === undefined ? null : decrypt(kept.bytes, wrappingKey(owner), kept.id)
    if (bytes === null) onLost(kept.kid)
    else {
      opened.set(kept.id, bytes)
      if (owner !== key) await keep(kept.id, bytes)
    }
  }
  const newest = [...opened.keys()].at(-1) ?? (await begin())

  async function begin(): Promise<string> {
    const id = `v${stored.length + 1}`
    const bytes = randomBytes(32)
    await keep(id, bytes)
    opened.set(id, bytes)
    return id
  }

  async function keep(id: string, bytes: Uint8Array): Promise<void> {
    await store.keep({ id, kid: key.kid, bytes: encrypt(bytes, wrappingKey(key), id) })
  }

  return {
    seal(secret, purpose) {
      return { kid: newest, bytes: encrypt(Buffer.from(secret), vaultKey(newest), purpose) }
    },
    open({ kid, bytes }, purpose) {
      const found = opened.get(kid)
      const plain = found === undefined ? null : decrypt(bytes, found, purpose)
      return plain === null ? null : Buffer.from(plain).toString()
    },
  }

  function vaultKey(id: string): Uint8Array {
    return opened.get(id) ?? new Uint8Array(0)
  }
}

function wrappingKey(key: SealingKey): Uint8Array {
  return key.derive('vault 1')
}

/** nonce ‖ ciphertext ‖ tag. A random nonce per sealing: far below the 2^32 that one key stands. */
function encrypt(plain: Uint8Array, key: Uint8Array, purpose: string): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const encryption = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes })
  encryption.setAAD(Buffer.from(purpose))
  const parts = [nonce, encryption.update(plain), encryption.final()]
  return Uint8Array.from(Buffer.concat([...parts, encryption.getAuthTag()]))
}

function decrypt(sealed: Uint8Array, key: Uint8Array, purpose: string): Uint8Array | null {
  if (sealed.byteLength < nonceBytes + tagBytes) return null
  const end = sealed.byteLength - tagBytes
  const decryption = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decryption.setAAD(Buffer.from(purpose))
  decryption.setAuthTag(sealed.subarray(end))
  try {
    return Buffer.concat([decryption.update(sealed.subarray(nonceBytes, end)), decryption.final()])
  } catch {
    return null
  }
}
