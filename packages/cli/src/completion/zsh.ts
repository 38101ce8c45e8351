import { type CompletionOption, type CompletionTable, type CompletionWord, dashed, shellWord } from './places.ts'

/** A script for zsh: a file `_lienthong` in `fpath`, or read by `source`. */
export function zshCompletion({ common, places }: CompletionTable): string {
  const described = ({ word, describe }: CompletionWord) =>
    shellWord(`${word.replaceAll(':', '\\:')}:${describe.replaceAll(':', '\\:')}`)
  const optionWords = (options: readonly CompletionOption[]) =>
    options.flatMap((option) => dashed(option).map((word) => described({ word, describe: option.describe })))
  const at = places.flatMap(({ at: place, words, choices, options }) => [
    `    (${shellWord(place)})`,
    ...(words.length === 0 ? [] : [`      plain=(${words.map(({ word }) => shellWord(word)).join(' ')})`]),
    ...(words.length === 0 ? [] : [`      names=(${words.map(described).join(' ')})`]),
    ...(choices.length === 0 ? [] : [`      choices=(${choices.map(shellWord).join(' ')})`]),
    ...(options.length === 0 ? [] : [`      flags=(${optionWords(options).join(' ')})`]),
    '      ;;',
  ])
  const valueOf = (option: CompletionOption, before: string) => {
    const patterns = dashed(option).map((name) =>
      before === '*' ? `*${shellWord(` ${name}`)}` : shellWord(`${before} ${name}`),
    )
    return `    (${patterns.join('|')}) values=(${option.choices.map(shellWord).join(' ')}) ;;`
  }
  const taking = (options: readonly CompletionOption[]) => options.filter(({ takesValue }) => takesValue)
  const values = [
    ...taking(common).map((option) => valueOf(option, '*')),
    ...places.flatMap((place) => taking(place.options).map((option) => valueOf(option, place.at))),
  ]
  return `#compdef lienthong
# zsh completion for lienthong

# What can follow the command $1.
_lienthong_at() {
  plain=() names=() choices=() flags=()
  case "$1" in
${at.join('\n')}
  esac
}

# Whether a value follows the option $2 of the command $1, and of which.
_lienthong_value() {
  values=()
  case "$1 $2" in
${values.join('\n')}
    (*) return 1 ;;
  esac
}

_lienthong() {
  local at='' word i option
  local -a plain names choices flags values
  _lienthong_at ''
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    if (( \${plain[(Ie)$word]} )); then
      at="\${at:+$at }$word"
      _lienthong_at "$at"
    fi
  done
  option="\${words[CURRENT - 1]}"
  if [[ "$PREFIX" == --*=* ]]; then
    option="\${PREFIX%%=*}"
    compset -P '*='
  fi
  if _lienthong_value "$at" "$option"; then
    if (( \${#values} )); then compadd -a values; else _files; fi
  elif [[ "$PREFIX" == -* ]]; then
    flags+=(${optionWords(common).join(' ')})
    _describe -o option flags
  elif (( \${#names} )); then
    _describe command names
  elif (( \${#choices} )); then
    compadd -a choices
  else
    _files
  fi
}

if [[ "\${funcstack[1]}" == _lienthong ]]; then
  _lienthong "$@"
else
  compdef _lienthong lienthong
fi
`
}
