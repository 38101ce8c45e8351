/** Tables from a spreadsheet into what the node declares: every row, or none and a copy that says why. */
import { join, parse, resolve } from 'node:path'
import {
  declaredFromSheet,
  declaredProblemKinds,
  declaredProblemText,
  type Language,
  type RelayError,
  type SheetKind,
  sheetKinds,
  sheetProblemSays,
} from '@lienthong/core'
import type { CommandInput, CommandSpec, Context, OptionSpec } from '../command.ts'
import { refusalAt } from '../config/problem.ts'
import type { ControlClient } from '../control/client.ts'
import { changeOptions, propose } from '../declared/propose.ts'
import type { SheetFile } from '../declared/sheet-file.ts'
import type { ExitCode } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { writeBody } from '../write-body.ts'

const sheetOptions = {
  parent: { describe: 'option.import.parent', type: 'text' },
  replace: { describe: 'option.import.replace', type: 'flag' },
  errors: { describe: 'option.import.errors', type: 'text' },
} as const satisfies Record<string, OptionSpec>

export const routesImportCommand: CommandSpec = {
  path: ['routes', 'import'],
  positionals: '<file>',
  positionalHelp: { file: 'help.routes.sheet' },
  describe: 'help.routes.import',
  options: {
    what: { describe: 'option.import.what', type: 'text', choices: sheetKinds },
    ...sheetOptions,
    ...changeOptions,
    ...nodeOptions,
  },
  examples: [
    { command: 'routes import xa.xlsx --reason "QD 12/2026"', describe: 'example.routesImport' },
    {
      command: 'routes import ngoai-le.csv --replace --approve --reason "QD 12/2026"',
      describe: 'example.routesImportAll',
    },
  ],
  run: (input, context) => {
    const what = sheetKinds.find((kind) => kind === input.text('what'))
    return importSheet(input, context, what)
  },
}

export const orgImportCommand: CommandSpec = {
  path: ['org', 'import'],
  positionals: '<file>',
  positionalHelp: { file: 'help.routes.sheet' },
  describe: 'help.org.import',
  options: { ...sheetOptions, ...changeOptions, ...nodeOptions },
  examples: [{ command: 'org import co-quan.xlsx --reason "QD 12/2026"', describe: 'example.orgImport' }],
  run: (input, context) => importSheet(input, context, 'organisations'),
}

async function importSheet(input: CommandInput, context: Context, what: SheetKind | undefined): Promise<ExitCode> {
  const shown = input.required('file')
  const { readSheetFile } = await import('../declared/sheet-file.ts')
  const sheet = await readSheetFile(resolve(context.terminal.workingDir, shown), shown)
  const node = await chosenNode(input, context)
  const { node: self, current } = await node.declared.view()
  const taken = declaredFromSheet(current.content, sheet.rows, {
    self,
    parent: input.text('parent') ?? unitOf(self, current.content.organisations),
    replace: input.flag('replace'),
    ...(what === undefined ? {} : { kind: what }),
  })
  if (!taken.ok) {
    const problems = taken.problems.map((problem) => {
      return { row: problem.row, text: (language: Language) => sheetProblemSays(language, problem) }
    })
    throw await refuseRows(problems, { sheet, shown, input, context })
  }
  const rows = await rowProblems(node, taken)
  if (rows.length > 0) throw await refuseRows(rows, { sheet, shown, input, context })
  return propose(node, { content: taken.content, base: current }, input, context)
}

/** A node is named like the organisation of its unit, which is above all others it serves. */
function unitOf(self: string, organisations: readonly { readonly id: string }[]): string | null {
  return organisations.some(({ id }) => id === self) ? self : null
}

interface RowProblem {
  readonly row: number
  readonly text: (language: Language) => string
}

/** What only the node can say, for the rows that said it. */
async function rowProblems(
  node: ControlClient,
  taken: Extract<ReturnType<typeof declaredFromSheet>, { readonly ok: true }>,
): Promise<readonly RowProblem[]> {
  const { problems } = await node.declared.plan(taken.content)
  return problems.flatMap((problem) => {
    const row = taken.rowOf(problem)
    if (row === null || declaredProblemKinds[problem.kind] !== 'problem') return []
    return [{ row, text: (language: Language) => declaredProblemText(language, problem) }]
  })
}

interface Refused {
  readonly sheet: SheetFile
  readonly shown: string
  readonly input: CommandInput
  readonly context: Context
}

/** Writes the sheet anew, beside the one that came, with one more column. */
async function refuseRows(
  problems: readonly RowProblem[],
  { sheet, shown, input, context }: Refused,
): Promise<RelayError> {
  const { say, language, terminal } = context
  const { dir, name, ext } = parse(shown)
  const errors = input.text('errors') ?? join(dir, `${name}.${say('routes.errorsSuffix')}${ext}`)
  const { errorSheet } = await import('../declared/sheet-file.ts')
  const texts = new Map<number, readonly string[]>()
  for (const { row, text } of problems) texts.set(row, [...(texts.get(row) ?? []), text(language)])
  const places = problems.map(({ row, text }) => ({ file: shown, line: row, column: null, path: '', text }))
  await writeBody(once(await errorSheet(sheet, texts, say('sheet.heading.problem'))), errors, terminal)
  return refusalAt('SHEET_INVALID', { file: shown, count: texts.size, errors }, places)
}

async function* once(body: Uint8Array): AsyncIterable<Uint8Array> {
  yield body
}
