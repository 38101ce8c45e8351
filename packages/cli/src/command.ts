/** What a command is: data, from which the parser, the help and the README's table are made. */
import type { Language, PhraseKey, PhraseValues, PlainPhraseKey } from '@lienthong/core'
import type { ExitCode } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

export interface OptionSpec {
  readonly describe: PlainPhraseKey
  /** `text`: once, with a value. `list`: any number of times. `flag`: without a value. */
  readonly type: 'text' | 'list' | 'flag'
  readonly alias?: string
  readonly required?: true
  readonly choices?: readonly string[]
  /** Shown in help; the command applies it. */
  readonly default?: string
}

export interface CommandSpec {
  /** `['mailbox', 'list']`. */
  readonly path: readonly string[]
  /** Positionals as yargs writes them: `<from> <to>`, `[key]`, `<id..>`; empty for none. */
  readonly positionals: string
  readonly positionalHelp: Readonly<Record<string, PlainPhraseKey>>
  /** Of a positional that is one of few words. */
  readonly positionalChoices?: Readonly<Record<string, readonly string[]>>
  readonly describe: PlainPhraseKey
  readonly options: Readonly<Record<string, OptionSpec>>
  readonly examples: readonly { readonly command: string; readonly describe: PlainPhraseKey }[]
  /** Errors it throws are reported by the caller. */
  run(input: CommandInput, context: Context): Promise<ExitCode>
}

/** Parsed words of one call. */
export interface CommandInput {
  text(name: string): string | undefined
  /** For options and positionals the parser has already demanded. */
  required(name: string): string
  list(name: string): readonly string[]
  flag(name: string): boolean
}

export interface Context {
  readonly terminal: Terminal
  readonly language: Language
  readonly format: 'table' | 'json'
  readonly debug: boolean
  say<Key extends PhraseKey>(key: Key, ...values: PhraseValues<Key>): string
  /** Writes the result in the form asked for, and a newline. */
  print(result: { readonly json: unknown; readonly table: () => string }): Promise<void>
  /** Writes a line for people beside the result (stderr). */
  note(line: string): Promise<void>
}
