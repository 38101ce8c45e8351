import { type FieldWarnings, openFieldWarnings } from './field-warnings.ts'
import { envelopeElement, type HeaderElement } from './header-elements.ts'
import { headerFrom } from './header-model.ts'
import { addChild, all, type HeaderNode, headerNode } from './header-tree.ts'
import type { ReaderLimits } from './limits.ts'
import { notEdxml } from './not-edxml.ts'
import type { PacketHeader } from './packet.ts'
import { isPacketNamespace } from './vocabulary.ts'
import type { PacketWarning } from './warning.ts'
import type { XmlSink } from './xml-stream.ts'

/** One open element. */
interface Frame {
  /** `container`: header, body or envelope, whose known children hang on the envelope's node. */
  readonly place: 'root' | 'container' | 'element' | 'ignored'
  readonly local: string
  readonly node: HeaderNode | null
  /** Collected text of a leaf, else null. */
  text: string | null
  /** Children that may not come again. */
  seen: Set<string> | null
  /** Within a group that already stood: nobody reads it here, but somebody else may. */
  readonly spare: boolean
}

/** Known, and not the header's business: signatures of the packet, without a namespace of their own in most. */
const besideHeader = new Set(['edXMLHeader/Signature', 'edXMLHeader/DigitalSignature'])

export interface HeaderSink extends XmlSink {
  /** Whether the envelope has ended. */
  readonly complete: boolean
  readonly warnings: readonly PacketWarning[]
  finish(): PacketHeader
}

/** Turns XML events into a header: elements found by their names in any order, the unknown ignored. */
export function openHeaderSink(limits: Required<ReaderLimits>): HeaderSink {
  const envelope = headerNode(envelopeElement)
  const frames: Frame[] = []
  const warnings: FieldWarnings = openFieldWarnings()
  let rootUri = ''
  let complete = false

  function placeRoot(local: string, uri: string): Frame {
    rootUri = uri
    warnings.root(uri)
    if (local === 'edXML') return frame('root', local)
    if (local === 'edXMLEnvelope') return frame('container', local, envelope)
    throw notEdxml('root')
  }

  function placeElement(parent: Frame, local: string): Frame {
    const element = parent.node?.element.children.get(local)
    if (element === undefined || parent.node === null) {
      if (parent.text === null) warnUnknown(parent, local)
      return frame('ignored', local)
    }
    const before = all(parent.node, local).length
    const repeated = parent.spare || before > 0
    if (repeated && element.occurrence === 'decides') throw notEdxml('duplicate', { field: local })
    if (before > 0 && element.occurrence === 'once') {
      warnings.repeated(element)
      return placed(element, local, true)
    }
    if (before >= limits.maxEntries) throw notEdxml('too-many-entries', { field: local, limit: limits.maxEntries })
    const child = placed(element, local, parent.spare)
    if (child.node !== null) addChild(parent.node, local, child.node)
    return child
  }

  function warnUnknown(parent: Frame, local: string): void {
    warnings.unknown(parent.place === 'container' ? parent.local : (parent.node?.element.path ?? ''), local)
  }

  function placeInContainer(parent: Frame, local: string): Frame {
    switch (`${parent.local}/${local}`) {
      case 'edXMLEnvelope/edXMLHeader':
      case 'edXMLEnvelope/edXMLBody':
        admitOnce(parent, local)
        return frame('container', local, envelope)
      case 'edXMLHeader/MessageHeader':
      case 'edXMLHeader/TraceHeaderList':
      case 'edXMLBody/edXMLManifest':
        return placeElement(parent, local)
      default:
        if (!besideHeader.has(`${parent.local}/${local}`)) warnUnknown(parent, local)
        return frame('ignored', local)
    }
  }

  function placeChild(parent: Frame, local: string, uri: string): Frame {
    if (!isPacketNamespace(uri, rootUri)) {
      if (parent.node?.element.children.has(local)) warnUnknown(parent, local)
      return frame('ignored', local)
    }
    switch (parent.place) {
      case 'root':
        return local === 'edXMLEnvelope' ? frame('container', local, envelope) : frame('ignored', local)
      case 'container':
        return placeInContainer(parent, local)
      case 'element':
        return placeElement(parent, local)
      case 'ignored':
        return frame('ignored', local)
    }
  }

  return {
    open(local, uri, prefix) {
      const parent = frames.at(-1)
      if (parent === undefined) {
        frames.push(placeRoot(local, uri))
        return 'read'
      }
      if (parent.text !== null) refuseOrWarnMixed(parent)
      const child = placeChild(parent, local, uri)
      // Beside the envelope stand the attachments: as large as they like, and none of our business.
      if (parent.place === 'root' && child.place === 'ignored') return 'skip'
      if (child.node !== null) warnings.prefix(prefix, local)
      frames.push(child)
      return 'read'
    },
    close() {
      const top = frames.pop()
      if (top === undefined) return true
      if (top.text !== null && top.node !== null) {
        top.node.text = written(top.text)
        warnings.leaf(top.node)
      } else if (top.place === 'element' && top.node !== null) warnings.group(top.node)
      complete = top.local === 'edXMLEnvelope' && top.place === 'container'
      return complete
    },
    text(text) {
      const top = frames.at(-1)
      if (top === undefined) return
      if (text.length > limits.maxFieldLength) throw tooLong(top)
      if (top.text === null) return
      top.text += text
      if (top.text.length > limits.maxFieldLength) throw tooLong(top)
    },
    aside() {
      const top = frames.at(-1)
      if (top !== undefined && top.text !== null) refuseOrWarnMixed(top)
    },
    get complete() {
      return complete
    },
    get warnings() {
      return warnings.list
    },
    finish: () => headerFrom(envelope),
  }

  /** Some parsers join the two halves of the text, others take the first: `G<!---->01`. */
  function refuseOrWarnMixed({ local, node }: Frame): void {
    if (node?.element.occurrence === 'decides') throw notEdxml('mixed-content', { field: local })
    if (node !== null) warnings.mixed(node.element)
  }

  function tooLong(top: Frame): Error {
    return notEdxml('field-too-long', { field: top.local.slice(0, 64), limit: limits.maxFieldLength })
  }
}

function frame(place: Frame['place'], local: string, node: HeaderNode | null = null): Frame {
  return { place, local, node, text: null, seen: null, spare: false }
}

function placed(element: HeaderElement, local: string, spare: boolean): Frame {
  return {
    place: 'element',
    local,
    node: headerNode(element),
    text: element.kind === 'group' ? null : '',
    seen: null,
    spare,
  }
}

function admitOnce(parent: Frame, local: string): void {
  parent.seen ??= new Set()
  if (parent.seen.has(local)) throw notEdxml('duplicate', { field: local })
  parent.seen.add(local)
}

/** Without the white space of pretty printing around it; null when nothing is left. */
export function written(text: string): string | null {
  let start = 0
  let end = text.length
  while (start < end && isSpace(text.charCodeAt(start))) start++
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--
  return start === end ? null : text.slice(start, end)
}

/** White space of XML only: a no-break space belongs to the text. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}
