/**
 * YAML (or JSON, which is a part of it) read together with the place of everything in it, so that a
 * problem found later, by the schema or by a check across files, can point at its line and column.
 */
import { type Language, phrase } from '@lienthong/core'
import { isMap, isSeq, LineCounter, type Pair, parseDocument, type Range, type YAMLError } from 'yaml'
import type { ConfigProblem } from './problem.ts'
import { writtenPath } from './problem.ts'

/** A file whose aliases multiply past this is refused instead of filling the memory. */
const maxAliasCount = 100

export interface PlacedFile {
  /** As the user named it; problems carry it. */
  readonly file: string
  readonly value: unknown
  /** A problem at this path: at its value, at its key when there is no value, else at the nearest thing above. */
  problem(path: readonly PropertyKey[], text: ConfigProblem['text'], at?: 'key'): ConfigProblem
}

export type PlacedOrProblems = PlacedFile | { readonly problems: readonly ConfigProblem[] }

/** Reads text; syntax errors and doubled keys come back as problems. */
export function placeYaml(file: string, text: string): PlacedOrProblems {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0])
      return { file, line, column: col, path: '', text: syntaxText(error) }
    })
    return { problems }
  }
  const place = (path: readonly PropertyKey[], at?: 'key') => {
    const offset = offsetOf(document.contents, path, at)
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount })
  } catch {
    const text = (language: Language) => phrase(language, 'config.yamlSyntax', { code: 'ALIASES' })
    return { problems: [{ file, line: 1, column: 1, path: '', text }] }
  }
  return {
    file,
    value,
    problem: (path, problemText, at) => ({ file, ...place(path, at), path: writtenPath(path), text: problemText }),
  }
}

/** A value that has no places: problems name the file only. */
export function placeless(file: string, value: unknown): PlacedFile {
  return {
    file,
    value,
    problem: (path, text) => ({ file, line: null, column: null, path: writtenPath(path), text }),
  }
}

function syntaxText(error: YAMLError): (language: Language) => string {
  if (error.code === 'DUPLICATE_KEY') return (language) => phrase(language, 'config.duplicateKey')
  return (language) => phrase(language, 'config.yamlSyntax', { code: error.code })
}

interface Placed {
  readonly range?: Range | null | undefined
}

function offsetOf(contents: unknown, path: readonly PropertyKey[], at?: 'key'): number {
  let offset = startOf(contents) ?? 0
  let node = contents
  for (const [depth, key] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => keyText(item) === String(key))
      if (pair === undefined) break
      const last = depth === path.length - 1
      const value = last && at === 'key' ? undefined : startOf(pair.value)
      offset = value ?? startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof key === 'number' && node.items[key] !== undefined) {
      node = node.items[key]
      offset = startOf(node) ?? offset
    } else break
  }
  return offset
}

function keyText(pair: Pair): string | undefined {
  const key: unknown = pair.key
  return typeof key === 'object' && key !== null && 'value' in key ? String(key.value) : undefined
}

function startOf(node: unknown): number | undefined {
  return typeof node === 'object' && node !== null ? ((node as Placed).range?.[0] ?? undefined) : undefined
}
