import { type ErrorCode, type ErrorDetail, type Language, RelayError } from '@lienthong/core'
import { printable } from '../printable.ts'

/** Something wrong in a file, where, and what to write instead. */
export interface ConfigProblem {
  /** As the user named it. */
  readonly file: string
  /** 1-based; null when the file as a whole is meant. */
  readonly line: number | null
  readonly column: number | null
  /** `broker.url`, `children[0].id`; empty at the top. */
  readonly path: string
  readonly text: (language: Language) => string
}

/** `node.yaml:12:3 broker.managment: unknown key, did you mean "management"?` */
export function problemLine(problem: ConfigProblem, language: Language): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(':')
  const path = problem.path === '' ? '' : ` ${problem.path}`
  return printable(`${place}${path}: ${problem.text(language)}`)
}

/** A value, or everything that is wrong with it. Warnings come with both. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly ConfigProblem[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[]; readonly warnings: readonly ConfigProblem[] }

/** Written form of a path of keys and indices. */
export function writtenPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((written, key) => {
    if (typeof key === 'number') return `${written}[${key}]`
    return written === '' ? String(key) : `${written}.${String(key)}`
  }, '')
}

/** By place in the file; those of another file keep their order after them. */
export function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const file = problems[0]?.file
  const line = (problem: ConfigProblem) => (problem.file === file ? (problem.line ?? Infinity) : Infinity)
  return problems.toSorted((a, b) => {
    const [before, after] = [line(a), line(b)]
    return before === after ? (before === Infinity ? 0 : (a.column ?? 0) - (b.column ?? 0)) : before - after
  })
}

/** CONFIG_INVALID for these problems; whoever reports it asks `problemsOf` and shows each. */
export function configRefusal(problems: readonly ConfigProblem[]): RelayError {
  const [first, second] = problems
  const { file, line, column } = first ?? { file: '', line: null, column: null }
  // The sentence names one place; of several each is shown before it.
  const detail = line === null || column === null || second !== undefined ? { file } : { file, line, column }
  return new RelayError('CONFIG_INVALID', { detail, cause: new ProblemList(problems) })
}

/** A refusal with the places that are to blame, as `configRefusal` has them. */
export function refusalAt(code: ErrorCode, detail: ErrorDetail, problems: readonly ConfigProblem[]): RelayError {
  return new RelayError(code, { detail, cause: new ProblemList(problems) })
}

/** The problems of an error made by `configRefusal` or `refusalAt`; none for any other. */
export function problemsOf(error: unknown): readonly ConfigProblem[] {
  return error instanceof RelayError && error.cause instanceof ProblemList ? error.cause.problems : []
}

/** The value, or throws `configRefusal`. */
export function valueOrRefuse<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value
  throw configRefusal(checked.problems)
}

class ProblemList {
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    this.problems = problems
  }
}
