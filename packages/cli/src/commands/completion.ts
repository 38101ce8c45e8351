import type { CommandSpec } from '../command.ts'
import { commonOptions } from '../common-options.ts'
import { bashCompletion } from '../completion/bash.ts'
import { fishCompletion } from '../completion/fish.ts'
import { completionTable } from '../completion/places.ts'
import { zshCompletion } from '../completion/zsh.ts'
import { exitCodes } from '../exit-codes.ts'

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

export const completionCommand: CommandSpec = {
  path: ['completion'],
  positionals: '<shell>',
  positionalHelp: { shell: 'help.completion.shell' },
  positionalChoices: { shell: Object.keys(scripts) },
  describe: 'help.completion',
  options: {},
  examples: [
    {
      command: 'completion bash > lienthong.bash',
      describe: 'example.completion',
    },
    { command: 'completion fish > lienthong.fish', describe: 'example.completionFish' },
  ],
  run: async (input, context) => {
    // The table has this command in it, so it is there only once the program is read.
    const { commands, groups } = await import('./all-commands.ts')
    const shell = input.required('shell') as keyof typeof scripts
    const script = scripts[shell](completionTable({ commands, groups, common: commonOptions }, context.language))
    await context.print({ json: { shell, script }, table: () => script.trimEnd() })
    return exitCodes.ok
  },
}
