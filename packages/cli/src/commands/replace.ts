import type { CommandSpec } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { documentOptions, recalledDocument } from '../recalled-document.ts'
import { openPacketFile, printSubmitted } from '../submitting.ts'

export const replaceCommand: CommandSpec = {
  path: ['replace'],
  positionals: '[key]',
  positionalHelp: { key: 'help.track.key' },
  describe: 'help.replace',
  options: {
    with: { describe: 'option.replace.with', type: 'text', required: true },
    ...documentOptions,
    ...nodeOptions,
  },
  examples: [{ command: 'replace --number 123/UBND-VP --with thay-the.edxml', describe: 'example.replace' }],
  run: async (input, context) => {
    const packet = await openPacketFile(input.required('with'), context)
    const node = await chosenNode(input, context)
    const { documentId, from: as } = await recalledDocument(node, input, context)
    const { replacementOf } = await import('@lienthong/edxml')
    await printSubmitted(await node.submit(replacementOf(documentId, packet), { as }), context)
    return exitCodes.ok
  },
}
