/**
 * Everything the program says that is not an error: help, headings, states, remarks; each in
 * Vietnamese and English under one key.
 *
 * `{name}` stands for a value. The type of `phrase` demands exactly the values its text names.
 */
import { fill, type Language } from './catalogue.ts'
import { alertPhrases } from './phrases-alerts.ts'
import { bridgingPhrases } from './phrases-bridging.ts'
import { checkPhrases } from './phrases-checks.ts'
import { configPhrases } from './phrases-config.ts'
import { contextPhrases } from './phrases-contexts.ts'
import { coveragePhrases } from './phrases-coverage.ts'
import { declaredPhrases } from './phrases-declared.ts'
import { demoPhrases } from './phrases-demo.ts'
import { diagnosisPhrases } from './phrases-diagnosis.ts'
import { directoryPhrases } from './phrases-directory.ts'
import { doctorPhrases } from './phrases-doctor.ts'
import { edocPhrases } from './phrases-edoc.ts'
import { findingPhrases } from './phrases-findings.ts'
import { helpPhrases } from './phrases-help.ts'
import { joiningPhrases } from './phrases-joining.ts'
import { keyPhrases } from './phrases-keys.ts'
import { linkPhrases } from './phrases-links.ts'
import { operatorPhrases } from './phrases-operators.ts'
import { outputPhrases } from './phrases-output.ts'
import { recallPhrases } from './phrases-recall.ts'
import { refusalPhrases } from './phrases-refusals.ts'
import { reorgPhrases } from './phrases-reorg.ts'
import { routesPhrases } from './phrases-routes.ts'
import { sheetPhrases } from './phrases-sheet.ts'
import { supportPhrases } from './phrases-support.ts'
import { systemPhrases } from './phrases-systems.ts'
import { tlsPhrases } from './phrases-tls.ts'
import { vxpPhrases } from './phrases-vxp.ts'
import { warningPhrases } from './phrases-warnings.ts'

/** One text in each language, naming the same values. */
export type Phrase = Readonly<Record<Language, string>>

export const phrases = {
  ...helpPhrases,
  ...outputPhrases,
  ...configPhrases,
  ...routesPhrases,
  ...sheetPhrases,
  ...declaredPhrases,
  ...directoryPhrases,
  ...demoPhrases,
  ...keyPhrases,
  ...edocPhrases,
  ...refusalPhrases,
  ...warningPhrases,
  ...findingPhrases,
  ...tlsPhrases,
  ...vxpPhrases,
  ...systemPhrases,
  ...operatorPhrases,
  ...linkPhrases,
  ...diagnosisPhrases,
  ...checkPhrases,
  ...doctorPhrases,
  ...contextPhrases,
  ...alertPhrases,
  ...joiningPhrases,
  ...bridgingPhrases,
  ...supportPhrases,
  ...coveragePhrases,
  ...reorgPhrases,
  ...recallPhrases,
} as const satisfies Record<string, Phrase>

export type PhraseKey = keyof typeof phrases

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never

/** Arguments after the key: none, or one object with the values the text names. */
export type PhraseValues<Key extends PhraseKey> = [Names<(typeof phrases)[Key][Language]>] extends [never]
  ? []
  : [values: Readonly<Record<Names<(typeof phrases)[Key][Language]>, string | number>>]

/** Keys of phrases that need no values. */
export type PlainPhraseKey = { [Key in PhraseKey]: PhraseValues<Key> extends [] ? Key : never }[PhraseKey]

/** The phrase in that language, its places filled. */
export function phrase<Key extends PhraseKey>(language: Language, key: Key, ...values: PhraseValues<Key>): string {
  return fill(phrases[key][language], values[0] ?? {})
}
