/** What a node does about its parent, and a parent about a child that goes. */
import { resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { JoinOutcome } from '@lienthong/relay'
import { actor } from '../actor.ts'
import { askYes } from '../ask.ts'
import { overlapText } from '../bridge-text.ts'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { overlapsOf } from '../control/bridge-calls.ts'
import type { ControlClient } from '../control/client.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { leaveWhenDrained, leftIn } from '../leave.ts'
import { lineIn } from '../line-in.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderTime } from '../output.ts'
import { replaceFile } from '../whole-file.ts'

const reason = { describe: 'option.join.reason', type: 'text' } as const
const tokenHelp = { positionalHelp: { token: 'help.join.token' } } as const

export const nodeJoinCommand: CommandSpec = {
  path: ['node', 'join'],
  positionals: '[token]',
  ...tokenHelp,
  describe: 'help.node.join',
  options: {
    request: { describe: 'option.join.request', type: 'text' },
    answer: { describe: 'option.join.answer', type: 'text' },
    'instead-of': { describe: 'option.join.insteadOf', type: 'text' },
    reason,
    ...nodeOptions,
  },
  examples: [
    { command: 'node join H29.18.token', describe: 'example.nodeJoin' },
    { command: 'node join H29.18.token --instead-of H29', describe: 'example.nodeJoinInstead' },
    { command: 'node join --request H29.18.request', describe: 'example.nodeJoinRequest' },
  ],
  run: async (input, context) => {
    const [token, request, answer] = ['token', 'request', 'answer'].map((name) => input.text(name))
    if ([token, request, answer].filter((given) => given !== undefined).length !== 1) {
      throw new RelayError('USAGE', { detail: { reason: context.say('usage.joinHow') } })
    }
    if (request !== undefined) return writeRequest(request, input, context)
    const line = await lineIn(token ?? answer ?? '', context)
    const node = await chosenNode(input, context)
    const act = actOf(input, 'join')
    const insteadOf = input.text('instead-of')
    const moving = insteadOf === undefined ? act : { ...act, insteadOf }
    return printOutcome(
      await (token === undefined ? node.joining.accept(line, act) : node.joining.join(line, moving)),
      context,
    )
  },
}

export const nodeBridgeCommand: CommandSpec = {
  path: ['node', 'bridge'],
  positionals: '<token>',
  ...tokenHelp,
  describe: 'help.node.bridge',
  options: { approve: { describe: 'option.bridge.approve', type: 'flag' }, reason, ...nodeOptions },
  examples: [
    { command: 'node bridge H29.token', describe: 'example.nodeBridge' },
    { command: 'node bridge H29.token --approve', describe: 'example.nodeBridgeApprove' },
  ],
  run: async (input, context) => {
    const line = await lineIn(input.required('token'), context)
    const node = await chosenNode(input, context)
    if (!(await isBridgeApproved(node, { line, input, context }))) return exitCodes.refused
    return printOutcome(await node.joining.bridge(line, actOf(input, 'bridge')), context)
  },
}

export const nodeLeaveCommand: CommandSpec = {
  path: ['node', 'leave'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.node.leave',
  options: {
    reason: { ...reason, required: true },
    force: { describe: 'option.leave.force', type: 'flag' },
    ...nodeOptions,
  },
  examples: [{ command: 'node leave --reason "QD 12/2026"', describe: 'example.nodeLeave' }],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const act = { by: actor(), reason: input.required('reason'), force: input.flag('force') }
    const left = await leaveWhenDrained(node, act, async (notYet) => {
      if (context.format === 'table') await context.note(context.say('leave.waiting', leftIn(notYet)))
    })
    const values = { node: left.node, parent: left.parent ?? '' }
    await context.print({ json: left, table: () => context.say(`leave.${left.outcome}`, values) })
    return exitCodes.ok
  },
}

export const nodeDismissCommand: CommandSpec = {
  path: ['node', 'dismiss'],
  positionals: '<child>',
  positionalHelp: { child: 'help.revoke.child' },
  describe: 'help.node.dismiss',
  options: { reason: { ...reason, required: true }, ...nodeOptions },
  examples: [{ command: 'node dismiss H29.18.05 --reason "QD 12/2026"', describe: 'example.nodeDismiss' }],
  run: async (input, context) => {
    const child = input.required('child')
    const node = await chosenNode(input, context)
    const done = await node.joining.dismiss(child, { by: actor(), reason: input.required('reason') })
    await context.print({ json: done, table: () => context.say(`dismiss.${done.outcome}`, { child }) })
    return exitCodes.ok
  },
}

export const nodeRevokeCommand: CommandSpec = {
  path: ['node', 'revoke'],
  positionals: '<child>',
  positionalHelp: { child: 'help.revoke.child' },
  describe: 'help.node.revoke',
  options: { reason: { ...reason, required: true }, ...nodeOptions },
  examples: [{ command: 'node revoke H29.18.05 --reason "mất máy"', describe: 'example.nodeRevoke' }],
  run: async (input, context) => {
    const child = input.required('child')
    const node = await chosenNode(input, context)
    const done = await node.joining.revoke(child, { by: actor(), reason: input.required('reason') })
    const values = { child, at: renderTime(done.leftAt), parent: done.parent ?? '' }
    await context.print({ json: done, table: () => context.say(`revoke.${done.outcome}`, values) })
    return exitCodes.ok
  },
}

async function writeRequest(file: string, input: CommandInput, context: Context): Promise<ExitCode> {
  const node = await chosenNode(input, context)
  const request = await node.joining.request()
  await replaceFile(resolve(context.terminal.workingDir, file), `${request}\n`, { shown: file })
  await context.print({ json: { file }, table: () => context.say('join.requested', { file }) })
  return exitCodes.ok
}

async function printOutcome(outcome: JoinOutcome, context: Context): Promise<ExitCode> {
  const { parent, outcome: word, linked } = outcome
  await context.print({
    json: outcome,
    table: () =>
      [context.say(`join.${word}`, { parent }), context.say(linked ? 'join.linked' : 'join.waiting')].join('\n'),
  })
  return exitCodes.ok
}

/** What both sides claim is shown first; nothing is to be said yes to where nothing is. Throws USAGE when nobody approves. */
async function isBridgeApproved(
  { bridging }: Pick<ControlClient, 'bridging'>,
  { line, input, context }: { readonly line: string; readonly input: CommandInput; readonly context: Context },
): Promise<boolean> {
  const { say, terminal } = context
  const overlaps = await overlapsOf({ bridging }, line)
  const isOlder = 'older' in overlaps
  if (!isOlder && overlaps.count === 0) return true
  const { older: parent } = isOlder ? overlaps : { older: overlaps.parent }
  await context.note(isOlder ? say('bridge.overlap.older', { parent }) : overlapText(overlaps, context))
  if (input.flag('approve')) return true
  if (terminal.interactive !== true) throw new RelayError('USAGE', { detail: { reason: say('usage.approve') } })
  if (await askYes(say('bridge.ask', { parent }), terminal)) return true
  await context.note(say('bridge.notConnected'))
  return false
}

function actOf(input: CommandInput, otherwise: string) {
  return { by: actor(), reason: input.text('reason') ?? otherwise }
}
