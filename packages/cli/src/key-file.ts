/** Key files of the commands about keys: PKCS#8 PEM, mode 0600, with the kid and the time it was made before the key. */
import { createHash, createPublicKey } from 'node:crypto'
import { resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import { type SealingKey, sealingKeyFromPem, sealingKeyToPem } from '@lienthong/link'
import type { Context } from './command.ts'
import { parseInstant, writtenInstant } from './config/instant.ts'
import { readSmallFile } from './config/read-file.ts'
import { createFile } from './whole-file.ts'

const maxKeyBytes = 64 * 1024

export interface KeyFile {
  readonly key: SealingKey
  /** When it was made, as the file says; null when it does not. */
  readonly createdAt: number | null
}

/** Throws FILE_UNREADABLE, and CONFIG_INVALID for a file that is no key with a kid; never with the text in it. */
export async function readKeyFile(file: string, { terminal }: Context): Promise<KeyFile> {
  const pem = await readSmallFile(resolve(terminal.workingDir, file), { shown: file, maxBytes: maxKeyBytes })
  try {
    const created = /^created: (\S+)\s*$/m.exec(pem)?.[1]
    return { key: sealingKeyFromPem(pem), createdAt: created === undefined ? null : parseInstant(created) }
  } catch (error) {
    if (!(error instanceof RelayError)) throw error
    throw new RelayError(error.code, { detail: { file, reason: String(error.detail['why'] ?? '') } })
  }
}

/** Never over an existing file: that key may have sealed documents that are still under way. Throws FILE_UNWRITABLE. */
export async function writeKeyFile(file: string, key: SealingKey, { terminal }: Context): Promise<void> {
  const text = `created: ${writtenInstant(Date.now())}\n${sealingKeyToPem(key)}`
  await createFile(resolve(terminal.workingDir, file), text, { shown: file })
}

/** SHA-256 of the public key as `openssl pkey -pubout -outform DER` writes it, hex. */
export function keyFingerprint(publicKey: string): string {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}
