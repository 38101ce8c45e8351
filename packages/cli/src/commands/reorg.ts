/** Re-organising the tree by a legal act: planned, carried out step by step, looked at. */
import { dayStart, RelayError, type Reorg, type ReorgStep } from '@lienthong/core'
import { askYes } from '../ask.ts'
import type { CommandInput, CommandSpec, Context, OptionSpec } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type Carried, carryOut, type Held } from '../reorg/carry-out.ts'
import { handingOver, handingText, isCarriedOut } from '../reorg/handing-over.ts'
import { type Journal, type JournalFile, journalBeside, newJournal } from '../reorg/journal.ts'
import { concernedBy, missingIn, planFor, reorgFileIn } from '../reorg/make-plan.ts'
import { nodesReached, type PartNodes, partNodes, partOptions } from '../reorg/part-nodes.ts'
import { planText } from '../reorg/plan-text.ts'
import { rehearse } from '../reorg/rehearse.ts'

/** Of a table, which does not say them itself. */
const tableOptions = {
  effective: { describe: 'option.reorg.effective', type: 'text' },
  reason: { describe: 'option.reorg.reason', type: 'text' },
} as const satisfies Record<string, OptionSpec>

const fileHelp = { positionals: '<file>', positionalHelp: { file: 'help.reorg.file' } } as const

export const reorgPlanCommand: CommandSpec = {
  path: ['reorg', 'plan'],
  ...fileHelp,
  describe: 'help.reorg.plan',
  options: { ...tableOptions, ...partOptions },
  examples: [
    { command: 'reorg plan nq60.yaml', describe: 'example.reorgPlan' },
    { command: 'reorg plan xa.xlsx --effective 2026-07-01 --reason "NQ 60"', describe: 'example.reorgPlanTable' },
  ],
  run: async (input, context) => {
    const file = await reorgFileIn(input, context)
    const nodes = await partNodes(input, context)
    const plan = await planFor(file, nodes, context)
    const [concerned, missing] = [await concernedBy(plan, nodes), missingIn(plan, nodes)]
    const { effective, reason } = file.reorg
    const { steps, counts } = plan
    await context.print({
      json: { effective, reason, steps, counts, concerned, missing },
      table: () => [planText(file.reorg, plan, context), context.say('reorg.concerned', { ...concerned })].join('\n'),
    })
    if (missing.length > 0 && context.format === 'table') {
      const said = { nodes: missing.join(', '), file: input.required('file') }
      await context.note(context.say('reorg.missing', said))
    }
    return exitCodes.ok
  },
}

export const reorgApplyCommand: CommandSpec = {
  path: ['reorg', 'apply'],
  ...fileHelp,
  describe: 'help.reorg.apply',
  options: {
    approve: { describe: 'option.approve', type: 'flag' },
    rebase: { describe: 'option.reorg.rebase', type: 'flag' },
    'dry-run': { describe: 'option.reorg.dryRun', type: 'flag' },
    traffic: { describe: 'option.reorg.traffic', type: 'text' },
    'traffic-days': { describe: 'option.reorg.trafficDays', type: 'text' },
    ...tableOptions,
    ...partOptions,
  },
  examples: [
    { command: 'reorg apply nq60.yaml --dry-run --traffic-days 60', describe: 'example.reorgRehearse' },
    { command: 'reorg apply nq60.yaml --dry-run --traffic pairs.csv', describe: 'example.reorgRehearseTable' },
    { command: 'reorg apply nq60.yaml', describe: 'example.reorgApply' },
    { command: 'reorg apply nq60.yaml --approve', describe: 'example.reorgApplyAgain' },
  ],
  run: async (input, context) => {
    const { text, ...file } = await reorgFileIn(input, context)
    const beside = journalBeside(input.required('file'), text, context)
    const nodes = await partNodes(input, context)
    if (input.flag('dry-run')) {
      await rehearse(file.reorg, { plan: await planFor(file, nodes, context), nodes }, input, context)
      return exitCodes.ok
    }
    const begun = await beside.read()
    const journal = begun ?? newJournal(await planFor(file, nodes, context), text, basesOf(nodes))
    const shown = planText(file.reorg, journal, context, ({ id }) => journal.done[id] !== undefined)
    if (context.format === 'table') await context.print({ json: null, table: () => shown })
    if (!(await isApproved(shown, input, context))) {
      await context.note(context.say('routes.notApplied'))
      return exitCodes.refused
    }
    const approved = begun === null || input.flag('rebase') || !input.flag('approve')
    const start = approved ? { ...journal, bases: { ...journal.bases, ...basesOf(nodes) } } : journal
    await beside.write(start)
    const { effective, reason } = file.reorg
    const isDue = Date.now() >= (dayStart(effective) ?? 0)
    const carried = await carryOut(start, { nodes, isDue, reason, keep: beside.write, context })
    return told(file.reorg, carried, nodes, context)
  },
}

export const reorgStatusCommand: CommandSpec = {
  path: ['reorg', 'status'],
  ...fileHelp,
  describe: 'help.reorg.status',
  options: { ...tableOptions, ...partOptions },
  examples: [{ command: 'reorg status nq60.yaml', describe: 'example.reorgStatus' }],
  run: async (input, context) => {
    const { text, reorg } = await reorgFileIn(input, context)
    const journal = await begunIn(journalBeside(input.required('file'), text, context))
    const { steps, done, counts } = journal
    const handovers = await handingOver(journal, await nodesReached(input, context))
    const isDone = (step: ReorgStep) => isCarriedOut(step, journal, handovers)
    const left = steps.filter((step) => !isDone(step))
    await context.print({
      json: { effective: reorg.effective, done, left, handovers, counts },
      table: () => {
        const counted = context.say('reorg.carried', { done: steps.length - left.length, all: steps.length })
        return [planText(reorg, journal, context, isDone), counted, ...handingText(handovers, context)].join('\n')
      },
    })
    return exitCodes.ok
  },
}

/** Throws NOT_FOUND when nothing was begun. */
async function begunIn({ read, shown }: JournalFile): Promise<Journal> {
  const journal = await read()
  if (journal === null) throw new RelayError('NOT_FOUND', { detail: { what: shown } })
  return journal
}

function basesOf({ nodes }: PartNodes): Journal['bases'] {
  return Object.fromEntries(
    [...nodes].map(([id, { current }]) => [id, { epoch: current.epoch, version: current.version }]),
  )
}

async function isApproved(
  shown: string,
  input: CommandInput,
  { terminal, format, say, note }: Context,
): Promise<boolean> {
  if (input.flag('approve')) return true
  if (terminal.interactive !== true) throw new RelayError('USAGE', { detail: { reason: say('usage.approve') } })
  if (format === 'json') await note(shown)
  return askYes(say('reorg.ask'), terminal)
}

async function told(
  { effective }: Reorg,
  { journal, held }: Carried,
  { nodes }: PartNodes,
  context: Context,
): Promise<ExitCode> {
  const { say } = context
  const { steps, done, counts } = journal
  const of = (why: Held) => steps.filter(({ id }) => held.get(id) === why)
  const lines = (['date', 'node', 'before', 'unheard', 'undrained'] as const).flatMap((why) => {
    const count = of(why).length
    if (count === 0) return []
    const nodes = [...new Set(of(why).map(({ node }) => node))].sort().join(', ')
    return [why === 'date' ? say('reorg.held.date', { count, effective }) : say(`reorg.held.${why}`, { count, nodes })]
  })
  const head =
    held.size === 0
      ? say('reorg.finished')
      : say('reorg.carried', { done: Object.keys(done).length, all: steps.length })
  const handovers = await handingOver(journal, nodes)
  await context.print({
    json: { effective, done, held: Object.fromEntries(held), handovers, counts },
    table: () => [head, ...lines, ...handingText(handovers, context)].join('\n'),
  })
  return of('unheard').length + of('undrained').length > 0 ? exitCodes.unavailable : exitCodes.ok
}
