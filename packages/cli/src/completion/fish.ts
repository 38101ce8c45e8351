import type { CompletionOption, CompletionTable } from './places.ts'

/** A script for fish 3. */
export function fishCompletion({ common, places }: CompletionTable): string {
  const lines = places.flatMap(({ at, words, choices, options }) => {
    const here = `-n ${fishWord(`__lienthong_at ${fishWord(at)}`)}`
    return [
      ...words.map(({ word, describe }) => `${here} -f -a ${fishWord(word)} -d ${fishWord(describe)}`),
      ...(choices.length === 0 ? [] : [`${here} -f -a ${fishWord(choices.join(' '))}`]),
      ...options.map((option) => `${here} ${optionLine(option)}`),
    ]
  })
  const known = places.flatMap(({ at }) => (at === '' ? [] : [fishWord(at)]))
  return `# fish completion for lienthong

set -g __lienthong_commands ${known.join(' ')}

# Whether the words typed so far are the command $argv[1].
function __lienthong_at
    set -l at ''
    set -l typed (commandline -opc)
    set -e typed[1]
    for word in $typed
        set -l next (string trim -- "$at $word")
        contains -- "$next" $__lienthong_commands; and set at "$next"
    end
    test "$at" = "$argv[1]"
end

${[...common.map(optionLine), ...lines].map((line) => `complete -c lienthong ${line}`).join('\n')}
`
}

function optionLine({ name, short, describe, takesValue, choices }: CompletionOption): string {
  const value = takesValue ? (choices.length === 0 ? ['-r'] : ['-x', `-a ${fishWord(choices.join(' '))}`]) : []
  const names = short === null ? [`-l ${name}`] : [`-l ${name}`, `-s ${short}`]
  return [...names, ...value, `-d ${fishWord(describe)}`].join(' ')
}

function fishWord(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
