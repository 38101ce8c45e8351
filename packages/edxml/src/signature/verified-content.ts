import { openHeaderReader } from '../header-reader.ts'
import type { PacketHeader } from '../packet.ts'
import type { SigningKey } from './trusted-key.ts'

declare const verified: unique symbol

/**
 * What a valid signature covers, and nothing else. Only a verification makes one: code that asks for this
 * type cannot be handed a packet that was merely read.
 */
export interface VerifiedContent {
  readonly [verified]: true
  /**
   * The canonical octets that were digested: the packet without signature, XML declaration and insignificant white
   * space. Whoever acts on the content reads these, not the packet they came from.
   */
  readonly bytes: Uint8Array
  readonly signedWith: SigningKey
  /** The header, read from `bytes`. Throws NOT_EDXML or DOCUMENT_ID_MISSING. */
  header(): PacketHeader
}

/** For what a verification returned, here or in its thread. */
export function verifiedContent(bytes: Uint8Array, signedWith: SigningKey): VerifiedContent {
  const content: Omit<VerifiedContent, typeof verified> = {
    bytes,
    signedWith,
    header() {
      const reader = openHeaderReader()
      reader.write(bytes)
      return reader.end()
    },
  }
  return content as VerifiedContent
}
