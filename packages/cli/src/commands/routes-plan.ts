/** From a declared file to what the node declares: checked, planned, applied, rolled back. */
import { resolve } from 'node:path'
import { type AnnouncementVersion, checkDeclared, versionText } from '@lienthong/core'
import type { CommandSpec, Context, OptionSpec } from '../command.ts'
import type { DeclaredFile } from '../config/declared-file.ts'
import { valueOrRefuse } from '../config/problem.ts'
import type { ControlClient } from '../control/client.ts'
import { changesText } from '../declared/changes-text.ts'
import { offlineOptions, offlinePlace } from '../declared/offline.ts'
import { baseIn, changeOptions, propose, refuseProblems, versionIn } from '../declared/propose.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'

const fileHelp = { positionals: '<file>', positionalHelp: { file: 'help.routes.file' } } as const
const baseOption = { base: { describe: 'option.base', type: 'text' } } as const satisfies Record<string, OptionSpec>

export const routesCheckCommand: CommandSpec = {
  path: ['routes', 'check'],
  ...fileHelp,
  describe: 'help.routes.check',
  options: { ...offlineOptions, ...nodeOptions },
  examples: [
    { command: 'routes check h29.yaml', describe: 'example.routesCheck' },
    { command: 'routes check h29.yaml --directory directory.yaml --node H29', describe: 'example.explainOffline' },
  ],
  run: async (input, context) => {
    const file = input.required('file')
    const declared = await declaredIn(file, context)
    const place = await offlinePlace(input, context)
    const problems =
      place === null
        ? await problemsAtNode(await chosenNode(input, context), declared)
        : checkDeclared({ ...place.current, ...declared.content }, place)
    const warnings = await refuseProblems(problems, declared.place, context)
    await context.print({ json: { ok: true, file, warnings }, table: () => context.say('routes.checked', { file }) })
    return exitCodes.ok
  },
}

export const routesPlanCommand: CommandSpec = {
  path: ['routes', 'plan'],
  ...fileHelp,
  describe: 'help.routes.plan',
  options: nodeOptions,
  examples: [
    { command: 'routes plan h29.yaml', describe: 'example.routesPlan' },
    { command: 'routes plan h29.yaml -o json', describe: 'example.routesPlanJson' },
  ],
  run: async (input, context) => {
    const declared = await declaredIn(input.required('file'), context)
    const node = await chosenNode(input, context)
    const { current } = await node.declared.view()
    const { base, changes, problems } = await node.declared.plan({ ...current.content, ...declared.content })
    const warnings = await refuseProblems(problems, declared.place, context)
    const moved = declared.base !== null && versionText(declared.base) !== versionText(base)
    await context.print({ json: { base, moved, changes, warnings }, table: () => changesText(changes, context) })
    if (context.format === 'table') {
      if (moved) await context.note(context.say('routes.baseMoved', movedBy(declared.base, base)))
      else if (changes.length > 0) await context.note(context.say('routes.planned', { base: versionText(base) }))
    }
    return exitCodes.ok
  },
}

export const routesApplyCommand: CommandSpec = {
  path: ['routes', 'apply'],
  ...fileHelp,
  describe: 'help.routes.apply',
  options: { ...changeOptions, ...baseOption, ...nodeOptions },
  examples: [
    { command: 'routes apply h29.yaml --reason "QD 12/2026"', describe: 'example.routesApply' },
    {
      command: 'routes apply h29.yaml --approve --base 1.7 --reason "QD 12/2026"',
      describe: 'example.routesApplyBase',
    },
  ],
  run: async (input, context) => {
    const declared = await declaredIn(input.required('file'), context)
    const node = await chosenNode(input, context)
    const { current } = await node.declared.view()
    const content = { ...current.content, ...declared.content }
    const base = declared.base ?? baseIn(input)
    return propose(node, { content, base, place: declared.place }, input, context)
  },
}

export const routesRollbackCommand: CommandSpec = {
  path: ['routes', 'rollback'],
  positionals: '<table-version>',
  positionalHelp: { 'table-version': 'help.routes.version' },
  describe: 'help.routes.rollback',
  options: { ...changeOptions, ...nodeOptions },
  examples: [{ command: 'routes rollback 1.6 --reason "H29.18.05"', describe: 'example.routesRollback' }],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const old = await node.declared.version(versionIn(input.required('table-version')))
    const { current } = await node.declared.view()
    return propose(node, { content: old.content, base: current }, input, context)
  },
}

async function problemsAtNode({ declared: door }: ControlClient, { content }: DeclaredFile) {
  const { current } = await door.view()
  return (await door.plan({ ...current.content, ...content })).problems
}

async function declaredIn(file: string, context: Context): Promise<DeclaredFile> {
  const { readDeclaredFile } = await import('../config/declared-file.ts')
  return valueOrRefuse(await readDeclaredFile(resolve(context.terminal.workingDir, file), file))
}

function movedBy(from: AnnouncementVersion, to: AnnouncementVersion) {
  return { from: versionText(from), to: versionText(to) }
}
