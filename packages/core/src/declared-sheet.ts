/**
 * Declared content as tables for a spreadsheet, and taken back from one: organisations, children or exceptions, a row
 * each. A row says what its columns say; what has no column stays as it is. All rows are taken, or none.
 */
import type { AnnouncedOrganisation } from './announcement.ts'
import type { Language } from './catalogue.ts'
import type { Declared, DeclaredChild, Exception } from './declared.ts'
import type { DeclaredProblem } from './declared-check.ts'
import type { NodeId, OrganId } from './document.ts'
import { lookupKey } from './organisation-code.ts'
import { type OrganisationField, organisationColumns, organisationEntries } from './organisations-sheet.ts'
import {
  codesIn,
  columnsNamed,
  headingText,
  type NoteProblem,
  readSheet,
  type SheetColumn,
  type SheetEntry,
  type SheetProblem,
  type SheetRow,
} from './sheet.ts'

export const sheetKinds = ['organisations', 'children', 'exceptions'] as const
export type SheetKind = (typeof sheetKinds)[number]

export interface SheetImport {
  readonly self: NodeId
  /** Parent of a new organisation whose row names none. */
  readonly parent: OrganId | null
  /** Only a table of this kind. @default by its headings */
  readonly kind?: SheetKind
  /** What has no row is taken away. @default false: it stays */
  readonly replace?: boolean
}

export type DeclaredFromSheet =
  | {
      readonly ok: true
      readonly kind: SheetKind
      readonly content: Declared
      /** The row that said what a problem of the content is about; null when none did. */
      readonly rowOf: (problem: DeclaredProblem) => number | null
    }
  | { readonly ok: false; readonly problems: readonly SheetProblem[] }

type ChildField = 'child' | 'tier' | 'delegates'
type ExceptionField = 'organ' | 'redirect' | 'hold' | 'reason' | 'until'

const childColumns: readonly SheetColumn<ChildField>[] = [
  { field: 'child', form: 'code', required: true },
  { field: 'tier', form: 'text' },
  { field: 'delegates', form: 'codes', required: true },
]

const exceptionColumns: readonly SheetColumn<ExceptionField>[] = [
  { field: 'organ', form: 'code', required: true },
  { field: 'redirect', form: 'code' },
  { field: 'hold', form: 'mark' },
  { field: 'reason', form: 'text', required: true },
  { field: 'until', form: 'day' },
]

const columnsOf: Readonly<Record<SheetKind, readonly SheetColumn<string>[]>> = {
  organisations: organisationColumns,
  children: childColumns,
  exceptions: exceptionColumns,
}

/** The content with the rows taken in. */
export function declaredFromSheet(
  current: Declared,
  rows: readonly SheetRow[],
  options: SheetImport,
): DeclaredFromSheet {
  const problems: SheetProblem[] = []
  const note: NoteProblem = (row, kind, value) => problems.push({ row, kind, value })
  const kind = options.kind ?? kindOf(rows[0])
  if (kind === null) {
    note(rows[0]?.row ?? 1, 'kind', '')
    return { ok: false, problems }
  }
  const taken = takers[kind](current, rows, { options, note })
  if (problems.length > 0) return { ok: false, problems: problems.toSorted((a, b) => a.row - b.row) }
  return { ok: true, kind, content: taken.content, rowOf: rowFinder(kind, taken) }
}

/** Headings in that language, and a row for each thing of this kind. */
export function sheetOfDeclared(
  kind: SheetKind,
  { organisations, children, exceptions }: Declared,
  { self, language }: { readonly self: NodeId; readonly language: Language },
): readonly (readonly string[])[] {
  switch (kind) {
    case 'organisations':
      return written(
        organisationColumns.filter(({ field }) => field !== 'tier'),
        organisations.map(({ parent, successors = [], ...fields }) => {
          return {
            ...fields,
            certificates: '',
            formerNodes: '',
            newDocuments: '',
            splitRules: '',
            parent: parent ?? '',
            node: self,
            successors: successors.join(' '),
          }
        }),
        language,
      )
    case 'children':
      return written(
        childColumns,
        children.map(({ id, tier, delegates }) => ({ child: id, tier, delegates: delegates.join(' ') })),
        language,
      )
    case 'exceptions':
      return written(
        exceptionColumns,
        exceptions.map((each) => {
          const effect = 'hold' in each ? { hold: 'x' } : { redirect: each.redirect }
          return { organ: each.organ, reason: each.reason, until: each.until ?? '', ...effect }
        }),
        language,
      )
  }
}

function written<Field extends string>(
  columns: readonly SheetColumn<Field>[],
  things: readonly Partial<Record<Field, string>>[],
  language: Language,
): readonly (readonly string[])[] {
  return [
    columns.map(({ field }) => headingText(language, field)),
    ...things.map((thing) => columns.map(({ field }) => thing[field] ?? '')),
  ]
}

function kindOf(heading: SheetRow | undefined): SheetKind | null {
  const named = (kind: SheetKind) =>
    columnsNamed(
      heading,
      columnsOf[kind].filter(({ required }) => required),
    )
  const best = [...sheetKinds].sort((a, b) => named(b) - named(a))[0] ?? 'organisations'
  return named(best) === 0 ? null : best
}

interface Taken {
  readonly content: Declared
  /** Row of each thing that has one, by its key. */
  readonly rows: ReadonlyMap<string, number>
}

interface Taking {
  readonly options: SheetImport
  readonly note: NoteProblem
}

type Taker = (current: Declared, rows: readonly SheetRow[], taking: Taking) => Taken

const takers: Readonly<Record<SheetKind, Taker>> = {
  organisations: (current, rows, { options, note }) => {
    const entries = organisationEntries(rows, note)
    const { list, places } = mergeRows(current.organisations, entries, {
      idOf: ({ id }) => id,
      field: 'id',
      make: (was, entry) => organisationOf(was, entry, { options, note }),
      replace: options.replace === true,
    })
    return { content: { ...current, organisations: list }, rows: places }
  },
  children: (current, rows, { options, note }) => {
    const entries = withoutTwins(readSheet(rows, childColumns, note), 'child', note)
    const { list, places } = mergeRows(current.children, entries, {
      idOf: ({ id }) => id,
      field: 'child',
      make: childOf,
      replace: options.replace === true,
    })
    return { content: { ...current, children: list }, rows: places }
  },
  exceptions: (current, rows, { options, note }) => {
    const entries = withoutTwins(readSheet(rows, exceptionColumns, note), 'organ', note)
    const { list, places } = mergeRows(current.exceptions, entries, {
      idOf: ({ organ }) => organ,
      field: 'organ',
      make: (_, entry) => exceptionOf(entry, note),
      replace: options.replace === true,
    })
    return { content: { ...current, exceptions: list }, rows: places }
  },
}

function withoutTwins<Field extends string>(
  entries: readonly SheetEntry<Field>[],
  field: Field,
  note: NoteProblem,
): readonly SheetEntry<Field>[] {
  const seen = new Set<string>()
  for (const { row, values } of entries) {
    const code = values.get(field) ?? ''
    if (code !== '' && seen.has(lookupKey(code))) note(row, 'codeTwice', code)
    seen.add(lookupKey(code))
  }
  return entries
}

/** Each row changes the thing it names in its place; new ones follow in the order of the rows. */
function mergeRows<Thing, Field extends string>(
  current: readonly Thing[],
  entries: readonly SheetEntry<Field>[],
  how: {
    readonly idOf: (thing: Thing) => string
    readonly field: Field
    readonly make: (was: Thing | undefined, entry: SheetEntry<Field>) => Thing
    readonly replace: boolean
  },
): { readonly list: readonly Thing[]; readonly places: ReadonlyMap<string, number> } {
  const known = new Map(current.map((thing) => [lookupKey(how.idOf(thing)), thing]))
  const made = new Map<string, Thing>()
  const places = new Map<string, number>()
  for (const entry of entries) {
    const key = lookupKey(entry.values.get(how.field) ?? '')
    made.set(key, how.make(known.get(key), entry))
    places.set(key, entry.row)
  }
  const kept = [...known].flatMap(([key, thing]) => {
    const now = made.get(key) ?? (how.replace ? undefined : thing)
    return now === undefined ? [] : [now]
  })
  const added = [...made].filter(([key]) => !known.has(key)).map(([, thing]) => thing)
  return { list: [...kept, ...added], places }
}

const optionalFields = ['oldCode', 'code102', 'mail', 'validFrom', 'validTo'] as const

function organisationOf(
  was: AnnouncedOrganisation | undefined,
  { row, values }: SheetEntry<OrganisationField>,
  { options, note }: Taking,
): AnnouncedOrganisation {
  const written = (field: OrganisationField) => values.get(field) ?? ''
  const [id, node] = [written('id'), written('node')]
  if (node !== '' && lookupKey(node) !== lookupKey(options.self)) note(row, 'nodeOther', node)
  const cell = values.get('successors')
  const successors = cell === undefined ? (was?.successors ?? []) : codesIn(cell)
  return {
    id: was?.id ?? id,
    name: written('name'),
    parent: parentOf(was, values.get('parent'), options.parent === id ? null : options.parent),
    ...optionalValues(was, values),
    ...(successors.length === 0 ? {} : { successors }),
    ...keptOf(was),
  }
}

/** What no column says stays as it was. */
function keptOf(was: AnnouncedOrganisation | undefined): Partial<AnnouncedOrganisation> {
  const fields = ['formerNodes', 'newDocuments', 'splitRules', 'certificates'] as const
  return Object.fromEntries(fields.flatMap((field) => (was?.[field] === undefined ? [] : [[field, was[field]]])))
}

/** An empty cell takes the parent away, from an organisation that had one; a new one is put below the default. */
function parentOf(
  was: AnnouncedOrganisation | undefined,
  cell: string | undefined,
  forNew: OrganId | null,
): OrganId | null {
  if (cell !== undefined && cell !== '') return cell
  if (was === undefined) return forNew
  return cell === undefined ? was.parent : null
}

function optionalValues(
  was: AnnouncedOrganisation | undefined,
  values: ReadonlyMap<OrganisationField, string>,
): Partial<Record<(typeof optionalFields)[number], string>> {
  const kept: Partial<Record<(typeof optionalFields)[number], string>> = {}
  for (const field of optionalFields) {
    const value = values.get(field) ?? was?.[field] ?? ''
    if (value !== '') kept[field] = value
  }
  return kept
}

function childOf(was: DeclaredChild | undefined, { values }: SheetEntry<ChildField>): DeclaredChild {
  return {
    id: was?.id ?? values.get('child') ?? '',
    tier: values.get('tier') || (was?.tier ?? ''),
    delegates: codesIn(values.get('delegates') ?? ''),
  }
}

function exceptionOf({ row, values }: SheetEntry<ExceptionField>, note: NoteProblem): Exception {
  const [organ, reason] = [values.get('organ') ?? '', values.get('reason') ?? '']
  const [redirect, hold, until] = [values.get('redirect') ?? '', values.get('hold') ?? '', values.get('until') ?? '']
  if ((redirect === '') === (hold === '')) note(row, 'effect', '')
  const facts = { organ, reason, ...(until === '' ? {} : { until }) }
  return redirect === '' ? { ...facts, hold: true } : { ...facts, redirect }
}

function rowFinder(kind: SheetKind, { content, rows }: Taken): (problem: DeclaredProblem) => number | null {
  return ({ path: [list, index] }) => {
    if (list !== kind || typeof index !== 'number') return null
    const thing = content[kind][index]
    if (thing === undefined) return null
    return rows.get(lookupKey('organ' in thing ? thing.organ : thing.id)) ?? null
  }
}
