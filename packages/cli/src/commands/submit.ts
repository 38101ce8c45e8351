import type { CommandSpec } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { openPacketFile, printSubmitted } from '../submitting.ts'

export const submitCommand: CommandSpec = {
  path: ['submit'],
  positionals: '<file>',
  positionalHelp: { file: 'help.submit.file' },
  describe: 'help.submit',
  options: {
    as: { describe: 'option.asSender', type: 'text', required: true },
    to: { describe: 'option.to', type: 'list' },
    ...nodeOptions,
  },
  examples: [
    { command: 'submit cong-van.edxml --as H29.18.05', describe: 'example.submit' },
    { command: 'submit - --as G22 --to H29 --to H26 < thong-bao.edxml', describe: 'example.submitTo' },
  ],
  run: async (input, context) => {
    // Opened first: a file that cannot be read is worth saying even when the node is away.
    const body = await openPacketFile(input.required('file'), context)
    const node = await chosenNode(input, context)
    const reply = await node.submit(body, { as: input.required('as'), to: input.list('to') })
    await printSubmitted(reply, context)
    return exitCodes.ok
  },
}
