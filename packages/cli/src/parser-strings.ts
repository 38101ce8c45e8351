import { type Language, phrase } from '@lienthong/core'

interface Plural {
  readonly one: string
  readonly other: string
}

/**
 * The parser's own sentences, keyed by their English text as it looks them up. `%s` are its places.
 * Every one of them is set in both languages, because the parser keeps them for the whole process.
 */
export function parserStrings(language: Language): Record<string, string> {
  const both = (text: string): Plural => ({ one: text, other: text })
  const strings: Record<string, string | Plural> = {
    'Commands:': phrase(language, 'parser.commands'),
    'Options:': phrase(language, 'parser.options'),
    'Examples:': phrase(language, 'parser.examples'),
    'Positionals:': phrase(language, 'parser.positionals'),
    command: phrase(language, 'parser.command'),
    boolean: phrase(language, 'parser.boolean'),
    count: phrase(language, 'parser.count'),
    string: phrase(language, 'parser.string'),
    number: phrase(language, 'parser.number'),
    array: phrase(language, 'parser.array'),
    required: phrase(language, 'parser.required'),
    default: phrase(language, 'parser.default'),
    'default:': phrase(language, 'parser.defaultValue'),
    'choices:': phrase(language, 'parser.choices'),
    'aliases:': phrase(language, 'parser.aliases'),
    'Not enough non-option arguments: got %s, need at least %s': both(phrase(language, 'parser.tooFew')),
    'Too many non-option arguments: got %s, maximum of %s': both(phrase(language, 'parser.tooMany')),
    'Missing argument value: %s': both(phrase(language, 'parser.missingValue')),
    'Missing required argument: %s': both(phrase(language, 'parser.missingOption')),
    'Unknown argument: %s': both(phrase(language, 'parser.unknownArgument')),
    'Unknown command: %s': both(phrase(language, 'parser.unknownCommand')),
    'Invalid values:': phrase(language, 'parser.invalidValues'),
    'Argument: %s, Given: %s, Choices: %s': phrase(language, 'parser.invalidChoice'),
    'Argument check failed: %s': phrase(language, 'parser.checkFailed'),
    'Not enough arguments following: %s': phrase(language, 'parser.missingAfter'),
    'Did you mean %s?': phrase(language, 'parser.didYouMean'),
    'Arguments %s and %s are mutually exclusive': phrase(language, 'parser.exclusive'),
    'Implications failed:': phrase(language, 'parser.implications'),
    'Show help': phrase(language, 'option.help'),
    'Show version number': phrase(language, 'option.version'),
  }
  // The declared type of the parser knows only plain sentences; it takes plural forms as well.
  return strings as Record<string, string>
}
