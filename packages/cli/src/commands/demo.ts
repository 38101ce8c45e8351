import { fileURLToPath } from 'node:url'
import { type Language, RelayError } from '@lienthong/core'
import type { CommandSpec } from '../command.ts'
import type { ExitCode } from '../exit-codes.ts'

/** What the demo package exports. It needs this one to host its nodes, so it is met only when it is run. */
interface DemoPackage {
  runDemo(options: {
    readonly brokers: 'one' | 'each'
    readonly keep: boolean
    readonly reorg: boolean
    readonly lang: Language
    readonly cliPath: string
  }): Promise<number>
}

export const demoCommand: CommandSpec = {
  path: ['demo'],
  positionals: '',
  positionalHelp: {},
  describe: 'help.demo',
  options: {
    brokers: { describe: 'option.brokers', type: 'text', choices: ['one', 'each'], default: 'one' },
    keep: { describe: 'option.keep', type: 'flag' },
    reorg: { describe: 'option.demo.reorg', type: 'flag' },
  },
  examples: [
    { command: 'demo --brokers each', describe: 'example.demo' },
    { command: 'demo --reorg', describe: 'example.demoReorg' },
  ],
  run: async (input, context) => {
    const { runDemo } = await loadDemo()
    const exit = await runDemo({
      brokers: input.text('brokers') === 'each' ? 'each' : 'one',
      keep: input.flag('keep'),
      reorg: input.flag('reorg'),
      lang: context.language,
      cliPath: fileURLToPath(new URL('../main.js', import.meta.url)),
    })
    return exit as ExitCode
  },
}

async function loadDemo(): Promise<DemoPackage> {
  const name = '@lienthong/demo'
  try {
    return (await import(name)) as DemoPackage
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause
    throw new RelayError('NOT_FOUND', { detail: { what: name }, cause })
  }
}
