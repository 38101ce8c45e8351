/** The page the audience reads: blocks, aligned lines, progress for what takes long, and what was checked. */
import { type Language, type PhraseKey, type PhraseValues, phrase } from '@lienthong/core'

/** Progress is shown from then on, and renewed at this pace on a terminal; more rarely in a file. */
const progressEveryMs = 2_000
const progressInFileEveryMs = 10_000

const bold = '\u001b[1m'
const green = '\u001b[32m'
const red = '\u001b[31m'
const plain = '\u001b[0m'
const clearLine = '\r\u001b[2K'

export interface Report {
  readonly language: Language
  say<Key extends PhraseKey>(key: Key, ...values: PhraseValues<Key>): string
  /** A line as it is; a line end is added. */
  line(text?: string): void
  /** Begins a block. */
  heading(text: string): void
  /** Waits for `work`, showing how long it takes when that is over two seconds; `text` may change meanwhile. */
  during<Value>(text: string | (() => string), work: Promise<Value>): Promise<Value>
  /** Notes whether something held, and shows it. */
  check(held: boolean, text: string): void
  /** Nothing more is written from now on. */
  mute(): void
  /** Texts of the checks that did not hold. */
  readonly failures: readonly string[]
}

/** Colour and progress in place are for terminals only. */
export function createReport(language: Language, output: NodeJS.WritableStream): Report {
  const isTerminal = 'isTTY' in output && output.isTTY === true
  const failures: string[] = []
  let progress = ''
  let isMute = false

  function paint(code: string, text: string): string {
    return isTerminal ? `${code}${text}${plain}` : text
  }

  function write(text: string): void {
    if (isMute) return
    output.write(progress === '' ? `${text}\n` : `${clearLine}${text}\n${progress}`)
  }

  function showProgress(text: string): void {
    if (!isTerminal || isMute) return write(text)
    progress = text
    output.write(`${clearLine}${text}`)
  }

  function hideProgress(): void {
    if (progress !== '') output.write(clearLine)
    progress = ''
  }

  return {
    language,
    failures,
    say: (key, ...values) => phrase(language, key, ...values),
    line: (text = '') => write(text),
    heading: (text) => write(`\n${paint(bold, text)}`),
    async during(text, work) {
      const what = typeof text === 'string' ? () => text : text
      const startedAt = performance.now()
      const seconds = () => Math.round((performance.now() - startedAt) / 1000)
      let shownAt = Number.NEGATIVE_INFINITY
      const timer = setInterval(() => {
        if (!isTerminal && performance.now() - shownAt < progressInFileEveryMs) return
        shownAt = performance.now()
        showProgress(`  ${phrase(language, 'demo.progress', { what: what(), seconds: seconds() })}`)
      }, progressEveryMs)
      try {
        return await work
      } finally {
        clearInterval(timer)
        hideProgress()
      }
    },
    mute() {
      hideProgress()
      isMute = true
    },
    check(held, text) {
      if (!held) failures.push(text)
      write(`  ${held ? paint(green, '✓') : paint(red, '✗')} ${text}`)
    },
  }
}

/** Milliseconds on a page: `18 ms`, `4.2 s`; decimals as the language writes them. */
export function duration(language: Language, ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return `${number(language, ms / 1_000, 1)} s`
}

/** `5.2 KB`, `50.7 MB`, powers of ten. */
export function size(language: Language, bytes: number): string {
  const [unit, scale] = bytes >= 1_000_000 ? (['MB', 1_000_000] as const) : (['KB', 1_000] as const)
  return `${number(language, bytes / scale, 1)} ${unit}`
}

/** `07:23:15.042`, local time. */
export function clock(at: number): string {
  const date = new Date(at)
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits)
  return `${hours}:${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

function number(language: Language, value: number, digits: number): string {
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}
