import { createPrivateKey, createPublicKey, KeyObject, X509Certificate } from 'node:crypto'
import { notEdxml } from '../not-edxml.ts'
import { findSignatures, isHeader, passGate } from './gate.ts'
import { checkSignedInfo, digestedOctets } from './own-check.ts'
import { refuse } from './refuse.ts'
import { rulesOf } from './rules.ts'
import { readStrictXml, type XmlNode, type XmlOpen } from './strict-xml.ts'
import { suitableMethod, unsuitable } from './trusted-key.ts'

export interface PacketSigner {
  /** RSA of at least 2048 bits, or ECDSA on P-256; PEM or Node's object. */
  readonly privateKey: string | KeyObject
  /** PEM; put into the packet. Its key must be the signing one. @default none */
  readonly certificate?: string
}

/**
 * The packet with an enveloped signature over all of it as last child of its `edXMLHeader`; every other byte stays
 * as it is. Throws SIGNATURE_REPEATED for a packet that is signed already, SIGNATURE_KEY_UNSUITABLE for a wrong key,
 * and for a packet that could not be verified afterwards (comments, CDATA, foreign namespaces …) the code that
 * verifying would give.
 */
export async function signPacket(packet: Uint8Array, signer: PacketSigner): Promise<Uint8Array> {
  const rules = rulesOf('edxml')
  const { text, nodes, offence } = readStrictXml(packet, rules)
  if (findSignatures(nodes).length > 0) throw refuse('SIGNATURE_REPEATED')
  if (offence !== null) throw offence
  const at = endOfHeader(nodes)
  const { key, certificate } = readSigner(signer)
  const method = suitableMethod(key)
  const { librarySigns } = await import('./xmldsig-library.ts')
  const signature = await librarySigns({ text, key, method, certificate: certificate?.raw.toString('base64') ?? null })
  const signed = Buffer.from(text.slice(0, at) + signature + text.slice(at))
  // What nobody could verify is not let out.
  const result = passGate(signed, rules)
  digestedOctets(result)
  checkSignedInfo(result, createPublicKey(key))
  return signed
}

/** Where the end tag of the first header starts. */
function endOfHeader(nodes: readonly XmlNode[]): number {
  const path: XmlOpen[] = []
  for (const node of nodes) {
    if (node.kind === 'open') path.push(node)
    if (node.kind !== 'close') continue
    if (isHeader(path) && node.start !== null) return node.start
    path.pop()
  }
  throw notEdxml('header-missing')
}

function readSigner(signer: PacketSigner): { readonly key: KeyObject; readonly certificate: X509Certificate | null } {
  const { privateKey } = signer
  const key = parsed(() => (privateKey instanceof KeyObject ? privateKey : createPrivateKey(privateKey)))
  const certificate = parsed(() => (signer.certificate === undefined ? null : new X509Certificate(signer.certificate)))
  if (key.type !== 'private') throw unsuitable(`${key.type} key`)
  if (certificate?.checkPrivateKey(key) === false) throw unsuitable('certificate of another key')
  return { key, certificate }
}

function parsed<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw unsuitable('PEM', cause)
  }
}
