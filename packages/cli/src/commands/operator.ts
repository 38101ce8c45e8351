/** Commands about those who administer a node from elsewhere. A key is printed once, by the command that made it. */
import { type OperatorRole, operatorRoles, RelayError } from '@lienthong/core'
import type { IssuedKey, OperatorChange, OperatorView } from '@lienthong/relay'
import { actor } from '../actor.ts'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { parseDuration } from '../config/units.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderFacts, renderTable, renderTime } from '../output.ts'

const idHelp = { positionals: '<id>', positionalHelp: { id: 'help.operator.id' } } as const
const name = { describe: 'option.operator.name', type: 'text' } as const
const role = { describe: 'option.operator.role', type: 'text', choices: operatorRoles } as const

export const operatorAddCommand: CommandSpec = {
  path: ['operator', 'add'],
  ...idHelp,
  describe: 'help.operator.add',
  options: { role: { ...role, required: true }, name, ...nodeOptions },
  examples: [{ command: 'operator add truc-1 --role operator', describe: 'example.operatorAdd' }],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const { role: chosen = 'viewer', ...rest } = factsIn(input)
    const issued = await node.operators.add({ id: input.required('id'), role: chosen, ...rest }, actor())
    return printIssued(issued, context)
  },
}

export const operatorListCommand: CommandSpec = {
  path: ['operator', 'list'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.operator.list',
  options: nodeOptions,
  examples: [{ command: 'operator list', describe: 'example.operatorList' }],
  run: async (input, context) => {
    const operators = await (await chosenNode(input, context)).operators.list()
    await context.print({ json: { items: operators }, table: () => operatorTable(operators, context) })
    return exitCodes.ok
  },
}

export const operatorRotateCommand: CommandSpec = {
  path: ['operator', 'rotate'],
  ...idHelp,
  describe: 'help.operator.rotate',
  options: { overlap: { describe: 'option.operator.overlap', type: 'text', default: '0s' }, ...nodeOptions },
  examples: [{ command: 'operator rotate truc-1 --overlap 0s', describe: 'example.operatorRotate' }],
  run: async (input, context) => {
    const written = input.text('overlap') ?? '0s'
    const overlapMs = parseDuration(written)
    if (overlapMs === null) throw new RelayError('USAGE', { detail: { reason: `--overlap "${written}"` } })
    const node = await chosenNode(input, context)
    return printIssued(await node.operators.rotate(input.required('id'), { overlapMs }, actor()), context)
  },
}

export const operatorChangeCommand: CommandSpec = {
  path: ['operator', 'change'],
  ...idHelp,
  describe: 'help.operator.change',
  options: { role, name, ...nodeOptions },
  examples: [{ command: 'operator change truc-1 --role viewer', describe: 'example.operatorChange' }],
  run: async (input, context) => {
    const change = factsIn(input)
    if (Object.keys(change).length === 0) throw new RelayError('USAGE', { detail: { reason: '--role, --name' } })
    return changeOperator(input, context, change)
  },
}

export const operatorDisableCommand: CommandSpec = {
  path: ['operator', 'disable'],
  ...idHelp,
  describe: 'help.operator.disable',
  options: { undo: { describe: 'option.operator.undo', type: 'flag' }, ...nodeOptions },
  examples: [{ command: 'operator disable truc-1', describe: 'example.operatorDisable' }],
  run: (input, context) => changeOperator(input, context, { disabled: !input.flag('undo') }),
}

function factsIn(input: CommandInput): { readonly name?: string; readonly role?: OperatorRole } {
  const [written, chosen] = [input.text('name'), operatorRoles.find((each) => each === input.text('role'))]
  return { ...(written === undefined ? {} : { name: written }), ...(chosen === undefined ? {} : { role: chosen }) }
}

async function changeOperator(input: CommandInput, context: Context, change: OperatorChange) {
  const node = await chosenNode(input, context)
  const operator = await node.operators.change(input.required('id'), change, actor())
  await context.print({ json: operator, table: () => operatorFacts(operator, context) })
  return exitCodes.ok
}

async function printIssued(issued: IssuedKey, context: Context) {
  const { say } = context
  await context.print({
    json: issued,
    table: () => `${operatorFacts(issued.operator, context)}\n${say('operator.key')} ${issued.key}`,
  })
  await context.note(say('operator.onlyOnce'))
  return exitCodes.ok
}

function operatorFacts(operator: OperatorView, context: Context): string {
  const { say } = context
  return renderFacts([
    [say('heading.operator'), operator.id],
    [say('heading.name'), operator.name],
    [say('heading.role'), operator.role],
    [say('heading.state'), stateOf(operator, context)],
    [say('heading.keys'), keysOf(operator, context)],
  ])
}

function operatorTable(operators: readonly OperatorView[], context: Context): string {
  const { say } = context
  if (operators.length === 0) return say('operator.none')
  const headings = [
    say('heading.operator'),
    say('heading.name'),
    say('heading.role'),
    say('heading.state'),
    say('heading.keys'),
  ]
  const rows = operators.map((each) => [each.id, each.name, each.role, stateOf(each, context), keysOf(each, context)])
  return renderTable(headings, rows)
}

function stateOf({ disabledAt }: OperatorView, { say }: Context): string {
  return disabledAt === null ? say('operator.active') : say('operator.disabled', { at: renderTime(disabledAt) })
}

function keysOf({ keys }: OperatorView, { say }: Context): string {
  return keys
    .map(({ createdAt, expiresAt }) => {
      const since = renderTime(createdAt)
      return expiresAt === null
        ? say('operator.since', { at: since })
        : say('operator.until', { since, until: renderTime(expiresAt) })
    })
    .join(', ')
}
