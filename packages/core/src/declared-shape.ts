/** Declared content that came as JSON: taken only when every part has the shape it must have, and nothing more. */
import type { Declared } from './declared.ts'
import { newDocumentWays } from './new-documents.ts'
import { isCode } from './organisation-code.ts'

/** null when it is none. What its codes lead to is asked later, by `checkDeclared`. */
export function declaredFrom(value: unknown): Declared | null {
  const fits = record({
    children: listOf(record({ id: code, tier: text, delegates: listOf(code) })),
    organisations: listOf(organisation),
    groups: mapOf(listOf(code)),
    exceptions: listOf(exception),
  })
  return fits(value) ? (value as Declared) : null
}

type Fits = (value: unknown) => boolean

const text: Fits = (value) => typeof value === 'string' && value !== ''
const code: Fits = (value) => typeof value === 'string' && isCode(value)
const instant: Fits = (value) => Number.isSafeInteger(value)

const organisation = record(
  { id: code, name: text, parent: (value) => value === null || code(value) },
  {
    oldCode: code,
    code102: code,
    mail: text,
    validFrom: text,
    validTo: text,
    successors: listOf(code),
    formerNodes: listOf(record({ node: code, until: text })),
    newDocuments: (value) => newDocumentWays.some((way) => way === value),
    splitRules: listOf(record({ to: code }, { from: code, unit: code })),
    certificates: listOf(record({ fingerprint: text }, { validFrom: instant, validTo: instant, revokedAt: instant })),
  },
)

const redirect = record({ organ: code, reason: text, redirect: code }, { until: text })
const hold = record({ organ: code, reason: text, hold: (value) => value === true }, { until: text })
const exception: Fits = (value) => redirect(value) || hold(value)

function listOf(fits: Fits): Fits {
  return (value) => Array.isArray(value) && value.every(fits)
}

function mapOf(fits: Fits): Fits {
  return (value) => isObject(value) && Object.values(value).every(fits)
}

function record(required: Readonly<Record<string, Fits>>, optional: Readonly<Record<string, Fits>> = {}): Fits {
  return (value) => {
    if (!isObject(value)) return false
    const keys = Object.keys(value)
    return (
      Object.entries(required).every(([key, fits]) => Object.hasOwn(value, key) && fits(value[key])) &&
      keys.every((key) => Object.hasOwn(required, key) || (Object.hasOwn(optional, key) && optional[key]?.(value[key])))
    )
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
