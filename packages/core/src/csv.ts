/** CSV text as spreadsheets read and write it: `,` or `;`, quoted cells, any line ends, byte order mark or none. */
import type { SheetRow } from './sheet.ts'

export type CsvSeparator = ',' | ';'

export interface CsvText {
  /** Rows with something in them; cells without surrounding space. */
  readonly rows: readonly SheetRow[]
  readonly separator: CsvSeparator
  /** Row in which a quotation mark does not close, or is followed by text; nothing behind it is read. null = none. */
  readonly brokenAt: number | null
}

const quote = '"'
const byteOrderMark = '\uFEFF'
/** A spreadsheet takes a cell that begins so for a formula, and computes it. */
const formula = /^'*[=+\-@]/

export function readCsv(text: string): CsvText {
  let at = text.startsWith(byteOrderMark) ? 1 : 0
  const separator = separatorOf(text)
  const rows: SheetRow[] = []
  for (let row = 1; at < text.length; row++) {
    const cells: string[] = []
    for (let more = true; more; ) {
      const cell = text[at] === quote ? quotedCell(text, at) : plainCell(text, at, separator)
      if (cell === null) return { rows, separator, brokenAt: row }
      cells.push(withoutGuard(cell.value.trim()))
      at = cell.end
      more = text[at] === separator
      if (more) at += 1
      else if (at < text.length && !isLineEnd(text[at])) return { rows, separator, brokenAt: row }
    }
    at += text.startsWith('\r\n', at) ? 2 : 1
    if (cells.some((cell) => cell !== '')) rows.push({ row, cells })
  }
  return { rows, separator, brokenAt: null }
}

/**
 * The text Excel opens with a double click: byte order mark, CRLF, quotes where they are needed. What it would take
 * for a formula gets an apostrophe in front, which `readCsv` takes off again.
 */
export function writeCsv(rows: readonly (readonly string[])[], separator: CsvSeparator): string {
  const lines = rows.map((cells) => `${cells.map((cell) => writtenCell(cell, separator)).join(separator)}\r\n`)
  return byteOrderMark + lines.join('')
}

function writtenCell(cell: string, separator: CsvSeparator): string {
  const guarded = formula.test(cell) ? `'${cell}` : cell
  const plain = !guarded.includes(separator) && !/["\r\n]/.test(guarded)
  return plain ? guarded : `${quote}${guarded.replaceAll(quote, quote + quote)}${quote}`
}

function withoutGuard(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell
}

/** The one that stands more often in the first line: headings contain neither. */
function separatorOf(text: string): CsvSeparator {
  const end = text.search(/[\r\n]/)
  const line = end < 0 ? text : text.slice(0, end)
  return line.split(';').length > line.split(',').length ? ';' : ','
}

interface Cell {
  readonly value: string
  readonly end: number
}

/** `"a ""b"" c"`; null when it does not close. */
function quotedCell(text: string, start: number): Cell | null {
  let value = ''
  for (let from = start + 1; ; ) {
    const close = text.indexOf(quote, from)
    if (close < 0) return null
    value += text.slice(from, close)
    if (text[close + 1] !== quote) return { value, end: close + 1 }
    value += quote
    from = close + 2
  }
}

function plainCell(text: string, start: number, separator: string): Cell {
  let end = start
  while (end < text.length && text[end] !== separator && !isLineEnd(text[end])) end += 1
  return { value: text.slice(start, end), end }
}

function isLineEnd(character: string | undefined): boolean {
  return character === '\n' || character === '\r'
}
