/**
 * One strict pass over a whole packet, before any other library sees it: what passes is read alike by
 * every parser and every canonicalizer.
 *
 * Breaches of XML and of the limits end the pass at once. What is only forbidden in signed packets
 * (comments, foreign namespaces …) is noted as `offence` and the pass goes on, since a packet without a
 * signature is told so, whatever else is in it.
 */
import { RelayError } from '@lienthong/core'
import { SaxesParser, type SaxesTagNS } from 'saxes'
import { notEdxml } from '../not-edxml.ts'
import { excerpt, refuse } from './refuse.ts'
import type { StrictRules } from './rules.ts'

export interface XmlAttribute {
  /** '' for none. */
  readonly prefix: string
  readonly local: string
  readonly uri: string
  readonly value: string
}

export interface XmlOpen {
  readonly kind: 'open'
  readonly prefix: string
  readonly local: string
  readonly uri: string
  /** Without the declarations. */
  readonly attributes: readonly XmlAttribute[]
  /** Namespaces declared here: prefix ('' for the default) and URI. */
  readonly declarations: readonly (readonly [prefix: string, uri: string])[]
}

export interface XmlClose {
  readonly kind: 'close'
  /** Where the end tag starts in the text; null when the element has none of its own (`<a/>`). */
  readonly start: number | null
}

export interface XmlText {
  readonly kind: 'text'
  text: string
}

/** Open and close nodes nest; two texts never follow one another. Text outside the root is left out. */
export type XmlNode = XmlOpen | XmlClose | XmlText

export interface StrictXml {
  readonly text: string
  readonly nodes: readonly XmlNode[]
  /** The first thing found that a signed packet may not contain. */
  readonly offence: RelayError | null
}

/** Characters that some canonicalizers write into a namespace declaration as they are. */
const hidingCharacters = /["'<>&\s]/
/** The library in charge finds prefixes with a pattern of its own; others it takes for something else. */
const plainPrefix = /^[A-Za-z_][\w.-]*$/
/** Declarations of one element. Canonicalizers look for the use of each in everything below. */
const maxDeclarations = 8

/** Throws NOT_EDXML or SIGNATURE_TOO_LARGE. */
export function readStrictXml(packet: Uint8Array, rules: StrictRules): StrictXml {
  if (packet.length > rules.maxBytes) throw refuse('SIGNATURE_TOO_LARGE', { what: 'bytes', limit: rules.maxBytes })
  const text = decode(packet)
  const nodes: XmlNode[] = []
  const ids = new Set<string>()
  let offence: RelayError | null = null
  let depth = 0
  let elements = 0

  const parser = new SaxesParser({ xmlns: true, position: false, forceXMLVersion: true, defaultXMLVersion: '1.0' })
  const note = (found: RelayError | null): void => {
    offence ??= found
  }
  parser.on('opentag', (tag) => {
    depth++
    elements++
    if (depth > rules.maxDepth) throw notEdxml('too-deep', { limit: rules.maxDepth })
    if (elements > rules.maxElements)
      throw refuse('SIGNATURE_TOO_LARGE', { what: 'elements', limit: rules.maxElements })
    const node = openNode(tag, rules.maxAttributes)
    note(namingOffence(node, rules) ?? repeatedId(node, ids))
    nodes.push(node)
  })
  parser.on('closetag', (tag) => {
    depth--
    nodes.push({ kind: 'close', start: tag.isSelfClosing ? null : text.lastIndexOf('<', parser.position - 1) })
  })
  const takeText = (piece: string): void => {
    const last = nodes.at(-1)
    if (depth === 0 || piece === '') return
    if (last?.kind === 'text') last.text += piece
    else nodes.push({ kind: 'text', text: piece })
  }
  parser.on('text', takeText)
  parser.on('cdata', (piece) => {
    note(refuse('SIGNATURE_COMMENT', { what: 'CDATA' }))
    takeText(piece)
  })
  parser.on('comment', () => {
    if (!rules.allowComments) note(refuse('SIGNATURE_COMMENT', { what: 'comment' }))
  })
  parser.on('processinginstruction', () => note(refuse('SIGNATURE_COMMENT', { what: 'instruction' })))
  parser.on('xmldecl', ({ encoding, version }) => {
    if (version !== undefined && version !== '1.0') throw notEdxml('not-well-formed')
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) note(notEdxml('encoding'))
  })

  feed(parser, text, () => elements > 0)
  return { text, nodes, offence }
}

function decode(packet: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(packet)
  } catch (cause) {
    throw notEdxml('not-utf8', {}, cause)
  }
}

/** Up to the first element one `>` at a time: the parser would collect a whole DOCTYPE before it tells of it. */
function feed(parser: SaxesParser, text: string, started: () => boolean): void {
  let at = 0
  try {
    while (at < text.length && !started()) {
      const close = text.indexOf('>', at)
      const stop = close < 0 ? text.length : close + 1
      if (text.slice(at, stop).includes('<!D')) throw notEdxml('doctype')
      parser.write(text.slice(at, stop))
      at = stop
    }
    parser.write(text.slice(at)).close()
  } catch (cause) {
    if (cause instanceof RelayError) throw cause
    throw notEdxml('not-well-formed', {}, cause)
  }
}

function openNode(tag: SaxesTagNS, maxAttributes: number): XmlOpen {
  const all = Object.values(tag.attributes)
  if (all.length > maxAttributes) throw notEdxml('too-many-attributes', { limit: maxAttributes })
  return {
    kind: 'open',
    prefix: tag.prefix,
    local: tag.local,
    uri: tag.uri,
    attributes: all.filter((attribute) => !isDeclaration(attribute)),
    declarations: all
      .filter(isDeclaration)
      .map(({ prefix, local, value }) => [prefix === '' ? '' : local, value] as const),
  }
}

function isDeclaration({ prefix, local }: { readonly prefix: string; readonly local: string }): boolean {
  return prefix === 'xmlns' || (prefix === '' && local === 'xmlns')
}

/** Names and namespaces by which canonicalizers were seen to lose content, or which are none of the packet's. */
function namingOffence(node: XmlOpen, rules: StrictRules): RelayError | null {
  if (node.declarations.length > maxDeclarations) return hidden('declarations', String(node.declarations.length))
  for (const { prefix, local } of node.attributes) {
    if (prefix.includes('xmlns') || local.includes('xmlns')) return hidden('attribute', `${prefix}:${local}`)
  }
  for (const [prefix, uri] of node.declarations) {
    if (prefix !== '' && !plainPrefix.test(prefix)) return hidden('prefix', prefix)
    if (hidingCharacters.test(uri)) return hidden('namespace', uri)
  }
  if (rules.namespaces === null) return null
  const allowed = rules.namespaces
  const used = [
    node.uri,
    ...node.declarations.map(([, uri]) => uri),
    ...node.attributes.map(({ uri }) => uri || node.uri),
  ]
  const foreign = used.find((uri) => !allowed.has(uri))
  return foreign === undefined ? null : refuse('SIGNATURE_NAMESPACE', { namespace: excerpt(foreign) })
}

function hidden(what: string, name: string): RelayError {
  return refuse('SIGNATURE_CONTENT_HIDDEN', { what, name: excerpt(name) })
}

function repeatedId(node: XmlOpen, ids: Set<string>): RelayError | null {
  for (const { uri, local, value } of node.attributes) {
    if (uri !== '' || local.toLowerCase() !== 'id') continue
    if (ids.has(value)) return refuse('SIGNATURE_ID_REPEATED', { id: excerpt(value) })
    ids.add(value)
  }
  return null
}
