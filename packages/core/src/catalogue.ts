/**
 * What people read when something is refused: for each code one sentence and what to do next, in
 * Vietnamese and English.
 *
 * `{name}` stands for a value of the error's detail. A part in square brackets is shown only when
 * all its values are there, so that every sentence reads well without any detail.
 */
import { englishErrors } from './catalogue-en.ts'
import { vietnameseErrors } from './catalogue-vi.ts'
import type { ErrorCode, ErrorDetail } from './errors.ts'
import { directoryPhrases } from './phrases-directory.ts'
import { keyPhrases } from './phrases-keys.ts'
import { refusalPhrases } from './phrases-refusals.ts'
import { warningPhrases } from './phrases-warnings.ts'

export const languages = ['vi', 'en'] as const
export type Language = (typeof languages)[number]

/** What happened, and what the reader can do about it. */
export interface Sentence {
  readonly text: string
  readonly action: string
}

const errors: Readonly<Record<Language, Readonly<Record<ErrorCode, Sentence>>>> = {
  vi: vietnameseErrors,
  en: englishErrors,
}

/**
 * The sentence of an error code with its placeholders filled from `detail`. The `why` of NOT_EDXML is a code
 * too, and is said in the language asked for; one without a phrase, as of another version, is shown as it is.
 * So are the `state` of KEY_EXPIRED, and the `reason` of DIRECTORY_INVALID and ANNOUNCEMENT_INVALID.
 * The `why` of ATTACHMENT_UNREADABLE is the code of a warning, whose sentence says all there is to say.
 */
export function sentence(language: Language, code: ErrorCode, detail: ErrorDetail = {}): Sentence {
  const { text, action } = errors[language][code]
  const values = inLanguage(language, code, detail)
  const warning = code === 'ATTACHMENT_UNREADABLE' ? warnings.get(`warning.${String(detail['why'])}`) : undefined
  return { text: fill(warning?.[language] ?? text, values), action: fill(action, values) }
}

const refusals: ReadonlyMap<string, Readonly<Record<Language, string>>> = new Map(Object.entries(refusalPhrases))

const warnings: ReadonlyMap<string, Readonly<Record<Language, string>>> = new Map(Object.entries(warningPhrases))

const directoryReasons: ReadonlyMap<string, Readonly<Record<Language, string>>> = new Map(
  Object.entries(directoryPhrases),
)

const keyStates: ReadonlyMap<string, Readonly<Record<Language, string>>> = new Map(Object.entries(keyPhrases))

function inLanguage(language: Language, code: ErrorCode, detail: ErrorDetail): ErrorDetail {
  if (code === 'NOT_EDXML') return withRefusal(language, detail)
  if (code === 'DIRECTORY_INVALID' || code === 'ANNOUNCEMENT_INVALID') {
    const reason = directoryReasons.get(`directory.${String(detail['reason'])}`)
    return reason === undefined ? detail : { ...detail, reason: reason[language] }
  }
  const state = code === 'KEY_EXPIRED' ? keyStates.get(`key.state.${String(detail['state'])}`) : undefined
  return state === undefined ? detail : { ...detail, state: state[language] }
}

function withRefusal(language: Language, detail: ErrorDetail): ErrorDetail {
  const said = refusals.get(`refusal.${String(detail['why'])}`)
  return said === undefined ? detail : { ...detail, why: said[language] }
}

/** Fills `{name}`; drops a `[part]` that lacks a value. A value missing outside brackets shows as `…`. */
export function fill(template: string, values: ErrorDetail): string {
  return template
    .replace(/\[([^\]]*)\]/g, (_, part: string) => (placeholders(part).every((name) => name in values) ? part : ''))
    .replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '…'))
}

function placeholders(part: string): string[] {
  return [...part.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
}
