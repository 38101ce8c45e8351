/** What a node does about its parent, and a parent about a child that goes. */
import { resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { JoinOutcome } from '@lienthong/relay'
import { actor } from '../actor.ts'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { readSmallFile } from '../config/read-file.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { replaceFile } from '../whole-file.ts'

const maxLineBytes = 512 * 1024
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
    reason,
    ...nodeOptions,
  },
  examples: [
    { command: 'node join H29.18.token', describe: 'example.nodeJoin' },
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
    return printOutcome(
      await (token === undefined ? node.joining.accept(line, act) : node.joining.join(line, act)),
      context,
    )
  },
}

export const nodeBridgeCommand: CommandSpec = {
  path: ['node', 'bridge'],
  positionals: '<token>',
  ...tokenHelp,
  describe: 'help.node.bridge',
  options: { reason, ...nodeOptions },
  examples: [{ command: 'node bridge H29.token', describe: 'example.nodeBridge' }],
  run: async (input, context) => {
    const line = await lineIn(input.required('token'), context)
    const node = await chosenNode(input, context)
    return printOutcome(await node.joining.bridge(line, actOf(input, 'bridge')), context)
  },
}

export const nodeLeaveCommand: CommandSpec = {
  path: ['node', 'leave'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.node.leave',
  options: { reason: { ...reason, required: true }, ...nodeOptions },
  examples: [{ command: 'node leave --reason "QD 12/2026"', describe: 'example.nodeLeave' }],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    await node.joining.leave({ by: actor(), reason: input.required('reason') })
    const { id } = await node.status()
    await context.print({ json: { node: id, parent: null }, table: () => context.say('leave.done', { node: id }) })
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
    await node.joining.revoke(child, { by: actor(), reason: input.required('reason') })
    await context.print({ json: { child }, table: () => context.say('revoke.done', { child }) })
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

/** The line itself, the file it is in, or standard input: on a command line others of the machine can read it. */
async function lineIn(given: string, { terminal }: Context): Promise<string> {
  if (/^lt[a-z]?1\./.test(given)) return given
  if (given !== '-') return readSmallFile(resolve(terminal.workingDir, given), { shown: given, maxBytes: maxLineBytes })
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of terminal.stdin) {
    chunks.push(chunk)
    size += chunk.length
    if (size > maxLineBytes) break
  }
  return Buffer.concat(chunks).toString()
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

function actOf(input: CommandInput, otherwise: string) {
  return { by: actor(), reason: input.text('reason') ?? otherwise }
}
