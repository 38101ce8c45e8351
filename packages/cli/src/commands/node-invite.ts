/** What a parent does so that others can join it. */
import { mkdir } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import {
  type DeclaredChild,
  declaredFromSheet,
  isCode,
  nothingDeclared,
  RelayError,
  sheetProblemSays,
} from '@lienthong/core'
import type { InvitationView, InvitedChild } from '@lienthong/relay'
import { actor } from '../actor.ts'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import { configRefusal } from '../config/problem.ts'
import { readSmallFile, systemReason } from '../config/read-file.ts'
import type { ControlClient } from '../control/client.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderTable, renderTime } from '../output.ts'
import { replaceFile } from '../whole-file.ts'
import { durationOf } from './key-create.ts'

const defaultTier = 'node'
const defaultValidFor = '7d'
/** Children invited by one call: each is one version of the table, and a run that is cut off goes on from there. */
const batchSize = 20
const maxLineBytes = 512 * 1024

export const nodeInviteCommand: CommandSpec = {
  path: ['node', 'invite'],
  positionals: '[children..]',
  positionalHelp: { children: 'help.invite.children' },
  describe: 'help.node.invite',
  options: {
    delegates: { describe: 'option.invite.delegates', type: 'list' },
    tier: { describe: 'option.invite.tier', type: 'text', default: defaultTier },
    from: { describe: 'option.invite.from', type: 'text' },
    'valid-for': { describe: 'option.invite.validFor', type: 'text', default: defaultValidFor },
    'dry-run': { describe: 'option.invite.dryRun', type: 'flag' },
    out: { describe: 'option.invite.out', type: 'text' },
    answer: { describe: 'option.invite.answer', type: 'text' },
    reason: { describe: 'option.join.reason', type: 'text' },
    ...nodeOptions,
  },
  examples: [
    { command: 'node invite H29.18 --tier xã', describe: 'example.nodeInvite' },
    { command: 'node invite --from xa.csv --out invitations --valid-for 14d', describe: 'example.nodeInviteMany' },
    { command: 'node invite --answer H29.18.request --out H29.18.answer', describe: 'example.nodeInviteAnswer' },
  ],
  run: async (input, context) => {
    const request = input.text('answer')
    if (request !== undefined) return answerRequest(request, input, context)
    const children = await childrenIn(input, context)
    const validForMs = durationOf(input.text('valid-for') ?? defaultValidFor, 'valid-for') ?? 0
    const dryRun = input.flag('dry-run')
    const out = input.text('out')
    const node = await chosenNode(input, context)
    const all: (InvitedChild & { readonly file: string | null })[] = []
    for (let done = 0; done < children.length; done += batchSize) {
      const batch = children.slice(done, done + batchSize)
      const invited = await node.joining.invite(batch, { validForMs, dryRun }, actOf(input))
      for (const each of invited) all.push({ ...each, file: await written(each, out, context) })
      if (children.length > batchSize) {
        await context.note(context.say('invite.progress', { done: all.length, all: children.length }))
      }
    }
    await context.print({
      json: { items: out === undefined ? all : all.map((each) => ({ ...each, token: null })) },
      table: () => invitedText(all, { dryRun }, context),
    })
    await sayWhatNow(all, context)
    return exitCodes.ok
  },
}

export const nodeInvitationsCommand: CommandSpec = {
  path: ['node', 'invitations'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.node.invitations',
  options: nodeOptions,
  examples: [{ command: 'node invitations', describe: 'example.nodeInvitations' }],
  run: async (input, context) => {
    const items = await (await chosenNode(input, context)).joining.invitations()
    await context.print({ json: { items }, table: () => invitationsText(items, context) })
    return exitCodes.ok
  },
}

async function answerRequest(request: string, input: CommandInput, context: Context): Promise<ExitCode> {
  const { workingDir } = context.terminal
  const out = input.text('out')
  if (out === undefined) throw new RelayError('USAGE', { detail: { reason: '--out' } })
  const line = await readSmallFile(resolve(workingDir, request), { shown: request, maxBytes: maxLineBytes })
  const { readRequestLine } = await import('@lienthong/link')
  const { node: id } = readRequestLine(line)
  const child = await knownOrNew(id, { input, node: await chosenNode(input, context) })
  const { answer } = await (await chosenNode(input, context)).joining.grant(line, child, actOf(input))
  await replaceFile(resolve(workingDir, out), `${answer}\n`, { shown: out })
  await context.print({
    json: { child: id, file: out },
    table: () => context.say('invite.answered', { child: id, file: out }),
  })
  return exitCodes.ok
}

/** As it is declared, unless the command says otherwise. */
async function knownOrNew(
  id: string,
  { input, node }: { readonly input: CommandInput; readonly node: ControlClient },
): Promise<DeclaredChild> {
  const { current } = await node.declared.view()
  const known = current.content.children.find((child) => child.id === id)
  const delegates = input.list('delegates')
  if (known !== undefined && delegates.length === 0) return known
  return childOf(id, input)
}

async function childrenIn(input: CommandInput, context: Context): Promise<readonly DeclaredChild[]> {
  const ids = input.list('children')
  const from = input.text('from')
  if (ids.length === 0 && from === undefined) {
    throw new RelayError('USAGE', { detail: { reason: context.say('usage.inviteWhom') } })
  }
  const wrong = [...ids, ...input.list('delegates')].find((id) => !isCode(id))
  if (wrong !== undefined) throw new RelayError('USAGE', { detail: { reason: `"${wrong}"` } })
  if (ids.length > 1 && input.list('delegates').length > 0) {
    throw new RelayError('USAGE', { detail: { reason: '--delegates' } })
  }
  const named = ids.map((id) => childOf(id, input))
  return from === undefined ? named : [...named, ...(await childrenFrom(from, input, context))]
}

function childOf(id: string, input: CommandInput): DeclaredChild {
  const delegates = input.list('delegates')
  return { id, tier: input.text('tier') ?? defaultTier, delegates: delegates.length === 0 ? [id] : delegates }
}

/** A row each: of a table of children, or of organisations that have a node of their own and get their own code. */
async function childrenFrom(from: string, input: CommandInput, context: Context): Promise<readonly DeclaredChild[]> {
  const { readSheetFile } = await import('../declared/sheet-file.ts')
  const sheet = await readSheetFile(resolve(context.terminal.workingDir, from), from)
  const taken = declaredFromSheet(nothingDeclared, sheet.rows, { self: '', parent: null })
  if (!taken.ok) {
    const problems = taken.problems.map((problem) => ({
      ...{ file: from, line: problem.row, column: 1, path: '' },
      text: () => sheetProblemSays(context.language, problem),
    }))
    throw configRefusal(problems)
  }
  const { children, organisations } = taken.content
  const tier = input.text('tier') ?? defaultTier
  const own = organisations.map(({ id }) => ({ id, tier, delegates: [id] }))
  return [...children.map((child) => (child.tier === '' ? { ...child, tier } : child)), ...own]
}

/** The file of a line, when files were asked for; null for nothing to write. */
async function written({ child, token }: InvitedChild, out: string | undefined, { terminal }: Context) {
  if (out === undefined || token === null) return null
  const folder = resolve(terminal.workingDir, out)
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new RelayError('FILE_UNWRITABLE', { detail: { file: out, reason: systemReason(cause) }, cause })
  })
  const file = join(out, `${child}.token`)
  await replaceFile(join(folder, `${child}.token`), `${token}\n`, { shown: file })
  return file
}

function invitedText(
  all: readonly (InvitedChild & { readonly file: string | null })[],
  { dryRun }: { readonly dryRun: boolean },
  context: Context,
): string {
  const { say } = context
  const stateOf = ({ state }: InvitedChild) =>
    say(dryRun && state === 'invited' ? 'invite.wouldInvite' : `invite.${state}`)
  const table = renderTable(
    [say('heading.child'), say('heading.state'), say('heading.until'), say('heading.file')],
    all.map((each) => [each.child, stateOf(each), renderTime(each.expiresAt), each.file ?? '']),
  )
  const lines = all.flatMap(({ token, file }) => (token === null || file !== null ? [] : ['', token]))
  return [table, ...lines].join('\n')
}

async function sayWhatNow(all: readonly InvitedChild[], context: Context): Promise<void> {
  const token = all.find((each) => each.token !== null)?.token
  if (token === undefined || token === null || context.format === 'json') return
  await context.note(context.say('invite.hand'))
  const { readInvitationLine } = await import('@lienthong/link')
  const { url } = readInvitationLine(token).address
  const { hostname } = new URL(url)
  const isHere =
    hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'))
  if (isHere) await context.note(context.say('invite.loopback', { url }))
}

function invitationsText(items: readonly InvitationView[], context: Context): string {
  const { say } = context
  if (items.length === 0) return say('invite.none')
  return renderTable(
    [say('heading.child'), say('heading.state'), say('heading.until')],
    items.map(({ child, state, expiresAt }) => [child, say(`invite.${state}`), renderTime(expiresAt)]),
  )
}

function actOf(input: CommandInput) {
  return { by: actor(), reason: input.text('reason') ?? 'invite' }
}
