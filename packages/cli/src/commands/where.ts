import type { CommandSpec } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { patienceIn, patienceOption } from '../patience.ts'
import { trackKey } from '../track-key.ts'
import { whereText } from '../where-text.ts'

export const whereCommand: CommandSpec = {
  path: ['where'],
  positionals: '[key]',
  positionalHelp: { key: 'help.where.key' },
  describe: 'help.where',
  options: {
    number: { describe: 'option.number', type: 'text' },
    date: { describe: 'option.where.date', type: 'text' },
    to: { describe: 'option.where.to', type: 'text' },
    ...patienceOption,
    ...nodeOptions,
  },
  examples: [
    { command: 'where --number 123/UBND-VP --date 2026-01-15', describe: 'example.where' },
    { command: 'where "000.00.00.G22,2025/06/01,123/UBND-VP"', describe: 'example.trackId' },
  ],
  run: async (input, context) => {
    const key = trackKey(input, context)
    const [date, to] = [input.text('date'), input.text('to')]
    const question = { key, ...(date === undefined ? {} : { date }), ...(to === undefined ? {} : { to }) }
    const patience = patienceIn(input, context)
    const node = await chosenNode(input, context)
    if (context.format === 'table') await context.note(context.say('diagnosis.asking'))
    const documents = await node.diagnosis.where(question, patience)
    await context.print({
      json: { items: documents },
      table: () => documents.map((document) => whereText(document, context)).join('\n\n'),
    })
    return exitCodes.ok
  },
}
