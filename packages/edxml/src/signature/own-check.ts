/**
 * The signature checked by our own reading of the packet: the strict pass, our canonicalization, Node's
 * cryptography. It runs before the library, costs a tenth of it, and knows what the library never tells:
 * the very octets that were digested.
 */
import { createHash, type KeyObject, verify } from 'node:crypto'
import { canonicalize } from './canonical.ts'
import type { UnverifiedSigned } from './gate.ts'
import { refuse } from './refuse.ts'
import type { StrictRules } from './rules.ts'
import { readStrictXml, type XmlNode } from './strict-xml.ts'

/** The octets whose digest SignedInfo states; who stated it is not known yet. Throws SIGNATURE_INVALID. */
export function digestedOctets({ xml, parts, target, signature }: UnverifiedSigned): Buffer {
  const content = canonicalize(xml.nodes, { method: parts.contentMethod, of: target, without: signature })
  const octets = Buffer.from(content)
  if (!createHash('sha256').update(octets).digest().equals(parts.digest)) throw invalid('digest')
  return octets
}

/** Throws SIGNATURE_INVALID unless the key signed SignedInfo. */
export function checkSignedInfo({ xml, parts }: UnverifiedSigned, key: KeyObject): void {
  const signedInfo = canonicalize(xml.nodes, { method: parts.signedInfoMethod, of: parts.signedInfo })
  const signed = verify('sha256', Buffer.from(signedInfo), { key, dsaEncoding: 'ieee-p1363' }, parts.value)
  if (!signed) throw invalid('signature')
}

/**
 * Reads the octets again, as their user will, and compares with what was read of the packet, node by node.
 * Throws SIGNATURE_CONTENT_HIDDEN.
 */
export function compareContent(
  octets: Uint8Array,
  { xml, target, signature }: UnverifiedSigned,
  rules: StrictRules,
): void {
  const signed = contentNodes({ xml, target, signature })
  const read = readStrictXml(octets, { ...rules, maxBytes: Infinity }).nodes
  const differs = signed.length !== read.length || signed.some((node, at) => !same(node, read[at]))
  if (differs) throw refuse('SIGNATURE_CONTENT_HIDDEN', { what: 'canonical form' })
}

function invalid(what: string): Error {
  return refuse('SIGNATURE_INVALID', { what })
}

/** All nodes of the signed element without the signature; text on both sides of it becomes one. */
function contentNodes({ xml, target, signature }: Pick<UnverifiedSigned, 'xml' | 'target' | 'signature'>): XmlNode[] {
  const content: XmlNode[] = []
  for (let at = target.open; at <= target.close; at++) {
    if (at === signature.open) at = signature.close + 1
    const node = xml.nodes[at]
    const last = content.at(-1)
    if (node === undefined) break
    if (node.kind === 'text' && last?.kind === 'text')
      content.splice(-1, 1, { kind: 'text', text: last.text + node.text })
    else content.push(node)
  }
  return content
}

function same(left: XmlNode, right: XmlNode | undefined): boolean {
  if (left.kind === 'text') return right?.kind === 'text' && left.text === right.text
  if (left.kind === 'close') return right?.kind === 'close'
  if (right?.kind !== 'open') return false
  if (left.local !== right.local || left.uri !== right.uri || left.prefix !== right.prefix) return false
  const written = new Map(right.attributes.map(({ uri, local, value }) => [`${uri} ${local}`, value]))
  return (
    left.attributes.length === written.size &&
    left.attributes.every(({ uri, local, value }) => written.get(`${uri} ${local}`) === value)
  )
}
