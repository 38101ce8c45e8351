/** What a packet of the field matrix comes to, and the few rules that say so. */
import { isDeepStrictEqual } from 'node:util'
import { RelayError } from '@lienthong/core'
import { type HeaderElement, openHeaderReader, type Refusal } from '../src/index.ts'
import { leaves, nameOf, needed, parentOf, probeOf } from './field-packets.ts'
import { nothingAt, type Value, valuesAt } from './field-places.ts'

/** Values by path, those alone that a packet without the element would not have; or why it is refused. */
export type Outcome =
  | { readonly values: Readonly<Record<string, readonly Value[]>>; readonly warnings: readonly string[] }
  | { readonly refused: string }

export function outcomeOf(packet: Uint8Array): Outcome {
  const reader = openHeaderReader()
  try {
    reader.write(packet)
    const header = reader.end()
    const values = leaves.map(({ path }) => [path, valuesAt(header, path)] as const)
    return {
      values: Object.fromEntries(values.filter(([path, found]) => !isDeepStrictEqual(found, nothingAt(path)))),
      warnings: reader.warnings.map(({ code, detail }) => [code, ...Object.values(detail)].join(' ')).sort(),
    }
  } catch (error) {
    if (!(error instanceof RelayError)) throw error
    return { refused: error.code === 'NOT_EDXML' ? String(error.detail['why']) : error.code }
  }
}

const ofEveryPacket = { 'MessageHeader/From/OrganId': ['H29'], 'MessageHeader/DocumentId': ['d'] }

export function refused(why: Refusal | 'DOCUMENT_ID_MISSING'): Outcome {
  return { refused: why }
}

/** The leaf, or the first leaf in the group, comes out as `values`. */
export function taken(element: HeaderElement, values: readonly Value[], ...warnings: readonly string[]): Outcome {
  const { path } = probeOf(element)
  const found = isDeepStrictEqual(values, nothingAt(path)) ? {} : { [path]: values }
  const others = Object.entries(ofEveryPacket).filter(([other]) => other !== path)
  return { values: { ...Object.fromEntries(others), ...found }, warnings: warnings.toSorted() }
}

/** Nothing of the element was read; its group may stand there all the same. */
export function lost(element: HeaderElement, ...warnings: readonly string[]): Outcome {
  switch (element.path) {
    case 'MessageHeader':
      return refused('header-missing')
    case 'MessageHeader/From':
    case 'MessageHeader/From/OrganId':
      return refused('sender-missing')
    case 'MessageHeader/DocumentId':
      return refused('DOCUMENT_ID_MISSING')
    default:
      return taken(element, nothingAt(probeOf(element).path), ...warnings)
  }
}

/** What is said when an element is not in its parent at all. */
export function absence(element: HeaderElement): readonly string[] {
  return namesRecipient(element) && element.occurrence !== 'many' ? [`ORGAN_ID_NULL ${element.path}`] : []
}

/** The outcome with what is said of an element's parent, which in the packet has nothing but the element. */
export function amongStrangers(element: HeaderElement, outcome: Outcome): Outcome {
  if ('refused' in outcome) return outcome
  const code = leaves.find(({ path }) => path === `${parentOf(element)}/OrganId`)
  if (code === undefined || code === element || needed.has(code.path)) return outcome
  return { ...outcome, warnings: [...outcome.warnings, ...absence(code)].toSorted() }
}

/** What is said when an element is there and has no text. */
export function emptiness(element: HeaderElement): readonly string[] {
  return namesRecipient(element) ? [`ORGAN_ID_NULL ${element.path}`] : []
}

function namesRecipient(element: HeaderElement): boolean {
  return nameOf(element) === 'OrganId' && parentOf(element) !== 'MessageHeader/ResponseFor'
}

/** A text, and as what other than text it may be read. */
export interface Text {
  readonly text: string
  readonly number?: number
  readonly flag?: boolean
  readonly date?: true
  readonly time?: true
  readonly odd?: true
}

/** The leaf holds exactly this text. */
export function holds(element: HeaderElement, said: Text, ...more: readonly string[]): Outcome {
  const { path, kind, maxLength } = element
  const value = kind === 'number' || kind === 'flag' ? said[kind] : said.text
  const warnings = [...more]
  if (maxLength !== null && [...said.text].length > maxLength) warnings.push(`FIELD_TOO_LONG ${path} ${maxLength}`)
  if (said.odd) warnings.push(`FIELD_ODD_CHARACTERS ${path}`)
  if (kind !== 'text' && kind !== 'group' && said[kind] === undefined)
    warnings.push(`FIELD_NOT_${kind.toUpperCase()} ${path}`)
  if (said.text === 'null') warnings.push(...emptiness(element))
  return taken(element, value === undefined ? nothingAt(path) : [value], ...warnings)
}
