/** What can stand where on a command line: from the table of commands, for the scripts that complete words in a shell. */
import { type Language, type PlainPhraseKey, phrase } from '@lienthong/core'
import type { CommandSpec, OptionSpec } from '../command.ts'

export interface CompletionTable {
  /** Of every command. */
  readonly common: readonly CompletionOption[]
  readonly places: readonly CompletionPlace[]
}

/** After these words; groups, commands, and before any of them the top. */
export interface CompletionPlace {
  /** `mailbox list`; empty at the top. */
  readonly at: string
  /** Commands and groups that can follow; empty behind a command. */
  readonly words: readonly CompletionWord[]
  /** Words a positional can be; empty when it can be anything. */
  readonly choices: readonly string[]
  readonly options: readonly CompletionOption[]
}

export interface CompletionWord {
  readonly word: string
  readonly describe: string
}

export interface CompletionOption {
  /** Without dashes. */
  readonly name: string
  readonly short: string | null
  readonly describe: string
  /** Whether a value follows, and of which; `choices` is empty when it can be anything. */
  readonly takesValue: boolean
  readonly choices: readonly string[]
}

export interface CompletionSources {
  readonly commands: readonly CommandSpec[]
  readonly groups: Readonly<Record<string, PlainPhraseKey>>
  readonly common: Readonly<Record<string, OptionSpec>>
}

export function completionTable({ commands, groups, common }: CompletionSources, language: Language): CompletionTable {
  const say = (key: PlainPhraseKey) => phrase(language, key)
  const optionsOf = (options: Readonly<Record<string, OptionSpec>>): readonly CompletionOption[] =>
    Object.entries(options).map(([name, { describe, type, alias = null, choices = [] }]) => {
      return { name, short: alias, describe: say(describe), takesValue: type !== 'flag', choices }
    })

  function wordsAfter(path: readonly string[]): readonly CompletionWord[] {
    const words = new Map<string, string>()
    for (const spec of commands) {
      const word = spec.path[path.length]
      if (word === undefined || words.has(word) || path.some((each, depth) => spec.path[depth] !== each)) continue
      const group = groups[[...path, word].join('.')]
      words.set(word, say(group ?? spec.describe))
    }
    return [...words].map(([word, describe]) => ({ word, describe }))
  }

  const help: CompletionOption = {
    name: 'help',
    short: 'h',
    describe: say('option.help'),
    takesValue: false,
    choices: [],
  }
  const inner = [[], ...Object.keys(groups).map((group) => group.split('.'))]
  return {
    common: [...optionsOf(common), help],
    places: [
      ...inner.map((path) => ({ at: path.join(' '), words: wordsAfter(path), choices: [], options: [] })),
      ...commands.map(({ path, options, positionalChoices = {} }) => ({
        at: path.join(' '),
        words: [],
        choices: Object.values(positionalChoices).flat(),
        options: optionsOf(options),
      })),
    ],
  }
}

/** Dashes before the names of an option. */
export function dashed({ name, short }: CompletionOption): readonly string[] {
  return short === null ? [`--${name}`] : [`--${name}`, `-${short}`]
}

/** One word of a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
