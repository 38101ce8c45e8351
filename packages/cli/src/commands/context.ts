/** Commands about the nodes one administers from this desk. */
import { resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { NodeStatus } from '@lienthong/relay'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { connectControl } from '../control/client.ts'
import { exitCodes } from '../exit-codes.ts'
import {
  addressOf,
  gatewayUrl,
  type NodeContext,
  type NodeContexts,
  readContexts,
  writeContexts,
} from '../node-contexts.ts'
import { renderFacts, renderTable } from '../output.ts'
import { linkText } from './status.ts'

const nameHelp = { positionals: '<name>', positionalHelp: { name: 'help.context.name' } } as const
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Asked at once by `context list --check`. */
const askedAtOnce = 16

export const contextAddCommand: CommandSpec = {
  path: ['context', 'add'],
  ...nameHelp,
  describe: 'help.context.add',
  options: {
    url: { describe: 'option.context.url', type: 'text' },
    key: { describe: 'option.context.key', type: 'text' },
    ca: { describe: 'option.context.ca', type: 'text' },
    data: { describe: 'option.context.data', type: 'text' },
    select: { describe: 'option.context.select', type: 'flag' },
  },
  examples: [
    {
      command: 'context add h29 --url https://h29.example:8443 --key h29.key --ca ca.pem',
      describe: 'example.contextAdd',
    },
    { command: 'context add here --data /var/lib/lienthong --select', describe: 'example.contextAddHere' },
  ],
  run: async (input, context) => {
    const name = input.required('name')
    if (!namePattern.test(name)) throw new RelayError('USAGE', { detail: { reason: `"${name}"` } })
    const node = nodeIn(input, context)
    // A key that cannot be read is worth saying now, and not on the night it is needed.
    await addressOf(node)
    const { nodes, selected } = await readContexts(context.terminal)
    const contexts = { nodes: new Map(nodes).set(name, node), selected: input.flag('select') ? name : selected }
    await writeContexts(context.terminal, contexts)
    return printContext(name, contexts, context)
  },
}

export const contextListCommand: CommandSpec = {
  path: ['context', 'list'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.context.list',
  options: { check: { describe: 'option.context.check', type: 'flag' } },
  examples: [
    { command: 'context list', describe: 'example.contextList' },
    { command: 'context list --check', describe: 'example.contextListCheck' },
  ],
  run: async (input, context) => {
    const { nodes, selected } = await readContexts(context.terminal)
    const names = [...nodes.keys()].sort()
    const found = input.flag('check') ? await askAll(names.map((name) => nodes.get(name))) : null
    const items = names.map((name, place) => {
      const { status, code } = found?.[place] ?? {}
      const answer = { ...(status === undefined ? {} : { status }), ...(code === undefined ? {} : { code }) }
      return { name, selected: name === selected, ...nodes.get(name), ...answer }
    })
    await context.print({ json: { items }, table: () => contextTable({ nodes, selected }, names, found, context) })
    return exitCodes.ok
  },
}

export const contextSelectCommand: CommandSpec = {
  path: ['context', 'select'],
  positionals: '[name]',
  positionalHelp: { name: 'help.context.name' },
  describe: 'help.context.select',
  options: { none: { describe: 'option.context.none', type: 'flag' } },
  examples: [{ command: 'context select h29', describe: 'example.contextSelect' }],
  run: async (input, context) => {
    const name = input.text('name')
    if ((name === undefined) !== input.flag('none')) {
      throw new RelayError('USAGE', { detail: { reason: context.say('usage.contextSelect') } })
    }
    const { nodes } = await readContexts(context.terminal)
    const contexts = { nodes, selected: name ?? null }
    if (name !== undefined) known(contexts, name)
    await writeContexts(context.terminal, contexts)
    if (name !== undefined) return printContext(name, contexts, context)
    await context.print({ json: { selected: null }, table: () => context.say('context.noneSelected') })
    return exitCodes.ok
  },
}

export const contextRemoveCommand: CommandSpec = {
  path: ['context', 'remove'],
  ...nameHelp,
  describe: 'help.context.remove',
  options: {},
  examples: [{ command: 'context remove h29', describe: 'example.contextRemove' }],
  run: async (input, context) => {
    const name = input.required('name')
    const contexts = await readContexts(context.terminal)
    known(contexts, name)
    const nodes = new Map(contexts.nodes)
    nodes.delete(name)
    await writeContexts(context.terminal, { nodes, selected: contexts.selected === name ? null : contexts.selected })
    await context.print({ json: { removed: name }, table: () => context.say('context.removed', { name }) })
    return exitCodes.ok
  },
}

/** Throws USAGE. */
function nodeIn(input: CommandInput, context: Context): NodeContext {
  const { workingDir } = context.terminal
  const [written, key, ca, data] = ['url', 'key', 'ca', 'data'].map((name) => input.text(name))
  const isHere = data !== undefined && written === undefined && key === undefined && ca === undefined
  if (isHere) return { data: resolve(workingDir, data) }
  if (data !== undefined || written === undefined || key === undefined) {
    throw new RelayError('USAGE', { detail: { reason: context.say('usage.contextAdd') } })
  }
  const url = gatewayUrl(written)
  if (url === null) throw new RelayError('USAGE', { detail: { reason: context.say('usage.contextUrl') } })
  const files = { key: resolve(workingDir, key), ...(ca === undefined ? {} : { ca: resolve(workingDir, ca) }) }
  return { url, ...files }
}

function known({ nodes }: NodeContexts, name: string): NodeContext {
  const found = nodes.get(name)
  if (found === undefined) throw new RelayError('NOT_FOUND', { detail: { what: name } })
  return found
}

interface Found {
  readonly status?: NodeStatus
  /** Why there is none. */
  readonly code?: string
}

async function askAll(nodes: readonly (NodeContext | undefined)[]): Promise<readonly Found[]> {
  const found: Found[] = []
  for (let begin = 0; begin < nodes.length; begin += askedAtOnce) {
    found.push(...(await Promise.all(nodes.slice(begin, begin + askedAtOnce).map(askOne))))
  }
  return found
}

async function askOne(node: NodeContext | undefined): Promise<Found> {
  if (node === undefined) return {}
  try {
    return { status: await connectControl(await addressOf(node)).status() }
  } catch (error) {
    return { code: error instanceof RelayError ? error.code : 'INTERNAL' }
  }
}

async function printContext(name: string, contexts: NodeContexts, context: Context) {
  const { say } = context
  const node = known(contexts, name)
  const selected = contexts.selected === name
  await context.print({
    json: { name, selected, ...node },
    table: () =>
      renderFacts([
        [say('heading.context'), name],
        [say('heading.place'), 'data' in node ? node.data : node.url],
        ...('data' in node ? [] : [[say('heading.key'), node.key] as const]),
        [say('heading.selected'), say(selected ? 'context.yes' : 'context.no')],
      ]),
  })
  return exitCodes.ok
}

function contextTable(
  { nodes, selected }: NodeContexts,
  names: readonly string[],
  found: readonly Found[] | null,
  context: Context,
): string {
  const { say } = context
  if (names.length === 0) return say('context.empty')
  const headings = [say('heading.selected'), say('heading.context'), say('heading.place')]
  const checked = [say('heading.node'), say('heading.link'), say('heading.backlog')]
  const rows = names.map((name, place) => {
    const node = nodes.get(name)
    const where = node === undefined ? '' : 'data' in node ? node.data : node.url
    const { status, code = '' } = found?.[place] ?? {}
    const answer =
      status === undefined
        ? [code, '', '']
        : [status.id, linkText(status.link, context), say('status.backlog', status.backlog)]
    return [name === selected ? '*' : '', name, where, ...(found === null ? [] : answer)]
  })
  return renderTable(found === null ? headings : [...headings, ...checked], rows)
}
