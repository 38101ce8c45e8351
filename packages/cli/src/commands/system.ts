/** Commands about document software and its credentials. What is secret is printed once, by the command that made it. */
import { RelayError, type SystemScope, systemScopes } from '@lienthong/core'
import type { CredentialKind, IssuedCredentials, Rotation, SystemView } from '@lienthong/relay'
import { actor } from '../actor.ts'
import type { CommandInput, CommandSpec, Context, OptionSpec } from '../command.ts'
import { parseDuration } from '../config/units.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderFacts, renderTable, renderTime } from '../output.ts'

const defaultOverlap = '7d'
const kinds: Readonly<Record<string, CredentialKind>> = { secret: 'secret', key: 'apiKey', certificate: 'certificate' }

const factOptions = {
  organisation: { describe: 'option.system.organisation', type: 'list' },
  name: { describe: 'option.system.name', type: 'text' },
  scope: { describe: 'option.system.scope', type: 'list', choices: systemScopes },
} as const satisfies Record<string, OptionSpec>

const idHelp = { positionals: '<id>', positionalHelp: { id: 'help.system.id' } } as const

export const systemAddCommand: CommandSpec = {
  path: ['system', 'add'],
  ...idHelp,
  describe: 'help.system.add',
  options: {
    ...factOptions,
    organisation: { ...factOptions.organisation, required: true },
    only: { describe: 'option.system.only', type: 'text', choices: ['secret', 'key'] },
    ...nodeOptions,
  },
  examples: [
    { command: 'system add qlvb-1 --organisation H29.18 --name "QLVB"', describe: 'example.systemAdd' },
    { command: 'system add qlvb-2 --organisation H29.18 --only key -o json', describe: 'example.systemAddKey' },
  ],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const only = input.text('only')
    const issue = only === undefined ? undefined : [only === 'key' ? ('apiKey' as const) : ('secret' as const)]
    const request = { id: input.required('id'), ...factsIn(input), ...(issue === undefined ? {} : { issue }) }
    const organisations = input.list('organisation')
    return printIssued(await node.systems.add({ ...request, organisations }, actor()), context)
  },
}

export const systemListCommand: CommandSpec = {
  path: ['system', 'list'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.system.list',
  options: nodeOptions,
  examples: [{ command: 'system list', describe: 'example.systemList' }],
  run: async (input, context) => {
    const systems = await (await chosenNode(input, context)).systems.list()
    await context.print({ json: { items: systems }, table: () => systemTable(systems, context) })
    return exitCodes.ok
  },
}

export const systemRotateCommand: CommandSpec = {
  path: ['system', 'rotate'],
  ...idHelp,
  describe: 'help.system.rotate',
  options: {
    kind: { describe: 'option.system.kind', type: 'text', required: true, choices: Object.keys(kinds) },
    overlap: { describe: 'option.system.overlap', type: 'text', default: defaultOverlap },
    fingerprint: { describe: 'option.system.fingerprint', type: 'text' },
    ...nodeOptions,
  },
  examples: [
    { command: 'system rotate qlvb-1 --kind key --overlap 7d', describe: 'example.systemRotate' },
    { command: 'system rotate qlvb-1 --kind secret --overlap 0s', describe: 'example.systemRotateNow' },
  ],
  run: async (input, context) => {
    const request = rotationIn(input)
    const node = await chosenNode(input, context)
    return printIssued(await node.systems.rotate(input.required('id'), request, actor()), context)
  },
}

export const systemChangeCommand: CommandSpec = {
  path: ['system', 'change'],
  ...idHelp,
  describe: 'help.system.change',
  options: { ...factOptions, ...nodeOptions },
  examples: [
    { command: 'system change qlvb-1 --organisation H29.18 --organisation H29.19', describe: 'example.systemChange' },
  ],
  run: async (input, context) => {
    const organisations = input.list('organisation')
    const change = { ...factsIn(input), ...(organisations.length === 0 ? {} : { organisations }) }
    if (Object.keys(change).length === 0) {
      throw new RelayError('USAGE', { detail: { reason: '--organisation, --name, --scope' } })
    }
    const node = await chosenNode(input, context)
    return printSystem(await node.systems.change(input.required('id'), change, actor()), context)
  },
}

export const systemDisableCommand: CommandSpec = {
  path: ['system', 'disable'],
  ...idHelp,
  describe: 'help.system.disable',
  options: { undo: { describe: 'option.system.undo', type: 'flag' }, ...nodeOptions },
  examples: [{ command: 'system disable qlvb-1', describe: 'example.systemDisable' }],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const change = { disabled: !input.flag('undo') }
    return printSystem(await node.systems.change(input.required('id'), change, actor()), context)
  },
}

function factsIn(input: CommandInput): { readonly name?: string; readonly scopes?: readonly SystemScope[] } {
  const name = input.text('name')
  const scopes = systemScopes.filter((scope) => input.list('scope').includes(scope))
  return { ...(name === undefined ? {} : { name }), ...(scopes.length === 0 ? {} : { scopes }) }
}

function rotationIn(input: CommandInput): Rotation {
  const kind = kinds[input.required('kind')] ?? 'secret'
  const written = input.text('overlap') ?? defaultOverlap
  const overlapMs = parseDuration(written)
  if (overlapMs === null) throw new RelayError('USAGE', { detail: { reason: `--overlap "${written}"` } })
  if (kind !== 'certificate') return { kind, overlapMs }
  const fingerprint = input.text('fingerprint')
  if (fingerprint === undefined) throw new RelayError('USAGE', { detail: { reason: '--fingerprint' } })
  return { kind, overlapMs, fingerprint }
}

async function printIssued(issued: IssuedCredentials, context: Context) {
  const { system, secret, apiKey } = issued
  const { say } = context
  await context.print({
    json: issued,
    table: () =>
      [
        systemFacts(system, context),
        ...(secret === undefined ? [] : [`${say('system.secret')} ${secret}`]),
        ...(apiKey === undefined ? [] : [`${say('system.apiKey')} ${apiKey}`]),
      ].join('\n'),
  })
  if (secret !== undefined || apiKey !== undefined) await context.note(say('system.onlyOnce'))
  return exitCodes.ok
}

async function printSystem(system: SystemView, context: Context) {
  await context.print({ json: system, table: () => systemFacts(system, context) })
  return exitCodes.ok
}

function systemFacts(system: SystemView, context: Context): string {
  const { say } = context
  return renderFacts([
    [say('heading.system'), system.id],
    [say('heading.name'), system.name],
    [say('heading.organisations'), system.organisations.join(', ')],
    [say('heading.scopes'), system.scopes.join(', ')],
    [say('heading.state'), stateOf(system, context)],
    [say('heading.credentials'), system.credentials.map((each) => credentialText(each, context)).join(', ')],
  ])
}

function systemTable(systems: readonly SystemView[], context: Context): string {
  const { say } = context
  if (systems.length === 0) return say('system.none')
  const headings = [
    say('heading.system'),
    say('heading.name'),
    say('heading.state'),
    say('heading.organisations'),
    say('heading.scopes'),
    say('heading.credentials'),
  ]
  const rows = systems.map((system) => [
    system.id,
    system.name,
    stateOf(system, context),
    system.organisations.join(', '),
    system.scopes.join(', '),
    system.credentials.map((each) => credentialText(each, context)).join(', '),
  ])
  return renderTable(headings, rows)
}

function stateOf({ disabledAt, declared }: SystemView, { say }: Context): string {
  if (disabledAt !== null) return say('system.disabled', { at: renderTime(disabledAt) })
  return say(declared ? 'system.declared' : 'system.active')
}

function credentialText(credential: SystemView['credentials'][number], { say }: Context): string {
  const { kind, expiresAt, readable } = credential
  const word = Object.keys(kinds).find((name) => kinds[name] === kind) ?? kind
  const until = expiresAt === null ? [] : [say('system.until', { at: renderTime(expiresAt) })]
  return [word, ...until, ...(readable ? [] : [say('system.unreadable')])].join(' ')
}
