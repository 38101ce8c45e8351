import { notEdxml } from './not-edxml.ts'

/**
 * Walks over an element nobody wants to read, feeding the parser its tags only: text, CDATA, comments
 * and instructions pass by unheld. Begins after the element's start tag; the owner stops calling once
 * the parser has reported the end tag.
 *
 * `text → markup → tag | cdata | comment | instruction → text`
 */
export interface Skipper {
  /** Consumes from `at`, returns where it stopped: the end of `text`, or a tag's end. Throws NOT_EDXML. */
  advance(text: string, at: number): number
}

type State = 'text' | 'markup' | 'tag' | 'cdata' | 'comment' | 'instruction'

const closers = { cdata: ']]>', comment: '-->', instruction: '?>' } as const
const cdataOpener = '<![CDATA['
const commentOpener = '<!--'

/** `feed` gives the parser a piece and tells whether it completed a tag. */
export function openSkipper(feed: (piece: string) => boolean): Skipper {
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
      const complete = feed(held)
      if (complete) state = 'text'
    }
    if (state !== 'markup') held = ''
    return stop
  }

  function passTag(text: string, at: number): number {
    const close = text.indexOf('>', at)
    const stop = close < 0 ? text.length : close + 1
    // A `>` inside an attribute completes nothing: the parser knows.
    if (feed(text.slice(at, stop))) state = 'text'
    return stop
  }

  function passTo(closer: string, text: string, at: number): number {
    const joined = held + text.slice(at)
    const found = joined.indexOf(closer)
    if (found < 0) {
      held = joined.slice(-(closer.length - 1))
      return text.length
    }
    const stop = at + found + closer.length - held.length
    held = ''
    state = 'text'
    return stop
  }

  return {
    advance(text, at) {
      switch (state) {
        case 'text': {
          const found = text.indexOf('<', at)
          if (found < 0) return text.length
          state = 'markup'
          return found
        }
        case 'markup':
          return openMarkup(text, at)
        case 'tag':
          return passTag(text, at)
        default:
          return passTo(closers[state], text, at)
      }
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
