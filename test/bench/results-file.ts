/** The record of runs: one line of CSV for every figure, with what one must know to compare it. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Figure } from './figure.ts'

export const columns = [
  'date',
  'commit',
  'node',
  'cores',
  'figure',
  'reference',
  'measured',
  'unit',
  'ratio',
  'runs',
] as const

/** Where and when a run took place. */
export interface Circumstances {
  /** ISO 8601, UTC, to the second. */
  readonly date: string
  /** Short hash, `-dirty` behind it when the tree had other changes than results; `unknown` outside a checkout. */
  readonly commit: string
  readonly node: string
  readonly cores: number
}

export function circumstances(folder: string, now = new Date()): Circumstances {
  return {
    date: `${now.toISOString().slice(0, 19)}Z`,
    commit: commitOf(folder),
    node: process.versions.node,
    cores: availableParallelism(),
  }
}

function commitOf(folder: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', ':/', ':!test/bench/results.csv')
    return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '-dirty'}`
  } catch {
    return 'unknown'
  }
}

/** One line without its end. Numbers have at most four significant digits. */
export function csvLine(where: Circumstances, figure: Figure): string {
  const fields: Record<(typeof columns)[number], string | number> = {
    ...where,
    figure: figure.name,
    reference: figure.reference === null ? '' : rounded(figure.reference),
    measured: rounded(figure.measured),
    unit: figure.unit,
    ratio: figure.reference === null ? '' : rounded(figure.measured / figure.reference),
    runs: figure.runs,
  }
  return columns.map((column) => quoted(String(fields[column]))).join(',')
}

/** Appends, with a heading when the file is new. */
export function appendFigures(file: string, where: Circumstances, figures: readonly Figure[]): void {
  const heading = existsSync(file) ? [] : [columns.join(',')]
  const lines = [...heading, ...figures.map((figure) => csvLine(where, figure))]
  appendFileSync(file, `${lines.join('\n')}\n`)
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)))
}

function quoted(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}
