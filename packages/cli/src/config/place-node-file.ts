/** A node.yaml as it stands, before anybody asks whether it is right. */
import { dirname, resolve } from 'node:path'
import { phrase } from '@lienthong/core'
import type { Checked } from './problem.ts'
import { readSmallFile } from './read-file.ts'
import { type PlacedOrProblems, placeYaml } from './yaml-file.ts'

const maxNodeFileBytes = 1024 * 1024

export interface NodeFileSource {
  /** As the user named it. */
  readonly file: string
  readonly workingDir: string
  readonly env: Readonly<Record<string, string | undefined>>
}

type Place = Pick<NodeFileSource, 'file' | 'workingDir'>

/** Throws FILE_UNREADABLE. */
export async function placeNodeFile({ file, workingDir }: Place): Promise<PlacedOrProblems> {
  const text = await readSmallFile(resolve(workingDir, file), { shown: file, maxBytes: maxNodeFileBytes })
  return placeYaml(file, text)
}

/** Where relative paths in it start. */
export function baseDir({ file, workingDir }: Place): string {
  return dirname(resolve(workingDir, file))
}

/** The data folder it names, absolute; nothing else of the file is looked at. Throws FILE_UNREADABLE. */
export async function readDataDir(source: Place): Promise<Checked<string>> {
  const placed = await placeNodeFile(source)
  if ('problems' in placed) return { ok: false, problems: placed.problems, warnings: [] }
  const { value, problem } = placed
  const data = typeof value === 'object' && value !== null && 'data' in value ? value.data : undefined
  if (typeof data !== 'string' || data === '') {
    return { ok: false, problems: [problem(['data'], (language) => phrase(language, 'config.missing'))], warnings: [] }
  }
  return { ok: true, value: resolve(baseDir(source), data), warnings: [] }
}
