/** A file of expectations held against the table of a node, as it is or as a declared file would make it. */
import { resolve } from 'node:path'
import type { ExpectationOutcome } from '@lienthong/core'
import type { CommandSpec, Context } from '../command.ts'
import { valueOrRefuse } from '../config/problem.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderTable } from '../output.ts'

export const routesTestCommand: CommandSpec = {
  path: ['routes', 'test'],
  positionals: '<file>',
  positionalHelp: { file: 'help.routes.tests' },
  describe: 'help.routes.test',
  options: { with: { describe: 'option.test.with', type: 'text' }, ...nodeOptions },
  examples: [
    { command: 'routes test expected.yaml', describe: 'example.routesTest' },
    { command: 'routes test expected.yaml --with h29.yaml', describe: 'example.routesTestWith' },
  ],
  run: async (input, context) => {
    const { workingDir } = context.terminal
    const [file, declaredFile] = [input.required('file'), input.text('with')]
    const { readExpectations } = await import('../config/expectation-file.ts')
    const expectations = valueOrRefuse(await readExpectations(resolve(workingDir, file), file))
    const node = await chosenNode(input, context)
    const content = declaredFile === undefined ? undefined : await contentOf(declaredFile, context)
    const merged = content === undefined ? undefined : { ...(await node.declared.view()).current.content, ...content }
    const outcomes = await node.declared.test(expectations, merged)
    const failed = outcomes.filter(({ ok }) => !ok)
    await context.print({
      json: { ok: failed.length === 0, items: outcomes },
      table: () => outcomesText(outcomes, failed, context),
    })
    return failed.length === 0 ? exitCodes.ok : exitCodes.refused
  },
}

async function contentOf(file: string, { terminal }: Context) {
  const { readDeclaredFile } = await import('../config/declared-file.ts')
  return valueOrRefuse(await readDeclaredFile(resolve(terminal.workingDir, file), file)).content
}

/** The failed ones in a table, and a line that counts. */
function outcomesText(
  outcomes: readonly ExpectationOutcome[],
  failed: readonly ExpectationOutcome[],
  { say }: Context,
): string {
  const counted = say('routes.tested', { passed: outcomes.length - failed.length, failed: failed.length })
  if (failed.length === 0) return counted
  const headings = [say('heading.from'), say('heading.to'), say('heading.expected'), say('heading.actual')]
  const rows = failed.map(({ expected, next, path, refused }) => [
    expected.from,
    expected.to,
    [expected.refused, expected.next, expected.path?.join(' → ')].filter((part) => part !== undefined).join(', '),
    refused ?? [next.join(' + ') || say('routes.notBy'), path.join(' → ')].join(', '),
  ])
  return `${renderTable(headings, rows)}\n\n${counted}`
}
