/** The only importer of xmldsigjs and what it stands on; it is asked behind the gate only. */
import type { KeyObject } from 'node:crypto'
import { Crypto } from '@peculiar/webcrypto'
import { DOMParser, type Document, type Element, onErrorStopParsing, XMLSerializer } from '@xmldom/xmldom'
import { setNodeDependencies } from 'xml-core'
import { Application, SignedXml } from 'xmldsigjs'
import { dsNamespace, type SignatureMethod, transforms } from './names.ts'
import { refuse } from './refuse.ts'

const engineName = 'lienthong'

const keyAlgorithms = {
  'rsa-sha256': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  'ecdsa-sha256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const

/**
 * Throws SIGNATURE_INVALID unless the library says true. `text` holds exactly one signature, of the shape the
 * gate lets through, and `key` is the registered one.
 */
export async function libraryVerifies(text: string, key: KeyObject, method: SignatureMethod): Promise<void> {
  let answer: unknown
  try {
    const crypto = engine()
    const spki = key.export({ type: 'spki', format: 'der' })
    const publicKey = await crypto.subtle.importKey('spki', spki, keyAlgorithms[method], true, ['verify'])
    const document = parse(text)
    const signature = signatureIn(document)
    // Never shown what the packet says of its key: the library would parse certificates of strangers.
    removeAll(signature.getElementsByTagNameNS(dsNamespace, 'KeyInfo'))
    const signed = new SignedXml(document)
    signed.LoadXml(signature)
    // With an algorithm the library would import the key anew, the way the document wants it.
    delete signed.Algorithm
    // Its enveloped-signature looks among the root's children only; edXML keeps the signature deeper.
    const content = (document.documentElement as Element).cloneNode(true) as Element
    removeAll(content.getElementsByTagNameNS(dsNamespace, 'Signature'))
    answer = await signed.Verify({ key: publicKey, content })
  } catch (cause) {
    throw refuse('SIGNATURE_INVALID', { what: 'xmldsigjs' }, cause)
  }
  if (answer !== true) throw refuse('SIGNATURE_INVALID', { what: 'xmldsigjs' })
}

export interface SigningRequest {
  /** A packet without signature. */
  readonly text: string
  readonly key: KeyObject
  readonly method: SignatureMethod
  /** DER, base64; goes into KeyInfo. */
  readonly certificate: string | null
}

/** The signature as an element of its own, over all of `text`. */
export async function librarySigns(request: SigningRequest): Promise<string> {
  const crypto = engine()
  const algorithm = keyAlgorithms[request.method]
  const pkcs8 = request.key.export({ type: 'pkcs8', format: 'der' })
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  const signed = new SignedXml()
  signed.XmlSignature.SignedInfo.CanonicalizationMethod.Algorithm = transforms['exc-c14n']
  await signed.Sign(algorithm, key, parse(request.text), {
    references: [{ uri: '', hash: 'SHA-256', transforms: ['enveloped', 'exc-c14n'] }],
    ...(request.certificate === null ? {} : { x509: [request.certificate] }),
  })
  return signed.XmlSignature.toString()
}

/** The library keeps its engine and its DOM for the whole process; they are set when first needed. */
function engine(): Crypto {
  setNodeDependencies({ DOMParser, XMLSerializer })
  const crypto = new Crypto()
  Application.setEngine(engineName, crypto)
  return crypto
}

function parse(text: string): Document {
  const parser = new DOMParser({ onError: onErrorStopParsing, locator: false })
  return parser.parseFromString(text.replace(/^\uFEFF/, ''), 'application/xml')
}

function signatureIn(document: Document): Element {
  const [signature, second] = [...document.getElementsByTagNameNS(dsNamespace, 'Signature')]
  if (signature === undefined || second !== undefined) throw new Error('not exactly one signature')
  return signature
}

function removeAll(elements: Iterable<Element>): void {
  for (const element of [...elements]) element.parentNode?.removeChild(element)
}
