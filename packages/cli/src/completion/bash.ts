import { type CompletionOption, type CompletionTable, dashed, shellWord } from './places.ts'

/** A script for bash 4 and later. It asks nothing of the program, so that a word is completed at once. */
export function bashCompletion({ common, places }: CompletionTable): string {
  const list = (words: readonly string[]) => shellWord(words.join(' '))
  const at = places.flatMap(({ at: place, words, choices, options }) => [
    `    ${shellWord(place)})`,
    ...(words.length === 0 ? [] : [`      words=${list(words.map(({ word }) => word))}`]),
    ...(choices.length === 0 ? [] : [`      choices=${list(choices)}`]),
    ...(options.length === 0 ? [] : [`      options=${list(options.flatMap(dashed))}`]),
    '      ;;',
  ])
  const valueOf = (option: CompletionOption, before: string) => {
    const patterns = dashed(option).map((name) =>
      before === '*' ? `*${shellWord(` ${name}`)}` : shellWord(`${before} ${name}`),
    )
    return `    ${patterns.join(' | ')}) values=${list(option.choices)} ;;`
  }
  const taking = (options: readonly CompletionOption[]) => options.filter(({ takesValue }) => takesValue)
  const values = [
    ...taking(common).map((option) => valueOf(option, '*')),
    ...places.flatMap((place) => taking(place.options).map((option) => valueOf(option, place.at))),
  ]
  return `# bash completion for lienthong

# What can follow the command $1.
_lienthong_at() {
  words='' choices='' options=''
  case "$1" in
${at.join('\n')}
  esac
}

# Whether a value follows the option $2 of the command $1, and of which.
_lienthong_value() {
  values=''
  case "$1 $2" in
${values.join('\n')}
    *) return 1 ;;
  esac
}

_lienthong() {
  local at='' word words choices options values i
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}"
  COMPREPLY=()
  _lienthong_at ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ -n "$word" && " $words " == *" $word "* ]]; then
      at="\${at:+$at }$word"
      _lienthong_at "$at"
    fi
  done
  # bash takes --option=value apart.
  if [[ "$current" == '=' ]]; then
    current=''
  elif [[ "$previous" == '=' ]]; then
    previous="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  if _lienthong_value "$at" "$previous"; then
    :
  elif [[ "$current" == -* ]]; then
    values="$options ${common.flatMap(dashed).join(' ')}"
  else
    values="$words $choices"
  fi
  if [[ -z "\${values// /}" ]]; then
    # Anything can stand here; mostly it is a file.
    compopt -o default 2>/dev/null
  else
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  fi
}

complete -F _lienthong lienthong
`
}
