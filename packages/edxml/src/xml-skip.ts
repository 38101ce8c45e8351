import { notEdxml } from './not-edxml.ts'

/**
 * Walks over an element nobody wants parsed, feeding the parser its tags only: text, CDATA, comments
 * and instructions pass by unheld. Begins after the element's start tag; the owner stops calling once
 * the parser has reported the end tag.
 *
 * `text → markup → tag | cdata | comment | instruction → text`
 */
export interface Skipper {
  /** Consumes from `at`, returns where it stopped: the end of `text`, or a tag's end. Throws NOT_EDXML. */
  advance(text: string, at: number): number
  /** Whether nothing but a `<` can matter next. */
  readonly inText: boolean
}

export interface Passage {
  /** Gives the parser a piece and tells whether it completed a tag. */
  feed(piece: string): boolean
  /** Character data passing by: references as they stand, CDATA without its brackets. */
  text(piece: string): void
  /** A comment or processing instruction begins. */
  aside(): void
}

type State = 'text' | 'markup' | 'tag' | 'cdata' | 'comment' | 'instruction'

const closers = { cdata: ']]>', comment: '-->', instruction: '?>' } as const
const cdataOpener = '<![CDATA['
const commentOpener = '<!--'

export function openSkipper(passage: Passage): Skipper {
  let state: State = 'text'
  /** Of `markup`: what was read since `<`. Of the others: the last characters, for a closer cut in two. */
  let held = ''

  function openMarkup(text: string, at: number): number {
    let stop = at
    while (stop < text.length && state === 'markup') {
      held += text[stop++]
      state = classify(held)
    }
    if (state === 'tag') {
      const complete = passage.feed(held)
      if (complete) state = 'text'
    }
    if (state === 'comment' || state === 'instruction') passage.aside()
    if (state !== 'markup') held = ''
    return stop
  }

  function passTag(text: string, at: number): number {
    const close = text.indexOf('>', at)
    const stop = close < 0 ? text.length : close + 1
    // A `>` inside an attribute completes nothing: the parser knows.
    if (passage.feed(text.slice(at, stop))) state = 'text'
    return stop
  }

  function passTo(closing: keyof typeof closers, text: string, at: number): number {
    const closer = closers[closing]
    const joined = held + text.slice(at)
    const found = joined.indexOf(closer)
    const passed = found < 0 ? Math.max(0, joined.length - closer.length + 1) : found
    if (closing === 'cdata' && passed > 0) passage.text(joined.slice(0, passed))
    if (found < 0) {
      held = joined.slice(passed)
      return text.length
    }
    const stop = at + found + closer.length - held.length
    held = ''
    state = 'text'
    return stop
  }

  function passText(text: string, at: number): number {
    const found = text.indexOf('<', at)
    const stop = found < 0 ? text.length : found
    if (stop > at) passage.text(text.slice(at, stop))
    if (found >= 0) state = 'markup'
    return stop
  }

  return {
    advance(text, at) {
      switch (state) {
        case 'text':
          return passText(text, at)
        case 'markup':
          return openMarkup(text, at)
        case 'tag':
          return passTag(text, at)
        default:
          return passTo(state, text, at)
      }
    },
    get inText() {
      return state === 'text'
    },
  }
}

function classify(markup: string): State {
  if (markup.length < 2) return 'markup'
  if (markup[1] === '?') return 'instruction'
  if (markup[1] !== '!') return 'tag'
  if (markup === commentOpener) return 'comment'
  if (markup === cdataOpener) return 'cdata'
  if (commentOpener.startsWith(markup) || cdataOpener.startsWith(markup)) return 'markup'
  throw notEdxml(markup.startsWith('<!D') ? 'doctype' : 'not-well-formed')
}
