/** The inside of a `ds:Signature`, read by a closed list of what may stand in it. [XMLDSig §4] */
import type { X509Certificate } from 'node:crypto'
import type { RelayError } from '@lienthong/core'
import type { NodeRange } from './canonical.ts'
import { type DsElement, dsTree } from './ds-tree.ts'
import { type Canonicalization, type SignatureMethod, sha256, signatureMethods, transforms } from './names.ts'
import { readCertificate } from './placeholder.ts'
import { excerpt, refuse } from './refuse.ts'
import type { StrictRules } from './rules.ts'
import type { XmlNode } from './strict-xml.ts'

export interface SignatureParts {
  readonly signedInfo: NodeRange
  readonly signedInfoMethod: Canonicalization
  readonly method: SignatureMethod
  /** Id of the signed element; null for the whole packet. */
  readonly byId: string | null
  readonly enveloped: boolean
  readonly contentMethod: Canonicalization
  readonly digest: Buffer
  readonly value: Buffer
  readonly keyInfo: UnverifiedKeyInfo
}

/** What the document says of its key: compared with the registered key, never used. */
export interface UnverifiedKeyInfo {
  readonly certificate: X509Certificate | null
  /** Modulus and exponent, base64. */
  readonly rsa: { readonly modulus: string; readonly exponent: string } | null
}

export function readSignature(nodes: readonly XmlNode[], range: NodeRange, rules: StrictRules): SignatureParts {
  const signature = dsTree(nodes, range)
  if (signature.children.length === 0) throw refuse('SIGNATURE_PLACEHOLDER', { what: 'Signature' })
  const [signedInfo, value, keyInfo] = childrenOf(signature, ['SignedInfo', 'SignatureValue', 'KeyInfo?'])
  allowAttributes(signature, ['Id'])
  // First of all: a placeholder breaks most of the rules below as well.
  const unverifiedKeyInfo = readKeyInfo(keyInfo)
  return {
    signedInfo: signedInfo.range,
    ...readSignedInfo(signedInfo, rules),
    value: bytesOf(value, ['Id']),
    keyInfo: unverifiedKeyInfo,
  }
}

function readSignedInfo(signedInfo: DsElement, rules: StrictRules) {
  allowAttributes(signedInfo, ['Id'])
  const references = signedInfo.children.filter(({ local }) => local === 'Reference')
  if (references.length !== 1) throw refuse('SIGNATURE_REFERENCE', { what: `${references.length} × Reference` })
  const [canonicalization, method, reference] = childrenOf(signedInfo, [
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
  ])
  return {
    signedInfoMethod: canonicalizationOf(algorithmOf(canonicalization, 'SIGNATURE_TRANSFORM'), rules),
    method: methodOf(algorithmOf(method, 'SIGNATURE_ALGORITHM')),
    ...readReference(reference, rules),
  }
}

function readReference(reference: DsElement, rules: StrictRules) {
  allowAttributes(reference, ['Id', 'URI'])
  const uri = reference.attributes.get('URI')
  const byId = uri?.startsWith('#') === true ? uri.slice(1) : null
  const allowed = uri === '' || (rules.allowById && byId !== null && /^[\w.-]+$/.test(byId))
  if (!allowed) throw refuse('SIGNATURE_REFERENCE', { what: uri === undefined ? 'no URI' : excerpt(`URI=${uri}`) })
  const [list, digestMethod, digestValue] = childrenOf(reference, ['Transforms', 'DigestMethod', 'DigestValue'])
  const digestAlgorithm = algorithmOf(digestMethod, 'SIGNATURE_ALGORITHM')
  if (digestAlgorithm !== sha256) throw unknownAlgorithm('SIGNATURE_ALGORITHM', digestAlgorithm)
  return { byId, ...readTransforms(list, byId !== null, rules), digest: bytesOf(digestValue, []) }
}

/** Enveloped-signature, then one canonicalization; by Id the former only when the signature is inside. */
function readTransforms(list: DsElement, mayStandOutside: boolean, rules: StrictRules) {
  allowAttributes(list, [])
  const names = list.children.map((child) => {
    if (child.local !== 'Transform') throw shape(child.local)
    return algorithmOf(child, 'SIGNATURE_TRANSFORM')
  })
  const enveloped = names[0] === transforms.enveloped
  const [contentName, ...others] = enveloped ? names.slice(1) : names
  if ((!enveloped && !mayStandOutside) || contentName === undefined || others.length > 0) {
    throw refuse('SIGNATURE_TRANSFORM', { algorithm: excerpt(names.join(' ')) })
  }
  const contentMethod = canonicalizationOf(contentName, rules)
  // Inclusive canonicalization of a part would drag in what stands around it.
  if (mayStandOutside && contentMethod !== 'exc-c14n') throw unknownAlgorithm('SIGNATURE_TRANSFORM', contentName)
  return { enveloped, contentMethod }
}

function readKeyInfo(keyInfo: DsElement | undefined): UnverifiedKeyInfo {
  if (keyInfo === undefined) return { certificate: null, rsa: null }
  allowAttributes(keyInfo, ['Id'])
  const certificates = dataOf(keyInfo, 'X509Data', ['X509Certificate', 'X509SubjectName', 'X509IssuerSerial'])
    .filter(({ local }) => local === 'X509Certificate')
    .map(({ text }) => text.replace(/\s/g, ''))
  const values = dataOf(keyInfo, 'KeyValue', ['RSAKeyValue'])
  const unknown = keyInfo.children.find(({ local }) => !['X509Data', 'KeyValue', 'KeyName'].includes(local))
  if (unknown !== undefined) throw shape(unknown.local)
  if (certificates.length > 1 || values.length > 1) throw shape('KeyInfo')
  const [certificate] = certificates
  const rsa = values[0]?.children.map(({ local, text }) => [local, text.replace(/\s/g, '')] as const) ?? []
  const { Modulus: modulus, Exponent: exponent } = Object.fromEntries(rsa)
  return {
    certificate: certificate === undefined ? null : readCertificate(certificate),
    rsa: modulus === undefined || exponent === undefined ? null : { modulus, exponent },
  }
}

/** Children of the named parts of KeyInfo, each of them expected. */
function dataOf(keyInfo: DsElement, name: string, expected: readonly string[]): readonly DsElement[] {
  const children = keyInfo.children.filter(({ local }) => local === name).flatMap((part) => part.children)
  const unknown = children.find(({ local }) => !expected.includes(local))
  if (unknown !== undefined) throw shape(unknown.local)
  return children
}

/** The children, in exactly this order; a name with `?` may be missing. */
function childrenOf(parent: DsElement, names: readonly [string, string, string]): [DsElement, DsElement, DsElement]
function childrenOf(
  parent: DsElement,
  names: readonly [string, string, `${string}?`],
): [DsElement, DsElement, DsElement | undefined]
function childrenOf(parent: DsElement, names: readonly string[]): (DsElement | undefined)[] {
  if (parent.text.trim() !== '') throw shape(parent.local)
  const found = names.map((name, at) => {
    const child = parent.children[at]
    if (child?.local === name.replace('?', '')) return child
    if (child === undefined && name.endsWith('?')) return undefined
    throw shape(child?.local ?? name)
  })
  const extra = parent.children[names.length]
  if (extra !== undefined) throw shape(extra.local)
  return found
}

/** An element that is nothing but its `Algorithm`: parameters inside would change what it means. */
function algorithmOf(element: DsElement, code: 'SIGNATURE_TRANSFORM' | 'SIGNATURE_ALGORITHM'): string {
  allowAttributes(element, ['Algorithm'])
  const [parameter] = element.children
  if (parameter !== undefined || element.text.trim() !== '') throw unknownAlgorithm(code, parameter?.local ?? 'text')
  return element.attributes.get('Algorithm') ?? ''
}

function canonicalizationOf(algorithm: string, rules: StrictRules): Canonicalization {
  for (const name of rules.canonicalizations) if (transforms[name] === algorithm) return name
  throw unknownAlgorithm('SIGNATURE_TRANSFORM', algorithm)
}

function methodOf(algorithm: string): SignatureMethod {
  for (const [name, uri] of Object.entries(signatureMethods)) if (uri === algorithm) return name as SignatureMethod
  throw unknownAlgorithm('SIGNATURE_ALGORITHM', algorithm)
}

function unknownAlgorithm(code: 'SIGNATURE_TRANSFORM' | 'SIGNATURE_ALGORITHM', algorithm: string): RelayError {
  return refuse(code, { algorithm: excerpt(algorithm) })
}

/** Only one spelling of the bytes is taken, white space aside. */
function bytesOf(element: DsElement, attributes: readonly string[]): Buffer {
  allowAttributes(element, attributes)
  const text = element.text.replace(/[ \t\r\n]/g, '')
  const bytes = Buffer.from(text, 'base64')
  if (element.children.length > 0 || bytes.length === 0 || bytes.toString('base64') !== text) throw shape(element.local)
  return bytes
}

function allowAttributes(element: DsElement, names: readonly string[]): void {
  for (const name of element.attributes.keys()) if (!names.includes(name)) throw shape(`${element.local}/@${name}`)
}

function shape(what: string): RelayError {
  return refuse('SIGNATURE_SHAPE', { what: excerpt(what) })
}
