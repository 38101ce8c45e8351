/** What stands in real packets where a signature belongs and is none. */
import { X509Certificate } from 'node:crypto'
import type { RelayError } from '@lienthong/core'
import { refuse } from './refuse.ts'
import type { XmlNode } from './strict-xml.ts'

/**
 * For a packet without any `ds:Signature`. Some builders put a `Signature` into the packet's own namespace, the
 * same one in every packet; others write an empty `DigitalSignature`.
 */
export function placeholderWithout(nodes: readonly XmlNode[]): RelayError {
  for (const node of nodes) {
    if (node.kind === 'open' && /^(Digital)?Signature$/.test(node.local)) {
      return refuse('SIGNATURE_PLACEHOLDER', { what: node.local })
    }
  }
  return refuse('SIGNATURE_MISSING')
}

/** The certificate of a KeyInfo. Throws SIGNATURE_PLACEHOLDER: in the samples of the field it is cut off. */
export function readCertificate(base64: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'))
  } catch (cause) {
    throw refuse('SIGNATURE_PLACEHOLDER', { what: 'X509Certificate' }, cause)
  }
}
