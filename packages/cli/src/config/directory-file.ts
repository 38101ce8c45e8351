/** A directory file, JSON or YAML: shape, references and the tree are checked before anybody routes by it. */
import {
  compileTable,
  type Directory,
  type DirectoryFault,
  type Language,
  lookupKey,
  phrase,
  RelayError,
} from '@lienthong/core'
import { keyProblems, keyWarnings, toNodeKey, toOrganisation } from './check-keys.ts'
import { checkSchema } from './check-schema.ts'
import { type Checked, type ConfigProblem, inOrder } from './problem.ts'
import { readSmallFile } from './read-file.ts'
import { type DirectoryFile, directoryFileSchema } from './schema.ts'
import { type PlacedFile, type PlacedOrProblems, placeless, placeYaml } from './yaml-file.ts'

/** Larger than the whole country; what is larger is no directory. */
export const maxDirectoryBytes = 256 * 1024 * 1024
/** Past this, JSON is read without the place of everything in it, which costs many times its size. */
const maxPlacedBytes = 4 * 1024 * 1024

/** Throws FILE_UNREADABLE. `shown` is the name problems carry. */
export async function readDirectoryFile(file: string, shown: string): Promise<Checked<Directory>> {
  return checkDirectoryText(await readSmallFile(file, { shown, maxBytes: maxDirectoryBytes }), shown)
}

/** The same for a text that is at hand. */
export function checkDirectoryText(text: string, shown: string): Checked<Directory> {
  const placed = place(shown, text)
  if ('problems' in placed) return { ok: false, problems: placed.problems, warnings: [] }
  const checked = checkSchema(directoryFileSchema, placed)
  if ('problems' in checked) return { ok: false, problems: inOrder(checked.problems), warnings: [] }
  const problems = [...referenceProblems(checked.value, placed), ...keyProblems(checked.value, placed)]
  if (problems.length > 0) return { ok: false, problems: inOrder(problems), warnings: [] }
  const directory = toDirectory(checked.value)
  const whole = wholeProblem(directory, checked.value, placed)
  if (whole !== null) return { ok: false, problems: [whole], warnings: [] }
  return { ok: true, value: directory, warnings: keyWarnings(directory, placed) }
}

function place(shown: string, text: string): PlacedOrProblems {
  if (text.length > maxPlacedBytes) {
    try {
      return placeless(shown, JSON.parse(text))
    } catch {
      // Not JSON: YAML takes any size, slowly.
    }
  }
  return placeYaml(shown, text)
}

/** Ids that stand twice, and ids that nothing in the file has. */
function referenceProblems(file: DirectoryFile, placed: PlacedFile): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const check: Check = {
    unknown: (path, id) =>
      problems.push(placed.problem(path, (language) => phrase(language, 'config.notInDirectory', { id }))),
    twice: (path, id) => problems.push(placed.problem(path, (language) => phrase(language, 'config.twice', { id }))),
  }
  const nodes = checkNodes(file, check)
  const codes = checkOrganisations(file, nodes, check)
  for (const [group, members] of Object.entries(file.groups ?? {})) {
    for (const [index, member] of members.entries()) {
      if (!codes.has(lookupKey(member))) check.unknown(['groups', group, index], member)
    }
  }
  return problems
}

interface Check {
  unknown(path: readonly PropertyKey[], id: string): void
  twice(path: readonly PropertyKey[], id: string): void
}

function checkNodes({ nodes }: DirectoryFile, check: Check): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const [index, { id }] of nodes.entries()) {
    if (ids.has(id)) check.twice(['nodes', index, 'id'], id)
    ids.add(id)
  }
  for (const [index, { parent }] of nodes.entries()) {
    if (parent !== null && !ids.has(parent)) check.unknown(['nodes', index, 'parent'], parent)
  }
  return ids
}

/** Returns every code an organisation is known by, in the form codes are compared in. */
function checkOrganisations(
  { organisations }: DirectoryFile,
  nodes: ReadonlySet<string>,
  check: Check,
): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const [index, { id }] of organisations.entries()) {
    if (ids.has(lookupKey(id))) check.twice(['organisations', index, 'id'], id)
    ids.add(lookupKey(id))
  }
  const codes = new Set([
    ...ids,
    ...organisations.flatMap((organ) => otherCodes(organ).map(([, code]) => lookupKey(code))),
  ])
  for (const [index, { node, parent, successors = [] }] of organisations.entries()) {
    const at = (...path: PropertyKey[]) => ['organisations', index, ...path]
    if (!nodes.has(node)) check.unknown(at('node'), node)
    if (parent !== null && !codes.has(lookupKey(parent))) check.unknown(at('parent'), parent)
    for (const [place, successor] of successors.entries()) {
      if (!codes.has(lookupKey(successor))) check.unknown(at('successors', place), successor)
    }
  }
  return codes
}

type FileOrganisation = DirectoryFile['organisations'][number]

function otherCodes({ oldCode, code102 }: FileOrganisation): readonly (readonly [key: string, code: string])[] {
  const codes: [string, string][] = []
  if (oldCode !== undefined) codes.push(['oldCode', oldCode])
  if (code102 !== undefined) codes.push(['code102', code102])
  return codes
}

/** What only the whole shows: the tree, validity, successors. */
function wholeProblem(directory: Directory, file: DirectoryFile, placed: PlacedFile): ConfigProblem | null {
  const root = directory.nodes[0]
  if (root === undefined) return placed.problem(['nodes'], (language) => phrase(language, 'config.empty'))
  try {
    // What holds on one day holds on all.
    compileTable(root.id, directory, 1, 0)
    return null
  } catch (error) {
    if (!(error instanceof RelayError)) throw error
    const { id } = error.detail
    const fault = error.detail['reason'] as DirectoryFault
    const text = (language: Language) => phrase(language, `directory.${fault}`)
    const path = placeOf(String(id), file)
    if (path !== null) return placed.problem(path, text)
    return placed.problem(['nodes'], (language) => `${id}: ${text(language)}`)
  }
}

/** Where a code of an organisation is written, the last time when several have it. */
function placeOf(code: string, { organisations }: DirectoryFile): readonly PropertyKey[] | null {
  const places = organisations.flatMap((organ, index) =>
    [['id', organ.id] as const, ...otherCodes(organ)]
      .filter(([, written]) => lookupKey(written) === lookupKey(code))
      .map(([key]) => ['organisations', index, key]),
  )
  return places.at(-1) ?? null
}

function toDirectory(file: DirectoryFile): Directory {
  return {
    version: file.version,
    nodes: file.nodes.map((node) => ({ ...node, keys: node.keys.map(toNodeKey) })),
    organisations: file.organisations.map(toOrganisation),
    ...(file.groups === undefined ? {} : { groups: file.groups }),
    ...(file.roots === undefined ? {} : { roots: file.roots }),
  }
}
