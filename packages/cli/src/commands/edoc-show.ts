import type { CommandSpec } from '../command.ts'
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
    const { packetJson, packetText } = await import('../edoc/describe.ts')
    const { readPacketFile } = await import('../edoc/read-file.ts')
    const packet = await readPacketFile(input.required('file'), context)
    await context.print({ json: packetJson(packet, context), table: () => packetText(packet, context) })
    return exitCodes.ok
  },
}
