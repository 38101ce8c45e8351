/**
 * Verifies the signature of a packet and hands out what it covers.
 *
 * A library that answers yes or no does not say what was signed, and xmldsigjs accepts packets whose content
 * was moved, added or hidden after signing. So the packet passes, in this order:
 *
 * `gate (strict pass, shape) → digest → registered key → signature → xmldsigjs → octets read again → verified content`
 *
 * - Whatever the bytes, the only errors are NOT_EDXML, DOCUMENT_ID_MISSING (with a lookup) and SIGNATURE_ codes.
 * - The key is the registered one; what the packet says of its key can only speak against it.
 * - Two independent readings must agree, and only octets whose digest was signed are handed out.
 */
import { readHeader } from '../header-reader.ts'
import { passGate } from './gate.ts'
import type { Profile } from './names.ts'
import { checkSignedInfo, compareContent, digestedOctets } from './own-check.ts'
import { refuse } from './refuse.ts'
import { rulesOf, type SignaturePolicy } from './rules.ts'
import type { SignatureParts } from './signature-parts.ts'
import { agrees, carried, type KeyLookup, openTrustedKey, type PublicKey, type TrustedKey } from './trusted-key.ts'
import { type VerifiedContent, verifiedContent } from './verified-content.ts'

export interface VerifyOptions {
  /** `edxml`: signed by the last child of `edXMLHeader`. `generic`: by the last child of the root. */
  readonly profile: Profile
  /** The registered key, as PEM (certificate or SPKI) or with its limits, or the way to find it. */
  readonly trusted: string | TrustedKey | KeyLookup
  readonly policy?: SignaturePolicy
  /** ms since the epoch, for the validity of the key. @default now */
  readonly now?: number
}

/** Blocks for about 0.1 s per MiB: where that matters, `openSignatureVerifier` does the same in a thread of its own. */
export async function verifySignature(packet: Uint8Array, options: VerifyOptions): Promise<VerifiedContent> {
  const rules = rulesOf(options.profile, options.policy)
  const signed = passGate(packet, rules)
  const octets = digestedOctets(signed)
  const { key, ...signedWith } = await findKey(octets, signed.parts, options)
  checkSignedInfo(signed, key)
  // Only when needed: loading it takes 0.2 s and 20 MB, and most programs never check a signature.
  const { libraryVerifies } = await import('./xmldsig-library.ts')
  await libraryVerifies(signed.xml.text, key, signedWith.method)
  compareContent(octets, signed, rules)
  return verifiedContent(octets, signedWith)
}

/** The sender is read from the octets that were digested, never from what stands around them. */
async function findKey(octets: Uint8Array, parts: SignatureParts, options: VerifyOptions): Promise<PublicKey> {
  const { trusted, now = Date.now() } = options
  const { keyInfo, method } = parts
  let sender: string | null = null
  let found: TrustedKey | null
  if (typeof trusted === 'function') {
    if (options.profile === 'edxml') sender = (await readHeader(octets)).from.organId
    found = await trusted(sender, keyInfo.certificate === null ? null : carried(keyInfo.certificate))
  } else found = typeof trusted === 'string' ? { pem: trusted } : trusted
  const detail = sender === null ? {} : { sender }
  if (found === null) throw refuse('SIGNATURE_KEY_UNKNOWN', detail)
  const key = openTrustedKey(found, now)
  if (key.method !== method || !agrees(keyInfo, key)) throw refuse('SIGNATURE_KEY_UNKNOWN', detail)
  return key
}
