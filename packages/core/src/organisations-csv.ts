/**
 * Organisations from a table, as authorities hand them round: one row each, all of them or none.
 *
 * What one row can say is checked here, with the row's number. Whether its parent and successors
 * exist is known only to the whole directory, and checked when that is compiled.
 */
import type { Language } from './catalogue.ts'
import { fill } from './catalogue.ts'
import { type CsvRow, readCsv } from './csv.ts'
import type { Organisation } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import { isCode, lookupKey } from './organisation-code.ts'
import { dayStart } from './period.ts'
import { csvPhrases } from './phrases-csv.ts'

/** For columns a table lacks, and cells it leaves empty. */
export interface CsvDefaults {
  readonly parent: OrganId | null
  readonly node: NodeId
}

export const csvProblemKinds = [
  'quote',
  'cells',
  'columnUnknown',
  'columnTwice',
  'columnMissing',
  'empty',
  'code',
  'codeTwice',
  'day',
  'order',
  'successorsOpen',
] as const
export type CsvProblemKind = (typeof csvProblemKinds)[number]

export interface CsvProblem {
  /** As a spreadsheet counts: the headings are row 1. */
  readonly row: number
  readonly kind: CsvProblemKind
  /** The heading or the value that is meant; empty when the whole row is. */
  readonly value: string
}

export type OrganisationsFromCsv =
  | { readonly ok: true; readonly organisations: readonly Organisation[] }
  | { readonly ok: false; readonly problems: readonly CsvProblem[] }

type Field = keyof Organisation

/** Headings, in lower case. `tier` is for people: it may stand there and is read past. */
const columns: Readonly<Record<string, Field | 'tier'>> = {
  code: 'id',
  id: 'id',
  name: 'name',
  oldcode: 'oldCode',
  code102: 'code102',
  parent: 'parent',
  node: 'node',
  mail: 'mail',
  validfrom: 'validFrom',
  validto: 'validTo',
  successor: 'successors',
  successors: 'successors',
  tier: 'tier',
}

type Note = (row: number, kind: CsvProblemKind, value: string) => void

/** Reads a table with at least the columns `code` and `name`. `successor` may hold several codes, separated by spaces. */
export function organisationsFromCsv(text: string, defaults: CsvDefaults): OrganisationsFromCsv {
  const problems: CsvProblem[] = []
  const note: Note = (row, kind, value) => problems.push({ row, kind, value })
  const { rows, brokenAt } = readCsv(text)
  if (brokenAt !== null) note(brokenAt, 'quote', '')
  const [heading, ...rest] = rows
  const fields = fieldsOf(heading ?? { row: 1, cells: [] }, note)
  const firstRows = new Map<string, number>()
  const organisations: Organisation[] = []
  // Without its headings no cell means anything.
  for (const each of problems.length > 0 ? [] : rest) {
    const organisation = organisationOf(each, fields, defaults, note)
    if (organisation === null) continue
    const key = lookupKey(organisation.id)
    if (firstRows.has(key)) note(each.row, 'codeTwice', organisation.id)
    else firstRows.set(key, each.row)
    organisations.push(organisation)
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, organisations }
}

/** `row 12: "2025-02-30" is no day …` */
export function csvProblemText(language: Language, { row, kind, value }: CsvProblem): string {
  const values = { row, value }
  return `${fill(csvPhrases['csv.row'][language], values)}: ${fill(csvPhrases[`csv.${kind}`][language], values)}`
}

function fieldsOf({ row, cells }: CsvRow, note: Note): readonly (Field | 'tier' | undefined)[] {
  const fields = cells.map((cell) => columns[cell.toLowerCase()])
  for (const [index, field] of fields.entries()) {
    const heading = cells[index] ?? ''
    if (field === undefined) note(row, 'columnUnknown', heading)
    else if (fields.indexOf(field) < index) note(row, 'columnTwice', heading)
  }
  if (!fields.includes('id')) note(row, 'columnMissing', 'code')
  if (!fields.includes('name')) note(row, 'columnMissing', 'name')
  return fields
}

/** null when the row has another number of cells than the headings. Every other problem is noted and read past. */
function organisationOf(
  { row, cells }: CsvRow,
  fields: readonly (Field | 'tier' | undefined)[],
  defaults: CsvDefaults,
  note: Note,
): Organisation | null {
  if (cells.length !== fields.length) {
    note(row, 'cells', String(cells.length))
    return null
  }
  const written = (field: Field) => cells[fields.indexOf(field)] ?? ''
  const required = (field: Field) => {
    if (written(field) === '') note(row, 'empty', field)
    return written(field)
  }
  const codes = (field: Field) => {
    const list = written(field)
      .split(/\s+/)
      .filter((code) => code !== '')
    for (const code of list) if (!isCode(code)) note(row, 'code', code)
    return list
  }
  const code = (field: Field) => {
    if (written(field) !== '' && !isCode(written(field))) note(row, 'code', written(field))
    return written(field)
  }
  const day = (field: Field) => {
    if (written(field) !== '' && dayStart(written(field)) === null) note(row, 'day', written(field))
    return written(field)
  }
  const [validFrom, validTo, successors] = [day('validFrom'), day('validTo'), codes('successors')]
  if (validFrom !== '' && validTo !== '' && validTo < validFrom) note(row, 'order', validTo)
  if (validTo === '' && successors.length > 0) note(row, 'successorsOpen', successors.join(' '))
  required('id')
  return {
    id: code('id'),
    name: required('name'),
    parent: code('parent') || defaults.parent,
    node: code('node') || defaults.node,
    ...given('oldCode', code('oldCode')),
    ...given('code102', code('code102')),
    ...given('mail', written('mail')),
    ...given('validFrom', validFrom),
    ...given('validTo', validTo),
    ...(successors.length === 0 ? {} : { successors }),
  }
}

function given<Key extends Field>(field: Key, value: string): Partial<Record<Key, string>> {
  return value === '' ? {} : ({ [field]: value } as Record<Key, string>)
}
