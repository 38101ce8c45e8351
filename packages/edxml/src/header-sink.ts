import { emptyDraft, type FieldRule, fieldRules, finishHeader } from './header-fields.ts'
import type { ReaderLimits } from './limits.ts'
import { notEdxml } from './not-edxml.ts'
import type { PacketHeader } from './packet.ts'
import { isPacketNamespace } from './vocabulary.ts'
import type { XmlSink } from './xml-stream.ts'

/** One open element. */
interface Frame {
  readonly place: 'root' | 'envelope' | 'header' | 'field' | 'ignored'
  readonly local: string
  /** Below `edXMLHeader`; '' for the places above it. */
  readonly path: string
  readonly rule: FieldRule | null
  /** Collected text of a wanted field, else null. */
  text: string | null
  /** Children that may not come again. */
  seen: Set<string> | null
}

export interface HeaderSink extends XmlSink {
  /** Whether the envelope has ended. */
  readonly complete: boolean
  finish(): PacketHeader
}

/** Turns XML events into a header: elements found by their path in any order, the unknown ignored. */
export function openHeaderSink(limits: Required<ReaderLimits>): HeaderSink {
  const draft = emptyDraft()
  const frames: Frame[] = []
  let rootUri = ''
  let complete = false

  function placeRoot(local: string, uri: string): Frame {
    rootUri = uri
    if (local === 'edXML') return frame('root', local)
    if (local === 'edXMLEnvelope') return frame('envelope', local)
    throw notEdxml('root')
  }

  function placeField(parent: Frame, local: string): Frame {
    const path = parent.path === '' ? local : `${parent.path}/${local}`
    const rule = fieldRules.get(path)
    if (rule === undefined) return frame('ignored', local)
    if (rule.once) admitOnce(parent, local)
    rule.begin?.(draft)
    if (draft.to.length > limits.maxEntries || draft.responseFor.length > limits.maxEntries) {
      throw notEdxml('too-many-entries', { limit: limits.maxEntries })
    }
    return { ...frame('field', local), path, rule, text: rule.text === undefined ? null : '' }
  }

  function placeChild(parent: Frame, local: string, uri: string): Frame {
    if (!isPacketNamespace(uri, rootUri)) return frame('ignored', local)
    switch (parent.place) {
      case 'root':
        return frame(local === 'edXMLEnvelope' ? 'envelope' : 'ignored', local)
      case 'envelope':
        if (local !== 'edXMLHeader') return frame('ignored', local)
        admitOnce(parent, local)
        return frame('header', local)
      case 'header':
      case 'field':
        return placeField(parent, local)
      default:
        return frame('ignored', local)
    }
  }

  return {
    open(local, uri) {
      const parent = frames.at(-1)
      if (parent === undefined) {
        frames.push(placeRoot(local, uri))
        return 'read'
      }
      if (parent.text !== null) throw notEdxml('mixed-content', { field: parent.local })
      const child = placeChild(parent, local, uri)
      // Beside the envelope stand the attachments: as large as they like, and none of our business.
      if (parent.place === 'root' && child.place === 'ignored') return 'skip'
      frames.push(child)
      return 'read'
    },
    close() {
      const top = frames.pop()
      if (top === undefined) return true
      if (top.text !== null) top.rule?.text?.(draft, written(top.text))
      complete = top.place === 'envelope'
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
      // Some parsers join the two halves of the text, others take the first: `G<!---->01`.
      if (top !== undefined && top.text !== null) throw notEdxml('mixed-content', { field: top.local })
    },
    get complete() {
      return complete
    },
    finish: () => finishHeader(draft),
  }

  function tooLong(top: Frame): Error {
    return notEdxml('field-too-long', { field: top.local.slice(0, 64), limit: limits.maxFieldLength })
  }
}

function frame(place: Frame['place'], local: string): Frame {
  return { place, local, path: '', rule: null, text: null, seen: null }
}

function admitOnce(parent: Frame, local: string): void {
  parent.seen ??= new Set()
  if (parent.seen.has(local)) throw notEdxml('duplicate', { field: local })
  parent.seen.add(local)
}

/** Without the white space of pretty printing around it; null when nothing is left. */
function written(text: string): string | null {
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
