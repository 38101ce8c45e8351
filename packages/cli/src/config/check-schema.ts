/** Runs a schema over a placed file and says every problem in the reader's language. */
import { type Language, phrase } from '@lienthong/core'
import type { z } from 'zod'
import { type ConfigProblem, writtenPath } from './problem.ts'
import { saidBy } from './schema.ts'
import type { PlacedFile } from './yaml-file.ts'

export function checkSchema<T>(
  schema: z.ZodType<T>,
  placed: PlacedFile,
): { readonly value: T } | { readonly problems: readonly ConfigProblem[] } {
  const result = schema.safeParse(placed.value)
  if (result.success) return { value: result.data }
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, schema, placed)) }
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType, placed: PlacedFile): readonly ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path)
    return issue.keys.map((key) => placed.problem([...issue.path, key], unknownKey(key, known), 'key'))
  }
  if (valueAt(placed.value, issue.path) !== undefined) {
    return [placed.problem(issue.path, saidBy(issue) ?? say(issue))]
  }
  // What is missing has no place; the key above it has.
  const above = placed.problem(issue.path.slice(0, -1), (language) => phrase(language, 'config.missing'), 'key')
  return [{ ...above, path: writtenPath(issue.path) }]
}

function say(issue: z.core.$ZodIssue): (language: Language) => string {
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map((value) => String(value)).join(' | ')
    return (language) => phrase(language, 'config.choice', { choices })
  }
  if (issue.code === 'invalid_type') {
    switch (issue.expected) {
      case 'string':
        return (language) => phrase(language, 'config.expectText')
      case 'number':
        return (language) => phrase(language, 'config.count')
      case 'array':
        return (language) => phrase(language, 'config.expectList')
      default:
        return (language) => phrase(language, 'config.expectKeys')
    }
  }
  if (issue.code === 'invalid_union') return (language) => phrase(language, 'config.expectUnit')
  return (language) => phrase(language, 'config.wrong')
}

function unknownKey(key: string, known: readonly string[]): (language: Language) => string {
  const near = nearest(key, known)
  if (near !== null) return (language) => phrase(language, 'config.unknownKeyNear', { near })
  return (language) => phrase(language, 'config.unknownKey', { known: known.join(', ') })
}

/** The known word within two edits, or a third of its length; null when none is near. */
function nearest(word: string, known: readonly string[]): string | null {
  let best: { readonly word: string; readonly distance: number } | null = null
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase().slice(0, 64), candidate.toLowerCase())
    if (distance <= Math.max(2, candidate.length / 3) && distance < (best?.distance ?? Infinity)) {
      best = { word: candidate, distance }
    }
  }
  return best?.word ?? null
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}

/** Keys the schema allows in the object at this path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current = unwrap(schema)
  for (const key of path) {
    const { shape, element } = current.def
    const next = typeof key === 'number' ? element : shape?.[String(key)]
    if (next === undefined) return []
    current = unwrap(next)
  }
  return Object.keys(current.def.shape ?? {})
}

interface SchemaNode {
  readonly def: {
    readonly type: string
    readonly shape?: Readonly<Record<string, unknown>>
    readonly element?: unknown
    readonly innerType?: unknown
  }
}

/** The schema inside optional, nullable and default wrappers. */
export function unwrap(schema: unknown): SchemaNode {
  const node = schema as SchemaNode
  return node.def.innerType === undefined ? node : unwrap(node.def.innerType)
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, key)
      ? (at as Record<PropertyKey, unknown>)[key]
      : undefined
  }, value)
}
