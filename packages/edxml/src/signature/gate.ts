/**
 * Where the signature stands, and that it is built in the one way that covers the whole packet: rules on
 * the nodes of a strict pass. Nothing here is trusted yet; nothing here needs a key.
 */
import type { RelayError } from '@lienthong/core'
import type { NodeRange } from './canonical.ts'
import { dsNamespace, isPacketVocabulary } from './names.ts'
import { placeholderWithout } from './placeholder.ts'
import { refuse } from './refuse.ts'
import type { StrictRules } from './rules.ts'
import { readSignature, type SignatureParts } from './signature-parts.ts'
import { readStrictXml, type StrictXml, type XmlNode, type XmlOpen } from './strict-xml.ts'

/** A signed packet that has passed the gate. Its content is still unverified. */
export interface UnverifiedSigned {
  readonly xml: StrictXml
  readonly signature: NodeRange
  readonly parts: SignatureParts
  /** The element that was signed. */
  readonly target: NodeRange
}

/** Throws NOT_EDXML or a SIGNATURE_ code. */
export function passGate(packet: Uint8Array, rules: StrictRules): UnverifiedSigned {
  const xml = readStrictXml(packet, rules)
  const [signature, second] = findSignatures(xml.nodes)
  if (signature === undefined) throw placeholderWithout(xml.nodes)
  if (xml.offence !== null) throw xml.offence
  if (second !== undefined) throw refuse('SIGNATURE_REPEATED')
  if (!isInPlace(xml.nodes, signature, rules)) throw refuse('SIGNATURE_MISPLACED')
  const parts = readSignature(xml.nodes, signature.range, rules)
  return { xml, signature: signature.range, parts, target: targetOf(xml.nodes, signature.range, parts) }
}

interface Found {
  readonly range: NodeRange
  readonly ancestors: readonly XmlOpen[]
}

/** At most two: more tell nothing new. */
export function findSignatures(nodes: readonly XmlNode[]): readonly Found[] {
  const found: Found[] = []
  const ancestors: XmlOpen[] = []
  for (const [at, node] of nodes.entries()) {
    if (node.kind === 'close') ancestors.pop()
    if (node.kind !== 'open') continue
    if (node.uri === dsNamespace && node.local === 'Signature') {
      found.push({ range: { open: at, close: closeOf(nodes, at) }, ancestors: [...ancestors] })
      if (found.length === 2) break
    }
    ancestors.push(node)
  }
  return found
}

export function closeOf(nodes: readonly XmlNode[], open: number): number {
  let depth = 0
  for (let at = open; at < nodes.length; at++) {
    const kind = nodes[at]?.kind
    if (kind === 'open') depth++
    if (kind === 'close' && --depth === 0) return at
  }
  return nodes.length - 1
}

function isInPlace(nodes: readonly XmlNode[], { range, ancestors }: Found, { profile }: StrictRules): boolean {
  const parentIsRight = profile === 'generic' ? ancestors.length === 1 : isHeader(ancestors)
  return parentIsRight && nodes[afterBlank(nodes, range.close + 1)]?.kind === 'close'
}

/** The packet's own header: of the envelope that is the root, or stands in it. */
export function isHeader(path: readonly XmlOpen[]): boolean {
  const names = path.map(({ uri, local }) => (isPacketVocabulary(uri) ? local : '')).join('/')
  return names === 'edXML/edXMLEnvelope/edXMLHeader' || names === 'edXMLEnvelope/edXMLHeader'
}

function afterBlank(nodes: readonly XmlNode[], at: number): number {
  const node = nodes[at]
  return node?.kind === 'text' && node.text.trim() === '' ? at + 1 : at
}

/** The root; or the element named by Id, when all but the signature is inside it. */
function targetOf(nodes: readonly XmlNode[], signature: NodeRange, parts: SignatureParts): NodeRange {
  const root = { open: 0, close: nodes.length - 1 }
  if (parts.byId === null) return root
  const open = nodes.findIndex((node) => node.kind === 'open' && hasId(node, parts.byId))
  if (open < 0) throw uncovered('Id not found')
  const target = { open, close: closeOf(nodes, open) }
  const inside = (range: NodeRange): boolean => range.open >= target.open && range.close <= target.close
  if (inside(signature) !== parts.enveloped) throw uncovered('enveloped-signature')
  const outside = nodes.some(
    (node, at) =>
      at > 0 &&
      node.kind === 'open' &&
      !inside({ open: at, close: at }) &&
      (at < signature.open || at > signature.close),
  )
  if (outside) throw uncovered('elements outside')
  return target
}

function hasId({ attributes }: XmlOpen, id: string | null): boolean {
  return attributes.some(({ uri, local, value }) => uri === '' && /^(Id|ID|id)$/.test(local) && value === id)
}

function uncovered(what: string): RelayError {
  return refuse('SIGNATURE_REFERENCE', { what })
}
