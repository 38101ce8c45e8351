/** What is wrong with the keys, roots and certificates of a directory file, and which keys nobody would believe. */
import { type Directory, keyState, type NodeKey, nodeOfKid, openRegistry, phrase } from '@lienthong/core'
import { verifySignature } from '@lienthong/link'
import type { ConfigProblem } from './problem.ts'
import type { DirectoryFile } from './schema.ts'
import type { PlacedFile } from './yaml-file.ts'

/** Names that stand twice, and keys that stand under another node than their own. */
export function keyProblems(file: DirectoryFile, placed: PlacedFile): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const twice = (path: readonly PropertyKey[], id: string) => {
    problems.push(placed.problem(path, (language) => phrase(language, 'config.twice', { id })))
  }
  const ids = new Set(file.nodes.map(({ id }) => id))
  for (const [index, { id, keys }] of file.nodes.entries()) {
    const kids = new Set<string>()
    for (const [position, { kid }] of keys.entries()) {
      const path = ['nodes', index, 'keys', position, 'kid']
      if (nodeOfKid(kid) !== id) {
        problems.push(placed.problem(path, (language) => phrase(language, 'config.kidOfOther', { id })))
      } else if (kids.has(kid)) twice(path, kid)
      kids.add(kid)
    }
  }
  for (const [index, { kid }] of (file.roots ?? []).entries()) {
    const id = nodeOfKid(kid) ?? ''
    if (ids.has(id)) continue
    problems.push(
      placed.problem(['roots', index, 'kid'], (language) => phrase(language, 'config.notInDirectory', { id })),
    )
  }
  for (const [index, { certificates = [] }] of file.organisations.entries()) {
    const prints = new Set<string>()
    for (const [position, { fingerprint }] of certificates.entries()) {
      if (prints.has(fingerprint)) twice(['organisations', index, 'certificates', position, 'fingerprint'], fingerprint)
      prints.add(fingerprint)
    }
  }
  return problems
}

/** Keys in use that the roots do not lead to; none without roots. A tenth of a millisecond for each signature. */
export function keyWarnings(directory: Directory, placed: PlacedFile): readonly ConfigProblem[] {
  const registry = openRegistry(directory, verifySignature)
  return directory.nodes.flatMap(({ keys }, index) =>
    keys.flatMap((key, position) => {
      if (keyState(key, Date.now()) !== 'valid' || registry.vouchedUntil(key.kid) !== null) return []
      const path = ['nodes', index, 'keys', position]
      return [placed.problem(path, (language) => phrase(language, 'config.keyNotVouched', { kid: key.kid }))]
    }),
  )
}

/** A key as the directory holds it. */
export function toNodeKey({ vouchers, ...key }: DirectoryFile['nodes'][number]['keys'][number]): NodeKey {
  return { ...defined(key), ...(vouchers === undefined ? {} : { vouchers: vouchers.map(defined) }) }
}

type WrittenOrganisation = Omit<DirectoryFile['organisations'][number], 'node'>

/** An organisation as it stands in a file. */
export function toOrganisation<Written extends WrittenOrganisation>(written: Written) {
  const { certificates, splitRules, ...organisation } = written
  return {
    ...defined(organisation),
    ...(certificates === undefined ? {} : { certificates: certificates.map(defined) }),
    ...(splitRules === undefined ? {} : { splitRules: splitRules.map(defined) }),
  }
}

/** Without the properties that are undefined. */
export function defined<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]: Exclude<Fields[Name], undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as { [Name in keyof Fields]: Exclude<Fields[Name], undefined> }
}
