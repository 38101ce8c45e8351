/**
 * Organisations from a table, as authorities hand them round: one row each, all of them or none.
 *
 * What one row can say is checked here, with the row's number. Whether its parent and successors
 * exist is known only to the whole directory, and checked when that is compiled.
 */
import { readCsv } from './csv.ts'
import type { Organisation } from './directory.ts'
import type { NodeId, OrganId } from './document.ts'
import { lookupKey } from './organisation-code.ts'
import {
  codesIn,
  type NoteProblem,
  readSheet,
  type SheetColumn,
  type SheetEntry,
  type SheetProblem,
  type SheetRow,
} from './sheet.ts'

/** For columns a table lacks, and cells it leaves empty. */
export interface OrganisationDefaults {
  readonly parent: OrganId | null
  readonly node: NodeId
}

export type OrganisationsFromSheet =
  | { readonly ok: true; readonly organisations: readonly Organisation[] }
  | { readonly ok: false; readonly problems: readonly SheetProblem[] }

export type OrganisationField =
  | Exclude<keyof Organisation, 'certificates' | 'formerNodes' | 'newDocuments' | 'splitRules'>
  | 'tier'

/** `tier` is for people: it may stand there and is read past. */
export const organisationColumns: readonly SheetColumn<OrganisationField>[] = [
  { field: 'id', form: 'code', required: true, otherHeadings: ['mã cơ quan', 'mã định danh'] },
  { field: 'name', form: 'text', required: true, otherHeadings: ['tên cơ quan', 'tên đơn vị'] },
  { field: 'oldCode', form: 'code' },
  { field: 'code102', form: 'code' },
  { field: 'parent', form: 'code', otherHeadings: ['cấp trên', 'mã cơ quan cấp trên'] },
  { field: 'node', form: 'code' },
  { field: 'mail', form: 'text', otherHeadings: ['email', 'e-mail'] },
  { field: 'validFrom', form: 'day' },
  { field: 'validTo', form: 'day', otherHeadings: ['đến ngày'] },
  { field: 'successors', form: 'codes', otherHeadings: ['successor', 'mã kế thừa'] },
  { field: 'tier', form: 'text' },
]

/** Reads a CSV text with at least the columns `code` and `name`. `successor` may hold several codes. */
export function organisationsFromCsv(text: string, defaults: OrganisationDefaults): OrganisationsFromSheet {
  const problems: SheetProblem[] = []
  const note: NoteProblem = (row, kind, value) => problems.push({ row, kind, value })
  const { rows, brokenAt } = readCsv(text)
  if (brokenAt !== null) note(brokenAt, 'quote', '')
  const entries = brokenAt === null ? organisationEntries(rows, note) : []
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, organisations: entries.map((entry) => organisationOf(entry, defaults)) }
}

/** The rows of organisations; what is wrong with each alone, and codes that stand there twice, is noted. */
export function organisationEntries(
  rows: readonly SheetRow[],
  note: NoteProblem,
): readonly SheetEntry<OrganisationField>[] {
  const entries = readSheet(rows, organisationColumns, note)
  const seen = new Set<string>()
  for (const { row, values } of entries) {
    const written = (field: OrganisationField) => values.get(field) ?? ''
    const [id, validFrom, validTo, successors] = [
      written('id'),
      written('validFrom'),
      written('validTo'),
      written('successors'),
    ]
    if (validFrom !== '' && validTo !== '' && validTo < validFrom) note(row, 'order', validTo)
    if (validTo === '' && successors !== '') note(row, 'successorsOpen', successors)
    if (id !== '' && seen.has(lookupKey(id))) note(row, 'codeTwice', id)
    seen.add(lookupKey(id))
  }
  return entries
}

function organisationOf({ values }: SheetEntry<OrganisationField>, defaults: OrganisationDefaults): Organisation {
  const written = (field: OrganisationField) => values.get(field) ?? ''
  const given = <Field extends OrganisationField>(field: Field): Partial<Record<Field, string>> =>
    written(field) === '' ? {} : ({ [field]: written(field) } as Record<Field, string>)
  const successors = codesIn(written('successors'))
  return {
    id: written('id'),
    name: written('name'),
    parent: written('parent') || defaults.parent,
    node: written('node') || defaults.node,
    ...given('oldCode'),
    ...given('code102'),
    ...given('mail'),
    ...given('validFrom'),
    ...given('validTo'),
    ...(successors.length === 0 ? {} : { successors }),
  }
}
