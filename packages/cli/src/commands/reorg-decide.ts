/** Which successor of a split organisation gets what: a rule for what a sender sends or a unit gets, or one document. */
import { lookupKey, RelayError, type SplitRule } from '@lienthong/core'
import { actor } from '../actor.ts'
import type { CommandInput, CommandSpec, Context } from '../command.ts'
import type { ControlClient } from '../control/client.ts'
import { changeOptions, propose } from '../declared/propose.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'

export const reorgDecideCommand: CommandSpec = {
  path: ['reorg', 'decide'],
  positionals: '<code>',
  positionalHelp: { code: 'help.org.code' },
  describe: 'help.reorg.decide',
  options: {
    to: { describe: 'option.decide.to', type: 'text', required: true },
    from: { describe: 'option.decide.from', type: 'text' },
    unit: { describe: 'option.decide.unit', type: 'text' },
    document: { describe: 'option.decide.document', type: 'text' },
    number: { describe: 'option.decide.number', type: 'text' },
    ...changeOptions,
    ...nodeOptions,
  },
  examples: [
    { command: 'reorg decide H26.07 --from H29 --to H26.71 --reason "NQ 60"', describe: 'example.reorgDecide' },
    { command: 'reorg decide H26.07 --to H26.70 --reason "NQ 60"', describe: 'example.reorgDecideAll' },
    {
      command: 'reorg decide H26.07 --number 123/UBND-VP --to H26.70 --reason "CV 9"',
      describe: 'example.reorgDecideOne',
    },
  ],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const [document, number] = [input.text('document'), input.text('number')]
    if (document !== undefined || number !== undefined) return decideOne(node, input, context)
    const { current } = await node.declared.view()
    const { content } = current
    const code = lookupKey(input.required('code'))
    const split = content.organisations.find(({ id }) => lookupKey(id) === code)
    if (split === undefined) throw new RelayError('NOT_FOUND', { detail: { what: input.required('code') } })
    const [from, unit] = [input.text('from'), input.text('unit')]
    const rule: SplitRule = {
      to: input.required('to'),
      ...(from === undefined ? {} : { from }),
      ...(unit === undefined ? {} : { unit }),
    }
    const splitRules = [...(split.splitRules ?? []).filter((each) => !isSameTest(each, rule)), rule].sort(bySharpness)
    const organisations = content.organisations.map((each) => (each === split ? { ...split, splitRules } : each))
    return propose(node, { content: { ...content, organisations }, base: current }, input, context)
  },
}

/** Of this document alone: no rule, so nothing is declared. Throws USAGE. */
async function decideOne(node: ControlClient, input: CommandInput, context: Context): Promise<ExitCode> {
  const [uid, number, from] = [input.text('document'), input.text('number'), input.text('from')]
  if ((uid === undefined) === (number === undefined) || input.text('unit') !== undefined) {
    throw new RelayError('USAGE', { detail: { reason: context.say('usage.decideOne') } })
  }
  const key = uid === undefined ? { number: number ?? '' } : { uid: uid.toLowerCase() }
  const order = {
    key,
    to: input.required('to'),
    reason: input.required('reason'),
    ...(from === undefined ? {} : { from }),
  }
  const decided = await node.splits.decide(input.required('code'), order, actor())
  await context.print({
    json: decided,
    table: () => context.say(decided.fresh ? 'reorg.decided' : 'reorg.decidedBefore', { ...decided }),
  })
  return exitCodes.ok
}

function isSameTest(one: SplitRule, other: SplitRule): boolean {
  return one.from === other.from && one.unit === other.unit
}

/** What asks for more comes first: the rule for everything else is the last. Others keep their order. */
function bySharpness(one: SplitRule, other: SplitRule): number {
  const asked = ({ from, unit }: SplitRule) => [from, unit].filter((each) => each !== undefined).length
  return asked(other) - asked(one)
}
