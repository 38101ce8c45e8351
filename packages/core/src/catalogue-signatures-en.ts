/** What people read about the signature in a document. */
import type { Sentence } from './catalogue.ts'
import type { ErrorCode } from './errors.ts'

export const englishSignatureErrors = {
  SIGNATURE_MISSING: {
    text: 'The packet carries no signature.',
    action:
      'Sign the packet in the document software, or let the policy of the node accept unsigned packets of this organisation.',
  },
  SIGNATURE_PLACEHOLDER: {
    text: 'What stands in the place of a signature is a placeholder[: {what}].',
    action: 'Let the document software put a real signature in its place, or take the placeholder out.',
  },
  SIGNATURE_TOO_LARGE: {
    text: 'The packet is too large for its signature to be checked[ ({what}: at most {limit})].',
    action: 'Make the attachments smaller, or raise the limit of the node.',
  },
  SIGNATURE_COMMENT: {
    text: 'A signed packet may not contain comments, CDATA sections or processing instructions[ ({what})].',
    action: 'Have the sending software leave them out, then sign and send again.',
  },
  SIGNATURE_CONTENT_HIDDEN: {
    text: 'The packet is written so that a signature could hide some of its content[ ({what})].',
    action: 'Do not use it; keep it as evidence, tell the administrator and ask the sender through another channel.',
  },
  SIGNATURE_NAMESPACE: {
    text: 'The signed packet uses an XML namespace that is not allowed[: {namespace}].',
    action: 'Have the sending software write nothing but edXML, or allow the namespace in the policy.',
  },
  SIGNATURE_ID_REPEATED: {
    text: 'Two elements of the signed packet have the same Id[: {id}].',
    action: 'Have the sending software give each element an Id of its own, then sign and send again.',
  },
  SIGNATURE_REPEATED: {
    text: 'The packet already carries a signature, and there may be only one.',
    action: 'Send it with one signature, over the whole packet.',
  },
  SIGNATURE_MISPLACED: {
    text: 'The signature does not stand where it belongs, last in the header of the packet.',
    action: 'Have the sending software put it there, then sign and send again.',
  },
  SIGNATURE_SHAPE: {
    text: 'The signature is not built as required[: {what}].',
    action: 'Have the sending software sign with nothing but SignedInfo, SignatureValue and KeyInfo.',
  },
  SIGNATURE_REFERENCE: {
    text: 'The signature does not cover the packet as a whole[: {what}].',
    action: 'Have the sending software sign with exactly one Reference whose URI is empty.',
  },
  SIGNATURE_TRANSFORM: {
    text: 'The signature uses a transform or canonicalization that is not allowed[: {algorithm}].',
    action: 'Have the sending software sign with enveloped-signature and exclusive canonicalization.',
  },
  SIGNATURE_ALGORITHM: {
    text: 'The signature uses an algorithm that is not allowed[: {algorithm}].',
    action: 'Have the sending software sign with rsa-sha256 or ecdsa-sha256, and digest with sha256.',
  },
  SIGNATURE_KEY_UNKNOWN: {
    text: 'The signature was not made with a key registered for the sender[ {sender}].',
    action: 'Check the certificate registered for the sender; if it has changed, register the new one first.',
  },
  SIGNATURE_KEY_UNSUITABLE: {
    text: 'The key or certificate cannot be used for signing packets[: {what}].',
    action: 'Register an RSA key of at least 2048 bits or a P-256 key whose certificate allows signing.',
  },
  SIGNATURE_KEY_EXPIRED: {
    text: 'The certificate that belongs to the signature is outside its validity[ ({from} – {until})].',
    action: 'Renew the certificate and register it; if it is in order, check the clock of the node.',
  },
  SIGNATURE_KEY_REVOKED: {
    text: 'The key that belongs to the signature has been revoked.',
    action: 'Do not use the packet; ask the sender to sign it with a valid key.',
  },
  SIGNATURE_INVALID: {
    text: 'The signature does not hold; the packet may have been changed after signing.',
    action: 'Do not use it; tell the administrator and ask the sender to send it again.',
  },
} as const satisfies Partial<Record<ErrorCode, Sentence>>
