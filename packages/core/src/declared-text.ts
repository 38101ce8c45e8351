/** Problems of a declared content as sentences. */
import { fill, type Language } from './catalogue.ts'
import type { DeclaredProblem } from './declared-check.ts'
import { declaredPhrases } from './phrases-declared.ts'
import { directoryPhrases } from './phrases-directory.ts'

/** `H30.1 lies outside what was delegated to this node`; where it stands is the caller's to say. */
export function declaredProblemText(language: Language, { kind, value, other = '', fault }: DeclaredProblem): string {
  const said = fault === undefined ? '' : directoryPhrases[`directory.${fault}`][language]
  return fill(declaredPhrases[`declared.${kind}`][language], { value, other, fault: said })
}
