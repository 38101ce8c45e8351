import type { OptionSpec } from './command.ts'

/** Options of every command. */
export const commonOptions = {
  output: { describe: 'option.output', type: 'text', alias: 'o', choices: ['table', 'json'], default: 'table' },
  lang: { describe: 'option.lang', type: 'text', choices: ['vi', 'en'] },
  debug: { describe: 'option.debug', type: 'flag' },
} as const satisfies Record<string, OptionSpec>
