/** Re-organising the tree by a legal act: planned, carried out step by step, looked at. */
import type { CommandSpec } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { concernedBy, missingIn, planFor, reorgFileIn } from '../reorg/make-plan.ts'
import { partNodes, partOptions } from '../reorg/part-nodes.ts'
import { planText } from '../reorg/plan-text.ts'

const fileHelp = { positionals: '<file>', positionalHelp: { file: 'help.reorg.file' } } as const

export const reorgPlanCommand: CommandSpec = {
  path: ['reorg', 'plan'],
  ...fileHelp,
  describe: 'help.reorg.plan',
  options: partOptions,
  examples: [{ command: 'reorg plan nq60.yaml', describe: 'example.reorgPlan' }],
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
