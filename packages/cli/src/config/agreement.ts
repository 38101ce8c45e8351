/** Whether a node.yaml says the same as the directory it names. */
import { type Directory, phrase } from '@lienthong/core'
import type { ConfigProblem } from './problem.ts'
import type { NodeFile } from './schema.ts'
import type { PlacedFile } from './yaml-file.ts'

export interface Disagreements {
  readonly problems: readonly ConfigProblem[]
  /** A child the directory has and the file does not: it may not have joined yet. A system of an organisation that has moved away. */
  readonly warnings: readonly ConfigProblem[]
}

export function disagreements(file: NodeFile, directory: Directory, placed: PlacedFile): Disagreements {
  const self = directory.nodes.find((node) => node.id === file.id)
  if (self === undefined) {
    const unknown = placed.problem(['id'], (language) => phrase(language, 'config.notInDirectory', { id: file.id }))
    return { problems: [unknown], warnings: [] }
  }
  const served = new Set(directory.organisations.filter(({ node }) => node === file.id).map(({ id }) => id))
  const moved = new Set(
    directory.organisations
      .filter(({ formerNodes = [] }) => formerNodes.some(({ node }) => node === file.id))
      .map(({ id }) => id),
  )
  return {
    problems: [
      ...aboutParent(file, self.parent, placed),
      ...aboutChildren(file, directory, placed),
      ...notServed(file, placed, (id) => !served.has(id) && !moved.has(id)),
    ],
    warnings: [...missingChildren(file, directory, placed), ...notServed(file, placed, (id) => moved.has(id))],
  }
}

function aboutParent(file: NodeFile, stated: string | null, placed: PlacedFile): readonly ConfigProblem[] {
  const parent = file.parent ?? null
  if ((parent?.id ?? null) === stated) return []
  const path = parent === null ? ['id'] : ['parent', 'id']
  const problem = placed.problem(path, (language) =>
    stated === null ? phrase(language, 'config.parentNone') : phrase(language, 'config.parentDiffers', { id: stated }),
  )
  return [problem]
}

function aboutChildren(file: NodeFile, directory: Directory, placed: PlacedFile): readonly ConfigProblem[] {
  const own = new Set(directory.nodes.filter((node) => node.parent === file.id).map((node) => node.id))
  return (file.children ?? []).flatMap(({ id }, index) => {
    if (own.has(id)) return []
    return [placed.problem(['children', index, 'id'], (language) => phrase(language, 'config.notChild', { id }))]
  })
}

function missingChildren(file: NodeFile, directory: Directory, placed: PlacedFile): readonly ConfigProblem[] {
  const listed = new Set((file.children ?? []).map(({ id }) => id))
  return directory.nodes
    .filter((node) => node.parent === file.id && !listed.has(node.id))
    .map(({ id }) => placed.problem(['children'], (language) => phrase(language, 'config.childMissing', { id })))
}

/** Organisations of systems that the directory says otherwise of. */
function notServed(
  file: NodeFile,
  placed: PlacedFile,
  concerns: (organisation: string) => boolean,
): readonly ConfigProblem[] {
  return (file.systems ?? []).flatMap((system, index) =>
    system.organisations.flatMap((id, position) => {
      if (!concerns(id)) return []
      const path = ['systems', index, 'organisations', position]
      return [placed.problem(path, (language) => phrase(language, 'config.notServed', { id }))]
    }),
  )
}
