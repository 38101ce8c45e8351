/**
 * Tables as people fill them in with a spreadsheet: what each column means, and what is wrong in which row.
 *
 * Headings are understood in both languages, without regard to case, marks and spaces. Days are read as they are
 * written in Vietnam (30/06/2025) and as the program writes them (2025-06-30). A column that is not there says
 * nothing; an empty cell says that there is no such thing.
 */
import { fill, type Language } from './catalogue.ts'
import { isCode } from './organisation-code.ts'
import { plain } from './organisation-list.ts'
import { dayStart } from './period.ts'
import { sheetPhrases } from './phrases-sheet.ts'

export interface SheetRow {
  /** As a spreadsheet counts: the first row is 1, empty ones count. */
  readonly row: number
  readonly cells: readonly string[]
  /** Places of cells, from 0, that are numbers to the spreadsheet and no text. @default none */
  readonly numbers?: readonly number[]
}

export const sheetProblemKinds = [
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
  'number',
  'mark',
  'nodeOther',
  'effect',
  'kind',
] as const
export type SheetProblemKind = (typeof sheetProblemKinds)[number]

export interface SheetProblem {
  /** As a spreadsheet counts: the headings are row 1. */
  readonly row: number
  readonly kind: SheetProblemKind
  /** The heading or the value that is meant; empty when the whole row is. */
  readonly value: string
}

export type NoteProblem = (row: number, kind: SheetProblemKind, value: string) => void

type HeadingKey = keyof typeof sheetPhrases extends infer Key
  ? Key extends `sheet.heading.${infer Name}`
    ? Name
    : never
  : never

/** A column; its headings are the phrase in each language and the other words. */
export interface SheetColumn<Field extends string> {
  readonly field: Field & HeadingKey
  /** `codes`: several, separated by spaces, commas or semicolons. `mark`: x, or empty. */
  readonly form: 'text' | 'code' | 'codes' | 'day' | 'mark'
  readonly otherHeadings?: readonly string[]
  /** The column must be there, and its cells filled. */
  readonly required?: true
}

/** A row that fits the headings. A field without a column is missing; one with an empty cell is ''. */
export interface SheetEntry<Field extends string> {
  readonly row: number
  readonly values: ReadonlyMap<Field, string>
}

/** Columns for people: they may stand there and are read past. The last two are those an error file has more. */
const remarks = ['stt', 'tt', 'no', 'note', 'ghichu', 'error', 'loi']

/** Reads the rows, the first of which has the headings. Without its headings no cell means anything. */
export function readSheet<Field extends string>(
  rows: readonly SheetRow[],
  columns: readonly SheetColumn<Field>[],
  note: NoteProblem,
): readonly SheetEntry<Field>[] {
  const [heading = { row: 1, cells: [] }, ...rest] = rows
  const faults = new Set<SheetProblemKind>()
  const places = placesOf(heading, columns, (row, kind, value) => {
    faults.add(kind)
    note(row, kind, value)
  })
  return faults.size === 0 ? rest.flatMap((row) => entryOf(row, places, heading.cells.length, note) ?? []) : []
}

/** How many of these columns the headings name. */
export function columnsNamed(heading: SheetRow | undefined, columns: readonly SheetColumn<string>[]): number {
  const written = new Set(heading?.cells.map(headingKey))
  return columns.filter((column) => keysOf(column).some((key) => written.has(key))).length
}

/** The codes of a cell of the form `codes`. */
export function codesIn(cell: string): readonly string[] {
  return cell.split(/[\s,;]+/).filter((code) => code !== '')
}

/** `"2025-02-30" is no day …`; `sheetProblemText` says the row before it. */
export function sheetProblemSays(language: Language, { kind, value }: SheetProblem): string {
  return fill(sheetPhrases[`sheet.${kind}`][language], { value })
}

/** `row 12: "2025-02-30" is no day …` */
export function sheetProblemText(language: Language, problem: SheetProblem): string {
  return `${fill(sheetPhrases['sheet.row'][language], { row: problem.row })}: ${sheetProblemSays(language, problem)}`
}

/** The heading of a column in that language. */
export function headingText(language: Language, field: HeadingKey): string {
  return sheetPhrases[`sheet.heading.${field}`][language]
}

type Places<Field extends string> = ReadonlyMap<SheetColumn<Field>, number>

function placesOf<Field extends string>(
  { row, cells }: SheetRow,
  columns: readonly SheetColumn<Field>[],
  note: NoteProblem,
): Places<Field> {
  const known = new Map(columns.flatMap((column) => keysOf(column).map((key) => [key, column] as const)))
  const places = new Map<SheetColumn<Field>, number>()
  for (const [place, heading] of cells.entries()) {
    const column = known.get(headingKey(heading))
    if (column === undefined) {
      if (!remarks.includes(headingKey(heading))) note(row, 'columnUnknown', heading)
    } else if (places.has(column)) note(row, 'columnTwice', heading)
    else places.set(column, place)
  }
  for (const column of columns) {
    if (column.required && !places.has(column)) note(row, 'columnMissing', headingText('en', column.field))
  }
  return places
}

function keysOf({ field, otherHeadings = [] }: SheetColumn<string>): readonly string[] {
  return [field, headingText('en', field), headingText('vi', field), ...otherHeadings].map(headingKey)
}

function headingKey(heading: string): string {
  return plain(heading).replace(/[\s_-]/g, '')
}

/** null when the row has another number of cells than the headings. Every other problem is noted and read past. */
function entryOf<Field extends string>(
  { row, cells, numbers = [] }: SheetRow,
  places: Places<Field>,
  width: number,
  note: NoteProblem,
): SheetEntry<Field> | null {
  if (cells.length !== width) {
    note(row, 'cells', String(cells.length))
    return null
  }
  const values = new Map<Field, string>()
  for (const [{ field, form, required }, place] of places) {
    const written = cells[place] ?? ''
    if (written === '' && required) note(row, 'empty', headingText('en', field))
    const isNumber = numbers.includes(place) && (form === 'code' || form === 'codes')
    if (isNumber) note(row, 'number', written)
    values.set(
      field,
      written === '' || isNumber ? written : valueOf(written, form, (kind, value) => note(row, kind, value)),
    )
  }
  return { row, values }
}

/** The value as the program writes it. */
function valueOf(
  written: string,
  form: SheetColumn<string>['form'],
  note: (kind: SheetProblemKind, value: string) => void,
): string {
  switch (form) {
    case 'text':
      return written
    case 'code':
      if (!isCode(written)) note('code', written)
      return written
    case 'codes':
      for (const code of codesIn(written)) if (!isCode(code)) note('code', code)
      return written
    case 'day': {
      const day = dayIn(written)
      if (day === null) note('day', written)
      return day ?? written
    }
    case 'mark':
      if (!marks.has(plain(written))) note('mark', written)
      return marks.get(plain(written)) ?? written
  }
}

const marks: ReadonlyMap<string, 'x' | ''> = new Map([
  ...['x', 'co', 'yes', 'true', '1'].map((word) => [word, 'x'] as const),
  ...['khong', 'no', 'false', '0'].map((word) => [word, ''] as const),
])

/** `yyyy-MM-dd` of a day that exists, written so or `30/6/2025`; null for anything else. */
function dayIn(written: string): string | null {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(written) ?? []
  const iso = year === '' ? written : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return dayStart(iso) === null ? null : iso
}
