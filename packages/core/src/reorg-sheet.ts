/** A long list of mergers as a table: a row for each organisation that closes, with who takes over. */
import { lookupKey } from './organisation-code.ts'
import type { ReorgChange } from './reorg.ts'
import { codesIn, type NoteProblem, readSheet, type SheetColumn, type SheetProblem, type SheetRow } from './sheet.ts'

type Field = 'id' | 'successors' | 'name' | 'parent' | 'node'

/** `name`, `parent` and `node` are those of who takes over; a successor that is new needs its name in one of its rows. */
const columns: readonly SheetColumn<Field>[] = [
  { field: 'id', form: 'code', required: true, otherHeadings: ['mã cơ quan', 'mã định danh', 'mã cũ'] },
  { field: 'successors', form: 'codes', otherHeadings: ['successor', 'into', 'mã kế thừa', 'mã mới'] },
  { field: 'name', form: 'text', otherHeadings: ['tên mới'] },
  { field: 'parent', form: 'code' },
  { field: 'node', form: 'code' },
]

export interface MergersFromSheet {
  /** A merger for each successor, closings without one last. */
  readonly changes: readonly ReorgChange[]
  /** Rows of each change, in the order of its codes. */
  readonly rows: readonly (readonly number[])[]
  readonly problems: readonly SheetProblem[]
}

export function mergersFromSheet(sheet: readonly SheetRow[]): MergersFromSheet {
  const problems: SheetProblem[] = []
  const note: NoteProblem = (row, kind, value) => problems.push({ row, kind, value })
  const mergers = new Map<string, { codes: string[]; rows: number[]; facts: Record<string, string> }>()
  const seen = new Set<string>()
  for (const { row, values } of readSheet(sheet, columns, note)) {
    const id = values.get('id') ?? ''
    const [into = '', other] = codesIn(values.get('successors') ?? '')
    if (seen.has(lookupKey(id))) note(row, 'codeTwice', id)
    seen.add(lookupKey(id))
    if (other !== undefined) note(row, 'codeTwice', other)
    const merger = mergers.get(lookupKey(into)) ?? { codes: [], rows: [], facts: into === '' ? {} : { code: into } }
    mergers.set(lookupKey(into), merger)
    merger.codes.push(id)
    merger.rows.push(row)
    for (const field of ['name', 'parent', 'node'] as const) {
      const written = values.get(field) ?? ''
      if (written !== '') merger.facts[field] = written
    }
  }
  const all = [...mergers.values()]
  const changes = all.map(({ codes, facts: { code, ...facts } }): ReorgChange => {
    return code === undefined ? { act: 'close', codes } : { act: 'merge', codes, into: { code, ...facts } }
  })
  return { changes, rows: all.map(({ rows }) => rows), problems }
}
