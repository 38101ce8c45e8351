/** From the words of a call to its exit code. Nothing here reads the process; `main.ts` does. */
import { type Language, phrase, RelayError } from '@lienthong/core'
import yargs, { type Argv } from 'yargs'
import type { CommandInput, CommandSpec, OptionSpec } from './command.ts'
import { commands, groups } from './commands/all-commands.ts'
import { commonOptions } from './common-options.ts'
import { createContext } from './context.ts'
import type { ExitCode } from './exit-codes.ts'
import { exitCodes } from './exit-codes.ts'
import { chooseLanguage } from './language.ts'
import { parserStrings } from './parser-strings.ts'
import { reportFailure } from './report-failure.ts'
import type { Terminal } from './terminal.ts'

/** Help is wrapped here at most, characters. */
const widestHelp = 120

/** The parser loses a lone `-` among the positionals. No argument of a process can contain this. */
const standIn = '\u0000'

type Words = Readonly<Record<string, unknown>>

/** Runs one call and resolves with its exit code; says itself what goes wrong. */
export async function runProgram(args: readonly string[], terminal: Terminal, version: string): Promise<ExitCode> {
  const language = chooseLanguage(args, terminal.env)
  // Until the words are understood, the form of a refusal is taken from them as they stand.
  const early = createContext(terminal, { language, format: wantsJson(args) ? 'json' : 'table', debug: false })
  try {
    const parsed = await parse(args, { language, width: terminal.width, version })
    if ('said' in parsed) {
      terminal.stdout.write(`${parsed.said}\n`)
      return exitCodes.ok
    }
    const { spec, words } = parsed
    refuseRepeated(spec, words, language)
    const format = words['output'] === 'json' ? 'json' : 'table'
    const context = createContext(terminal, { language, format, debug: words['debug'] === true })
    try {
      return await spec.run(inputOf(words), context)
    } catch (error) {
      return await reportFailure(error, context)
    }
  } catch (error) {
    return await reportFailure(error, early)
  }
}

/** The command meant and its words, or what help or the version have to say. Throws USAGE. */
async function parse(args: readonly string[], choice: ParserChoice): Promise<Chosen | { readonly said: string }> {
  const chosen: Chosen[] = []
  let said = ''
  const parser = buildParser(choice, (spec, words) => {
    chosen.push({ spec, words: withDashes(words) })
  })
  const written = args.map((argument) => (argument === '-' ? standIn : argument))
  await parser.parseAsync(written, {}, (error: Error | undefined, _words: unknown, output: string) => {
    const reason = error?.message.replace(/\s*\n\s*/g, ' ').replaceAll(standIn, '-')
    if (reason !== undefined) throw new RelayError('USAGE', { detail: { reason } })
    said = output
  })
  return chosen[0] ?? { said }
}

function withDashes(words: Words): Words {
  const dash = (value: unknown) => (value === standIn ? '-' : value)
  return Object.fromEntries(
    Object.entries(words).map(([name, value]) => [name, Array.isArray(value) ? value.map(dash) : dash(value)]),
  )
}

interface Chosen {
  readonly spec: CommandSpec
  readonly words: Words
}

function wantsJson(args: readonly string[]): boolean {
  return args.some((argument, index) => {
    if (argument === '-o=json' || argument === '-ojson' || argument === '--output=json') return true
    return argument === 'json' && ['-o', '--output'].includes(args[index - 1] ?? '')
  })
}

type OnCommand = (spec: CommandSpec, words: Words) => void

interface ParserChoice {
  readonly language: Language
  readonly width: number
  readonly version: string
}

function buildParser({ language, width, version }: ParserChoice, onCommand: OnCommand): Argv {
  const parser = yargs()
    .scriptName('lienthong')
    .detectLocale(false)
    .locale('en')
    .updateStrings(parserStrings(language))
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    })
    .usage(phrase(language, 'help.program'))
    .exitProcess(false)
    .showHelpOnFail(false)
    .strict()
    .demandCommand(1, phrase(language, 'usage.command'))
    .help('help', phrase(language, 'option.help'))
    .alias('help', 'h')
    .version('version', phrase(language, 'option.version'), version)
    .epilogue(phrase(language, 'help.epilogue'))
    .wrap(Math.min(width, widestHelp))
  addOptions(parser, commonOptions, language)
  addCommands(parser, commands, { depth: 0, language, onCommand })
  return parser
}

/** Commands whose words before `depth` are the parser's own; those that share the next word stand in its group. */
function addCommands(
  parser: Argv,
  specs: readonly CommandSpec[],
  { depth, ...rest }: { readonly depth: number; readonly language: Language; readonly onCommand: OnCommand },
): void {
  for (const [word, members] of byWord(specs, depth)) {
    const [only] = members
    const group = groups[only?.path.slice(0, depth + 1).join('.') ?? '']
    if (group === undefined && only !== undefined) addCommand(parser, only, rest)
    else if (group !== undefined) {
      parser.command(word, phrase(rest.language, group), (within: Argv) => {
        within.demandCommand(1, phrase(rest.language, 'usage.command'))
        addCommands(within, members, { depth: depth + 1, ...rest })
        return within
      })
    }
  }
}

function byWord(specs: readonly CommandSpec[], depth: number): Map<string, CommandSpec[]> {
  const words = new Map<string, CommandSpec[]>()
  for (const spec of specs) {
    const word = spec.path[depth] ?? ''
    words.set(word, [...(words.get(word) ?? []), spec])
  }
  return words
}

function addCommand(
  parser: Argv,
  spec: CommandSpec,
  { language, onCommand }: { readonly language: Language; readonly onCommand: OnCommand },
): void {
  const word = spec.path.at(-1) ?? ''
  const usage = spec.positionals === '' ? word : `${word} ${spec.positionals}`
  parser.command(
    usage,
    phrase(language, spec.describe),
    (within: Argv) => {
      for (const [name, key] of Object.entries(spec.positionalHelp)) {
        const choices = spec.positionalChoices?.[name]
        const describe = phrase(language, key)
        within.positional(name, { type: 'string', describe, ...(choices === undefined ? {} : { choices }) })
      }
      addOptions(within, spec.options, language)
      for (const { command, describe } of spec.examples) within.example(`$0 ${command}`, phrase(language, describe))
      return within.epilogue('')
    },
    (words) => onCommand(spec, words),
  )
}

function addOptions(parser: Argv, options: Readonly<Record<string, OptionSpec>>, language: Language): void {
  for (const [name, option] of Object.entries(options)) {
    parser.option(name, {
      describe: phrase(language, option.describe),
      ...(option.type === 'flag' ? { type: 'boolean' } : { type: 'string', requiresArg: true }),
      ...(option.type === 'list' ? { array: true } : {}),
      ...(option.alias === undefined ? {} : { alias: option.alias }),
      ...(option.required === undefined ? {} : { demandOption: true }),
      ...(option.choices === undefined ? {} : { choices: option.choices }),
      ...(option.default === undefined ? {} : { defaultDescription: option.default }),
    })
  }
}

/** yargs makes a list of an option given twice; which one was meant is not ours to guess. An empty value is none. */
function refuseRepeated(spec: CommandSpec, words: Words, language: Language): void {
  for (const [name, option] of Object.entries<OptionSpec>({ ...commonOptions, ...spec.options })) {
    const value = words[name]
    if (option.type !== 'list' && Array.isArray(value)) {
      throw new RelayError('USAGE', { detail: { reason: phrase(language, 'usage.repeated', { name }) } })
    }
    if (value === '' || (Array.isArray(value) && value.includes(''))) {
      throw new RelayError('USAGE', { detail: { reason: phrase(language, 'usage.empty', { name }) } })
    }
  }
  for (const name of Object.keys(spec.positionalHelp)) {
    if ([words[name]].flat().includes('')) {
      throw new RelayError('USAGE', { detail: { reason: phrase(language, 'usage.empty', { name }) } })
    }
  }
}

function inputOf(words: Words): CommandInput {
  const text = (name: string) => {
    const value = words[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    text,
    required: (name) => text(name) ?? '',
    list: (name) => {
      const value = words[name]
      return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []
    },
    flag: (name) => words[name] === true,
  }
}
