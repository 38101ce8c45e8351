/** A file of expectations held against the table of a node, as it is or as a declared file would make it. */
import { resolve } from 'node:path'
import {
  type Declared,
  type DeclaredPlace,
  type ExpectationOutcome,
  type RouteExpectation,
  testExpectations,
  withDeclared,
} from '@lienthong/core'
import type { CommandSpec, Context } from '../command.ts'
import { valueOrRefuse } from '../config/problem.ts'
import type { ControlClient } from '../control/client.ts'
import { offlineOptions, offlinePlace } from '../declared/offline.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderTable } from '../output.ts'

export const routesTestCommand: CommandSpec = {
  path: ['routes', 'test'],
  positionals: '<file>',
  positionalHelp: { file: 'help.routes.tests' },
  describe: 'help.routes.test',
  options: { with: { describe: 'option.test.with', type: 'text' }, ...offlineOptions, ...nodeOptions },
  examples: [
    { command: 'routes test expected.yaml', describe: 'example.routesTest' },
    { command: 'routes test expected.yaml --with h29.yaml', describe: 'example.routesTestWith' },
  ],
  run: async (input, context) => {
    const { workingDir } = context.terminal
    const [file, declaredFile] = [input.required('file'), input.text('with')]
    const { readExpectations } = await import('../config/expectation-file.ts')
    const expectations = valueOrRefuse(await readExpectations(resolve(workingDir, file), file))
    const content = declaredFile === undefined ? undefined : await contentOf(declaredFile, context)
    const place = await offlinePlace(input, context)
    const outcomes =
      place === null
        ? await testAtNode(await chosenNode(input, context), expectations, content)
        : testIn(place, expectations, content)
    const failed = outcomes.filter(({ ok }) => !ok)
    await context.print({
      json: { ok: failed.length === 0, items: outcomes },
      table: () => outcomesText(outcomes, failed, context),
    })
    return failed.length === 0 ? exitCodes.ok : exitCodes.refused
  },
}

async function testAtNode(
  { declared }: ControlClient,
  expectations: readonly RouteExpectation[],
  content: Partial<Declared> | undefined,
): Promise<readonly ExpectationOutcome[]> {
  if (content === undefined) return declared.test(expectations)
  return declared.test(expectations, { ...(await declared.view()).current.content, ...content })
}

function testIn(
  place: DeclaredPlace,
  expectations: readonly RouteExpectation[],
  content: Partial<Declared> = {},
): readonly ExpectationOutcome[] {
  const declared = { ...place.current, ...content }
  const own = { self: place.self, exceptions: declared.exceptions }
  return testExpectations(withDeclared(declared, place), own, expectations, place.at)
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
