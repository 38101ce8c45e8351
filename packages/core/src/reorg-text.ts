/** Problems of a re-organisation as sentences. */
import { fill, type Language } from './catalogue.ts'
import { directoryPhrases } from './phrases-directory.ts'
import { reorgPhrases } from './phrases-reorg.ts'
import type { ReorgProblem } from './reorg.ts'

/** `the directory has no organisation H77`; where it stands is the caller's to say. */
export function reorgProblemText(language: Language, { kind, value, other = '', fault }: ReorgProblem): string {
  const said = fault === undefined ? '' : directoryPhrases[`directory.${fault}`][language]
  return fill(reorgPhrases[`reorg.${kind}`][language], { value, other, fault: said })
}
