/**
 * The one way by which a command changes what a node declares: planned by the node, shown, approved, applied.
 *
 *   plan ─▶ nothing to change                       ends well
 *        ─▶ base moved, problems                    refused, nothing changed
 *        ─▶ shown ─▶ --approve, or yes to the question ─▶ applied as the next version
 */
import {
  type AnnouncementVersion,
  compareVersions,
  type Declared,
  type DeclaredProblem,
  declaredProblemKinds,
  declaredProblemText,
  parseVersion,
  RelayError,
  versionText,
} from '@lienthong/core'
import { actor } from '../actor.ts'
import { askYes } from '../ask.ts'
import type { CommandInput, Context, OptionSpec } from '../command.ts'
import { type ConfigProblem, configRefusal, problemLine } from '../config/problem.ts'
import type { ControlClient } from '../control/client.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { changesText } from './changes-text.ts'

/** Of every command that changes what a node declares. */
export const changeOptions = {
  approve: { describe: 'option.approve', type: 'flag' },
  reason: { describe: 'option.change.reason', type: 'text', required: true },
  by: { describe: 'option.by', type: 'text' },
} as const satisfies Record<string, OptionSpec>

export interface Proposal {
  readonly content: Declared
  /** What it was made from; null: only a person who sees the changes can say yes. */
  readonly base: AnnouncementVersion | null
  /** Places for problems. @default the content's own paths */
  readonly place?: Placing
  /** Said behind the result. */
  readonly next?: string
}

export type Placing = (problems: readonly DeclaredProblem[]) => {
  readonly problems: readonly ConfigProblem[]
  readonly warnings: readonly ConfigProblem[]
}

/** Throws BASE_MOVED, CONFIG_INVALID or DECLARED_INVALID, USAGE when nobody approves. */
export async function propose(
  node: ControlClient,
  proposal: Proposal,
  input: CommandInput,
  context: Context,
): Promise<ExitCode> {
  const { content, next } = proposal
  const plan = await node.declared.plan(content)
  const { changes } = plan
  const warnings = await refuseProblems(plan.problems, proposal.place, context)
  const said = changesText(changes, context)
  if (changes.length === 0) {
    await context.print({ json: { applied: false, version: plan.base, changes, warnings }, table: () => said })
    return exitCodes.ok
  }
  const base = proposal.base ?? plan.base
  if (compareVersions(base, plan.base) !== 0) {
    throw new RelayError('BASE_MOVED', { detail: { version: versionText(plan.base) } })
  }
  if (context.format === 'table') await context.print({ json: null, table: () => said })
  if (!(await isApproved(proposal, said, input, context))) {
    if (context.format === 'json') await context.print({ json: { applied: false, changes, warnings }, table: () => '' })
    else await context.note(context.say('routes.notApplied'))
    return exitCodes.refused
  }
  const order = { base, content, reason: input.required('reason') }
  const version = await node.declared.apply(order, input.text('by') ?? actor())
  await context.print({
    json: { applied: true, version: { epoch: version.epoch, version: version.version }, base, changes, warnings },
    table: () => context.say('routes.applied', { version: versionText(version), base: versionText(base) }),
  })
  if (next !== undefined) await context.note(next)
  return exitCodes.ok
}

/** Says warnings; throws when there is more than that. Returns the warnings for JSON. */
export async function refuseProblems(
  found: readonly DeclaredProblem[],
  place: Placing | undefined,
  context: Context,
): Promise<readonly unknown[]> {
  const { language } = context
  const { problems, warnings } = (place ?? unplaced)(found)
  if (problems.length > 0) {
    if (place !== undefined) throw configRefusal(problems)
    const reason = problems.map(({ text }) => text(language)).join('; ')
    throw new RelayError('DECLARED_INVALID', { detail: { reason } })
  }
  if (context.format === 'table') {
    for (const warning of warnings) {
      const text = warning.file === '' ? warning.text(language) : problemLine(warning, language)
      await context.note(context.say('config.warning', { text }))
    }
  }
  return warnings.map(({ file, line, column, path, text }) => ({ file, line, column, path, text: text(language) }))
}

const unplaced: Placing = (found) => {
  const of = (severity: 'problem' | 'warning') =>
    found
      .filter(({ kind }) => declaredProblemKinds[kind] === severity)
      .map((problem): ConfigProblem => {
        const path = problem.path.join('.')
        return { file: '', line: null, column: null, path, text: (language) => declaredProblemText(language, problem) }
      })
  return { problems: of('problem'), warnings: of('warning') }
}

async function isApproved(proposal: Proposal, said: string, input: CommandInput, context: Context): Promise<boolean> {
  const { say, terminal, format } = context
  if (input.flag('approve')) {
    if (proposal.base !== null) return true
    throw new RelayError('USAGE', { detail: { reason: say('usage.base') } })
  }
  if (terminal.interactive !== true) throw new RelayError('USAGE', { detail: { reason: say('usage.approve') } })
  if (format === 'json') await context.note(said)
  return askYes(say('routes.ask'), terminal)
}

/** `--base 1.7`. Throws USAGE. */
export function baseIn(input: CommandInput): AnnouncementVersion | null {
  const written = input.text('base')
  if (written === undefined) return null
  return versionIn(written)
}

/** Throws USAGE. */
export function versionIn(written: string): AnnouncementVersion {
  const version = parseVersion(written)
  if (version === null) throw new RelayError('USAGE', { detail: { reason: `"${written}": 1.7` } })
  return version
}
