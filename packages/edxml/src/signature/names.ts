/** Names of XMLDSig, and the vocabularies a signed packet may be written in. */
import { namespace102, namespace2015 } from '../vocabulary.ts'

export const dsNamespace = 'http://www.w3.org/2000/09/xmldsig#'

export const transforms = {
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  'exc-c14n': 'http://www.w3.org/2001/10/xml-exc-c14n#',
  c14n: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
} as const

/** Without comments, both. `c14n` is what the samples of the field name for SignedInfo. */
export type Canonicalization = 'exc-c14n' | 'c14n'

export const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256'

export const signatureMethods = {
  'rsa-sha256': 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'ecdsa-sha256': 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
} as const

export type SignatureMethod = keyof typeof signatureMethods

/** Where the signature stands and which vocabularies the packet is written in. */
export const profiles = {
  /** Last child of `edXMLHeader`. .NET declares the two of XML Schema whether it uses them or not. */
  edxml: {
    namespaces: [
      namespace102,
      namespace2015,
      dsNamespace,
      'http://www.w3.org/2001/XMLSchema-instance',
      'http://www.w3.org/2001/XMLSchema',
      'http://www.w3.org/1999/xlink',
    ],
  },
  /** Any document, signed by the last child of its root, in the vocabularies the caller names or any. */
  generic: {
    namespaces: [dsNamespace, 'http://www.w3.org/2001/XMLSchema-instance', 'http://www.w3.org/1999/xlink'],
  },
} as const satisfies Record<string, { readonly namespaces: readonly string[] }>

export type Profile = keyof typeof profiles

export function isPacketVocabulary(uri: string): boolean {
  return uri === namespace102 || uri === namespace2015
}
