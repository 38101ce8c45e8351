/**
 * Spreadsheets as files: CSV as Excel in Vietnam writes it, and .xlsx. The only place that knows the libraries.
 *
 * Of a workbook the first sheet is read. What is a number to the spreadsheet is marked as one: a code that was typed as
 * a number has lost its leading zeros, and nobody can tell how many.
 */
import { readFile, stat } from 'node:fs/promises'
import { type CsvSeparator, RelayError, readCsv, type SheetRow, writeCsv } from '@lienthong/core'
import { systemReason } from '../config/read-file.ts'

export type SheetForm = { readonly form: 'csv'; readonly separator: CsvSeparator } | { readonly form: 'xlsx' }

type Cell = string | number | boolean | Date | null

export interface SheetFile {
  readonly form: SheetForm
  /** Rows with something in them. */
  readonly rows: readonly SheetRow[]
  /** Every row as it stands, from the first one, in the cells' own types. */
  readonly cells: readonly (readonly Cell[])[]
}

const maxSheetBytes = 32 * 1024 * 1024
/** A workbook says how large its parts are; what is larger unpacked is no table of organisations. */
const maxUnpackedBytes = 512 * 1024 * 1024
const zipStart = Buffer.from('PK\x03\x04', 'latin1')
/** What workbooks were before 2007. */
const oldWorkbookStart = Buffer.from([0xd0, 0xcf, 0x11, 0xe0])

/** Throws FILE_UNREADABLE: missing, too large, an old .xls, no UTF-8, a quotation mark that does not close. */
export async function readSheetFile(file: string, shown: string): Promise<SheetFile> {
  const refuse = (reason: string, cause?: unknown) =>
    new RelayError('FILE_UNREADABLE', { detail: { file: shown, reason }, cause })
  const bytes = await bytesOf(file).catch((error: unknown) => {
    throw refuse(systemReason(error), error)
  })
  if (startsWith(bytes, oldWorkbookStart)) throw refuse('.xls → .xlsx')
  if (startsWith(bytes, zipStart)) {
    if (unpackedBytes(bytes) > maxUnpackedBytes) throw refuse('EFBIG')
    return fromWorkbook(bytes).catch((error: unknown) => {
      throw refuse('.xlsx', error)
    })
  }
  try {
    return fromCsv(new TextDecoder('utf-8', { fatal: true }).decode(bytes), refuse)
  } catch (error) {
    throw error instanceof RelayError ? error : refuse(systemReason(error), error)
  }
}

/** A sheet of texts: in a workbook every cell is text, so that no zero is lost when it is edited. */
export async function writeSheet(rows: readonly (readonly Cell[])[], form: SheetForm): Promise<Uint8Array> {
  if (form.form === 'csv') {
    return Buffer.from(
      writeCsv(
        rows.map((row) => row.map(textOf)),
        form.separator,
      ),
    )
  }
  const { default: writeWorkbook } = await import('write-excel-file/node')
  const widest = Math.max(0, ...rows.map((row) => row.length))
  const columns = Array.from({ length: widest }, (_, place) => ({ width: widthOf(rows.map((row) => row[place])) }))
  return writeWorkbook(
    rows.map((row) => row.map(workbookCell)),
    { columns },
  ).toBuffer()
}

/** The same sheet with one more column that says what is wrong with a row, in the form it came in. */
export function errorSheet(
  { cells, form }: SheetFile,
  problems: ReadonlyMap<number, readonly string[]>,
  heading: string,
): Promise<Uint8Array> {
  const width = Math.max(0, ...cells.map((row) => row.length))
  const first = cells.findIndex((row) => row.some((cell) => cell !== null && cell !== ''))
  // An error file that is mended and taken again has the column already.
  const last = cells[first]?.[width - 1]
  const place = last === heading ? width - 1 : width
  const rows = cells.map((row, index) => {
    const said = problems.get(index + 1)?.join('; ') ?? ''
    const padded = Array.from({ length: place }, (_, at) => row[at] ?? null)
    return [...padded, index === first ? [heading, said].filter(Boolean).join(': ') : said]
  })
  return writeSheet(rows, form)
}

async function bytesOf(file: string): Promise<Buffer> {
  if ((await stat(file)).size > maxSheetBytes) throw Object.assign(new Error(file), { code: 'EFBIG' })
  return readFile(file)
}

/** Sum of the sizes in the archive's list of parts; what is no list counts nothing [APPNOTE 4.3.12, 4.3.16]. */
function unpackedBytes(bytes: Buffer): number {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0 || end + 20 > bytes.length) return 0
  let total = 0
  const entry = Buffer.from('PK\x01\x02', 'latin1')
  for (let at = bytes.readUInt32LE(end + 16); at + 46 <= bytes.length; ) {
    if (!bytes.subarray(at, at + 4).equals(entry)) break
    total += bytes.readUInt32LE(at + 24)
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return total
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start)
}

async function fromWorkbook(bytes: Buffer): Promise<SheetFile> {
  const { readSheet } = await import('read-excel-file/node')
  const cells = (await readSheet(bytes)) as readonly (readonly Cell[])[]
  const filled = (row: readonly Cell[]) => row.findLastIndex((cell) => textOf(cell) !== '') + 1
  const first = cells.find((row) => filled(row) > 0) ?? []
  const width = filled(first)
  const rows = cells.flatMap((row, index): readonly SheetRow[] => {
    if (filled(row) === 0) return []
    const numbers = row.flatMap((cell, place) => (typeof cell === 'number' ? [place] : []))
    const texts = Array.from({ length: Math.max(width, filled(row)) }, (_, place) => textOf(row[place] ?? null))
    return [{ row: index + 1, cells: texts, numbers }]
  })
  return { form: { form: 'xlsx' }, rows, cells }
}

function fromCsv(text: string, refuse: (reason: string) => RelayError): SheetFile {
  const { rows, separator, brokenAt } = readCsv(text)
  if (brokenAt !== null) throw refuse(`" (${brokenAt})`)
  const cells: (readonly Cell[])[] = []
  for (const { row, cells: texts } of rows) {
    while (cells.length < row - 1) cells.push([])
    cells.push(texts)
  }
  return { form: { form: 'csv', separator }, rows, cells }
}

/** A day is a day in every form. */
function textOf(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return String(cell).trim()
}

function workbookCell(cell: Cell) {
  if (cell === null || cell === '') return null
  if (typeof cell === 'number') return { value: cell, type: Number }
  if (typeof cell === 'boolean') return { value: cell, type: Boolean }
  if (cell instanceof Date) return { value: cell, type: Date, format: 'dd/mm/yyyy' }
  return { value: cell, type: String, format: '@' }
}

/** Characters, at most those of a long name. */
function widthOf(cells: readonly (Cell | undefined)[]): number {
  return Math.min(60, Math.max(10, ...cells.map((cell) => textOf(cell).length + 2)))
}
