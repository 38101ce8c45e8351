/** Organisations, as the directory of a node has them. */
import { type Organisation, parseWhole, RelayError, type Resolution } from '@lienthong/core'
import type { OrganisationView } from '@lienthong/gateway/admin-protocol'
import type { CommandInput, CommandSpec, Context, OptionSpec } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderFacts, renderTable } from '../output.ts'

const defaultLimit = 100
/** Organisations named below another; the rest is counted. */
const namedBelow = 20

const pageOptions = {
  node: { describe: 'option.org.node', type: 'text' },
  after: { describe: 'option.org.after', type: 'text' },
  limit: { describe: 'option.limit', type: 'text', default: String(defaultLimit) },
  ...nodeOptions,
} as const satisfies Record<string, OptionSpec>

export const orgListCommand: CommandSpec = {
  path: ['org', 'list'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.org.list',
  options: pageOptions,
  examples: [
    { command: 'org list --node H29', describe: 'example.orgList' },
    { command: 'org list --after H29.18 --limit 1000 -o json', describe: 'example.orgListNext' },
  ],
  run: (input, context) => listPage(input, context),
}

export const orgSearchCommand: CommandSpec = {
  path: ['org', 'search'],
  positionals: '<words..>',
  positionalHelp: { words: 'help.org.words' },
  describe: 'help.org.search',
  options: pageOptions,
  examples: [{ command: 'org search so y te', describe: 'example.orgSearch' }],
  run: (input, context) => listPage(input, context, input.list('words').join(' ')),
}

export const orgShowCommand: CommandSpec = {
  path: ['org', 'show'],
  positionals: '<code>',
  positionalHelp: { code: 'help.org.code' },
  describe: 'help.org.show',
  options: nodeOptions,
  examples: [{ command: 'org show H29.18', describe: 'example.orgShow' }],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const view = await node.organisations.show(input.required('code'))
    await context.print({ json: view, table: () => organisationText(view, context) })
    return exitCodes.ok
  },
}

async function listPage(input: CommandInput, context: Context, words?: string): Promise<ExitCode> {
  const { say } = context
  const limit = parseWhole(input.text('limit') ?? String(defaultLimit))
  if (limit === null || limit < 1) throw new RelayError('USAGE', { detail: { reason: '--limit' } })
  const [served, after] = [input.text('node'), input.text('after')]
  const node = await chosenNode(input, context)
  const page = await node.organisations.list({
    limit,
    ...(words === undefined ? {} : { words }),
    ...(served === undefined ? {} : { node: served }),
    ...(after === undefined ? {} : { after }),
  })
  const headings = [
    say('heading.code'),
    say('heading.name'),
    say('heading.parent'),
    say('heading.node'),
    say('heading.validTo'),
  ]
  const rows = page.organisations.map((each) => [each.id, each.name, each.parent ?? '', each.node, each.validTo ?? ''])
  await context.print({
    json: page,
    table: () => (rows.length === 0 ? say('org.none') : renderTable(headings, rows)),
  })
  if (page.next !== null && context.format === 'table') await context.note(say('org.more', { after: page.next }))
  return exitCodes.ok
}

function organisationText({ organisation, resolution, declaredHere, below }: OrganisationView, context: Context) {
  const { say } = context
  const named = below.slice(0, namedBelow).join(', ')
  const more = below.length - namedBelow
  const fact = (name: string, value: string | undefined) => (value === undefined ? [] : [[name, value] as const])
  return renderFacts([
    [say('heading.code'), organisation.id],
    [say('heading.name'), organisation.name],
    ...fact(say('declared.field.oldCode'), organisation.oldCode),
    ...fact(say('declared.field.code102'), organisation.code102),
    [say('heading.parent'), organisation.parent ?? ''],
    [say('heading.node'), declaredHere ? say('org.declaredHere', { node: organisation.node }) : organisation.node],
    ...fact(say('declared.field.mail'), organisation.mail),
    ...fact(say('declared.field.validFrom'), organisation.validFrom),
    ...fact(say('declared.field.validTo'), organisation.validTo),
    ...fact(say('declared.field.successors'), organisation.successors?.join(', ')),
    ...fact(
      say('declared.field.formerNodes'),
      organisation.formerNodes?.map(({ node, until }) => `${node} … ${until}`).join(', '),
    ),
    [say('heading.state'), stateText(resolution, organisation, context)],
    [say('org.below'), more > 0 ? say('routes.more', { named, more }) : named],
  ])
}

function stateText(resolution: Resolution, { id }: Organisation, { say }: Context): string {
  if (resolution.found) {
    return resolution.organ === id ? say('org.open') : say('org.successor', { organ: resolution.organ })
  }
  switch (resolution.code) {
    case 'RECEIVER_SPLIT':
      return say('org.split', { candidates: resolution.candidates.join(', ') })
    case 'RECEIVER_REPLACED':
      return say('org.successor', { organ: resolution.successor })
    case 'RECEIVER_CLOSED':
      return say('org.closed', { validTo: resolution.validTo })
    case 'RECEIVER_NOT_YET':
      return say('org.notYet', { validFrom: resolution.validFrom })
    case 'RECEIVER_UNKNOWN':
      return say('org.unknown')
  }
}
