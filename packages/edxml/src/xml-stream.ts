/**
 * XML as a stream of events whose memory does not depend on the document.
 *
 * The parser keeps the text, name or comment it is in the middle of, and does not stop when told. So it
 * is fed up to one `>` at a time: after each piece we can stop, count what it holds without having
 * reported anything, or take an element out of its hands (`xml-skip.ts`), whatever its size: to skip it,
 * or to give its text as it stands. Feeding more at once would not be faster.
 */
import { RelayError } from '@lienthong/core'
import { SaxesParser } from 'saxes'
import type { ReaderLimits } from './limits.ts'
import { notEdxml } from './not-edxml.ts'
import type { TextTaker } from './utf8-text.ts'
import { openSkipper } from './xml-skip.ts'

export interface XmlSink {
  /**
   * `skip` leaves out everything up to and including the element's end. `raw` is for an element that has
   * nothing but text, which goes to `raw`; its end is reported, anything else in it is refused.
   */
  open(local: string, uri: string, prefix: string): 'read' | 'skip' | 'raw'
  /** True ends the stream: nothing more is parsed. */
  close(): boolean
  /** One element's text may come in several pieces. */
  text(text: string): void
  /** Text of a `raw` element, in pieces, references unresolved; bytes are sound UTF-8, good until the next call. */
  raw?(text: string | Uint8Array): void
  /** A comment or processing instruction stood here. */
  aside(): void
}

export interface XmlStream extends TextTaker {
  /** True when the sink has ended the stream. Throws NOT_EDXML. */
  write(text: string): boolean
  /** There is no more. Throws NOT_EDXML when something is still open. */
  end(): void
  /** Whether the outermost element has been closed. */
  readonly rootClosed: boolean
}

/** What producers write there although the bytes are UTF-8: .NET's string writers say utf-16. */
const acceptedEncodings = new Set(['utf-8', 'utf8', 'utf-16', 'us-ascii'])

/**
 * `on` stores under computed keys, and from the seventh handler on V8 keeps such an object as a dictionary:
 * a header of 2.3 KB then takes 142 µs instead of 34. Properties that are there already, under plain
 * names, do not count. Should the parser name them otherwise one day, it is only slow again.
 */
function makeRoomForHandlers(parser: object): void {
  const slots = parser as Record<string, unknown>
  slots['openTagHandler'] = undefined
  slots['closeTagHandler'] = undefined
  slots['attributeHandler'] = undefined
  slots['textHandler'] = undefined
  slots['cdataHandler'] = undefined
  slots['commentHandler'] = undefined
  slots['piHandler'] = undefined
  slots['doctypeHandler'] = undefined
  slots['xmldeclHandler'] = undefined
}

export function openXmlStream(sink: XmlSink, limits: Required<ReaderLimits>): XmlStream {
  const parser = new SaxesParser({ xmlns: true, position: false, forceXMLVersion: true, defaultXMLVersion: '1.0' })
  makeRoomForHandlers(parser)
  let depth = 0
  let elements = 0
  /** Depth of the element that is skipped or read raw; 0 when the parser is told everything. */
  let heldDepth = 0
  let raw = false
  let closing = false
  let ended = false
  let rootClosed = false
  let attributes = 0
  let tags = 0
  let events = 0
  let unreported = 0
  let fed = 0
  let skippedAny = false
  let prologTail = ''

  const admit = (length: number): void => {
    if (length > limits.maxFieldLength) throw notEdxml('token-too-long', { limit: limits.maxFieldLength })
  }
  parser.on('opentag', (tag) => {
    tags++
    if (++elements > limits.maxElements) throw notEdxml('too-many-elements', { limit: limits.maxElements })
    attributes = 0
    depth++
    admit(tag.name.length)
    if (depth > limits.maxDepth) throw notEdxml('too-deep', { limit: limits.maxDepth })
    if (heldDepth > 0 && raw) throw notEdxml('mixed-content', { field: tag.local.slice(0, 64) })
    if (heldDepth > 0) return
    const wish = sink.open(tag.local, tag.uri, tag.prefix)
    raw = wish === 'raw'
    if (wish !== 'read') heldDepth = depth
  })
  // Told before the parser has compared the names: believed only when it goes on.
  parser.on('closetag', () => {
    tags++
    closing = true
  })
  function closeElement(): void {
    closing = false
    const skipped = heldDepth > 0 && !raw
    if (heldDepth === depth) heldDepth = 0
    depth--
    if (depth === 0) rootClosed = true
    if (!skipped && !ended) ended = sink.close()
  }
  parser.on('attribute', ({ name, prefix, value }) => {
    events++
    attributes++
    admit(Math.max(name.length, value.length))
    if (attributes > limits.maxAttributes) throw notEdxml('too-many-attributes', { limit: limits.maxAttributes })
    // The parser trims namespaces, others do not: they would see other elements than we do.
    if ((prefix === 'xmlns' || name === 'xmlns') && value !== value.trim()) throw notEdxml('not-well-formed')
  })
  const takeText = (text: string): void => {
    events++
    if (heldDepth === 0 && depth > 0) sink.text(text)
  }
  parser.on('text', takeText)
  parser.on('cdata', takeText)
  const takeAside = (length: number): void => {
    events++
    admit(length)
    if (heldDepth === 0) sink.aside()
  }
  parser.on('comment', (comment) => takeAside(comment.length))
  parser.on('processinginstruction', ({ target, body }) => takeAside(target.length + body.length))
  parser.on('doctype', () => {
    throw notEdxml('doctype')
  })
  parser.on('xmldecl', ({ encoding }) => {
    events++
    if (encoding !== undefined && !acceptedEncodings.has(encoding.toLowerCase())) throw notEdxml('encoding')
  })

  /** The parser does not see the lines of what is skipped, and outside the root tells of a fault only at the end of a text. */
  function notWellFormed(cause?: unknown, linesAgo = 0): RelayError {
    const knowsLine = !skippedAny && tags > 0 && !rootClosed
    return notEdxml('not-well-formed', knowsLine ? { line: parser.line - linesAgo } : {}, cause)
  }

  /** Anything but a refusal of ours is the parser's word. */
  function parse(step: () => void): void {
    try {
      step()
    } catch (cause) {
      throw cause instanceof RelayError ? cause : notWellFormed(cause)
    }
  }

  function feed(piece: string): void {
    fed += piece.length
    if (fed > limits.maxHeaderLength) throw notEdxml('header-too-large', { limit: limits.maxHeaderLength })
    // The parser would collect the whole declaration, a megabyte of entities included, before it tells.
    if (tags === 0) {
      const prolog = prologTail + piece
      const found = prolog.indexOf('<!D')
      if (found >= 0) {
        parse(() => void parser.write(piece.slice(0, found + 2 - prologTail.length)))
        throw notEdxml('doctype')
      }
      prologTail = prolog.slice(-2)
    }
    const before = events + tags
    parse(() => void parser.write(piece))
    if (closing) closeElement()
    const name = nameBegun(parser)
    if (name.length > longestReference) throw notWellFormed(undefined, name.split('\n').length - 1)
    unreported = events + tags === before ? unreported + piece.length : 0
    if (unreported > limits.maxTokenLength) throw notEdxml('token-too-long', { limit: limits.maxTokenLength })
  }

  const skipper = openSkipper({
    feed(piece) {
      const before = tags
      feed(piece)
      return tags !== before
    },
    text(piece) {
      if (raw) sink.raw?.(piece)
    },
    aside() {
      if (raw) sink.aside()
    },
  })

  return {
    write(text) {
      let at = 0
      while (at < text.length && !ended) {
        if (heldDepth > 0) {
          skippedAny = true
          at = skipper.advance(text, at)
        } else {
          const close = text.indexOf('>', at)
          const stop = close < 0 ? text.length : close + 1
          feed(text.slice(at, stop))
          at = stop
        }
      }
      return ended
    },
    get passing() {
      return heldDepth > 0 && !ended && skipper.inText
    },
    pass(bytes) {
      skippedAny = true
      if (raw) sink.raw?.(bytes)
    },
    end() {
      parse(() => void parser.close())
    },
    get rootClosed() {
      return rootClosed
    },
  }
}

/** `&#x10FFFF;`, with zeros in front for good measure. */
const longestReference = 32

/**
 * What the parser, whose field is not public, has of a reference that has not ended. It takes all up to the
 * next semicolon for its name, so that after `Công ty A & B` the packet would seem to be cut off.
 */
function nameBegun(parser: SaxesParser): string {
  const name: unknown = Reflect.get(parser, 'entity')
  return typeof name === 'string' ? name : ''
}
