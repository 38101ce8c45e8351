/**
 * What nobody outside may see, taken out of text and values.
 *
 * Three nets, one behind the other: a value under a telling name, a secret this machine knows, in whatever dress it
 * stands, and whatever has the form of a secret. Each may take too much; that is the better mistake.
 */
export const redacted = '[redacted]'

export interface Redactor {
  text(text: string): string
  /** A copy for JSON. */
  value(value: unknown): unknown
}

/** Names of what is a secret, and of what is, or quotes, a document. */
const secretName = /pass|pwd|secret|token|credential|authori[sz]ation|cookie|private|api[-_]?key|signature|seal/i
const contentName = /^(subject|content|body|payload|packet|document|attachment|text|xml|bytes|data|trichyeu)s?$/i

/** Shorter ones would be found everywhere; they count as words of their own only. */
const shortSecret = 6

/** With what its match is replaced; the order matters: the whole before its parts. */
const forms: readonly (readonly [form: RegExp, instead: string])[] = [
  [/-----BEGIN [A-Z0-9 ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*-----|$)/g, redacted],
  [/<(?:\?xml|[\w-]*edxml:|soap)[\s\S]*/gi, redacted],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]*@/gi, `$1${redacted}@`],
  [/\b(Bearer|Basic|Digest|Token)\s+[\w.~+/=:-]{4,}/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]{8,}(?:\.[\w-]*)*/g, redacted],
  [/\blto?_[\w.-]*_[0-9a-f]{8,}/gi, redacted],
  [/\bwhsec_[\w+/=-]+/g, redacted],
  [
    /((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_ ]?key|private[-_ ]?key|cookie|credentials?|mật khẩu|mat khau)["']?\s*(?:[:=]|\bis\b|\blà\b)\s*)(\[redacted\]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&"'}\]]+)/giu,
    `$1${redacted}`,
  ],
]
/** Random bytes as somebody writes them: long, and of every kind of character. */
const opaque = /[A-Za-z0-9+_-]{28,}={0,2}|[A-Za-z0-9+/_-]{48,}={0,2}/g

/** `secrets`: as they are in their files. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = new Set(secrets.flatMap(dresses).filter((secret) => secret !== ''))
  const longestFirst = [...known].sort((left, right) => right.length - left.length)
  const literal =
    longestFirst.length === 0 ? null : new RegExp(longestFirst.map((secret) => patternOf(secret)).join('|'), 'gu')

  function text(written: string): string {
    const without = literal === null ? written : written.replace(literal, redacted)
    const formed = forms.reduce((current, [form, instead]) => current.replace(form, instead), without)
    return formed.replace(opaque, (word) => (isOpaque(word) ? redacted : word))
  }

  function value(given: unknown): unknown {
    if (typeof given === 'string') return text(given)
    if (Array.isArray(given)) return given.map(value)
    if (typeof given !== 'object' || given === null) return given
    return Object.fromEntries(Object.entries(given).map(([name, inner]) => [text(name), named(name, inner)]))
  }

  function named(name: string, inner: unknown): unknown {
    const hides = isSecretName(name) || contentName.test(name)
    const isPlain = typeof inner === 'number' || typeof inner === 'boolean' || inner === null
    return hides && !isPlain && inner !== undefined && !isCount(inner) ? redacted : value(inner)
  }

  return { text, value }
}

export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

/** `{ document: 3 }` counts documents. */
function isCount(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((inner) => typeof inner === 'number' || inner === null)
}

/** As a secret stands in JSON, in a URL, in a header; and each line of one that has several. */
function dresses(secret: string): readonly string[] {
  const whole = secret.trim()
  const lines = whole.split(/\r?\n/).map((line) => line.trim())
  return [whole, ...(lines.length > 1 ? lines.filter((line) => line.length >= 16) : [])].flatMap((each) => {
    const bytes = Buffer.from(each)
    const quoted = JSON.stringify(each).slice(1, -1)
    const encoded =
      each.length < shortSecret ? [] : [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')]
    return [each, quoted, encodeURIComponent(each), ...encoded, bytes.toString('base64url')]
  })
}

function patternOf(secret: string): string {
  const escaped = secret.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return secret.length < shortSecret ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped
}

function isOpaque(word: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(word))
  return kinds.length === 3
}
