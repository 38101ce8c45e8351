import type { Language } from '@lienthong/core'

/**
 * The language to speak before options are parsed, so that a wrong option is answered in it too:
 * `--lang`, else the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`; the first one set), else English.
 */
export function chooseLanguage(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Language {
  const asked = langArgument(args)
  if (asked === 'vi' || asked === 'en') return asked
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '')
  return locale !== undefined && /^vi/i.test(locale) ? 'vi' : 'en'
}

function langArgument(args: readonly string[]): string | undefined {
  for (const [index, argument] of args.entries()) {
    if (argument === '--') return undefined
    if (argument === '--lang') return args[index + 1]
    if (argument.startsWith('--lang=')) return argument.slice('--lang='.length)
  }
  return undefined
}
