import { RelayError } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { chosenNode, nodeOptions } from '../node-choice.ts'
import { trackKey } from '../track-key.ts'
import { documentText } from '../track-text.ts'

export const trackCommand: CommandSpec = {
  path: ['track'],
  positionals: '[key]',
  positionalHelp: { key: 'help.track.key' },
  describe: 'help.track',
  options: { number: { describe: 'option.number', type: 'text' }, ...nodeOptions },
  examples: [
    { command: 'track "000.00.00.G22,2025/06/01,123/UBND-VP"', describe: 'example.trackId' },
    { command: 'track --number 123/UBND-VP', describe: 'example.trackNumber' },
  ],
  run: async (input, context) => {
    const key = trackKey(input, context)
    const node = await chosenNode(input, context)
    const documents = await node.track(key)
    if (documents.length === 0) {
      // Its refusal names the nodes that may have it on record.
      await node.diagnosis.where({ key })
      throw new RelayError('NOT_FOUND', { detail: { what: Object.values(key).join(' ') } })
    }
    await context.print({
      json: { documents },
      table: () => documents.map((document) => documentText(document, context)).join('\n\n'),
    })
    return exitCodes.ok
  },
}
