/** What waits in the mailboxes of split organisations until somebody decides, sender by sender. */
import type { SplitView } from '@lienthong/relay'
import type { CommandSpec, Context } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { renderTable, renderTime } from '../output.ts'

export const reorgWaitingCommand: CommandSpec = {
  path: ['reorg', 'waiting'],
  positionals: '[code]',
  positionalHelp: { code: 'help.org.code' },
  describe: 'help.reorg.waiting',
  options: nodeOptions,
  examples: [
    { command: 'reorg waiting', describe: 'example.reorgWaiting' },
    { command: 'reorg waiting H26.07', describe: 'example.reorgWaitingOne' },
  ],
  run: async (input, context) => {
    const node = await chosenNode(input, context)
    const splits = await node.splits.waiting(input.text('code'))
    await context.print({ json: { splits }, table: () => splitsText(splits, context) })
    return exitCodes.ok
  },
}

function splitsText(splits: readonly SplitView[], context: Context): string {
  const { say } = context
  if (splits.every(({ waiting }) => waiting.length === 0)) return say('reorg.waiting.none')
  return splits.map((split) => splitText(split, context)).join('\n\n')
}

function splitText({ organ, name, validTo, candidates, waiting }: SplitView, { say }: Context): string {
  const heirs = candidates.join(', ')
  const head = say('reorg.waiting.head', { organ, name, validTo: validTo ?? '', candidates: heirs })
  if (waiting.length === 0) return [head, say('reorg.waiting.none')].join('\n')
  const headings = [say('heading.from'), say('heading.unit'), say('heading.waiting'), say('heading.oldest')]
  const rows = waiting.map(({ from, unit, count, oldestAt }) => [from, unit ?? '', String(count), renderTime(oldestAt)])
  const first = waiting[0]?.from ?? ''
  return [
    head,
    renderTable(headings, rows),
    say('reorg.waiting.do', { organ, from: first, to: candidates[0] ?? '' }),
  ].join('\n')
}
