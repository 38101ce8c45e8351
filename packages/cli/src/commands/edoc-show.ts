import type { CommandSpec } from '../command.ts'
import { packetJson, packetText } from '../edoc/describe.ts'
import { readPacketFile } from '../edoc/read-file.ts'
import { exitCodes } from '../exit-codes.ts'

export const edocShowCommand: CommandSpec = {
  path: ['edoc', 'show'],
  positionals: '<file>',
  positionalHelp: { file: 'help.submit.file' },
  describe: 'help.edoc.show',
  options: {},
  examples: [
    { command: 'edoc show cong-van.edxml', describe: 'example.edocShow' },
    { command: 'edoc show cong-van.edxml -o json', describe: 'example.edocShowJson' },
  ],
  run: async (input, context) => {
    const packet = await readPacketFile(input.required('file'), context)
    await context.print({ json: packetJson(packet, context), table: () => packetText(packet, context) })
    return exitCodes.ok
  },
}
