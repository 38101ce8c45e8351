import { resolve } from 'node:path'
import {
  type Directory,
  dayStart,
  type ExplainedHop,
  type ExplainedParty,
  explainRoute,
  RelayError,
  type RouteExplanation,
} from '@lienthong/core'
import type { CommandSpec, Context } from '../command.ts'
import { valueOrRefuse } from '../config/problem.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderFacts, renderTable } from '../output.ts'

/** Recipients of one copy named in a table cell; the rest is counted. */
const namedRecipients = 3

export const routesExplainCommand: CommandSpec = {
  path: ['routes', 'explain'],
  positionals: '<from> <to>',
  positionalHelp: { from: 'help.routes.from', to: 'help.routes.to' },
  describe: 'help.routes.explain',
  options: {
    directory: { describe: 'option.directory', type: 'text' },
    on: { describe: 'option.on', type: 'text' },
    ...nodeOptions,
  },
  examples: [
    { command: 'routes explain H29.18.05 H26.10', describe: 'example.explain' },
    { command: 'routes explain G22 "H29.*" --directory directory.yaml', describe: 'example.explainOffline' },
    { command: 'routes explain H26 H30 --on 2025-07-01', describe: 'example.explainOn' },
  ],
  run: async (input, context) => {
    const [from, to, file] = [input.required('from'), input.required('to'), input.text('directory')]
    const at = instantOf(input.text('on'), context)
    const explanation =
      file === undefined
        ? await (await chosenNode(input, context)).explain(from, to, at)
        : explainRoute(await directoryOf(file, context), { from, to, at })
    await context.print({ json: explanation, table: () => explanationText(explanation, context) })
    return exitCodes.ok
  },
}

/** The beginning of that day in Vietnam, or now. */
function instantOf(day: string | undefined, context: Context): number {
  if (day === undefined) return Date.now()
  const start = dayStart(day)
  if (start === null)
    throw new RelayError('USAGE', { detail: { reason: context.say('usage.day', { option: '--on' }) } })
  return start
}

async function directoryOf(file: string, context: Context): Promise<Directory> {
  const { readDirectoryFile } = await import('../config/directory-file.ts')
  return valueOrRefuse(await readDirectoryFile(resolve(context.terminal.workingDir, file), file))
}

function explanationText({ directoryVersion, from, to, hops }: RouteExplanation, context: Context): string {
  const { say } = context
  const [only] = to
  const facts = renderFacts([
    [say('heading.from'), partyText(from, context)],
    [
      say('heading.to'),
      to.length === 1 && only !== undefined ? partyText(only, context) : say('routes.members', { count: to.length }),
    ],
    [say('heading.directory'), say('routes.directory', { version: directoryVersion })],
  ])
  const headings = [
    say('heading.node'),
    say('heading.tier'),
    say('heading.next'),
    say('heading.recipients'),
    say('heading.reason'),
  ]
  const rows = hops.map((hop) => [
    hop.node,
    hop.tier,
    hop.next ?? (hop.hop === 'mailbox' ? say('routes.mailbox') : ''),
    recipientsText(hop.recipients, context),
    reasonText(hop, to, context),
  ])
  return `${facts}\n\n${renderTable(headings, rows)}`
}

function partyText({ written, organ, name, node, by, validTo = '' }: ExplainedParty, { say }: Context): string {
  const called = name === null ? organ : `${organ} ${name}`
  return say(`routes.by.${by}`, { organ: called, node, written, validTo })
}

function recipientsText(recipients: readonly string[], { say }: Context): string {
  const named = recipients.slice(0, namedRecipients).join(', ')
  const more = recipients.length - namedRecipients
  return more > 0 ? say('routes.more', { named, more }) : named
}

function reasonText(hop: ExplainedHop, to: readonly ExplainedParty[], { say }: Context): string {
  const values = { node: hop.node, next: hop.next ?? '', serving: servingNodes(hop, to) }
  switch (hop.reason) {
    case 'served-here':
      return say('routes.reason.servedHere')
    case 'below-child':
      return say('routes.reason.belowChild', values)
    case 'not-below':
      return say('routes.reason.notBelow', values)
    case 'redirected':
      return say('routes.reason.redirected', values)
    case 'no-way':
      return say('routes.reason.noWay', values)
  }
}

function servingNodes(hop: ExplainedHop, to: readonly ExplainedParty[]): string {
  const here = new Set(hop.recipients)
  const nodes = [...new Set(to.filter(({ organ }) => here.has(organ)).map(({ node }) => node))]
  return nodes.length <= namedRecipients ? nodes.join(', ') : `${nodes.slice(0, namedRecipients).join(', ')}, …`
}
