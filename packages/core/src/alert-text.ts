/** An alert in words, for people who are not at the machine. */
import type { AlertNews } from './alerts.ts'
import type { Language } from './catalogue.ts'
import { type PhraseKey, phrase, phrases } from './catalogue-phrases.ts'
import { linkPhases } from './link-state.ts'

const vietnamMs = 7 * 3_600_000
/** Troubles named one by one in a message; the others are counted. */
const maxNamed = 50
const maxNoteLength = 300

/** `Liên Thông H29: critical – the broker is away, and 2 more`. */
export function alertSubject(language: Language, node: string, news: readonly AlertNews[]): string {
  const [first] = news
  if (first === undefined) return phrase(language, 'alert.test.subject', { node })
  const values = { node, level: levelText(language, first), text: alertSentence(language, first) }
  if (news.length === 1) return oneLine(phrase(language, 'alert.subject', values))
  return oneLine(phrase(language, 'alert.subjectMore', { ...values, more: news.length - 1 }))
}

/** Each trouble with its time and what to do. No news: what a test says. */
export function alertBody(language: Language, node: string, news: readonly AlertNews[]): string {
  if (news.length === 0) return `${phrase(language, 'alert.test.body', { node })}\n`
  const parts = news.slice(0, maxNamed).map((each) => {
    const lines = [
      `${levelText(language, each)}: ${alertSentence(language, each)}`,
      phrase(language, each.change === 'ended' ? 'alert.period' : 'alert.since', {
        since: timeText(each.since),
        at: timeText(each.at),
      }),
    ]
    const action = phrase(language, `alert.do.${each.kind}`, { about: each.about })
    return (each.change === 'ended' ? lines : [...lines, action]).join('\n  ')
  })
  const rest = news.length - parts.length
  const more = rest === 0 ? [] : [phrase(language, 'alert.more', { count: rest })]
  return `${[...parts, ...more, phrase(language, 'alert.signature', { node })].join('\n\n')}\n`
}

/** What is wrong, or is no more, in one sentence. */
export function alertSentence(language: Language, { change, kind, about, value, notes }: AlertNews): string {
  if (change === 'ended') return oneLine(phrase(language, `alert.over.${kind}`, { about }))
  const known =
    value === null
      ? '?'
      : kind === 'queue' || kind === 'directory'
        ? durationText(language, value)
        : String(Math.floor(value))
  const text = phrase(language, `alert.bad.${kind}`, { about, value: known })
  const said = notes.map((note) => noteText(language, note)).join('; ')
  return oneLine(said === '' ? text : `${text} (${said})`)
}

/** In Vietnam, whatever the machine thinks. */
function timeText(ms: number): string {
  return `${new Date(ms + vietnamMs).toISOString().slice(0, 19).replace('T', ' ')} +07:00`
}

function levelText(language: Language, { change, grade }: AlertNews): string {
  if (change === 'ended') return phrase(language, 'alert.level.over')
  const level = phrase(language, grade > 1 ? 'alert.level.critical' : 'alert.level.warning')
  return change === 'reminded' ? phrase(language, 'alert.level.still', { level }) : level
}

function durationText(language: Language, seconds: number): string {
  if (seconds < 7200) return phrase(language, 'alert.minutes', { count: Math.floor(seconds / 60) })
  if (seconds < 172_800) return phrase(language, 'alert.hours', { count: Math.floor(seconds / 3600) })
  return phrase(language, 'alert.days', { count: Math.floor(seconds / 86_400) })
}

const noteKeys: ReadonlyMap<string, PhraseKey> = new Map([
  ...linkPhases.map((phase): [string, PhraseKey] => [phase, `link.${phase}`]),
  ...(Object.keys(phrases) as PhraseKey[])
    .filter((key) => key.startsWith('link.reason.'))
    .map((key): [string, PhraseKey] => [key.slice('link.reason.'.length), key]),
])

/** Phases and reasons of links are words, some followed by a quotation; anything else is shown as it is. */
function noteText(language: Language, note: string): string {
  const [word = '', ...quoted] = note.split(': ')
  const key = noteKeys.get(word)
  const said = key === undefined ? word : phrases[key][language]
  return [said, ...quoted].join(': ').slice(0, maxNoteLength)
}

/** Codes and reasons come from elsewhere: none may begin a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
}
